"""Scoring: answers in, scores, bands, critical items and quality flags out; nobody is dropped."""

from xinyu_lib.scoring.quality import check_quality
from xinyu_lib.scoring.scores import score

__all__ = ["check_quality", "score"]
