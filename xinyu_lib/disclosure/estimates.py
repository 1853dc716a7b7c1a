"""Estimates: means, quantiles, intervals and coefficients, which rest on persons though they count none.

The rules are those of output checkers: a minimum of persons, dominance, residual degrees of freedom; their names follow
ACRO (AI-SDC, default.yaml: threshold 10, degrees of freedom 10, top-2 share .90). The numbers are the policy's.
"""

import re
from decimal import Decimal
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from xinyu_lib.disclosure.safetable import ISSUED, SafeTable
from xinyu_lib.errors import DisclosureError

MEAN_COLUMNS = ("n", "mean", "low", "high")
EVIDENCE = ("largest", "residual_df")  # what only the rules read


class EstimateRule(Protocol):
    """What a policy says of estimates for one audience."""

    threshold: int
    means_min_n: int
    means_n_rounded_to: int
    dominance: float
    min_residual_df: int


class HasEstimateRules(Protocol):
    disclosure: dict[str, EstimateRule]


def protect_means(
    means: pd.DataFrame, policy: HasEstimateRules, audience: str = "school", whole: str | None = None
) -> SafeTable:
    """Hide means that rest on too few persons, and coarsen the others.

    means: one row per score, columns n (persons), mean, low, high, in per cent of the possible range. Shown as whole
    per cents: with decimals, sum = mean x n would fit one n only, and two rows would tell one pupil's score. The count
    is shown rounded for the same reason. Further columns and `whole`: see `protect_estimates`.
    """
    _require_mean_columns(means)
    return protect_estimates(means, policy, audience, "means", decimals=0, whole=whole)


def protect_coefficients(values: pd.DataFrame, policy: HasEstimateRules, audience: str = "school") -> SafeTable:
    """The same for coefficients such as alpha or those of a model, shown with two decimals; columns as for means.

    n of a coefficient that compares groups is the smallest of them, and a model brings `residual_df`.
    """
    _require_mean_columns(values)
    return protect_estimates(values, policy, audience, "coefficients", decimals=2)


def protect_quantiles(
    values: pd.DataFrame, policy: HasEstimateRules, audience: str = "school", whole: str | None = None
) -> SafeTable:
    """The same for quantiles, in per cent of the possible range, shown as whole per cents.

    values: one row per group, columns n and percentiles by name (p25, p50, p2.5). The least and the greatest value
    belong to one pupil: p0 and p100 are refused. Every stretch between shown percentiles, the two ends included, holds
    at least `threshold` persons, else the cell is masked, from the lowest percentile on: p1, p2 ... p99 of a hundred
    pupils would be their scores, one by one.
    Raises DisclosureError for other columns.
    """
    ranks = _ranks(values)
    thin = pd.DataFrame(False, index=values.index, columns=[c for c in values if c not in EVIDENCE])
    for row, n in values["n"].items():
        thin.loc[row, list(ranks)] = _thin(list(ranks.values()), n, policy.disclosure[audience].threshold)
    return protect_estimates(values, policy, audience, "quantiles", decimals=0, whole=whole, thin=thin)


def protect_estimates(
    values: pd.DataFrame, policy: HasEstimateRules, audience: str, kind: str, decimals: int,
    whole: str | None = None, thin: pd.DataFrame | None = None,
) -> SafeTable:  # fmt: skip
    """Hide estimates that one or few persons make up, and coarsen the others.

    values: column n (persons) and estimates of any name; a row is hidden when n is below the policy's `means_min_n`.
    Columns that are read and never shown: `largest`, the share of the largest single pupil in the sum of absolute
    contributions (0..1, see `largest_share`), hidden above `dominance`; `residual_df`, residual degrees of freedom of
    the model, hidden below `min_residual_df`. What is not known hides as what is too small.
    A row whose `low` and `high` are the same number is hidden too: everybody in it has that score.
    whole: the row that all others partition (a school and its grades). A single hidden group, or hidden groups with
    fewer than `means_min_n` persons together, could be worked out from it - not exactly, since means and counts are
    rounded, but as a narrow range - so the next smallest groups are hidden as well. Not guessed from a row name: among
    the scores of a scale `total` is one score beside the others.
    thin: cells (booleans) that rest on too few persons for a reason of their own.
    Raises DisclosureError without n or any estimate, and for a `whole` that is no row.
    """
    rule = policy.disclosure[audience]
    names = [name for name in values if name not in EVIDENCE]
    if "n" not in names or len(names) < 2:
        raise DisclosureError("disclosure.estimate_columns", found=", ".join(map(str, values.columns)))
    own = _unsafe(values, rule)
    rows = own if whole is None else _closed(own, values["n"], whole, rule.means_min_n)
    thin = pd.DataFrame(False, index=values.index, columns=names) if thin is None else thin
    masked = thin.apply(lambda cells: cells | rows)
    shown = values[names].astype("Float64").round(decimals)
    shown["n"] = _nearest(shown["n"], rule.means_n_rounded_to)
    few = own.any() or thin.to_numpy().any()
    notes = ("small_denominator",) * bool(few) + ("complementary",) * bool((rows & ~own).any())
    return SafeTable(shown.mask(masked), masked, kind, audience, rule.means_min_n, rule.means_min_n, notes, ISSUED)


