"""Shares of a protected table of counts, with their intervals."""

import pandas as pd

from xinyu_lib.disclosure.safetable import ISSUED, TOTAL, SafeTable
from xinyu_lib.errors import DisclosureError
from xinyu_lib.numerics.intervals import wilson


def with_shares(counts: SafeTable) -> SafeTable:
    """Counts, shares of the total (0..1) and 95 % Wilson intervals; masked wherever the count is masked.

    Computed from what is shown only, so it can tell nothing more than the counts do.
    """
    if counts.kind != "counts" or TOTAL not in counts.shown.index:
        raise DisclosureError("disclosure.shares_need_total")
    n, hidden = counts.shown["n"], counts.masked["n"]
    total = n[TOTAL]
    rows = [_row(value, total) for value in n]
    shown = pd.DataFrame(rows, index=n.index, columns=["n", "share", "low", "high"]).astype("Float64")
    masked = pd.DataFrame(dict.fromkeys(shown.columns, hidden))
    return SafeTable(
        shown, masked, "shares", counts.audience, counts.threshold, counts.min_denominator, counts.notes, ISSUED
    )


def _row(value: object, total: object) -> tuple:
    if pd.isna(value) or pd.isna(total):
        return (pd.NA,) * 4
    low, high = wilson(int(value), int(total))
    return value, value / total, float(low), float(high)
