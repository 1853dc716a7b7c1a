"""The battery examined: which grade answers what, what its rules make of it, and whether it is asked about safety."""

from collections.abc import Iterator

from xinyu_lib.policy.conditions import comparisons
from xinyu_lib.policy.findings import Finding, fault, notice, stretches
from xinyu_lib.policy.policy import Policy
from xinyu_lib.scales import load_scale

GRADES = range(1, 13)
# A pupil of grade g is g + 5 when the school year begins (six in grade 1) and g + 6 when it ends; one year more for
# those who entered late or repeat a year.
YOUNGER, OLDER = 5, 7


def audit_census(policy: Policy) -> Iterator[Finding]:
    """Findings on batteries, on the rules of their scales, and on safety items."""
    yield from _batteries(policy)
    yield from _ages(policy)
    yield from _scales_without_battery(policy)
    for scale in _given(policy):
        yield from _ruled(scale, policy)
    yield from _safety(policy)
    yield from _states(policy)


def _given(policy: Policy) -> dict[str, list[int]]:
    """Grades by scale, of the scales that a census gives."""
    found: dict[str, list[int]] = {}
    for grade in GRADES:
        for scale in dict.fromkeys(policy.census.battery_for(grade)):
            found.setdefault(scale, []).append(grade)
    return found


def _batteries(policy: Policy) -> Iterator[Finding]:
    """Every grade of the census answers something, and nothing twice."""
    census, first = policy.census, policy.census.census_min_grade
    for number, battery in enumerate(census.battery):
        if battery.grades[0] > battery.grades[1]:
            first_named, last_named = battery.grades
            yield fault("battery_backwards", f"census.battery.{number}.grades", first=first_named, last=last_named)
    if asked_nothing := [grade for grade in GRADES if grade >= first and not census.battery_for(grade)]:
        yield fault("grade_without_battery", "[[census.battery]]", grades=stretches(asked_nothing))
    if observed := [grade for grade in GRADES if grade < first and not census.battery_for(grade)]:
        yield notice("observation_only", "[[census.battery]]", grades=stretches(observed), first=first)
    for scale, grades in _given(policy).items():
        if twice := [grade for grade in grades if census.battery_for(grade).count(scale) > 1]:
            yield notice("scale_twice", "[[census.battery]]", scale=scale, grades=stretches(twice))
        if load_scale(scale).informant == "self" and (early := [grade for grade in grades if grade < first]):
            yield notice("self_report_early", "[[census.battery]]", scale=scale, grades=stretches(early), first=first)


def _ages(policy: Policy) -> Iterator[Finding]:
    oldest = GRADES[-1] + OLDER
    for rule in policy.rules:
        if (rule.min_age or 0) > oldest:
            yield fault("never_old_enough", f"rules.{rule.id}.min_age", rule=rule.id, age=rule.min_age, oldest=oldest)


def _scales_without_battery(policy: Policy) -> Iterator[Finding]:
    given, rules = _given(policy), {}
    for rule in policy.rules:
        named = (each.scale or rule.scale for level in rule.levels for each in comparisons(level.when))
        for scale in {rule.scale: None} if rule.scale else dict.fromkeys(named):
            rules.setdefault(scale, []).append(rule.id)
    for scale, ids in rules.items():
        if scale not in given:
            yield notice("scale_not_given", "[[census.battery]]", scale=scale, rules=tuple(ids))


def _ruled(scale: str, policy: Policy) -> Iterator[Finding]:
    """Every pupil who answers a scale is old enough for one of its rules."""
    ages = [rule.min_age or 0 for rule in policy.rules if rule.scale == scale]
    first_age, grades = min(ages, default=None), _given(policy)[scale]
    if without := [grade for grade in grades if first_age is None or grade + OLDER < first_age]:
        yield fault("no_rule", "[[census.battery]]", scale=scale, grades=stretches(without))
    if partly := [grade for grade in grades if grade not in without and grade + YOUNGER < first_age]:
        yield notice("too_young", "[[census.battery]]", scale=scale, grades=stretches(partly), age=first_age)


def _safety(policy: Policy) -> Iterator[Finding]:
    """Whoever is asked no safety item that counts as asked is never told to have no tier."""
    asked = {scale for scale in _given(policy) if _asks(scale, policy)}
    silent = [grade for grade in GRADES if (given := policy.census.battery_for(grade)) and not asked & set(given)]
    first = policy.census.census_min_grade
    if below := [grade for grade in silent if grade < first]:
        yield notice("safety_not_asked_below", "[[census.battery]]", grades=stretches(below), first=first)
    if within := [grade for grade in silent if grade >= first]:
        yield fault("safety_not_asked", "[[census.battery]]", grades=stretches(within))


def _asks(scale: str, policy: Policy) -> bool:
    kinds = policy.tiers.safety_kinds
    return any(each.asks and each.stage == "census" and each.kind in kinds for each in load_scale(scale).critical)


def _states(policy: Policy) -> Iterator[Finding]:
    """Only a pupil without consent may have answered in vain."""
    for name, state in policy.tiers.states.items():
        if state.answers == "safety_only" and state.why not in ("refused", "no_consent"):
            yield fault("answers_unread", f"tiers.states.{name}.answers", state=name)
