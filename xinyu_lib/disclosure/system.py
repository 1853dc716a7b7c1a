"""A system of counts: everything that one audience is told, and how its cells add up.

Tables of one report, of several reports and of several waves that share pupils are one system. A cell is a place in
it; an equation says that a cell is the sum of others. What protects one table is worth nothing when another table of
the same system opens it again (Hundepool et al., Statistical Disclosure Control, Wiley 2012, sections 4.3 and 4.4).
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Protocol, Self

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Key = tuple[str, ...]
NONE = -1


class AudienceRule(Protocol):
    """What one audience may see; read from a policy's `disclosure` section."""

    min_denominator: int
    threshold: int
    rounding: int
    zero: str
    means_min_n: int
    means_n_rounded_to: int


class Link(NamedTuple):
    """Two cells that differ little, as from wave to wave where few pupils moved: low <= after - before <= high."""

    after: int
    before: int
    low: int
    high: int


@dataclass(frozen=True, eq=False)
class System:
    """Counts of persons with everything that ties them together.

    keys: a name per cell. values: true counts (n,). sums: (cell, its parts), as positions. denominators: position of
    the cell that a cell is a share of, -1 where it is a share of none. known: cells that are out already or public and
    cannot be hidden any more. unseen: cells that are not shown whatever happens. links: see `Link`. weights: how much
    each cell is wanted, 1 where nothing is said.
    """

    keys: tuple[Key, ...]
    values: np.ndarray
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    denominators: np.ndarray
    known: np.ndarray
    unseen: np.ndarray
    links: tuple[Link, ...] = ()
    weights: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def limit(self) -> int:
        """No cell is larger, as far as anybody knows: what a count is bounded by when nothing else bounds it."""
        return int(self.values.max(initial=0)) * 2 + 100

    @cached_property
    def equations(self) -> csr_array:
        """Coefficients of all sums (equations x cells): 1 for the sum, -1 for its parts."""
        rows = [row for row, (_, parts) in enumerate(self.sums) for _ in range(len(parts) + 1)]
        columns = [cell for whole, parts in self.sums for cell in (whole, *parts)]
        signs = [sign for _, parts in self.sums for sign in (1, *[-1] * len(parts))]
        return csr_array((np.array(signs, float), (rows, columns)), shape=(len(self.sums), len(self)))

    @cached_property
    def differences(self) -> csr_array:
        """Coefficients of all links (links x cells): 1 for the cell after, -1 for the cell before."""
        rows = np.repeat(np.arange(len(self.links)), 2)
        columns = [cell for link in self.links for cell in (link.after, link.before)]
        return csr_array((np.tile([1.0, -1.0], len(self.links)), (rows, columns)), shape=(len(self.links), len(self)))

    @cached_property
    def costs(self) -> np.ndarray:
        """What hiding a cell costs: 1, for a sum one more than all its parts; then its persons, then its place.

        The persons of all cells together weigh less than one cell, so that fewer cells always win, and of equal cells
        the earlier one.
        """
        under = np.ones(len(self))
        for _ in range(len(self.sums)):  # as often as sums are nested, at most
            before = under.copy()
            for whole, parts in self.sums:
                under[whole] = max(under[whole], 1 + under[list(parts)].sum())
            if (before == under).all():
                break
        wanted = under if self.weights is None else under * self.weights
        return wanted + (self.values + np.arange(len(self)) / len(self) ** 2) / (self.values.sum() + 1)

    def parts(self) -> list[Self]:
        """The system in pieces that have nothing to do with each other, in the order of their first cells."""
        touching = abs(self.equations).T @ abs(self.equations) + abs(self.differences).T @ abs(self.differences)
        count, labels = connected_components(touching, directed=False)
        if count == 1:
            return [self]
        order = np.argsort(labels, kind="stable")
        members = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
        return [self._only(cells) for cells in sorted(members, key=lambda cells: cells[0])]

    def _only(self, cells: np.ndarray) -> Self:
        """The system of these cells, which no equation ties to others."""
        place = {int(cell): number for number, cell in enumerate(cells)}
        return replace(
            self,
            keys=tuple(self.keys[cell] for cell in cells),
            values=self.values[cells],
            sums=tuple(
                (place[whole], tuple(place[part] for part in parts)) for whole, parts in self.sums if whole in place
            ),
            denominators=np.array([place.get(int(self.denominators[cell]), NONE) for cell in cells], dtype=int),
            known=self.known[cells],
            unseen=self.unseen[cells],
            weights=None if self.weights is None else self.weights[cells],
            links=tuple(
                Link(place[link.after], place[link.before], link.low, link.high)
                for link in self.links
                if link.after in place
            ),
        )


def system_of(cells: dict[Key, int], sums: dict[Key, list[tuple[Key, ...]]], denominators: dict[Key, Key]) -> System:
    """A system from names: counts by key, the partitions of each sum by key, and each cell's denominator by key."""
    place = {key: number for number, key in enumerate(cells)}
    none = np.zeros(len(cells), dtype=bool)
    return System(
        keys=tuple(cells),
        values=np.array(list(cells.values()), dtype=np.int64),
        sums=tuple(
            (place[whole], tuple(place[part] for part in parts)) for whole, each in sums.items() for parts in each
        ),
        denominators=np.array([place[denominators[key]] if key in denominators else NONE for key in cells], dtype=int),
        known=none,
        unseen=none,
    )
