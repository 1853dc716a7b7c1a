"""What a condition asks at the least: every smallest set of demands that makes it hold."""

import math
from collections.abc import Iterable, Sequence
from itertools import combinations, product

from xinyu_lib.policy.conditions import All, AnyOf, Condition, Count, Known, SafetyItems, SafetyScales, Threshold
from xinyu_lib.scales import load_scale, scales

# A demand is a score of a scale, or a fact, which belongs to no scale. Its strictness is the cut that is reached, or
# minus the months: what happened within 3 months happened within 12.
Demand = tuple[str | None, str]
Requirement = dict[Demand, float]

MOST = 1000  # what a computer compares in a moment; nobody oversees so many ways to a level


class TooMany(Exception):
    """A condition that holds in more than `MOST` ways."""


def requirements(condition: Condition, scale: str | None = None) -> list[Requirement]:
    """Every smallest set of demands that makes a condition hold; empty where nothing can.

    No condition asks for a low score, so they say all of it: it holds exactly where one of these sets is met. scale:
    the rule's, None where comparisons name their own. Safety items are those of the shipped scales.

    Raises TooMany.
    """
    match condition:
        case Threshold():
            return [_reached(condition.scale or scale, condition.score, condition.cut)]
        case Count(scores=scores, cut=cut, count=count):
            parts = [[_reached(condition.scale or scale, score, cut)] for score in scores]
        case SafetyItems(kinds=kinds, count=count):
            parts = [[item] for items in _safety_items(kinds) for item in items]
        case SafetyScales(kinds=kinds, count=count):
            parts = _safety_items(kinds)
        case Known(facts=facts, months=months):
            parts, count = [[{(None, fact): -months if months else -math.inf}] for fact in facts], 1
        case All(of=of) | AnyOf(of=of):
            parts = [requirements(part, scale) for part in of]
            count = len(of) if condition.test == "all" else 1
    return _at_least(count, parts)


def implies(stricter: Requirement, other: Requirement) -> bool:
    """Whether everybody who meets the one meets the other."""
    return all(demand in stricter and stricter[demand] >= value for demand, value in other.items())


def _reached(scale: str, score: str, cut: float) -> Requirement:
    """On a score of whole numbers 9.5 is reached where 10 is. Answers to critical items are whole numbers."""
    whole = score.startswith("critical_") or load_scale(scale).score(score).whole
    return {(scale, score): math.ceil(cut) if whole else cut}


def _safety_items(kinds: Sequence[str]) -> list[list[Requirement]]:
    """Census items of these kinds answered with yes, by scale."""
    found = [
        [{(scale, f"critical_{e.item}"): e.positive_at} for e in critical if e.kind in kinds and e.stage == "census"]
        for scale, critical in ((name, load_scale(name).critical) for name in scales())
    ]
    return [items for items in found if items]


def _at_least(count: int, parts: Sequence[list[Requirement]]) -> list[Requirement]:
    """Every way to meet so many of these parts."""
    open_parts = [part for part in parts if part]
    found: list[Requirement] = []
    for chosen in combinations(open_parts, count):
        for each in product(*chosen):
            found.append(_together(each))
            if len(found) > MOST:
                raise TooMany
    return _smallest(found)


def _together(parts: Iterable[Requirement]) -> Requirement:
    """Of two demands on the same score the stricter one."""
    found: Requirement = {}
    for part in parts:
        for demand, value in part.items():
            found[demand] = max(value, found.get(demand, -math.inf))
    return found


def _smallest(found: list[Requirement]) -> list[Requirement]:
    """Without those that ask for more than another one."""
    once = [each for place, each in enumerate(found) if each not in found[:place]]
    return [each for each in once if not any(implies(each, other) for other in once if other != each)]
