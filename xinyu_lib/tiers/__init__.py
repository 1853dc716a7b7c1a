"""Provisional tiers: what the rules of a policy make of a frame of scores, with the reasons."""

from xinyu_lib.tiers.classify import STAGE, TIERS, classify_tiers
from xinyu_lib.tiers.explain import ReasonSheet, explain, in_words
from xinyu_lib.tiers.reasons import Reason, reasons_from_json, reasons_json

__all__ = [
    "STAGE",
    "TIERS",
    "Reason",
    "ReasonSheet",
    "classify_tiers",
    "explain",
    "in_words",
    "reasons_from_json",
    "reasons_json",
]
