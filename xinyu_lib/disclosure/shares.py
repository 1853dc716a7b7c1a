"""Shares of a protected table of counts, with their intervals and the caps of the audience.

Everything here is computed from what is shown, so that shares can tell nothing more than the counts do.
"""

from typing import Protocol

import numpy as np
import pandas as pd

from xinyu_lib.disclosure.safetable import ISSUED, TOTAL, SafeTable
from xinyu_lib.errors import DisclosureError
from xinyu_lib.numerics.intervals import wilson


class Cap(Protocol):
    """Below this many persons a share under `percent`, or over 100 - `percent`, is told only as that."""

    below: int
    percent: int


class CapRule(Protocol):
    caps: tuple[Cap, ...]


class HasCaps(Protocol):
    disclosure: dict[str, CapRule]


def with_shares(counts: SafeTable, policy: HasCaps | None = None) -> SafeTable:
    """Counts, shares of the total (0..1) and 95 % Wilson intervals; masked wherever the count is masked.

    With a policy its caps hold: a share under 5 %, say, is told as the band "<5" in `bands`, and its count, share and
    interval are masked. A masked count stays a plain mark, since a band beside it would tell more. With a threshold of
    10 behind the counts the caps of 5 % below 100 persons and of 2 % below 300 are implied: 10 of 99 is 10 %, 10 of 299
    is 3 %. They matter to lower thresholds. A cap coarsens what is told of a count that is open; it does not hide that
    count from a reader who subtracts the other rows from the total.
    Raises DisclosureError for anything but a one-way table of counts with a total.
    """
    if counts.kind != "counts" or TOTAL not in counts.shown.index:
        raise DisclosureError("disclosure.shares_need_total")
    if list(counts.shown.columns) != ["n"]:
        raise DisclosureError("disclosure.shares_by_row")
    n = counts.shown["n"]
    whole = pd.Series(n[TOTAL], index=n.index, dtype=n.dtype)
    bands = _bands(n, whole, _caps(counts, policy)).where(n.index != TOTAL)
    low, high = wilson(*(side.to_numpy(float, na_value=np.nan) for side in (n, whole)))
    shown = pd.DataFrame({"n": n, "share": _ratio(n, whole), "low": low, "high": high}).astype("Float64")
    hidden = counts.masked["n"] | bands.notna()
    masked = pd.DataFrame(dict.fromkeys(shown, hidden | counts.masked.at[TOTAL, "n"])).assign(n=hidden)
    return _issued(counts, "shares", shown, masked, bands.to_frame("share"))


def with_row_shares(counts: SafeTable, policy: HasCaps | None = None) -> SafeTable:
    """Of a two-way table, the share (0..1) that each cell is of its row's total; kind "row_shares".

    Same rows and columns as the counts, the column `total` with 1 where it is shown. Masked where the count or the
    total of its row is; with a policy its caps hold as in `with_shares`.
    Raises DisclosureError for anything but a table of counts with a column `total`.
    """
    if counts.kind != "counts" or TOTAL not in counts.shown.columns:
        raise DisclosureError("disclosure.row_shares_need_total")
    whole, caps = counts.shown[TOTAL], _caps(counts, policy)
    shown = counts.shown.apply(_ratio, whole=whole)
    masked = counts.masked.apply(lambda column: column | counts.masked[TOTAL])
    bands = counts.shown.apply(_bands, whole=whole, caps=caps)
    bands[TOTAL] = pd.NA
    return _issued(counts, "row_shares", shown, masked | bands.notna(), bands)


def _caps(counts: SafeTable, policy: HasCaps | None) -> tuple[Cap, ...]:
    return policy.disclosure[counts.audience].caps if policy else ()


def _ratio(n: pd.Series, whole: pd.Series) -> pd.Series:
    return n.astype("Float64") / whole.astype("Float64")


def _bands(n: pd.Series, whole: pd.Series, caps: tuple[Cap, ...]) -> pd.Series:
    """The band of every share that a cap coarsens; NA for the others and for what is masked."""
    return pd.Series([_band(k, of, caps) for k, of in zip(n, whole, strict=True)], index=n.index, dtype="string")


def _band(k: object, of: object, caps: tuple[Cap, ...]) -> object:
    if pd.isna(k) or pd.isna(of):
        return pd.NA
    # Of several caps the widest: below 100 persons both "below 100: 5 %" and "below 300: 2 %" hold.
    percent = max((cap.percent for cap in caps if of < cap.below), default=0)
    if 100 * k < percent * of:
        return f"<{percent}"
    return f">{100 - percent}" if 100 * (of - k) < percent * of else pd.NA


def _issued(counts: SafeTable, kind: str, shown: pd.DataFrame, masked: pd.DataFrame, bands: pd.DataFrame) -> SafeTable:
    """The table with everything masked taken out; `bands` only where there is one."""
    banded = bands.notna().to_numpy().any()
    return SafeTable(
        shown.mask(masked), masked, kind, counts.audience, counts.threshold, counts.min_denominator,
        (*counts.notes, "capped") if banded else counts.notes, ISSUED,
        bands=bands.reindex(columns=shown.columns).astype("string") if banded else None,
    )  # fmt: skip
