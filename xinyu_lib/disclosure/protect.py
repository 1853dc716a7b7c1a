"""`protect`: the door between results and pages."""

from typing import Protocol

import pandas as pd

from xinyu_lib.disclosure.oneway import COMPLEMENTARY, OPEN, OneWay, hide
from xinyu_lib.disclosure.safetable import ISSUED, TOTAL, SafeTable
from xinyu_lib.errors import DisclosureError


class AudienceRule(Protocol):
    """What one audience may see; read from a policy's `disclosure` section."""

    min_denominator: int
    threshold: int
    rounding: int
    zero: str
    means_min_n: int
    means_n_rounded_to: int


class HasDisclosure(Protocol):
    disclosure: dict[str, AudienceRule]


def protect(counts: pd.Series | pd.DataFrame, policy: HasDisclosure, audience: str = "school") -> SafeTable:
    """Hide what names a pupil in a one-way table of counts of persons.

    counts: whole numbers >= 0 by category; a row `total`, if given, must be their sum. Without it the total counts as
    known all the same, since a reader may add up.
    Raises DisclosureError for two-way tables, negative or missing counts, and a total that does not add up.
    """
    frame = _one_way(counts)
    rule = policy.disclosure[audience]
    cells = frame.drop(index=TOTAL, errors="ignore")["n"]
    _check(cells, frame)
    masked, notes = _masked(cells, rule)
    everything = "small_denominator" in notes  # then the total is hidden too
    hidden = pd.DataFrame({"n": [masked.get(row, everything) for row in frame.index]}, index=frame.index)
    shown = _rounded(frame, rule.rounding).mask(hidden)
    return SafeTable(shown, hidden, "counts", audience, rule.threshold, rule.min_denominator, notes, ISSUED)


def protect_means(means: pd.DataFrame, policy: HasDisclosure, audience: str = "school") -> SafeTable:
    """Hide means that rest on too few persons, and coarsen the others.

    means: one row per score, columns n (persons), mean, low, high, in per cent of the possible range. Shown as whole
    per cents: with decimals, sum = mean x n would fit one n only, and two rows would tell one pupil's score. The count
    is shown rounded for the same reason.
    """
    return _protect_estimates(means, policy.disclosure[audience], audience, "means", decimals=0)


def protect_coefficients(values: pd.DataFrame, policy: HasDisclosure, audience: str = "school") -> SafeTable:
    """The same for coefficients such as alpha, shown with two decimals; columns as for means."""
    return _protect_estimates(values, policy.disclosure[audience], audience, "coefficients", decimals=2)


def _protect_estimates(values: pd.DataFrame, rule: AudienceRule, audience: str, kind: str, decimals: int) -> SafeTable:
    if list(values.columns) != ["n", "mean", "low", "high"]:
        raise DisclosureError("disclosure.means_columns", found=", ".join(map(str, values.columns)))
    few = values["n"] < rule.means_min_n
    hidden = pd.DataFrame(dict.fromkeys(values.columns, few))
    shown = values.astype("Float64").round(decimals)
    shown["n"] = _nearest(shown["n"], rule.means_n_rounded_to)
    notes = ("small_denominator",) if few.any() else ()
    return SafeTable(shown.mask(hidden), hidden, kind, audience, rule.means_min_n, rule.means_min_n, notes, ISSUED)


def _one_way(counts: pd.Series | pd.DataFrame) -> pd.DataFrame:
    frame = counts.to_frame("n") if isinstance(counts, pd.Series) else counts
    if frame.shape[1] != 1 or frame.index.nlevels != 1:
        raise DisclosureError("disclosure.one_way_only", columns=str(frame.shape[1]))
    frame = frame.set_axis(["n"], axis=1)
    frame.index = frame.index.astype(str)
    return frame.astype("Int64")


def _check(cells: pd.Series, frame: pd.DataFrame) -> None:
    if cells.isna().any() or (cells < 0).any():
        raise DisclosureError("disclosure.not_counts")
    if TOTAL in frame.index and frame.at[TOTAL, "n"] != cells.sum():
        raise DisclosureError("disclosure.total_wrong")


def _masked(cells: pd.Series, rule: AudienceRule) -> tuple[pd.Series, tuple[str, ...]]:
    """Which categories are hidden, and by which rules."""
    table = OneWay(tuple(int(n) for n in cells), rule.threshold, rule.zero == "show")
    roles = None if table.total < rule.min_denominator else hide(table)
    if roles is None:
        return pd.Series(True, index=cells.index), ("small_denominator",)
    primary = any(role not in (OPEN, COMPLEMENTARY) for role in roles)
    notes = ("primary",) * primary + ("complementary",) * (COMPLEMENTARY in roles)
    return pd.Series([role != OPEN for role in roles], index=cells.index), notes


def _rounded(frame: pd.DataFrame, base: int) -> pd.DataFrame:
    return frame.apply(_nearest, base=base) if base else frame


def _nearest(values: pd.Series, base: int) -> pd.Series:
    return ((values + base / 2) // base * base).astype("Int64")
