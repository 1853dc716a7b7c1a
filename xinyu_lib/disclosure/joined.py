"""Everything that one audience has been told as one system: tables of all reports, of all waves, of earlier versions.

A cell's key is its coordinates: wave, school, grade, class, sex, boarding, node; `total` where a margin is meant. A
node is a path in the tree of outcomes (`eligible/scored/attention`), so that a part names what it is a part of.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from xinyu_lib.disclosure.roles import Role, primary
from xinyu_lib.disclosure.safetable import TOTAL
from xinyu_lib.disclosure.system import AudienceRule, Key, Link, System, system_of

COORDINATES = ("wave", "school", "grade", "class", "sex", "boarding", "node")
NODE = COORDINATES.index("node")
WIDER = 100.0

KeyLink = tuple[Key, Key, int, int]


def joined(new: pd.DataFrame, out: pd.DataFrame, links: Iterable[KeyLink] = ()) -> System:
    """Cells of a new release and of what is out (key, value, hidden; the newest first) with all that ties them.

    A cell that was out with another value stays in the system beside the new one, its wave marked with a star.
    links: (key, key of the wave before, low, high), kept where the true counts agree with them. Known in the system is
    what is out and shown; unseen, what the new release does not show and what only earlier ones held and hid.
    """
    versions = _versions(new, out)
    cells = {key: value for each in versions for key, value in each.items()}
    sums, denominators = defaultdict(list), {}
    for number in range(len(versions)):
        view = _view(versions, number)
        for whole, parts in _partitions(view):
            if sum(cells[part] for part in parts) == cells[whole] and parts not in sums[whole]:
                sums[whole].append(parts)
        denominators |= _denominators(view)
    system = system_of(cells, sums, denominators)
    states = _states(system, new, out)
    return replace(system, **states, links=_links(system, links), weights=_weights(system))


def _versions(new: pd.DataFrame, out: pd.DataFrame) -> list[dict[Key, int]]:
    """Counts by key: the new ones and what is out unchanged, then the earlier values of changed cells, age by age."""
    values = defaultdict(list)
    for frame in (new, out):
        for key, value in zip(frame["key"], frame["value"], strict=True):
            if int(value) not in values[key]:
                values[key].append(int(value))
    deepest = max(map(len, values.values()), default=0)
    return [
        {_aged(key, age): found[age] for key, found in values.items() if len(found) > age} for age in range(deepest)
    ]


def _aged(key: Key, age: int) -> Key:
    return (key[0] + "*" * age, *key[1:])


def _view(versions: list[dict[Key, int]], number: int) -> dict[Key, Key]:
    """The release as it was at one age: plain key -> the cell that stood for it then."""
    return {_plain(key): key for each in versions[: number + 1] for key in each}


def _plain(key: Key) -> Key:
    return (key[0].rstrip("*"), *key[1:])


def _partitions(view: dict[Key, Key]) -> Iterable[tuple[Key, tuple[Key, ...]]]:
    """Every cell with the cells that make it up, direction by direction."""
    parts = defaultdict(list)
    for key, cell in view.items():
        for place, coordinate in enumerate(key[1:NODE], 1):
            if coordinate != TOTAL:
                parts[_with(key, place, TOTAL), place].append(cell)
        if "/" in key[NODE]:
            parts[_with(key, NODE, key[NODE].rpartition("/")[0]), NODE].append(cell)
    return [(view[whole], tuple(cells)) for (whole, _), cells in parts.items() if whole in view]


def _with(key: Key, place: int, coordinate: str) -> Key:
    return (*key[:place], coordinate, *key[place + 1 :])


def _denominators(view: dict[Key, Key]) -> dict[Key, Key]:
    above = {key: _with(key, NODE, key[NODE].rpartition("/")[0]) for key in view if "/" in key[NODE]}
    return {view[key]: view[whole] for key, whole in above.items() if whole in view}


def _states(system: System, new: pd.DataFrame, out: pd.DataFrame) -> dict[str, np.ndarray]:
    shown, now = set(zip(*_shown(out), strict=True)), set(_shown(new)[0])
    known = [(_plain(key), int(value)) in shown for key, value in zip(system.keys, system.values, strict=True)]
    unseen = [key not in now for key in system.keys]
    return {"known": np.array(known, dtype=bool), "unseen": np.array(unseen, dtype=bool) & ~np.array(known, dtype=bool)}


def _shown(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    rows = frame[~frame["hidden"].astype(bool)]
    return rows["key"], rows["value"]


def _weights(system: System) -> np.ndarray:
    """The wider the group, the more its numbers are wanted: cells of a school are hidden before its own total is."""
    margins = np.array([key[1:NODE].count(TOTAL) for key in system.keys], dtype=float)
    return WIDER ** (margins - margins.min(initial=NODE))


def _links(system: System, links: Iterable[KeyLink]) -> tuple[Link, ...]:
    place = {key: number for number, key in enumerate(system.keys)}
    found = [Link(place[a], place[b], low, high) for a, b, low, high in links if a in place and b in place]
    agree = [low <= system.values[a] - system.values[b] <= high for a, b, low, high in found]
    return tuple(link for link, true in zip(found, agree, strict=True) if true)


def released_roles(system: System, new: pd.DataFrame, rule: AudienceRule) -> np.ndarray:
    """Roles (n,) of a joined system under what the new release really hides."""
    hidden = dict(zip(new["key"], new["hidden"].astype(bool), strict=True))
    covered = np.array([hidden.get(key, True) for key in system.keys], dtype=bool) & ~system.known
    own = primary(replace(system, known=system.known | ~covered), rule)
    return np.where(covered & (own == Role.OPEN), Role.COMPLEMENTARY, own)


def small_changes(new: pd.DataFrame, out: pd.DataFrame, threshold: int) -> list[Key]:
    """Keys whose count is out with a value that differs by less than the threshold: a correction that would tell of
    those who make the difference.
    """
    before = defaultdict(set)
    for key, value in zip(out["key"], out["value"], strict=True):
        before[key].add(int(value))
    changed = zip(new["key"], new["value"], strict=True)
    return [key for key, value in changed if any(0 < abs(int(value) - old) < threshold for old in before[key])]
