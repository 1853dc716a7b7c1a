"""The arithmetic of score rules: from keyed answers to every score and the range gaps leave possible."""

from functools import reduce
from typing import NamedTuple

import numpy as np

from xinyu_lib.numerics import half_up, truncate
from xinyu_lib.scales.rules import Add, Count, Mean, MeanOfPositive, OfItems, OfOne, Rule, Sum, parts
from xinyu_lib.scoring.keyed_sheets import KeyedSheets, added


class Reading(NamedTuple):
    """One score of some pupils: value, where it is missing (None: nowhere), and what gaps leave possible.

    Whole scores are int16, others float64; a value that is missing is any number. Where nothing was left out, `lowest`
    and `highest` are the same array as `value`.
    """

    value: np.ndarray
    missing: np.ndarray | None
    lowest: np.ndarray
    highest: np.ndarray


def readings(sheets: KeyedSheets) -> dict[str, Reading]:
    """All scores by name, in the order of the definition; those that need a supplement the form lacks are left out."""
    done: dict[str, Reading] = {}
    for rule in sheets.scale.scores:
        if rule.of_items and sheets.on_form(rule.items):
            done[rule.name] = _of_items(rule, sheets)
        elif parts(rule) and all(part in done for part in parts(rule)):
            done[rule.name] = _of_scores(rule, done)
    return done


def _of_items(rule: OfItems, sheets: KeyedSheets) -> Reading:
    gaps = sheets.gaps(rule.items)
    made = {Sum: _sum, Mean: _mean, Count: _count, MeanOfPositive: _mean_of_positive}[type(rule)]
    return made(rule, sheets, gaps)


def _sum(rule: Sum, sheets: KeyedSheets, gaps: np.ndarray | None) -> Reading:
    lowest = _total(rule, sheets, sheets.low)
    if _whole(rule, sheets, gaps):
        lowest *= np.int16(rule.times)
        return Reading(lowest, None, lowest, lowest)
    highest = _total(rule, sheets, sheets.high)
    filled, missing = _filled(rule, sheets, lowest, gaps)
    times = np.int16(rule.times)
    value = times * lowest if filled is lowest else half_up(rule.times * filled).astype(np.int16)
    return Reading(value, missing, times * lowest, times * highest)


def _mean(rule: Mean, sheets: KeyedSheets, gaps: np.ndarray | None) -> Reading:
    k, lowest = len(rule.items), _total(rule, sheets, sheets.low)
    if _whole(rule, sheets, gaps):
        mean = lowest / k
        return Reading(mean, None, mean, mean)
    highest = _total(rule, sheets, sheets.high)
    filled, missing = _filled(rule, sheets, lowest, gaps)
    return Reading(filled / k, missing, lowest / k, highest / k)


def _whole(rule: OfItems, sheets: KeyedSheets, gaps: np.ndarray | None) -> bool:
    """True when nobody left out anything that the gap rule looks at."""
    return gaps is None and (sheets.scale.gaps_of(rule).of == "score" or _form_gaps(sheets) is None)


def _form_gaps(sheets: KeyedSheets) -> np.ndarray | None:
    """How many of the items on the form each pupil left unanswered."""
    return sheets.gaps(sheets.scale.numbers)


def _count(rule: Count, sheets: KeyedSheets, gaps: np.ndarray | None) -> Reading:
    """A gap may be a hit or none, whatever the direction of the cut."""
    lowest = added((_answered(_hit(rule, sheets.low[item]), item, sheets) for item in rule.items), 1, sheets.rows)
    if gaps is None:
        return Reading(lowest, None, lowest, lowest)
    return Reading(lowest, gaps > 0, lowest, lowest + gaps)


def _hit(rule: Count, values: np.ndarray) -> np.ndarray:
    return values >= rule.at_least if rule.at_least is not None else values <= rule.at_most


