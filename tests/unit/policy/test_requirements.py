"""What a condition asks at the least: smallest sets of demands, and which of them says the same as another."""

import random
from math import comb
from typing import get_args

import pytest
from pydantic import TypeAdapter

from xinyu_lib.policy import load_policy
from xinyu_lib.policy.conditions import (
    All,
    AnyOf,
    Condition,
    Count,
    FactName,
    Known,
    SafetyItems,
    SafetyScales,
    Threshold,
)
from xinyu_lib.policy.requirements import TooMany, implies, requirements
from xinyu_lib.scales import load_scale, scales

SCALES = {name: load_scale(name) for name in scales()}
FACTORS = ["obsessive", "paranoid", "hostility", "interpersonal", "depression", "anxiety", "study_stress"]


def condition(**fields) -> Condition:
    return TypeAdapter(Condition).validate_python(fields)


def at(score: str, cut: float) -> dict:
    return {"test": "threshold", "score": score, "cut": cut}


EXPECTED = {
    "one score": (at("total", 15), [{("mssmhs", "total"): 15}]),
    "all: both demands at once": (
        {"test": "all", "of": [at("total", 3), at("anxiety", 4)]},
        [{("mssmhs", "total"): 3, ("mssmhs", "anxiety"): 4}],
    ),
    "any: one way each": (
        {"test": "any", "of": [at("total", 3), at("anxiety", 4)]},
        [{("mssmhs", "total"): 3}, {("mssmhs", "anxiety"): 4}],
    ),
    "of two cuts on one score the lower is enough for any": (
        {"test": "any", "of": [at("total", 3), at("total", 4)]},
        [{("mssmhs", "total"): 3}],
    ),
    "of two cuts on one score all asks for the higher": (
        {"test": "all", "of": [at("total", 3), at("total", 4)]},
        [{("mssmhs", "total"): 4}],
    ),
    "two of three scores: three pairs": (
        {"test": "count", "scores": FACTORS[:3], "cut": 3, "count": 2},
        [
            {("mssmhs", "obsessive"): 3, ("mssmhs", "paranoid"): 3},
            {("mssmhs", "obsessive"): 3, ("mssmhs", "hostility"): 3},
            {("mssmhs", "paranoid"): 3, ("mssmhs", "hostility"): 3},
        ],
    ),
    "a fact within months": ({"test": "known", "facts": ["self_harm"], "months": 12}, [{(None, "self_harm"): -12}]),
    "violence is asked by two shipped scales": (
        {"test": "safety_items", "kinds": ["violence"], "count": 1},
        [{("mssmhs", "critical_52"): 3}, {("scl90", "critical_63"): 3}],
    ),
    "and by both in one way": (
        {"test": "safety_scales", "kinds": ["violence"], "count": 2},
        [{("mssmhs", "critical_52"): 3, ("scl90", "critical_63"): 3}],
    ),
    "three such items do not exist": ({"test": "safety_items", "kinds": ["violence"], "count": 3}, []),
}


@pytest.mark.parametrize("case", EXPECTED)
def test_a_condition_asks_at_the_least(case):
    fields, expected = EXPECTED[case]
    assert requirements(condition(**fields), "mssmhs") == expected


def test_a_count_has_as_many_ways_as_there_are_choices():
    when = condition(test="count", scores=FACTORS, cut=3, count=3)
    assert len(requirements(when, "mssmhs")) == comb(7, 3) == 35


def test_two_safety_scales_need_one_item_of_each_and_never_two_of_the_same():
    found = requirements(condition(test="safety_scales", kinds=["suicide"], count=2))
    assert {len({scale for scale, _ in each}) for each in found} == {2}
    by_scale = [
        sum(each.kind == "suicide" and each.stage == "census" for each in load_scale(s).critical) for s in scales()
    ]
    assert len(found) == (sum(by_scale) ** 2 - sum(n * n for n in by_scale)) / 2


def test_half_a_point_below_a_whole_number_is_the_whole_number():
    assert requirements(condition(**at("total", 14.5)), "phq9") == [{("phq9", "total"): 15}]


