"""The tier rules examined against each other: levels nobody reaches, levels that change nothing, facts nobody reads."""

import math
from collections.abc import Iterator
from typing import NamedTuple, get_args

from xinyu_lib.policy.conditions import FactName
from xinyu_lib.policy.findings import Finding, Term, fault, notice, stretches
from xinyu_lib.policy.policy import Policy
from xinyu_lib.policy.requirements import MOST, Requirement, TooMany, implies, requirements
from xinyu_lib.policy.rules import Level, Result, Rule
from xinyu_lib.scales import load_scale

MILDNESS = get_args(Result)  # from the most urgent down
# Facts that alone, at any time and age, are at least this: a tier that is open, and a danger that is reported.
FLOORS = {"open_red": "red", "open_orange": "orange", "danger": "red"}


class Case(NamedTuple):
    """One level of a rule, its place among all, and what it asks at the least; None where that is too much to say."""

    place: int
    rule: Rule
    level: Level
    needs: list[Requirement] | None

    @property
    def where(self) -> str:
        return f"rules.{self.rule.id}.{self.level.result}"

    @property
    def named(self) -> dict[str, object]:
        return {"rule": self.rule.id, "result": Term(f"result.{self.level.result}")}

    @property
    def urgency(self) -> int:
        return -MILDNESS.index(self.level.result)


def audit_rules(policy: Policy) -> Iterator[Finding]:
    """Findings on levels in the order of the policy, then on facts, safety items and several yellow scales."""
    cases = _cases(policy)
    for case in cases:
        earlier = [each for each in cases if each.rule is case.rule and each.place < case.place]
        yield from _reached(case, earlier)
    for case in cases:
        yield from _changes_nothing(case, [each for each in cases if each.rule is not case.rule])
    if all(case.needs is not None for case in cases):  # else what is read is not known
        yield from _facts(cases)
        yield from _safety_items(policy, cases)
    yield from _several_yellow(policy)


def _cases(policy: Policy) -> list[Case]:
    levels = [(rule, level) for rule in policy.rules for level in rule.levels]
    return [Case(place, rule, level, _needs(rule, level)) for place, (rule, level) in enumerate(levels)]


def _needs(rule: Rule, level: Level) -> list[Requirement] | None:
    try:
        return requirements(level.when, rule.scale)
    except TooMany:
        return None


def _reached(case: Case, earlier: list[Case]) -> Iterator[Finding]:
    """A level must hold for somebody who has none of the more urgent ones."""
    more_urgent = [need for each in earlier for need in each.needs or []]
    if case.needs is None:
        yield notice("too_many", case.where, **case.named, most=MOST)
    elif not case.needs:
        yield fault("never", case.where, **case.named)
    elif all(_void(need, case.rule) for need in case.needs):
        yield fault("void", case.where, **case.named, scale=case.rule.scale)
    elif all(any(implies(need, other) for other in more_urgent) for need in case.needs):
        results = tuple(Term(f"result.{each.level.result}") for each in earlier)
        yield fault("unreachable", case.where, **case.named, earlier=results)


def _void(need: Requirement, rule: Rule) -> bool:
    """Whether it is met only on sheets that the scale's own validity score makes void, and with them the rule."""
    validity = load_scale(rule.scale).validity if rule.scale else None
    return validity is not None and need.get((rule.scale, validity.score), -math.inf) >= validity.at_least


def _changes_nothing(case: Case, others: list[Case]) -> Iterator[Finding]:
    """Every pupil whom the level finds has at least as urgent a tier by other rules."""
    if case.level.result == "note" or not case.needs:
        return
    covering = [each for each in others if _may_cover(each, case)]
    found = [next((each.rule.id for each in covering if _within([need], each)), None) for need in case.needs]
    if all(found):
        yield notice("overlap", case.where, **case.named, others=tuple(dict.fromkeys(found)))


def _may_cover(other: Case, case: Case) -> bool:
    """A rule that is void or off more often covers nothing; of two levels that say the same the first one stands."""
    heard = other.rule.is_safety or other.rule.scale == case.rule.scale
    age, other_age = case.rule.min_age or 0, other.rule.min_age or 0
    if not heard or other_age > age or other.urgency < case.urgency:
        return False
    alike = other.urgency == case.urgency and other_age == age and other.rule.is_safety == case.rule.is_safety
    return other.place < case.place or not (alike and _within(other.needs or [], case))


def _within(needs: list[Requirement], other: Case) -> bool:
    """Whether everybody who meets one of these meets the other level."""
    return all(any(implies(need, weaker) for weaker in other.needs or []) for need in needs)


def _facts(cases: list[Case]) -> Iterator[Finding]:
    """Every fact is read, and neither a danger nor a confirmed tier that is open is milder by machine."""
    for fact in get_args(FactName):
        demand = (None, fact)
        if not any(demand in need for case in cases for need in case.needs or []):
            yield fault("fact_unread", "[[rules]]", fact=Term(f"fact.{fact}"))
            continue
        colour = FLOORS.get(fact)
        always = (case for case in cases if case.rule.is_safety and not case.rule.min_age)
        floors = [case for case in always if {demand: -math.inf} in (case.needs or [])]
        if colour and not any(case.level.result in _at_least(colour) for case in floors):
            yield fault("floor_milder", "[[rules]]", fact=Term(f"fact.{fact}"), result=Term(f"result.{colour}"))


def _at_least(colour: str) -> tuple[str, ...]:
    return MILDNESS[: MILDNESS.index(colour) + 1]


def _safety_items(policy: Policy, cases: list[Case]) -> Iterator[Finding]:
    """A yes to a critical item of the census is read by a safety rule, whatever the rest of the sheet is worth."""
    read = [need for case in cases if case.rule.is_safety for need in case.needs or []]
    for scale in dict.fromkeys(scale for battery in policy.census.battery for scale in battery.scales):
        asked = [each for each in load_scale(scale).critical if each.stage == "census"]
        yes = {each.item: {(scale, f"critical_{each.item}"): each.positive_at} for each in asked}
        if unread := [item for item, answer in yes.items() if not any(implies(answer, need) for need in read)]:
            yield fault("item_unread", "[[rules]]", scale=scale, items=stretches(unread))


def _several_yellow(policy: Policy) -> Iterator[Finding]:
    """Yellow scales are counted, and one that turns orange no longer is: together they must not mean more than that."""
    several = policy.tiers.several_yellow
    if several.result not in MILDNESS[MILDNESS.index("orange") :]:
        yield fault("several_yellow", "[tiers.several_yellow]", rule=several.rule, scales=several.scales)
