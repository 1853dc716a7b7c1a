"""An attacker on tables of counts, written from domain.md section 10 and apart from `xinyu_lib.disclosure`.

A table is read as cells with coordinates; a margin carries `SUM` in the place of what it adds up. The naive reader
knows what is shown and that parts add up to their sums; the informed one also why each cell is hidden. Two ways of
finding out what a hidden cell can be, both exact: `EveryTable` writes down all tables there are, `Solver` asks an
integer programme.
"""

from collections.abc import Hashable, Iterator, Set
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

SUM = "<sum>"
OPEN, LOW, HIGH, SMALL = "open", "low", "high", "small"
Cell = tuple[Hashable, ...]


@dataclass(frozen=True)
class Table:
    """Every cell with its count, margins that are not given too; `given` says where in the frame a cell stands.

    wholes: the denominator of each cell, the row total, or in a table of one column the grand total.
    """

    counts: dict[Cell, int]
    given: dict[Cell, tuple[int, int]]
    sums: tuple[tuple[Cell, tuple[Cell, ...]], ...]
    wholes: dict[Cell, Cell]
    threshold: int
    min_denominator: int

    def role(self, cell: Cell) -> str:
        """Why a cell is hidden for its own sake, or that it need not be."""
        count, whole = self.counts[cell], self.counts[self.wholes[cell]]
        if whole < self.min_denominator:
            return SMALL
        if cell == self.wholes[cell]:
            return OPEN
        if count < self.threshold:
            return LOW
        return HIGH if whole - count < self.threshold else OPEN

    def primary(self) -> set[Cell]:
        return {cell for cell in self.given if self.role(cell) != OPEN}

    def masked(self, mask: pd.DataFrame) -> set[Cell]:
        """The cells that stand where a mask of the shape of the frame is true."""
        return {cell for cell, place in self.given.items() if mask.to_numpy()[place]}


def read(counts: pd.Series | pd.DataFrame, threshold: int, min_denominator: int, margin: str = "total") -> Table:
    """A frame of counts as a table: rows are groups (several levels: class in grade), columns are categories."""
    frame = counts.to_frame("n") if isinstance(counts, pd.Series) else counts
    one_column = frame.shape[1] == 1
    rows = [_coordinates(label, margin) for label in frame.index]
    columns = [()] if one_column else [_coordinates(label, margin) for label in frame.columns]
    given = {row + column: (i, j) for i, row in enumerate(rows) for j, column in enumerate(columns)}
    leaves = {cell: int(frame.iat[place]) for cell, place in given.items() if SUM not in cell}
    depth = len(rows[0])
    cells = list(dict.fromkeys([*given, *(above for leaf in leaves for above in _above(leaf, depth))]))
    totals = {cell: sum(n for leaf, n in leaves.items() if _within(leaf, cell)) for cell in cells}
    assert all(totals[cell] == frame.iat[place] for cell, place in given.items()), "a margin does not add up"
    wholes = {cell: (SUM,) * depth if one_column else (*cell[:depth], SUM) for cell in cells}
    sums = tuple((cell, parts) for cell in cells for parts in _splits(cell, cells, totals))
    return Table(totals, given, sums, wholes, threshold, min_denominator)


def _coordinates(label: Hashable, margin: str) -> Cell:
    """`pd.crosstab` leaves the levels below its margin blank."""
    levels = label if isinstance(label, tuple) else (label,)
    return tuple(SUM if level == margin or (level == "" and levels[0] == margin) else level for level in levels)


def _above(leaf: Cell, depth: int) -> Iterator[Cell]:
    """What a reader can add up: categories of a row, classes of a grade, grades of a school."""
    for kept in range(depth + 1):
        row = leaf[:kept] + (SUM,) * (depth - kept)
        yield row + leaf[depth:]
        yield row + (SUM,) * len(leaf[depth:])


def _within(leaf: Cell, cell: Cell) -> bool:
    return all(mine in (SUM, its) for mine, its in zip(cell, leaf, strict=True))


def _splits(cell: Cell, cells: list[Cell], totals: dict[Cell, int]) -> Iterator[tuple[Cell, ...]]:
    """The parts into which a margin falls along each of its levels."""
    for level in (i for i, value in enumerate(cell) if value == SUM):
        parts = [c for c in cells if c[level] != SUM and c[:level] + c[level + 1 :] == cell[:level] + cell[level + 1 :]]
        if parts and sum(totals[part] for part in parts) == totals[cell]:
            yield tuple(parts)


