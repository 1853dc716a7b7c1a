"""SafeTable: the only thing that reaches a page. Masked is its own value, never 0 and never NaN.

A SafeTable cannot be built by hand: `protect` and its like issue it. What is masked is `NA` in `.shown` and True in
`.masked`; nothing in the object holds the hidden number.
"""

import math
from dataclasses import dataclass, field

import pandas as pd

from xinyu_lib.errors import DisclosureError

TOTAL = "total"
ISSUED = object()
UNITS = {
    "counts": "count", "shares": "share", "row_shares": "share", "means": "mean", "quantiles": "mean",
    "coefficients": "coefficient", "curve": "share",
}  # fmt: skip
WHOLE = {"n", "at_risk", "events"}  # columns that count persons in tables of another unit


@dataclass(frozen=True)
class SafeNumber:
    """One cell of a SafeTable on its way into a sentence: a number that may be shown, a band (in per cent, such as
    "<5"), or masked.
    """

    value: float | None
    unit: str
    band: str | None = None

    @property
    def masked(self) -> bool:
        return self.value is None and self.band is None


@dataclass(frozen=True, eq=False)
class SafeTable:
    """A protected table.

    shown: rows x columns with the margins as they were given, `NA` in masked cells.
    masked: booleans of the same shape.
    kind: "counts" (column n, or a column per category), "shares" (n, share, low, high in 0..1), "row_shares" (a column
    per category), "means" and "quantiles" in per cent of the range, "coefficients" (n, mean, low, high), "curve" (a row
    per step).
    audience, threshold, min_denominator: the rule it was made under.
    notes: ids of the rules that were used, in order (`primary`, `small_denominator`, `complementary`, `planned`).
    bands: what is told instead of a masked share, by the same rows and columns, `NA` where nothing is.
    """

    shown: pd.DataFrame
    masked: pd.DataFrame
    kind: str
    audience: str
    threshold: int
    min_denominator: int
    notes: tuple[str, ...] = ()
    issued: object = field(default=None, repr=False)
    bands: pd.DataFrame | None = None

    def __post_init__(self):
        if self.issued is not ISSUED:
            raise DisclosureError("disclosure.not_issued")

    @property
    def hidden(self) -> int:
        """Count of masked cells: in a table of counts all, elsewhere those of the first column."""
        counted = self.masked if self.kind == "counts" else self.masked.iloc[:, [0]]
        return int(counted.to_numpy().sum())

    @property
    def has_total(self) -> bool:
        """True when a margin is shown; among means and coefficients `total` is the name of a score."""
        return self.kind in ("counts", "shares") and TOTAL in self.shown.index

    @property
    def categories(self) -> list[str]:
        """Row names without the margin."""
        return [row for row in self.shown.index if not (self.has_total and row == TOTAL)]

    def number(self, row: str, column: str | None = None) -> SafeNumber:
        """One cell, for a sentence. Raises KeyError for a row or column the table does not have."""
        column = column or self.shown.columns[0]
        unit = "count" if column in WHOLE else UNITS[self.kind]
        hidden = self.masked.at[row, column]
        value = self.shown.at[row, column]
        shown = math.nan if value is pd.NA else float(value)  # not computable, e.g. alpha of equal answers
        return SafeNumber(None if hidden else shown, unit, self._band(row, column) if hidden else None)

    def _band(self, row: str, column: str) -> str | None:
        if self.bands is None or column not in self.bands:
            return None
        band = self.bands.at[row, column]
        return None if pd.isna(band) else str(band)

    def numbers(self, row: str) -> dict[str, SafeNumber]:
        """All cells of one row by column, to fill a sentence with."""
        return {column: self.number(row, column) for column in self.shown.columns}
