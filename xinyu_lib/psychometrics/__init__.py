"""Validation of scales: results are frozen, say who was counted, and show themselves in a notebook."""

from xinyu_lib.psychometrics.consistency import reliability
from xinyu_lib.psychometrics.results import Note, Reliability

__all__ = ["Note", "Reliability", "reliability"]
