"""First merge, then hide: coarser rows or categories, so that fewer cells have to be masked.

What comes out are counts still, true and unprotected: they go through `protect`. What is merged follows from the
counts, so two merges of the same pupils (two waves, two reports) may be subtracted from each other: a series keeps one
merge, or both stand in one plan. That two rows were merged tells as much as a mark: one of them was small.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

import numpy as np
import pandas as pd

from xinyu_lib.disclosure.frames import MARGINS
from xinyu_lib.errors import DisclosureError

Counts = TypeVar("Counts", pd.Series, pd.DataFrame)
DASH = "–"


class CountRule(Protocol):
    """What a policy says of counts for one audience."""

    min_denominator: int
    threshold: int
    zero: str


class HasCountRules(Protocol):
    disclosure: dict[str, CountRule]


def merge_adjacent(counts: Counts, policy: HasCountRules, audience: str = "school") -> Counts:
    """Neighbouring rows merged until no cell and no complement is below the threshold; two rows at least are left.

    counts: persons by ordered row (grades) and category; a cell's complement is the rest of its row, and a row smaller
    than `min_denominator` is merged too. In a Series the rows are the categories of one line: the complement is the
    rest of the other rows. A row and a column `total` are no cells and stay what they are; what a column `total` holds
    beyond the categories counts as one more of them.
    The smallest row with such a cell is merged with the smaller of its neighbours; ties go to the earlier. Merged rows
    are called by the first and the last, "7–8". When two rows do not suffice they are returned all the same.
    Raises DisclosureError for missing or negative counts.
    """
    names = merged_names(counts, policy.disclosure[audience])
    return counts.groupby([names.get(row, row) for row in counts.index], sort=False).sum()


def merged_names(counts: Counts, rule: CountRule) -> dict[object, str]:
    """Row -> the name of the row that it is merged into by `merge_adjacent`."""
    starts = _starts(_cells(counts), rule)
    rows = [row for row in counts.index if str(row) not in MARGINS]
    ends = [*starts[1:], len(rows)]
    return {row: _name(rows[a], rows[b - 1]) for a, b in zip(starts, ends, strict=True) for row in rows[a:b]}


def merge_categories(
    counts: Counts, steps: Sequence[Mapping[str, Sequence[str]]], policy: HasCountRules, audience: str = "school"
) -> Counts:
    """Categories merged by the first step that leaves no small cell, or by the last when none does.

    counts: persons by category (Series), or by row and category (DataFrame; one step for all rows). steps: from fine to
    coarse, each {new: [old, ...]} over the categories of `counts`, say {"red_or_orange": ["red", "orange"]} and then
    {"any_tier": ["red", "orange", "yellow"]}; others keep their names. Unmerged counts are returned only where a step
    `{}` allows them. Small: a cell, its complement in its row, or a row, as in `merge_adjacent`.
    Raises DisclosureError for missing or negative counts.
    """
    merged = [_renamed(counts, {old: new for new, olds in step.items() for old in olds}) for step in steps]
    rule = policy.disclosure[audience]
    return next((each for each in merged if not _small(_by_row(each), rule).any()), merged[-1])


def _starts(cells: np.ndarray, rule: CountRule) -> list[int]:
    """Position of the first row of every merged row."""
    starts = list(range(len(cells)))
    while len(starts) > 2:
        merged = np.add.reduceat(cells, starts)
        sizes = merged.sum(axis=1)
        wrong = np.flatnonzero(_small(merged, rule).any(axis=1))
        if not wrong.size:
            break
        row = min(wrong, key=lambda each: (sizes[each], each))
        beside = [each for each in (row - 1, row + 1) if 0 <= each < len(starts)]
        other = min(beside, key=lambda each: (sizes[each], each))
        del starts[max(row, other)]
    return starts


def _small(cells: np.ndarray, rule: CountRule) -> np.ndarray:
    """Cells (rows x categories) that `protect` would hide for their own sake; a single column is one line."""
    alone = cells.shape[1] == 1
    whole = cells.sum() if alone else cells.sum(axis=1, keepdims=True)
    low = (cells < rule.threshold) & ~((cells == 0) & (rule.zero == "show"))
    return low | (whole - cells < rule.threshold) | (whole < rule.min_denominator)


def _cells(counts: pd.Series | pd.DataFrame) -> np.ndarray:
    """Counts without margins (rows x categories); what a column `total` holds beyond them is a category too."""
    frame = counts.to_frame("n") if isinstance(counts, pd.Series) else counts
    frame = frame[[str(row) not in MARGINS for row in frame.index]]
    margin = [str(column) in MARGINS for column in frame.columns]
    cells, totals = frame.loc[:, [not each for each in margin]], frame.loc[:, margin]
    if not totals.empty and (rest := totals.iloc[:, 0] - cells.sum(axis=1)).any():
        cells = cells.assign(rest=rest)
    if cells.isna().to_numpy().any() or (cells < 0).to_numpy().any():
        raise DisclosureError("disclosure.not_counts")
    return cells.to_numpy(dtype=np.int64)


def _by_row(counts: pd.Series | pd.DataFrame) -> np.ndarray:
    """The same with the categories side by side, also those of a Series."""
    return _cells(counts).T if isinstance(counts, pd.Series) else _cells(counts)


def _renamed(counts: Counts, names: Mapping[str, str]) -> Counts:
    """Categories under their new names, those of one name added up at the place of the first."""
    if isinstance(counts, pd.Series):
        return counts.groupby([names.get(each, each) for each in counts.index], sort=False).sum()
    return counts.T.groupby([names.get(each, each) for each in counts.columns], sort=False).sum().T


def _name(first: object, last: object) -> str:
    """7 and 9 are "7–9", and so are "7–8" and 9."""
    return str(first) if first is last else f"{str(first).split(DASH)[0]}{DASH}{str(last).split(DASH)[-1]}"
