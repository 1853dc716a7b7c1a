"""What a hiding falls short of, and the inequality that every sufficient hiding fulfils.

Duality turns "this cell cannot move far enough" into a condition on which cells are hidden: the Benders cuts of the
cell suppression problem, Fischetti and Salazar-González (2001), Management Science 47(7), section 3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import csr_array, vstack

from xinyu_lib.disclosure.attack import INFORMED, NAIVE, Attack, Needs, attacks, known_too_well
from xinyu_lib.disclosure.roles import Role, informed_bounds, naive_bounds, primary
from xinyu_lib.disclosure.system import NONE, AudienceRule, System

UP, DOWN = 1, -1
TINY = 1e-7


@dataclass(frozen=True)
class Shortfall:
    """A cell that must be able to move `amount` in these directions together (UP, DOWN), and the attacker."""

    cell: int
    directions: tuple[int, ...]
    amount: float
    attack: Attack


@dataclass(frozen=True)
class Cut:
    """weights @ hidden >= amount * hidden[cell], for a hiding given as 0 and 1 per cell."""

    weights: np.ndarray
    cell: int
    amount: float


@dataclass(frozen=True, eq=False)
class Case:
    """A system under one audience's rule, with what does not depend on which cells are hidden."""

    system: System
    rule: AudienceRule

    @cached_property
    def own(self) -> np.ndarray:
        """Role of every cell by its own size."""
        return primary(self.system, self.rule)

    @cached_property
    def free(self) -> np.ndarray:
        """Cells that may be shown or hidden."""
        return (self.own == Role.OPEN) & ~self.system.known

    @cached_property
    def changes(self) -> csr_array:
        """Rows of links in both directions, for `changes @ move <= room`."""
        return vstack([self.system.differences, -self.system.differences], format="csr")

    @cached_property
    def room(self) -> np.ndarray:
        """How far each link is from its upper and then from its lower limit at the true counts."""
        now = self.system.differences @ self.system.values
        limits = np.array([(link.low, link.high) for link in self.system.links], dtype=float).reshape(-1, 2)
        return np.concatenate([limits[:, 1] - now, now - limits[:, 0]])

    @cached_property
    def capacities(self) -> dict[str, tuple[np.ndarray, ...]]:
        """By attacker: how far each cell could move down and up if it were hidden, and how much further either way if
        its denominator were hidden too.
        """
        roles = np.where(self.free, Role.COMPLEMENTARY, self.own)
        hidden = roles != Role.OPEN
        tight = informed_bounds(self.system, roles, self.rule, whole_shown=np.ones(len(roles), dtype=bool))
        loose = informed_bounds(self.system, roles, self.rule, whole_shown=np.zeros(len(roles), dtype=bool))
        naive = naive_bounds(self.system, roles)
        return {
            NAIVE: _capacities(self.system.values, naive, naive, hidden),
            INFORMED: _capacities(self.system.values, tight, loose, hidden),
        }

    def roles(self, hidden: np.ndarray) -> np.ndarray:
        """Roles when these free cells are hidden as well."""
        return np.where(hidden & self.free, Role.COMPLEMENTARY, self.own)

    def shortfalls(self, roles: np.ndarray) -> Iterator[Shortfall]:
        """Everything that cells with too narrow a range lack, for both attackers, in the order of the cells."""
        for attack in attacks(self.system, roles, self.rule):
            for cell in known_too_well(self.system, roles, attack):
                for directions, amount in _asked(self.system.values[cell], attack.needs, cell):
                    yield Shortfall(cell, directions, amount, attack)

    def furthest(self, cell: int, direction: int, low: np.ndarray, high: np.ndarray) -> OptimizeResult:
        """The furthest move of a cell within everybody's bounds, fractions allowed."""
        objective = np.zeros(len(self.system))
        objective[cell] = -direction
        bounds = np.stack([low - self.system.values, high - self.system.values], axis=1)
        return linprog(objective, bounds=bounds, method="highs", **self.balance)

    @cached_property
    def balance(self) -> dict:
        """Equations and links as constraints on moves."""
        equal = {"A_eq": self.system.equations, "b_eq": np.zeros(len(self.system.sums))} if self.system.sums else {}
        links = {"A_ub": self.changes, "b_ub": self.room} if self.system.links else {}
        return equal | links

    def cut(self, short: Shortfall) -> Cut | None:
        """The cut that a shortfall gives; None where the cell can move far enough once fractions are allowed."""
        weights, constant, reached = np.zeros(len(self.system)), 0.0, 0.0
        for direction in short.directions:
            found = self.furthest(short.cell, direction, short.attack.low, short.attack.high)
            reached -= found.fun
            more, free = self._dual(short, direction, found)
            weights, constant = weights + more, constant + free
        if reached >= short.amount - TINY:
            return None
        needed = short.amount - constant - weights[short.cell]
        if needed <= TINY:
            return None
        weights[short.cell] = 0
        weights[weights < TINY] = 0
        weights = np.minimum(weights, needed)
        if short.attack.name == NAIVE and self._judged_by_rest(short.cell):
            weights[self.system.denominators[short.cell]] = needed  # once that is hidden too, less is asked for
        return Cut(weights, short.cell, needed)

    def _judged_by_rest(self, cell: int) -> bool:
        """True where the cell is most of a denominator that may be shown or hidden."""
        whole = self.system.denominators[cell]
        return whole != NONE and self.free[whole] and 2 * self.system.values[cell] > self.system.values[whole]

    def line_cuts(self) -> Iterator[Cut]:
        """What every line asks for by itself: a primary cell can only move as far as the rest of its line lets it."""
        roles = np.where(self.free, Role.COMPLEMENTARY, self.own)
        for attack in attacks(self.system, roles, self.rule):
            for line in range(len(self.system.sums)):
                row = self.system.equations[[line]].toarray()[0]
                for cell in np.flatnonzero(row):
                    yield from self._line_cuts(attack, row, int(cell))

    def _line_cuts(self, attack: Attack, row: np.ndarray, cell: int) -> Iterator[Cut]:
        hidden = self.own != Role.OPEN
        for directions, amount in _asked(self.system.values[cell], attack.needs, cell):
            weights = sum(self._weights(-direction * row[cell] * row, attack.name, hidden) for direction in directions)
            weights[cell] = 0
            yield Cut(np.minimum(weights, amount), cell, amount)

    def _dual(self, short: Shortfall, direction: int, found: OptimizeResult) -> tuple[np.ndarray, float]:
        """How far the cell can move at most, as weights on the hidden cells and a constant from the links."""
        left = np.zeros(len(self.system))
        left[short.cell] = direction
        if self.system.sums:
            left += self.system.equations.T @ found.eqlin.marginals
        constant = 0.0
        if self.system.links:
            left += self.changes.T @ found.ineqlin.marginals
            constant = -float(found.ineqlin.marginals @ self.room)
        return self._weights(left, short.attack.name, short.attack.low < short.attack.high), constant

    def _weights(self, left: np.ndarray, attacker: str, hidden: np.ndarray) -> np.ndarray:
        """What hiding each cell adds to the possible move.

        A cell whose denominator is hidden too moves further. That product of two choices is bounded by either: by the
        denominator's where the cell is hidden now, else by the cell's own, so that the cut is sharp at this hiding.
        """
        down, up, more_down, more_up = self.capacities[attacker]
        rise, fall = np.maximum(left, 0), np.maximum(-left, 0)
        freed = rise * more_up + fall * more_down
        has = self.system.denominators != NONE
        by_denominator = has & hidden
        more = np.bincount(self.system.denominators[by_denominator], freed[by_denominator], minlength=len(self.system))
        return rise * up + fall * down + more + np.where(has & ~hidden, freed, 0)


def _capacities(values: np.ndarray, tight: tuple, loose: tuple, hidden: np.ndarray) -> tuple[np.ndarray, ...]:
    down, up = values - tight[0], tight[1] - values
    more_down, more_up = tight[0] - loose[0], loose[1] - tight[1]
    return tuple(np.where(hidden, each, 0).clip(min=0) for each in (down, up, more_down, more_up))


def _asked(value: int, needs: Needs, cell: int) -> Iterator[tuple[tuple[int, ...], float]]:
    if np.isnan(needs.low[cell]):
        yield (UP, DOWN), needs.values[cell] - 1
        return
    if needs.high[cell] > value:
        yield (UP,), needs.high[cell] - value
    if needs.low[cell] < value:
        yield (DOWN,), value - needs.low[cell]
