"""The cheapest hiding that withstands both attackers, by integer programming.

A master problem chooses the cells, the attack judges them, and every shortfall comes back as a cut until none is left:
Fischetti and Salazar-González (2001), Management Science 47(7). Solver: HiGHS through SciPy. No clock is involved, so
that equal systems are hidden alike on any machine.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from xinyu_lib.disclosure.cuts import Case, Cut
from xinyu_lib.disclosure.roles import Role

ROUNDS = 60
CUTS_PER_ROUND = 40
NODES = 2_000


def cheapest(case: Case) -> np.ndarray | None:
    """Roles (n,) of the cheapest sufficient hiding (costs: see `System.costs`); None where even hiding all fails or
    the search was given up.
    """
    rows = [_row(case, cut) for cut in case.line_cuts() if case.own[cut.cell] or case.free[cut.cell]]
    for _ in range(ROUNDS):
        hidden = _choose(case, rows)
        if hidden is None:
            return None
        roles = case.roles(hidden)
        cuts = _cuts(case, roles)
        if cuts is None:
            return roles
        rows += cuts
    return None


def _cuts(case: Case, roles: np.ndarray) -> list[tuple[np.ndarray, float]] | None:
    """What the chosen hiding violates as rows of the master problem; None when it is sufficient."""
    found, anything = [], False
    for short in case.shortfalls(roles):
        anything = True
        if cut := case.cut(short):
            found.append(_row(case, cut))
        if len(found) == CUTS_PER_ROUND:
            break
    return (found or [_never_again(case, roles)]) if anything else None


def _row(case: Case, cut: Cut) -> tuple[np.ndarray, float]:
    """A cut over the free cells; what is hidden anyway counts to the other side."""
    always = (case.own != Role.OPEN) & ~case.free
    weights, needed = cut.weights.copy(), cut.amount
    if always[cut.cell]:
        least = needed - weights[always].sum()
    else:
        weights[cut.cell] -= needed
        least = -weights[always].sum()
    return weights, least


def _never_again(case: Case, roles: np.ndarray) -> tuple[np.ndarray, float]:
    """Where fractions would do and whole persons do not: any hiding but this one."""
    hidden = (roles != Role.OPEN) & case.free
    return np.where(hidden, -1.0, 1.0), 1.0 - hidden.sum()


def _choose(case: Case, rows: list[tuple[np.ndarray, float]]) -> np.ndarray | None:
    """The cheapest choice of free cells that fulfils all rows."""
    free = np.flatnonzero(case.free)
    matrix = csr_array(np.array([weights[free] for weights, _ in rows]).reshape(len(rows), len(free)))
    least = np.array([amount for _, amount in rows])
    if not len(free):
        return None if (least > 0).any() else np.zeros(len(case.system), dtype=bool)
    fits = LinearConstraint(matrix, least, np.inf)
    options = {"mip_rel_gap": 0.0, "node_limit": NODES}
    found = milp(case.system.costs[free], constraints=fits, bounds=Bounds(0, 1), integrality=1, options=options)
    if found.status != 0:
        return None
    hidden = np.zeros(len(case.system), dtype=bool)
    hidden[free] = found.x > 0.5
    return hidden