def _mean_of_positive(rule: MeanOfPositive, sheets: KeyedSheets, gaps: np.ndarray | None) -> Reading:
    """Gaps answered just at the cut pull the mean down to it, gaps answered highest pull it up most.

    A gap stands for the lowest code, which is below the cut.
    """
    low, at_least = sheets.low, rule.at_least
    total = added((low[item] * (low[item] >= at_least) for item in rule.items), _top(rule, sheets), sheets.rows)
    count = added((low[item] >= at_least for item in rule.items), 1, sheets.rows)
    none = np.zeros_like(count) if gaps is None else gaps
    most = max(high for _, high in rule.spans(sheets.scale.span_of))
    value, lowest, highest = (
        _ratio(total + extra * code, count + extra)
        for extra, code in ((np.int16(0), 0), (none, rule.at_least), (none, most))
    )
    return Reading(value, (count == 0) | (none > 0), lowest, highest)


def _answered(hit: np.ndarray, item: int, sheets: KeyedSheets) -> np.ndarray:
    return hit & ~sheets.gap[item] if item in sheets.gap else hit


def _ratio(over: np.ndarray, under: np.ndarray) -> np.ndarray:
    return np.divide(over, under, out=np.full(len(over), np.nan), where=under > 0)


def _total(rule: OfItems, sheets: KeyedSheets, end: dict[int, np.ndarray]) -> np.ndarray:
    """Sum (int16) of the rule's items, recoded, at one end of what gaps leave possible."""
    arrays = [end[item] for item in rule.items]
    if rule.recode:
        highest = max(sheets.scale.span_of(item)[1] for item in rule.items)
        table = np.array([rule.value(code) for code in range(highest + 1)], dtype=np.int8)
        arrays = [table[array] for array in arrays]
    return added(arrays, _top(rule, sheets), sheets.rows)


def _top(rule: OfItems, sheets: KeyedSheets) -> int:
    return max(abs(end) for span in rule.spans(sheets.scale.span_of) for end in span)


def _filled(
    rule: OfItems, sheets: KeyedSheets, lowest: np.ndarray, gaps: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """The sum that the gap rule makes of the answered items (the lowest itself without prorating), and where none."""
    scale, k, rest = sheets.scale, len(rule.items), sheets.scale.gaps_of(rule)
    gaps = np.zeros(sheets.rows, dtype=np.int16) if gaps is None else gaps
    counted = gaps if rest.of == "score" else _form_gaps(sheets)
    over = gaps > k if counted is None else counted > rest.allowed
    missing = over | ((gaps > 0) & bool(set(rule.items) & set(scale.left_out)))
    if rest.rule != "prorate":
        return lowest, missing
    given = lowest - _lowest_of_gaps(rule, sheets)
    return given.astype(float) * k / np.maximum(k - gaps, 1), missing | (gaps == k)


def _lowest_of_gaps(rule: OfItems, sheets: KeyedSheets) -> np.ndarray:
    """What the unanswered items have put into the lowest possible sum."""
    found = np.zeros(sheets.rows, dtype=np.int16)
    for item in rule.items:
        if item in sheets.gap:
            found += sheets.gap[item] * np.int16(rule.value(sheets.scale.span_of(item)[0]))
    return found


def _of_scores(rule: Add | OfOne, done: dict[str, Reading]) -> Reading:
    """Each rule rises with its parts, so the lowest result comes from the lowest parts."""
    of = [done[part] for part in parts(rule)]
    gaps = [each.missing for each in of if each.missing is not None]
    missing = np.any(gaps, axis=0) if gaps else None
    value = _combined(rule, [each.value for each in of])
    if all(each.lowest is each.value for each in of):
        return Reading(value, missing, value, value)
    ends = [_combined(rule, [each[place] for each in of]) for place in (2, 3)]
    return Reading(value, missing, *ends)


def _combined(rule: Rule, values: list[np.ndarray]) -> np.ndarray:
    if isinstance(rule, Add):
        return reduce(np.add, values)
    made = {
        "multiply": lambda value: value * rule.by,
        "multiply_truncate": lambda value: truncate(value * rule.by),
        "multiply_round": lambda value: half_up(value * rule.by),
        "divide": lambda value: value / rule.by,
    }[rule.rule](values[0])
    return made.astype(np.int16) if rule.whole else np.asarray(made, dtype=float)
