"""A frame of counts as a system: every margin that a reader can work out is a cell, given or not."""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from xinyu_lib.disclosure.safetable import TOTAL
from xinyu_lib.disclosure.system import NONE, AudienceRule, Key, System, system_of
from xinyu_lib.errors import DisclosureError

MARGINS = {TOTAL, "Total", "All", "合计", "总计", "小计"}  # what pandas and people call a sum


@dataclass(frozen=True)
class Counts:
    """A frame of counts with the key of each row and column; a key is a coordinate per level."""

    frame: pd.DataFrame
    rows: tuple[Key, ...]
    columns: tuple[Key, ...]


def read_frame(counts: pd.Series | pd.DataFrame) -> Counts:
    """The frame as whole numbers with its keys. A single column is a table without a second direction.

    Raises DisclosureError for several levels of columns, rows or columns named twice, missing or negative counts.
    """
    frame = counts.to_frame("n") if isinstance(counts, pd.Series) else counts
    if frame.columns.nlevels > 1:
        raise DisclosureError("disclosure.column_levels", levels=str(frame.columns.nlevels))
    rows = tuple(_key(label) for label in frame.index)
    columns = tuple(_key(label) for label in frame.columns) if frame.shape[1] > 1 else ((),)
    if len(set(rows)) < len(rows) or len(set(columns)) < len(columns):
        raise DisclosureError("disclosure.twice")
    whole = _whole(frame)
    return Counts(whole, rows, columns)


def _key(label: object) -> Key:
    """A label as coordinates; pandas leaves the lower levels of a margin empty."""
    levels = label if isinstance(label, tuple) else (label,)
    margin = any(str(each) in MARGINS for each in levels)
    return tuple(TOTAL if str(each) in MARGINS or (margin and str(each) == "") else str(each) for each in levels)


def _whole(frame: pd.DataFrame) -> pd.DataFrame:
    try:
        whole = frame.astype("Int64")
    except (TypeError, ValueError):
        raise DisclosureError("disclosure.not_counts") from None
    if frame.empty or whole.isna().to_numpy().any() or (whole < 0).to_numpy().any():
        raise DisclosureError("disclosure.not_counts")
    return whole


def system_of_frame(counts: Counts, rule: AudienceRule) -> System:
    """Cells, sums and denominators. A row's total is the denominator of its cells; in a single column the grand total.

    Raises DisclosureError for a margin that is not the sum of its parts, and for a frame of margins only.
    """
    given = {
        row + column: int(counts.frame.iat[i, j])
        for (i, row), (j, column) in product(enumerate(counts.rows), enumerate(counts.columns))
    }
    base = {key: value for key, value in given.items() if TOTAL not in key}
    if not base:
        raise DisclosureError("disclosure.total_wrong")
    levels = len(counts.rows[0])
    cells = dict(base)
    for key in dict.fromkeys([*_implied(base, levels), *given]):
        cells[key] = sum(value for leaf, value in base.items() if _covers(key, leaf))
        if given.get(key, cells[key]) != cells[key]:
            raise DisclosureError("disclosure.total_wrong")
    system = system_of(cells, _sums(cells, base), _denominators(cells, levels))
    return replace(system, known=_sizes_not_given(system, given, rule))


def _sizes_not_given(system: System, given: dict[Key, int], rule: AudienceRule) -> np.ndarray:
    """Denominators that are not in the frame and large enough to be told: the size of a class is no secret."""
    sizes = {int(place) for place in system.denominators if place != NONE}
    known = [place in sizes and key not in given for place, key in enumerate(system.keys)]
    return np.array(known, dtype=bool) & (system.values >= rule.min_denominator)


def _implied(base: dict[Key, int], levels: int) -> list[Key]:
    """Margins that follow from the nesting of rows and from the columns, given or not."""
    margins = {}
    for key in base:
        row, column = key[:levels], key[levels:]
        rows = [row[:depth] + (TOTAL,) * (levels - depth) for depth in range(levels + 1)]
        for each in product(rows, (column, (TOTAL,) * len(column))):
            margins[each[0] + each[1]] = None
    return [key for key in margins if TOTAL in key]


def _covers(margin: Key, leaf: Key) -> bool:
    return all(ours in (TOTAL, theirs) for ours, theirs in zip(margin, leaf, strict=True))


def _sums(cells: dict[Key, int], base: dict[Key, int]) -> dict[Key, list[tuple[Key, ...]]]:
    """For each margin and each direction in which it is one, the cells that make it up, where all of them are there."""
    weight = {key: sum(_covers(key, leaf) for leaf in base) for key in cells}
    sums = {}
    for margin in (key for key in cells if TOTAL in key):
        for level in (number for number, each in enumerate(margin) if each == TOTAL):
            rest = margin[:level] + margin[level + 1 :]
            parts = [key for key in cells if key[level] != TOTAL and key[:level] + key[level + 1 :] == rest]
            if parts and sum(weight[key] for key in parts) == weight[margin]:
                sums.setdefault(margin, []).append(tuple(parts))
    return sums


def _denominators(cells: dict[Key, int], levels: int) -> dict[Key, Key]:
    if len(next(iter(cells))) == levels:
        whole = (TOTAL,) * levels
        return {key: whole for key in cells if key != whole}
    return {key: (*key[:levels], TOTAL) for key in cells if key[levels] != TOTAL}
