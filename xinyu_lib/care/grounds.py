"""What a provisional colour rests on: answers, facts, or only that the pupil is in care already."""

from collections.abc import Iterator
from functools import cache
from typing import get_args

import pandas as pd

from xinyu_lib.care.sources import sources
from xinyu_lib.policy import Condition, Count, Known, Policy, SafetyItems, SafetyScales, Threshold
from xinyu_lib.policy.conditions import FactName
from xinyu_lib.tiers import Reason, reasons_from_json
from xinyu_lib.tiers.judging import URGENCY

IN_CARE, REPORT, FACT, ANSWER = "in_care", "report", "fact", "answer"
FACTS = frozenset(get_args(FactName))


def grounds_of(provisional: pd.DataFrame, policy: Policy) -> pd.Series:
    """What the tier of each row of `tier_provisional` rests on, same index.

    `in_care`: on nothing but a confirmed tier that is not closed. `report`: on nothing but what somebody reported and
    nobody has decided on since. `fact`: on nothing but known facts. `answer`: the rest, rows without a colour too.
    A reason that could only have given a lesser tier is no ground.
    """
    gravest, rows = _gravest(policy), provisional[["tier", "reasons"]]
    found = rows.drop_duplicates().assign(ground=lambda kinds: [_ground(*kind, gravest) for kind in _plain(kinds)])
    return rows.merge(found, on=["tier", "reasons"], how="left", validate="m:1")["ground"].set_axis(rows.index)


def tier_of(fact: str, policy: Policy) -> str | None:
    """The gravest tier that a known fact means by itself; None where no rule reads it."""
    meant = [tier for key, tier in _gravest(policy).items() if key[1:] == (fact, 1)]
    return max(meant, key=URGENCY.__getitem__, default=None)


def _plain(kinds: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return kinds.itertuples(index=False, name=None)


def _ground(tier: str, reasons: str, gravest: dict[tuple, str]) -> str:
    if tier not in URGENCY:
        return ANSWER
    carrying = {each.score for each in reasons_from_json(reasons) if _urgency(each, gravest) >= URGENCY[tier]}
    if not carrying or not carrying <= FACTS:
        return ANSWER
    return next((ground for ground, facts in _kinds().items() if carrying <= facts), FACT)


@cache
def _kinds() -> dict[str, frozenset[str]]:
    return {IN_CARE: frozenset(sources().open.values()), REPORT: frozenset(sources().settled)}


def _urgency(reason: Reason, gravest: dict[tuple, str]) -> int:
    """That of the gravest tier which the reason can have given."""
    own = (reason.rule, reason.score, reason.cut)
    return URGENCY[gravest.get(own) or gravest.get((reason.rule,), "note")]


def _gravest(policy: Policy) -> dict[tuple, str]:
    """By rule, score and cut, or by rule alone for its safety items, the first level in which it stands."""
    found: dict[tuple, str] = {}
    for rule in policy.rules:
        for level in rule.levels:
            for key in _keys(rule.id, level.when):
                found.setdefault(key, level.result)
    return found


def _keys(rule: str, condition: Condition) -> Iterator[tuple]:
    match condition:
        case Threshold():
            yield rule, condition.score, condition.cut
        case Count():
            yield from ((rule, score, condition.cut) for score in condition.scores)
        case Known():
            yield from ((rule, fact, 1) for fact in condition.facts)
        case SafetyItems() | SafetyScales():
            yield (rule,)
    for part in getattr(condition, "of", ()):
        yield from _keys(rule, part)