def test_a_mean_keeps_its_decimals():
    assert requirements(condition(**at("total", 2.5)), "mssmhs") == [{("mssmhs", "total"): 2.5}]


IMPLIED = [
    ({("phq9", "total"): 15}, {("phq9", "total"): 10}, True),
    ({("phq9", "total"): 10}, {("phq9", "total"): 15}, False),
    ({("phq9", "total"): 15}, {("gad7", "total"): 10}, False),
    ({("phq9", "total"): 15, ("phq9", "critical_9"): 1}, {("phq9", "total"): 15}, True),
    ({("phq9", "total"): 15}, {("phq9", "total"): 15, ("phq9", "critical_9"): 1}, False),
    ({(None, "self_harm"): -3}, {(None, "self_harm"): -12}, True),
    ({(None, "self_harm"): float("-inf")}, {(None, "self_harm"): -12}, False),
    ({(None, "self_harm"): -12}, {(None, "self_harm"): float("-inf")}, True),
]


@pytest.mark.parametrize(("stricter", "other", "expected"), IMPLIED)
def test_who_meets_the_one_meets_the_other(stricter, other, expected):
    assert implies(stricter, other) is expected


def test_a_condition_with_more_ways_than_can_be_compared_is_given_up():
    kinds = ["suicide", "death_thought"]
    assert comb(sum(e.kind in kinds and e.stage == "census" for s in SCALES.values() for e in s.critical), 5) > 1000
    with pytest.raises(TooMany):
        requirements(condition(test="safety_items", kinds=kinds, count=5))


def holds(when: Condition, scale: str | None, values: dict, months_ago: dict) -> bool:
    """A second reading of a condition: one pupil, values as they are."""
    match when:
        case Threshold():
            return values[when.scale or scale, when.score] >= when.cut
        case Count():
            return sum(values[when.scale or scale, score] >= when.cut for score in when.scores) >= when.count
        case Known():
            return any(months_ago.get(fact, 999) <= (when.months or 998) for fact in when.facts)
        case SafetyItems():
            return sum(map(len, positive(when.kinds, values).values())) >= when.count
        case SafetyScales():
            return sum(map(bool, positive(when.kinds, values).values())) >= when.count
        case AnyOf():
            return any(holds(part, scale, values, months_ago) for part in when.of)
        case All():
            return all(holds(part, scale, values, months_ago) for part in when.of)


def positive(kinds, values) -> dict[str, list]:
    items = {s: [e for e in SCALES[s].critical if e.kind in kinds and e.stage == "census"] for s in SCALES}
    return {s: [e for e in found if values[s, f"critical_{e.item}"] >= e.positive_at] for s, found in items.items()}


def a_pupil(rng: random.Random) -> tuple[dict, dict]:
    """Scores anywhere in their range, mostly low answers to critical items, some facts."""
    values = {}
    for scale in SCALES.values():
        for rule in scale.scores:
            value = rng.uniform(*rule.range)
            values[scale.id, rule.name] = int(value) if rule.whole else value
        low, high = scale.response.min, scale.response.max
        for each in scale.critical:
            values[scale.id, f"critical_{each.item}"] = rng.randint(low, high) if rng.random() < 0.1 else low
    return values, {fact: rng.randint(0, 20) for fact in get_args(FactName) if rng.random() < 0.2}


def test_a_level_of_the_shipped_policy_holds_exactly_where_one_of_its_requirements_is_met():
    levels = [(rule, level) for rule in load_policy("donghu-2025").rules for level in rule.levels]
    needs = [requirements(level.when, rule.scale) for rule, level in levels]
    rng, seen = random.Random(20251201), [set() for _ in levels]
    for _ in range(400):
        values, months_ago = a_pupil(rng)
        has = values | {(None, fact): -months for fact, months in months_ago.items()}
        for (rule, level), ways, outcomes in zip(levels, needs, seen, strict=True):
            expected = holds(level.when, rule.scale, values, months_ago)
            assert any(implies(has, way) for way in ways) == expected, (rule.id, level.result)
            outcomes.add(expected)
    assert all(outcomes == {True, False} for outcomes in seen)  # no level is compared on one side of its cut only
