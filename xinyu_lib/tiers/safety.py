"""The safety signal: a safety item positive, left blank, answered below the line, or never asked."""

import numpy as np

from xinyu_lib.policy import Policy
from xinyu_lib.tiers.conditions import compare
from xinyu_lib.tiers.evidence import Evidence

YES, NO, UNANSWERED, NOT_ASKED = "yes", "no", "unanswered", "not_asked"


def safety_signal(evidence: Evidence, policy: Policy) -> np.ndarray:
    """yes, unanswered, no or not_asked per pupil, the first that applies; invalid sheets are read too."""
    items = evidence.safety_items(policy.tiers.safety_kinds)
    found = [compare(item.scale, item.score, item.positive_at, evidence) for item in items]
    signal = np.full(evidence.pupils, NOT_ASKED, dtype=object)
    for item in items:
        if item.asks:
            signal[evidence.shown(item.scale, item.score)] = NO
    for item, each in zip(items, found, strict=True):
        if item.asks:
            signal[each.possible & ~each.sure] = UNANSWERED
    for each in found:
        signal[each.sure] = YES
    return signal
