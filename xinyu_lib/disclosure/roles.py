"""Roles: why a cell is hidden, and what somebody who knows why can tell about it."""

from enum import IntEnum

import numpy as np

from xinyu_lib.disclosure.system import NONE, AudienceRule, Link, System


class Role(IntEnum):
    """OPEN is shown. Primary: LOW is below the threshold, HIGH leaves less than that of its denominator, SMALL belongs
    to a denominator that is too small for any share, or was LOW among nearly the same pupils. COMPLEMENTARY protects
    others.
    """

    OPEN = 0
    LOW = 1
    HIGH = 2
    SMALL = 3
    COMPLEMENTARY = 4


def primary(system: System, rule: AudienceRule) -> np.ndarray:
    """Role of every cell by its own size (n,); a cell that is known already stays OPEN whatever its size."""
    values, below = system.values, system.denominators
    has = below != NONE
    whole = np.where(has, values[below], 0)
    small = (has & (whole < rule.min_denominator)) | (_alone(system) & (values < rule.min_denominator))
    low = (values < rule.threshold) & ~((values == 0) & (rule.zero == "show"))
    high = has & (whole - values < rule.threshold) & (values > 0)
    roles = np.select([small, low, high], [Role.SMALL, Role.LOW, Role.HIGH], Role.OPEN)
    roles[_beside_low(system, roles)] = Role.SMALL
    roles[system.unseen & (roles == Role.OPEN)] = Role.COMPLEMENTARY
    roles[system.known] = Role.OPEN
    return roles


def _beside_low(system: System, roles: np.ndarray) -> np.ndarray:
    """Cells large enough by themselves that nearly the same pupils make up as a LOW one in another wave.

    One joiner must not turn an unseen count into a seen one; that such a cell is hidden tells nothing of its size.
    """
    found = np.zeros(len(system), dtype=bool)
    for after, before, _, _ in system.links:
        found[after] |= roles[before] == Role.LOW and not system.known[before]
        found[before] |= roles[after] == Role.LOW and not system.known[after]
    return found & (roles == Role.OPEN)


def _alone(system: System) -> np.ndarray:
    """Denominators that are a share of nothing themselves: the number of persons whom a table is about."""
    found = np.zeros(len(system), dtype=bool)
    found[system.denominators[system.denominators != NONE]] = True
    return found & (system.denominators == NONE)


def naive_bounds(system: System, roles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest value of every cell for somebody who knows what is shown and that counts are not negative."""
    hidden = roles != Role.OPEN
    return np.where(hidden, 0, system.values), np.where(hidden, system.limit, system.values)


def informed_bounds(
    system: System, roles: np.ndarray, rule: AudienceRule, whole_shown: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The same for somebody who knows the role of every hidden cell as well.

    That is more than the rules tell, since all hidden cells carry the same mark. What he knows of the rest where the
    denominator is hidden too is in `informed_links`; whole_shown (n,) says where it is shown, if that is not what the
    roles say.
    """
    low, high = naive_bounds(system, roles)
    top, has = rule.threshold - 1, system.denominators != NONE
    whole = np.where(has, system.values[system.denominators], system.limit)
    shown = has & ((roles[system.denominators] == Role.OPEN) if whole_shown is None else whole_shown)
    is_low, is_high, is_other = (roles == role for role in (Role.LOW, Role.HIGH, Role.COMPLEMENTARY))
    low[is_low], high[is_low] = int(rule.zero == "show"), top
    low[is_high | is_other] = rule.threshold
    low[is_other & (system.values < rule.threshold)] = 0  # a zero that could have been shown
    low[is_high & shown] = np.maximum(whole - top, 1)[is_high & shown]
    high[is_high & shown] = whole[is_high & shown]
    high[is_other & shown] = np.minimum(high, whole - rule.threshold)[is_other & shown]
    alone = (roles == Role.SMALL) & _alone(system)
    high[alone] = np.minimum(high[alone], rule.min_denominator - 1)
    return low, high


def informed_links(system: System, roles: np.ndarray, rule: AudienceRule) -> tuple[Link, ...]:
    """What he knows of the rest of a cell whose denominator is hidden.

    It is below the threshold if the cell is HIGH, not below it if the cell is COMPLEMENTARY.
    """
    below = system.denominators
    hidden_whole = (below != NONE) & (roles[below] != Role.OPEN)
    high = np.flatnonzero(hidden_whole & (roles == Role.HIGH))
    other = np.flatnonzero(hidden_whole & (roles == Role.COMPLEMENTARY) & (system.values >= rule.threshold))
    other = other[system.values[below[other]] - system.values[other] >= rule.threshold]
    known = [Link(int(below[cell]), int(cell), 0, rule.threshold - 1) for cell in high]
    return (*known, *(Link(int(below[cell]), int(cell), rule.threshold, system.limit) for cell in other))
