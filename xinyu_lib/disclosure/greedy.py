"""A good hiding for systems that are too large for the best one.

First the rule that people use by hand: in every line with a single gap, or whose gaps hold fewer persons than the
threshold, the next smallest cell. Then the attack, and for each cell that it opens the cheapest way out by linear
programming: which cells must be able to move so that this one can (Kelly, Golden and Assad, 1992, Networks 22).
"""

from collections.abc import Iterator

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

from xinyu_lib.disclosure.cuts import TINY, UP, Case, Shortfall
from xinyu_lib.disclosure.roles import Role

ROUNDS = 100


def sufficient(case: Case) -> np.ndarray | None:
    """Roles (n,) of a hiding that withstands both attackers; None where even hiding all that can be hidden fails."""
    hidden = _by_hand(case)
    for _ in range(ROUNDS):
        short = list(case.shortfalls(case.roles(hidden)))
        if not short:
            return case.roles(hidden)
        more = hidden.copy()
        for each in short:
            more |= _way_out(case, each, more)
        if (more == hidden).all():  # fractions would do, whole persons do not
            more |= _beside(case, short[0].cell, hidden)
        if (more == hidden).all():
            return None
        hidden = more
    return None


def _by_hand(case: Case) -> np.ndarray:
    """Free cells that the line rule hides, line after line until none asks for more."""
    hidden = np.zeros(len(case.system), dtype=bool)
    lines = [np.array([whole, *parts]) for whole, parts in case.system.sums]
    again = True
    while again:
        again = False
        for line in lines:
            cell = _next_smallest(case, line, hidden)
            if cell is not None:
                hidden[cell] = again = True
    return hidden


def _next_smallest(case: Case, line: np.ndarray, hidden: np.ndarray) -> int | None:
    gaps = line[(case.own[line] != Role.OPEN) | hidden[line]]
    left = line[case.free[line] & ~hidden[line]]
    enough = len(gaps) > 1 and case.system.values[gaps].sum() >= case.rule.threshold
    if not len(gaps) or enough or not len(left):
        return None
    return int(left[np.argmin(case.system.costs[left])])


def _way_out(case: Case, short: Shortfall, hidden: np.ndarray) -> np.ndarray:
    """Free cells to hide so that the cell can move far enough; the next smallest of its lines where no move does."""
    for direction in short.directions:
        found = _cheapest_move(case, short, direction, hidden)
        if found is not None:
            return found & case.free
    return _beside(case, short.cell, hidden)


def _cheapest_move(case: Case, short: Shortfall, direction: int, hidden: np.ndarray) -> np.ndarray | None:
    """Cells that move when this one does, those that would have to be hidden for it weighed by their costs."""
    most = np.stack(list(_room(case, short.attack.name, hidden)))
    least = np.zeros_like(most)
    most[:, short.cell] = 0
    least[int(direction != UP), short.cell] = most[int(direction != UP), short.cell] = short.amount
    costs = np.where(case.free & ~hidden, case.system.costs / short.amount, 0) + TINY
    bounds = np.stack([least.ravel(), most.ravel()], axis=1)
    solved = linprog(np.tile(costs, 2), bounds=bounds, method="highs", **_both_ways(case))
    return None if solved.x is None else solved.x.reshape(2, -1).sum(axis=0) > TINY


def _room(case: Case, attacker: str, hidden: np.ndarray) -> Iterator[np.ndarray]:
    """How far each cell could move up, then down, were it hidden and everything else as it is."""
    down, up, more_down, more_up = case.capacities[attacker]
    whole_hidden = (case.system.denominators >= 0) & (hidden | (case.own != Role.OPEN))[case.system.denominators]
    yield up + np.where(whole_hidden, more_up, 0)
    yield down + np.where(whole_hidden, more_down, 0)


def _both_ways(case: Case) -> dict[str, csr_array | np.ndarray]:
    """Equations and links on moves up (first half) and down (second half)."""
    return {
        name: hstack([matrix, -matrix], format="csr") if name.startswith("A") else matrix
        for name, matrix in case.balance.items()
    }


def _beside(case: Case, cell: int, hidden: np.ndarray) -> np.ndarray:
    """The cheapest free cell in the lines of a cell."""
    lines = [np.array([whole, *parts]) for whole, parts in case.system.sums if cell in (whole, *parts)]
    beside = np.unique(np.concatenate(lines)) if lines else np.zeros(0, dtype=int)
    left = beside[case.free[beside] & ~hidden[beside]]
    found = np.zeros(len(case.system), dtype=bool)
    if len(left):
        found[left[np.argmin(case.system.costs[left])]] = True
    return found
