"""Which cells of a system are hidden: the cheapest hiding where that can be found, else a good one."""

from dataclasses import dataclass

import numpy as np

from xinyu_lib.disclosure.cuts import Case
from xinyu_lib.disclosure.exact import cheapest
from xinyu_lib.disclosure.greedy import sufficient
from xinyu_lib.disclosure.roles import Role
from xinyu_lib.disclosure.system import AudienceRule, Key, System

EXACT_CELLS = 500


@dataclass(frozen=True)
class Hiding:
    """roles: by key. exact: cells in pieces for which the cheapest hiding was found. stuck: hidden cells that no hiding
    can protect, because what gives them away is out already.
    """

    roles: dict[Key, Role]
    exact: int
    stuck: tuple[Key, ...]

    def hides(self, key: Key) -> bool:
        return self.roles[key] != Role.OPEN


def hide(system: System, rule: AudienceRule) -> Hiding:
    """Roles of all cells, piece by piece, so that neither attacker learns what he must not.

    Where a true total makes that impossible, the total is hidden as well, for a sum can be hidden like any cell at a
    higher cost; where even hiding everything is not enough, the cells are named in `stuck`.
    """
    roles, exact, stuck = {}, 0, []
    for part in system.parts():
        case = Case(part, rule)
        best = cheapest(case) if len(part) <= EXACT_CELLS else None
        exact += len(part) if best is not None else 0
        found = best if best is not None else sufficient(case)
        if found is None:
            found = case.roles(case.free)
            stuck += [part.keys[each.cell] for each in case.shortfalls(found)]
        roles |= {key: Role(role) for key, role in zip(part.keys, found, strict=True)}
    return Hiding({key: roles[key] for key in system.keys}, exact, tuple(dict.fromkeys(stuck)))


def loss(system: System, roles: np.ndarray) -> tuple[int, int]:
    """Information lost: cells hidden, and how many persons they hold."""
    hidden = roles != Role.OPEN
    return int(hidden.sum()), int(system.values[hidden].sum())
