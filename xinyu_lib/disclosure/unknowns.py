"""What an attacker does not know: whole numbers under equations, and what these still allow (HiGHS through SciPy)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from xinyu_lib.disclosure.system import Link, System

EXACT = {"mip_rel_gap": 0.0}


@dataclass(eq=False)
class Unknowns:
    """Hidden cells that hang together.

    cells: positions in the system (k,). low, high: bounds (k,). rows, least, most: least <= rows @ x <= most. seen: per
    cell, every value it has in a solution found so far; the true counts are the first.
    """

    cells: np.ndarray
    low: np.ndarray
    high: np.ndarray
    rows: csr_array
    least: np.ndarray
    most: np.ndarray
    seen: list[set[int]]

    def lowest(self, place: int) -> int:
        """Lowest value that the cell at `place` can have."""
        return self._best(place, 1)

    def highest(self, place: int) -> int:
        """Highest value that the cell at `place` can have."""
        return self._best(place, -1)

    def can_be(self, place: int, value: int) -> bool:
        """True when the cell at `place` can have exactly this value."""
        if value in self.seen[place]:
            return True
        low, high = self.low.copy(), self.high.copy()
        low[place] = high[place] = value
        return self._solve(np.zeros(len(self.cells)), low, high) is not None

    def look(self, places: np.ndarray, value: int | None, sense: int) -> None:
        """Look for many values at once: these cells as low (sense 1) or high (-1) as they can all be together, none of
        them beyond `value`. What comes out is remembered; that nothing comes out tells nothing.
        """
        objective = np.zeros(len(self.cells))
        objective[places] = sense
        low, high = self.low.copy(), self.high.copy()
        if value is not None:
            bound = low if sense > 0 else high
            bound[places] = value
        self._solve(objective, low, high)

    def _best(self, place: int, sense: int) -> int:
        objective = np.zeros(len(self.cells))
        objective[place] = sense
        return self._solve(objective, self.low, self.high)[place]

    def _solve(self, objective: np.ndarray, low: np.ndarray, high: np.ndarray) -> list[int] | None:
        """The best solution, remembered; None when there is none. The true counts always fit the original bounds."""
        fits = LinearConstraint(self.rows, self.least, self.most)
        whole = np.ones(len(objective))
        found = milp(objective, constraints=fits, bounds=Bounds(low, high), integrality=whole, options=EXACT)
        if found.x is None:
            return None
        solution = np.rint(found.x).astype(int).tolist()
        for values, value in zip(self.seen, solution, strict=True):
            values.add(value)
        return solution


def unknowns(system: System, low: np.ndarray, high: np.ndarray, links: tuple[Link, ...] = ()) -> Iterator[Unknowns]:
    """The unknowns of a system under bounds (n,) and more links, in pieces; a cell is known where both bounds meet."""
    system = replace(system, links=system.links + links) if links else system
    hidden = np.flatnonzero(low < high)
    if not len(hidden):
        return
    rows, least, most = _constraints(system, np.where(low < high, 0, low), hidden)
    labels = connected_components(abs(rows).T @ abs(rows) if rows.shape[0] else csr_array((len(hidden),) * 2))[1]
    for label in range(labels.max() + 1):
        own = np.flatnonzero(labels == label)
        kept = np.flatnonzero(abs(rows[:, own]).sum(axis=1))
        cells = hidden[own]
        truth = [{int(value)} for value in system.values[cells]]
        yield Unknowns(cells, low[cells], high[cells], rows[kept][:, own], least[kept], most[kept], truth)


def _constraints(system: System, known: np.ndarray, hidden: np.ndarray) -> tuple[csr_array, np.ndarray, np.ndarray]:
    """Equations and links among the hidden cells, what is known moved to the other side."""
    base = -(system.equations @ known)
    shift = system.differences @ known
    rows = vstack([system.equations[:, hidden], system.differences[:, hidden]], format="csr")
    least = np.concatenate([base, np.array([link.low for link in system.links]) - shift])
    most = np.concatenate([base, np.array([link.high for link in system.links]) - shift])
    kept = np.flatnonzero(np.diff(rows.indptr))
    return rows[kept], least[kept], most[kept]