@dataclass(frozen=True)
class Knowledge:
    """What one reader knows of the unknown cells: lowest and highest of each, and linear rules low <= a x <= high."""

    cells: tuple[Cell, ...]
    lowest: np.ndarray
    highest: np.ndarray
    rules: tuple[tuple[dict[int, int], int, int], ...]


def knowledge(
    table: Table, hidden: Set[Cell], informed: bool, *, shrewd: bool = False, margins: str = "sizes"
) -> Knowledge:
    """What is left to a reader of the table with these cells hidden.

    margins: which of those that are not given count as known unless they are small: `all`, only the denominators
    (`sizes`: how many pupils a class has is no secret), or `none`.
    shrewd: goes beyond the rule of section 10 and also uses, below a hidden denominator, that cell and rest are not
    small, and that such a denominator is not small.
    """
    lost = {cell for cell in table.counts if cell not in table.given and not _added_up(table, cell, margins)}
    unknown = tuple(cell for cell in table.counts if cell in hidden or cell in lost)
    number = {cell: i for i, cell in enumerate(unknown)}
    # Far above anything that the shown cells leave room for: a bound only so that the search ends.
    cap = 2 * max(table.counts.values()) + 4 * table.min_denominator
    lowest, highest = np.zeros(len(unknown), dtype=int), np.full(len(unknown), cap)
    rules = []
    for whole, parts in table.sums:
        weights = {number[part]: 1 for part in parts if part in number}
        rest = -sum(table.counts[part] for part in parts if part not in number)
        if whole in number:
            weights[number[whole]] = -1
        else:
            rest += table.counts[whole]
        if weights:
            rules.append((weights, rest, rest))
    for cell, i in number.items() if informed else ():
        lowest[i], highest[i], rule = _why(table, cell, number, cap, shrewd)
        rules += rule
    return Knowledge(unknown, lowest, highest, tuple(rules))


def _added_up(table: Table, cell: Cell, margins: str) -> bool:
    return table.role(cell) == OPEN and (margins == "all" or (margins == "sizes" and table.wholes[cell] == cell))


def _why(table: Table, cell: Cell, number: dict[Cell, int], cap: int, shrewd: bool):
    """Lowest, highest and rules that follow from the reason why a cell is hidden."""
    role, whole, t = table.role(cell), table.wholes[cell], table.threshold
    if role == SMALL:
        return 0, table.min_denominator - 1 if cell == whole else cap, []
    if cell not in table.given:  # nobody was told anything about a margin that is not in the table
        return 0, cap, []
    if role == LOW:
        return 0, t - 1, []
    if cell == whole:
        return table.min_denominator if shrewd else t, cap, []
    rest = (0, t - 1) if role == HIGH else (t, cap)
    if whole not in number:
        return max(t, table.counts[whole] - rest[1]), table.counts[whole] - rest[0], []
    return t, cap, [({number[whole]: 1, number[cell]: -1}, *rest)] if role == HIGH or shrewd else []


ENDLESS = 10**9


class Solver:
    """What each cell can be, by an integer programme per question; every table found answers later questions."""

    def __init__(self, known: Knowledge):
        self.known, self.number = known, {cell: i for i, cell in enumerate(known.cells)}
        self.seen: dict[Cell, set[int]] = {cell: set() for cell in known.cells}
        matrix = np.zeros((len(known.rules), len(known.cells)))
        for row, (weights, _, _) in enumerate(known.rules):
            matrix[row, list(weights)] = list(weights.values())
        self.rules = [LinearConstraint(matrix, *np.array([r[1:] for r in known.rules]).T)] if known.rules else []

    def reaches(self, cell: Cell, low: int, high: int) -> bool:
        """Whether the cell can have a value from low to high."""
        if any(low <= value <= high for value in self.seen[cell]):
            return True
        i, lowest, highest = self.number[cell], self.known.lowest.copy(), self.known.highest.copy()
        lowest[i], highest[i] = max(low, lowest[i]), min(high, highest[i])
        if lowest[i] > highest[i]:
            return False
        cost = np.zeros(len(lowest))
        cost[i] = 1 if low == 0 else -1
        found = milp(cost, integrality=np.ones(len(lowest)), bounds=Bounds(lowest, highest), constraints=self.rules)
        assert found.status in (0, 2), found.message  # found, or there is none: nothing in between
        if found.status == 2:
            return False
        for each, value in zip(self.known.cells, np.rint(found.x).astype(int), strict=True):
            self.seen[each].add(int(value))
        return True


