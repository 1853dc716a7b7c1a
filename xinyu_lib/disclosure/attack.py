"""The attack: for every hidden cell, what can be worked out from everything that one audience was told.

The naive attacker knows what is shown, how it adds up, and that persons are whole numbers. The informed one also knows
the role of every cell (see `roles`): no hiding can be better than leaving him every count below the threshold.
Bounds by integer programming as in Fischetti and Salazar-González (2001), Management Science 47(7), section 2.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xinyu_lib.disclosure.roles import Role, informed_bounds, informed_links, naive_bounds
from xinyu_lib.disclosure.system import NONE, AudienceRule, Link, System
from xinyu_lib.disclosure.unknowns import Unknowns, unknowns

NAIVE, INFORMED = "naive", "informed"
FEW, HALVES = 12, 8


@dataclass(frozen=True)
class Needs:
    """What must stay possible for each cell (n,): its range reaches down to `low` and up to `high`, or, where these are
    not asked (NaN), spans `values` distinct values; `each`: every whole number of the range is asked for.
    """

    low: np.ndarray
    high: np.ndarray
    values: np.ndarray
    each: np.ndarray


def naive_needs(system: System, roles: np.ndarray, rule: AudienceRule) -> Needs:
    """The range spans 0 to the threshold; where a cell is most of its denominator, the range of the rest does.

    The rest is judged instead of the cell because 44 of 45 is as telling as 1 and nothing else is: 1,000 pupils
    without a tier need not look like 0. With a hidden denominator, so many values must be possible.
    """
    whole = np.where(system.denominators != NONE, system.values[system.denominators], 0)
    most = (system.denominators != NONE) & (2 * system.values > whole)
    shown = most & (roles[system.denominators] == Role.OPEN)
    low = np.select([shown, most], [np.maximum(whole - rule.threshold, 0.0), np.nan], 0.0)
    high = np.select([shown, most], [whole.astype(float), np.nan], float(rule.threshold))
    return Needs(low, high, np.full(len(system), rule.threshold + 1), np.zeros(len(system), dtype=bool))


def informed_needs(roles: np.ndarray, rule: AudienceRule) -> Needs:
    """A LOW or SMALL cell may have each value below the threshold, any other as many values as the threshold."""
    primary = (roles == Role.LOW) | (roles == Role.SMALL)
    floor = np.where(roles == Role.LOW, float(rule.zero == "show"), 0.0)
    low = np.where(primary, floor, np.nan)
    high = np.where(primary, rule.threshold - 1.0, np.nan)
    return Needs(low, high, np.where(primary, 0, rule.threshold), primary)


@dataclass(frozen=True)
class Attack:
    """One attacker: his name, the bounds that he knows for each cell (n,), what must be left to doubt, and what else he
    knows of pairs of cells.
    """

    name: str
    low: np.ndarray
    high: np.ndarray
    needs: Needs
    links: tuple[Link, ...] = ()


def attacks(system: System, roles: np.ndarray, rule: AudienceRule) -> tuple[Attack, Attack]:
    """Both attackers under these roles."""
    return (
        Attack(NAIVE, *naive_bounds(system, roles), naive_needs(system, roles, rule)),
        Attack(
            INFORMED,
            *informed_bounds(system, roles, rule),
            informed_needs(roles, rule),
            informed_links(system, roles, rule),
        ),
    )


def broken(system: System, roles: np.ndarray, rule: AudienceRule) -> dict[int, str]:
    """Hidden cells that are known too well, with the attacker who knows; empty when the release is safe."""
    found = {}
    for attack in attacks(system, roles, rule):
        found = dict.fromkeys(known_too_well(system, roles, attack), attack.name) | found
    return found


def known_too_well(system: System, roles: np.ndarray, attack: Attack) -> list[int]:
    """Hidden cells that do not have what they need against one attacker, in order.

    Every solution found for one cell shows values of all the others; only what none of them shows is solved for.
    """
    found = np.flatnonzero((roles != Role.OPEN) & (attack.low >= attack.high)).tolist()
    for part in unknowns(system, attack.low, attack.high, attack.links):
        _scout(part, attack.needs)
        found += [int(cell) for place, cell in enumerate(part.cells) if not _safe(part, place, int(cell), attack.needs)]
    return sorted(found)


def _scout(part: Unknowns, needs: Needs) -> None:
    """Cheap certificates: a few solutions that show needed values of many cells at once (of half of them at a time,
    since all together they stand in each other's way).
    """
    places = np.arange(len(part.cells))
    if len(places) < FEW:
        return
    for sense in (1, -1):
        for half in (places[::2], places[1::2]):
            part.look(half, None, sense)
    each = places[needs.each[part.cells]]
    for value in range(int(np.nanmax(needs.high[part.cells], initial=0)) + 1 if len(each) else 0):
        for step in range(HALVES):
            left = np.array([place for place in each[step % 2 :: 2] if value not in part.seen[place]], dtype=int)
            if len(left):
                part.look(left[step // 2 :: HALVES // 2], value, 1 if value < needs.high[part.cells[left[0]]] else -1)


def _safe(part: Unknowns, place: int, cell: int, needs: Needs) -> bool:
    if np.isnan(needs.low[cell]):
        return spans(part, place, int(needs.values[cell]))
    low, high = int(needs.low[cell]), int(needs.high[cell])
    if not (_reaches(part, place, low, -1) and _reaches(part, place, high, 1)):
        return False
    return not needs.each[cell] or all(part.can_be(place, value) for value in range(low, high + 1))


def _reaches(part: Unknowns, place: int, value: int, sense: int) -> bool:
    """True when the cell gets down (sense -1) or up (1) to the value: by what was seen, else by solving."""
    if any(sense * seen >= sense * value for seen in part.seen[place]):
        return True
    return part.lowest(place) <= value if sense < 0 else part.highest(place) >= value


def spans(part: Unknowns, place: int, values: int) -> bool:
    """True when the cell can have at least so many distinct values."""
    if len(part.seen[place]) >= values:
        return True
    low, high = min(part.seen[place]), max(part.seen[place])
    if high - low + 1 < values:
        high = part.highest(place)
    if high - low + 1 < values:
        low = part.lowest(place)
    wanted = range(low, high + 1)
    return len(wanted) >= values and _enough(part, place, wanted, values)


def _enough(part: Unknowns, place: int, wanted: range, values: int) -> bool:
    """True when so many whole numbers of the range are really possible; counts may come in steps of two."""
    possible = 0
    for tried, value in enumerate(wanted, 1):
        possible += part.can_be(place, value)
        if possible >= values:
            return True
        if possible + len(wanted) - tried < values:
            return False
    return False


def reach(system: System, roles: np.ndarray, rule: AudienceRule) -> pd.DataFrame:
    """Lowest and highest value of every hidden cell for both attackers, worked out in full.

    A row per hidden cell: key, role, naive_low, naive_high, low, high (informed), broken (the attacker, or "").
    """
    hidden = np.flatnonzero(roles != Role.OPEN)
    found = broken(system, roles, rule)
    frame = pd.DataFrame({"key": [system.keys[cell] for cell in hidden]}, index=hidden)
    frame["role"] = [Role(roles[cell]).name.lower() for cell in hidden]
    naive, informed = attacks(system, roles, rule)
    frame["naive_low"], frame["naive_high"] = _limits(system, naive, hidden)
    frame["low"], frame["high"] = _limits(system, informed, hidden)
    frame["broken"] = [found.get(int(cell), "") for cell in hidden]
    return frame


def _limits(system: System, attack: Attack, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low, high = attack.low.copy(), attack.high.copy()
    for part in unknowns(system, attack.low, attack.high, attack.links):
        for place, cell in enumerate(part.cells):
            low[cell], high[cell] = part.lowest(place), part.highest(place)
    return low[hidden], high[hidden]
