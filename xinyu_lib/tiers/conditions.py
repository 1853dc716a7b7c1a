"""Conditions in three values (sure, possible, neither): a score with gaps is only known to lie in a range.

Every condition asks for at least so many of its parts, down to single comparisons of a score with a cut; none
asks for a low score, so the lowest values decide what is sure and the highest what is possible.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from xinyu_lib.policy import All, AnyOf, Condition, Count, Known, SafetyItems, SafetyScales, Threshold
from xinyu_lib.tiers.evidence import Evidence, SafetyItem
from xinyu_lib.tiers.reasons import Ground


class Comparison(NamedTuple):
    """A score against its cut: `sure` at the lowest possible value, `possible` at the highest (booleans).

    A known fact counts as 1 against a cut of 1.
    """

    sure: np.ndarray
    possible: np.ndarray
    scale: str | None
    score: str
    lowest: np.ndarray
    cut: float


class AtLeast(NamedTuple):
    """So many of these parts, in the same two values."""

    sure: np.ndarray
    possible: np.ndarray
    parts: "list[Comparison | AtLeast]"


Verdict = Comparison | AtLeast


def evaluate(condition: Condition, scale: str | None, evidence: Evidence) -> Verdict:
    """What is known about a condition; `scale` is the rule's, None if comparisons name their own."""
    match condition:
        case Threshold(score=score, cut=cut):
            return compare(condition.scale or scale, score, cut, evidence)
        case Count(scores=scores, cut=cut, count=count):
            parts = [compare(condition.scale or scale, each, cut, evidence) for each in scores]
        case SafetyItems(kinds=kinds, count=count):
            parts = [_positive(item, evidence) for item in evidence.safety_items(kinds)]
        case SafetyScales(kinds=kinds, count=count):
            parts = _positive_scales(evidence.safety_items(kinds), evidence)
        case Known(facts=facts, months=months):
            parts, count = [_known(fact, months, evidence) for fact in facts], 1
        case All(of=of) | AnyOf(of=of):
            parts = [evaluate(part, scale, evidence) for part in of]
            count = len(of) if condition.test == "all" else 1
    return _at_least(count, parts, evidence)


def compare(scale: str, score: str, cut: float, evidence: Evidence) -> Comparison:
    """One score against its cut; neither sure nor possible where the scale was not given."""
    low, high = evidence.bounds(scale, score)
    error = evidence.error_at(scale, score, cut)
    sure = low >= cut + error
    return Comparison(sure, sure if high is low and not error else high >= cut - error, scale, score, low, cut)


def grounds(found: Verdict, rule: str, holds: np.ndarray) -> Iterator[Ground]:
    """The comparisons that made a rule hold: sure themselves, and part of nothing that is not.

    Also those that hold for nobody, so that the order of a pupil's reasons does not depend on who else is there.
    """
    holds = holds & found.sure if holds.any() else holds
    if isinstance(found, Comparison):
        yield Ground(rule, found.scale, found.score, found.lowest, found.cut, holds)
    else:
        for part in found.parts:
            yield from grounds(part, rule, holds)


def _at_least(count: int, parts: list[Verdict], evidence: Evidence) -> AtLeast:
    sure = _so_many(count, [part.sure for part in parts], evidence.pupils)
    if all(part.possible is part.sure for part in parts):
        return AtLeast(sure, sure, parts)
    return AtLeast(sure, _so_many(count, [part.possible for part in parts], evidence.pupils), parts)


def _so_many(count: int, masks: list[np.ndarray], pupils: int) -> np.ndarray:
    """Where at least `count` of the masks are true."""
    total = np.zeros(pupils, dtype=bool if count == 1 else np.int16)  # booleans add up to at most one
    for mask in masks:
        total += mask
    return total >= count


def _known(fact: str, months: int | None, evidence: Evidence) -> Comparison:
    known = evidence.facts.known(fact, months)
    return Comparison(known, known, None, fact, np.broadcast_to(1.0, evidence.pupils), 1)


def _positive(item: SafetyItem, evidence: Evidence) -> Comparison:
    return compare(item.scale, item.score, item.positive_at, evidence)


def _positive_scales(items: list[SafetyItem], evidence: Evidence) -> list[Verdict]:
    """One part per scale: any of its items."""
    names = dict.fromkeys(item.scale for item in items)
    of_scale = [[_positive(item, evidence) for item in items if item.scale == name] for name in names]
    return [_at_least(1, parts, evidence) for parts in of_scale]