class EveryTable:
    """What each cell can be, by writing down every table that fits; `TooMany` where that would take too long."""

    class TooMany(Exception):
        """There are more tables than it was allowed to write down."""

    def __init__(self, known: Knowledge, most: int = 20_000):
        self.seen: dict[Cell, set[int]] = {cell: set() for cell in known.cells}
        self.rules, self.steps, self.most = known.rules, 0, most
        for values in self._tables(list(known.lowest), list(known.highest)):
            for cell, value in zip(known.cells, values, strict=True):
                self.seen[cell].add(int(value))

    def reaches(self, cell: Cell, low: int, high: int) -> bool:
        return any(low <= value <= high for value in self.seen[cell])

    def _tables(self, lowest: list[int], highest: list[int]) -> Iterator[list[int]]:
        self.steps += 1
        if self.steps > self.most:
            raise self.TooMany
        if not self._narrow(lowest, highest):
            return
        free = [i for i in range(len(lowest)) if lowest[i] < highest[i]]
        if not free:
            yield lowest
            return
        tightest = min(free, key=lambda i: highest[i] - lowest[i])
        for value in range(lowest[tightest], highest[tightest] + 1):
            low, high = lowest.copy(), highest.copy()
            low[tightest] = high[tightest] = value
            yield from self._tables(low, high)

    def _narrow(self, lowest: list[int], highest: list[int]) -> bool:
        """Draws the bounds in until no rule draws further; False where a rule cannot hold. All weights are 1 or -1."""
        changed = True
        while changed:
            changed = False
            for weights, low, high in self.rules:
                small = sum(lowest[i] if w > 0 else -highest[i] for i, w in weights.items())
                large = sum(highest[i] if w > 0 else -lowest[i] for i, w in weights.items())
                if small > high or large < low:
                    return False
                for i, w in weights.items():
                    most = high - small + (lowest[i] if w > 0 else -highest[i])
                    least = low - large + (highest[i] if w > 0 else -lowest[i])
                    least, most = (least, most) if w > 0 else (-most, -least)
                    if least > lowest[i] or most < highest[i]:
                        lowest[i], highest[i], changed = max(least, lowest[i]), min(most, highest[i]), True
                        if lowest[i] > highest[i]:
                            return False
                        small = sum(lowest[j] if v > 0 else -highest[j] for j, v in weights.items())
                        large = sum(highest[j] if v > 0 else -lowest[j] for j, v in weights.items())
        return True


ENDLESS = 10**9


def breaches(table: Table, hidden: Set[Cell], attack=Solver, **beliefs) -> Iterator[str]:
    """Every hidden cell of which a reader learns too much, with what it can be (as far as it was looked for).

    beliefs: `margins` and `shrewd` as in `knowledge`.
    """
    for who, safe in (("naive", _naive_safe), ("informed", _informed_safe)):
        reader = attack(knowledge(table, hidden, who == "informed", **beliefs))
        for cell in sorted(hidden, key=str):
            if not safe(reader, table, cell):
                role, seen = table.role(cell), sorted(reader.seen[cell])
                yield f"{who} reader: {cell} ({role}, {table.counts[cell]}) is one of {seen}"


def _naive_safe(reader, table: Table, cell: Cell) -> bool:
    """0 to the threshold; of a cell that is most of its denominator, the rest; t + 1 values where that is hidden."""
    t, whole = table.threshold, table.wholes[cell]
    total = table.counts[whole]
    if (table.role(cell) == SMALL and cell == whole) or 2 * table.counts[cell] <= total:
        return reader.reaches(cell, 0, 0) and reader.reaches(cell, t, ENDLESS)
    if whole in reader.seen:
        return values(reader, cell, t + 1) > t
    return reader.reaches(cell, total, total) and reader.reaches(cell, 0, total - t)


def _informed_safe(reader, table: Table, cell: Cell) -> bool:
    if table.role(cell) in (LOW, SMALL):
        return all(reader.reaches(cell, n, n) for n in range(table.threshold))
    return values(reader, cell, table.threshold) >= table.threshold


def values(reader, cell: Cell, enough: int) -> int:
    """How many values the cell can have; stops looking where there are enough."""
    impossible: set[tuple[int, int]] = set()
    while len(reader.seen[cell]) < enough:
        between = ((a + 1, b - 1) for a, b in pairwise([-1, *sorted(reader.seen[cell]), ENDLESS]) if b - a > 1)
        gap = next((gap for gap in between if gap not in impossible), None)
        if gap is None:
            break
        if not reader.reaches(cell, *gap):
            impossible.add(gap)
    return len(reader.seen[cell])
