"""Reasons: why a pupil has a tier, one entry per score, safety item or fact that made a rule hold."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

RADIX_LIMIT = 2**40  # codes of combinations are made smaller again before they could leave 64 bits


class Reason(NamedTuple):
    """One score at or above its cut, or one known fact.

    rule: id in the policy. scale: None where a reason counts over scales or is a fact. score: as in a score frame,
    without the prefix; the fact. value: the score, or, where it is missing, the lowest value that gaps leave possible;
    1 for a fact. distance: value - cut, never below 0.
    """

    rule: str
    scale: str | None
    score: str
    value: float
    cut: float
    distance: float


class Ground(NamedTuple):
    """The same for all pupils at once: `holds` tells for whom (booleans), `value` the score (floats)."""

    rule: str
    scale: str | None
    score: str
    value: np.ndarray
    cut: float
    holds: np.ndarray


def reasons_of(grounds: Iterable[Ground], pupils: int) -> np.ndarray:
    """Reasons per pupil (object array of tuples) in the order of the grounds.

    Two parts of a rule that say the same count once. Pupils of equal reasons share one tuple, so that a million pupils
    cost as much as the combinations of reasons among them.
    """
    grounds = [ground for ground in _once_each(grounds) if ground.holds.any()]
    told = np.empty(pupils, dtype=object)
    told.fill(())
    if grounds:
        some = np.flatnonzero(sum((ground.holds for ground in grounds), start=np.zeros(pupils, dtype=bool)))
        which, found = pd.factorize(_combinations(grounds, pupils, some))
        first = np.empty(len(found), dtype=np.int64)
        first[which[::-1]] = some[::-1]
        told[some] = _tuples(grounds, first)[which]
    return told


def _combinations(grounds: list[Ground], pupils: int, some: np.ndarray) -> np.ndarray:
    """One number per pupil in `some`, equal where all reasons are: a mixed radix over the grounds and their values."""
    codes, radix = np.zeros(pupils, dtype=np.int64), 1
    for ground in grounds:
        if radix > RADIX_LIMIT:
            codes[some], found = pd.factorize(codes[some])
            radix = len(found)
        rows = np.flatnonzero(ground.holds)
        places, values = pd.factorize(ground.value[rows])
        codes[rows] += radix * (places + 1)
        radix *= len(values) + 1
    return codes[some]


def _once_each(grounds: Iterable[Ground]) -> Iterator[Ground]:
    """Grounds that tell the same of a pupil, joined at the place of the first."""
    joined: dict[tuple, Ground] = {}
    for ground in grounds:
        own = (ground.rule, ground.scale, ground.score, ground.cut)
        before = joined.get(own)
        joined[own] = ground if before is None else ground._replace(holds=before.holds | ground.holds)
    yield from joined.values()


def _tuples(grounds: Iterable[Ground], rows: np.ndarray) -> np.ndarray:
    """Reasons of the pupils in these rows."""
    found: list[list[Reason]] = [[] for _ in rows]
    for rule, scale, score, values, cut, holds in grounds:
        there = np.flatnonzero(holds[rows])
        made: dict[float, Reason] = {}
        for place, value in zip(there.tolist(), values[rows[there]].tolist(), strict=True):
            if value not in made:
                made[value] = _reason(rule, scale, score, value, cut)
            found[place].append(made[value])
    told = np.empty(len(found), dtype=object)
    told[:] = [tuple(each) for each in found]
    return told


def reasons_json(reasons: Iterable[Reason]) -> str:
    """Reasons as short text for storage: `[["T05","phq9","total",16,15]]`. Equal reasons give equal text."""
    rows = [[each.rule, each.scale, each.score, _short(each.value), _short(each.cut)] for each in reasons]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def reasons_from_json(text: str) -> tuple[Reason, ...]:
    """Reasons as they were before `reasons_json`."""
    return tuple(_reason(*row) for row in json.loads(text))


def _reason(rule: str, scale: str | None, score: str, value: float, cut: float) -> Reason:
    return Reason(rule, scale, score, float(value), float(cut), float(value) - float(cut))


def _short(number: float) -> float | int:
    return int(number) if number == int(number) else number
