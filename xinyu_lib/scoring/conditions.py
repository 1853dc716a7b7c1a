"""Conditions of a scale evaluated over many pupils: cuts and decisions, at each end of what gaps leave possible."""

from functools import reduce
from typing import Literal

import numpy as np

from xinyu_lib.scales.conditions import All, AnyOf, Condition, Items, Scores, Tally, comparisons
from xinyu_lib.scales.verdicts import Cut, Decision
from xinyu_lib.scoring.arithmetic import Reading
from xinyu_lib.scoring.keyed_sheets import KeyedSheets, added

End = Literal["value", "lowest", "highest"]
COMPARE = {"at_least": np.greater_equal, "above": np.greater, "at_most": np.less_equal, "below": np.less}


def can_be_read(condition: Condition, sheets: KeyedSheets, done: dict[str, Reading]) -> bool:
    """True when the form has all items and scores that the condition reads."""
    read = list(comparisons(condition))
    items = tuple(item for part in read for item in getattr(part, "items", ()))
    return sheets.on_form(items) and all(name in done for part in read for name in getattr(part, "scores", ()))


def cut(each: Cut, sheets: KeyedSheets, done: dict[str, Reading]) -> tuple[np.ndarray, np.ndarray | None]:
    """Answer to a cut (boolean) and where it is missing; None when nowhere."""
    return _holds(each.when, "value", sheets, done), _gaps(each.when, sheets, done)


def decide(each: Decision, sheets: KeyedSheets, done: dict[str, Reading]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcome of a decision as a place in `outcomes` (int8), -1 where missing; and lowest and highest possible one."""
    lowest = _level(each, "lowest", sheets, done)
    gaps = [gap for level in each.levels if (gap := _gaps(level.when, sheets, done)) is not None]
    if not gaps:
        return lowest, lowest, lowest
    highest = _level(each, "highest", sheets, done)
    if each.gaps == "as_highest":
        return highest, lowest, highest
    if each.gaps == "sure":
        return np.where(lowest != highest, np.int8(-1), lowest), lowest, highest
    value = _level(each, "value", sheets, done)  # differs from the lowest where a score was worked out over gaps
    return np.where(reduce(np.logical_or, gaps), np.int8(-1), value), lowest, highest


def _level(each: Decision, end: End, sheets: KeyedSheets, done: dict[str, Reading]) -> np.ndarray:
    place = np.zeros(sheets.rows, dtype=np.int8)
    for number, level in enumerate(reversed(each.levels), 1):
        held = _holds(level.when, end, sheets, done).view(np.int8)
        np.maximum(place, held * np.int8(number), out=place)
    return place


def _holds(condition: Condition, end: End, sheets: KeyedSheets, done: dict[str, Reading]) -> np.ndarray:
    if isinstance(condition, All | AnyOf):
        held = [_holds(part, end, sheets, done) for part in condition.of]
        return reduce(np.logical_and if isinstance(condition, All) else np.logical_or, held)
    return _hits(condition, end, sheets, done) >= condition.count


def _hits(condition: Items | Scores | Tally, end: End, sheets: KeyedSheets, done: dict[str, Reading]) -> np.ndarray:
    """How many of the items or scores compare as asked."""
    if isinstance(condition, Tally):
        return reduce(np.add, [_hits(part, end, sheets, done) for part in condition.of])
    compare = COMPARE[condition.comparison]
    if isinstance(condition, Items):
        read = sheets.high if end == "highest" else sheets.low
        values = [read[item] for item in condition.items]
    else:
        values = [getattr(done[name], end) for name in condition.scores]
    return added((compare(each, condition.cut) for each in values), 1, sheets.rows)


def _gaps(condition: Condition, sheets: KeyedSheets, done: dict[str, Reading]) -> np.ndarray | None:
    """Where an item or score that the condition reads is missing; None when nowhere."""
    found = []
    for part in comparisons(condition):
        found += [sheets.gap.get(item) for item in getattr(part, "items", ())]
        found += [done[name].missing for name in getattr(part, "scores", ())]
    found = [each for each in found if each is not None]
    return reduce(np.logical_or, found) if found else None