def largest_share(contributions: ArrayLike) -> float:
    """Share (0..1) that the largest single contribution has in the sum of all, by size without sign.

    contributions: one number per pupil, NaN for none. 0 where nobody contributes anything.
    """
    sizes = np.abs(np.asarray(contributions, dtype=float))
    total = np.nansum(sizes)
    return float(np.nanmax(sizes) / total) if total > 0 else 0.0


def _require_mean_columns(values: pd.DataFrame) -> None:
    if [name for name in values if name not in EVIDENCE] != list(MEAN_COLUMNS):
        raise DisclosureError("disclosure.means_columns", found=", ".join(map(str, values.columns)))


def _unsafe(values: pd.DataFrame, rule: EstimateRule) -> pd.Series:
    """Rows that are hidden for their own sake; NaN passes no comparison, so what is not known is hidden."""
    safe = values["n"].astype(float) >= rule.means_min_n
    if "largest" in values:
        safe &= values["largest"].astype(float) <= rule.dominance
    if "residual_df" in values:
        safe &= values["residual_df"].astype(float) >= rule.min_residual_df
    if {"low", "high"} <= set(values.columns):
        safe &= values["low"].astype(float) != values["high"].astype(float)
    return ~safe


def _closed(hidden: pd.Series, n: pd.Series, whole: str, fewest: int) -> pd.Series:
    """Hidden rows with the next smallest groups, until those hidden are two or more and `fewest` persons together."""
    if whole not in hidden.index:
        raise DisclosureError("disclosure.no_such_whole", whole=whole)
    hidden, by_size = hidden.copy(), n.drop(index=whole).sort_values(kind="stable").index
    for row in by_size:
        gone = n[[group for group in by_size if hidden[group]]]
        if gone.empty or (gone.size > 1 and gone.sum() >= fewest):
            break
        hidden[row] = True  # one that is hidden already stays so
    return hidden


def _ranks(values: pd.DataFrame) -> dict[str, Decimal]:
    """Percentiles by column name, ascending."""
    names = [str(name) for name in values if name != "n" and name not in EVIDENCE]
    found = {name: Decimal(name[1:]) for name in names if re.fullmatch(r"p\d+(\.\d+)?", name)}
    wrong = [name for name in names if name not in found or not 0 < found[name] < 100]
    if wrong or not found or "n" not in values:
        raise DisclosureError("disclosure.quantile_columns", found=", ".join(wrong or map(str, values.columns)))
    return dict(sorted(found.items(), key=lambda each: each[1]))


def _thin(ranks: list[Decimal], n: object, threshold: int) -> list[bool]:
    """For percentiles in ascending order: True where fewer than `threshold` persons lie between it and a neighbour."""
    found, last = [], Decimal(0)
    for rank in ranks:
        enough = pd.notna(n) and all(stretch * int(n) >= 100 * threshold for stretch in (rank - last, 100 - rank))
        found.append(not enough)
        last = rank if enough else last
    return found


def _nearest(values: pd.Series, base: int) -> pd.Series:
    return ((values + base / 2) // base * base).astype("Int64")
