"""Scoring: answers in, scores, bands, critical items and quality flags out; nobody is dropped."""

from xinyu_lib.scoring.keying import SuspectKey, check_key
from xinyu_lib.scoring.quality import check_quality, quality_reasons, quality_values
from xinyu_lib.scoring.scores import score

__all__ = ["SuspectKey", "check_key", "check_quality", "quality_reasons", "quality_values", "score"]
