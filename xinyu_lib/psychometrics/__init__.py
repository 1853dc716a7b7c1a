"""Validation of scales: results are frozen, say who was counted, and show themselves in a notebook."""

from xinyu_lib.psychometrics.conditional import conditional_errors
from xinyu_lib.psychometrics.consistency import reliability
from xinyu_lib.psychometrics.results import ConditionalErrors, Note, Reliability

__all__ = ["ConditionalErrors", "Note", "Reliability", "conditional_errors", "reliability"]
