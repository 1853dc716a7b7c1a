"""The safety signal: a safety item positive, left blank, answered below the line, or never asked."""

import numpy as np

from xinyu_lib.policy import Policy
from xinyu_lib.tiers.conditions import compare
from xinyu_lib.tiers.evidence import Evidence

YES, NO, UNANSWERED, NOT_ASKED = "yes", "no", "unanswered", "not_asked"
SIGNALS = (NOT_ASKED, NO, UNANSWERED, YES)  # by weight: the last that applies is told


def safety_signal(evidence: Evidence, policy: Policy) -> np.ndarray:
    """Place in `SIGNALS` per pupil; invalid sheets are read too."""
    items = evidence.safety_items(policy.tiers.safety_kinds)
    found = [compare(item.scale, item.score, item.positive_at, evidence) for item in items]
    signal = np.zeros(evidence.pupils, dtype=np.int8)
    for item, each in zip(items, found, strict=True):
        asked = evidence.shown(item.scale, item.score).astype(np.int8) * item.asks
        if each.possible is not each.sure:
            asked[each.possible & ~each.sure] *= SIGNALS.index(UNANSWERED)
        np.maximum(signal, asked, out=signal)
    for each in found:
        signal[each.sure] = SIGNALS.index(YES)
    return signal
