"""Reasons: why a pupil has a tier, one entry per score or safety item that made a rule hold."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


@dataclass(frozen=True, slots=True)
class Reason:
    """One score at or above its cut.

    rule: id in the policy. scale: None where a reason counts over scales. score: as in a score frame, without
    the prefix. value: the score, or, where it is missing, the lowest value that gaps leave possible.
    distance: value - cut, never below 0.
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


def reasons_of(grounds: Iterable[Ground], pupils: int) -> list[tuple[Reason, ...]]:
    """Reasons per pupil in the order of the grounds; two parts of a rule that say the same count once."""
    found: list[dict[Reason, None]] = [{} for _ in range(pupils)]
    for rule, scale, score, values, cut, holds in grounds:
        for row in np.flatnonzero(holds):
            found[row][_reason(rule, scale, score, values[row], cut)] = None
    return [tuple(each) for each in found]


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
