"""Properties of tiers over random censuses: what may change nothing, doubt is never "none", reasons bear it out."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from random_census import BATTERY, POLICY, SCALES, random_census, urgency

from xinyu_lib import columns
from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import score
from xinyu_lib.tiers import classify_tiers

COLOURS = ["yellow", "orange", "red"]
RULES = {rule.id: rule for rule in POLICY.rules}


@pytest.fixture(scope="module")
def census():
    return random_census(3_000, np.random.default_rng(1))


@pytest.fixture(scope="module")
def tiers(census):
    return census.tiers()


def test_the_census_has_every_tier_every_signal_and_nearly_every_doubt(tiers):
    """So that the properties below are about something."""
    assert set(tiers["tier"]) == {"none", "undetermined", *COLOURS}
    assert set(tiers["safety_signal"]) == {"yes", "no", "unanswered", "not_asked"}
    assert set(tiers["undetermined_why"].dropna()) == {each.why for each in POLICY.tiers.undetermined}
    assert {each.rule for reasons in tiers["reasons"] for each in reasons} == {*RULES, "T10"}


def test_equal_input_gives_equal_output(census, tiers):
    pd.testing.assert_frame_equal(census.tiers(), tiers)


def test_the_order_of_pupils_changes_nothing(census, tiers):
    shuffled = census.scores.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(census.tiers(scores=shuffled).loc[tiers.index], tiers)


def test_a_pupil_alone_is_as_a_pupil_among_many(census, tiers):
    for pupil in tiers.index[:60]:
        mine = census.facts[census.facts["pupil"] == pupil]
        alone = classify_tiers(
            census.scores.loc[[pupil]], POLICY, quality=census.quality, states=census.states,
            ages=census.ages, facts=mine, as_of="2026-03-15",
        )  # fmt: skip
        pd.testing.assert_frame_equal(alone, tiers.loc[[pupil]])


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rules_changes_no_tier_and_no_set_of_reasons(census, tiers, seed):
    rules = list(POLICY.rules)
    np.random.default_rng(seed).shuffle(rules)
    other = census.tiers(POLICY.model_copy(update={"rules": tuple(rules)}))
    same = ["tier", "safety_signal", "undetermined_why", "remeasure", "queue"]
    pd.testing.assert_frame_equal(other[same], tiers[same])
    assert other["reasons"].map(sorted_text).tolist() == tiers["reasons"].map(sorted_text).tolist()


def sorted_text(reasons: tuple) -> list[str]:
    return sorted(map(str, reasons))


def test_reasons_stand_in_the_order_of_the_policy_that_of_several_scales_last(tiers):
    place = {rule: number for number, rule in enumerate([*RULES, "T10"])}
    for reasons in tiers["reasons"]:
        found = [place[each.rule] for each in reasons]
        assert found == sorted(found)


def test_the_order_of_scores_in_the_frame_changes_nothing_at_all(census, tiers):
    turned = census.scores[census.scores.columns[::-1]]
    pd.testing.assert_frame_equal(census.tiers(scores=turned), tiers)


def test_a_scale_that_nobody_was_given_changes_nothing_at_all(census, tiers):
    unread = load_scale("isi")
    sheets = pd.DataFrame(0, index=census.pupils[:1], columns=list(unread.items))
    empty = score(sheets, unread).iloc[:0].reindex(census.pupils)
    pd.testing.assert_frame_equal(census.tiers(scores=census.scores.join(empty)), tiers)


def test_a_scale_that_no_rule_reads_changes_no_colour_and_leaves_nobody_at_none(census, tiers):
    """What is asked without a rule for it is a doubt (no_rule), so that nobody reads it as calm."""
    unread = load_scale("isi")
    assert unread.id not in POLICY.ruled_scales
    assert not unread.critical
    sheets = pd.DataFrame(4, index=census.pupils, columns=list(unread.items))
    other = census.tiers(scores=census.scores.join(score(sheets, unread)))
    coloured = tiers["tier"].isin(COLOURS)
    pd.testing.assert_frame_equal(other[coloured], tiers[coloured])
    assert set(other.loc[~coloured, "tier"]) == {"undetermined"}
    assert set(other.loc[tiers["tier"] == "none", "undetermined_why"]) == {"no_rule"}
    assert other["safety_signal"].tolist() == tiers["safety_signal"].tolist()


def in_doubt(census, tiers) -> pd.Series:
    """From what went in: a state that leaves doubt, no safety item answered, or a sheet not to be trusted or read."""
    scores = census.scores
    worth = {name: each.answers for name, each in POLICY.tiers.states.items()}
    found = census.states.map(worth).fillna("enough") != "enough"
    found |= ~tiers["safety_signal"].isin(["no", "yes"])
    for scale_id in BATTERY:
        given = scores[columns.answered(scale_id)].notna()
        found |= given & census.quality[scale_id]["too_fast"]
        if SCALES[scale_id].validity:
            found |= given & ~scores[columns.valid(scale_id)].fillna(False)
        if scale_id in {"phq9", "phq9-teen"}:
            found |= given & (census.ages < 12).fillna(False)
        if scale_id in {"sds", "scl90"}:
            found |= given
    return found


def test_whoever_is_in_doubt_is_never_none(census, tiers):
    doubt = in_doubt(census, tiers)
    assert (tiers.loc[doubt, "tier"] != "none").all()
    assert (tiers["tier"] == "none").sum() > 20
    assert (tiers.loc[tiers["tier"] == "none", "safety_signal"] == "no").all()


def test_no_answers_at_all_are_never_none(census):
    nothing = census.scores.assign(**dict.fromkeys(census.scores))
    out = census.tiers(scores=nothing)
    assert not out["tier"].eq("none").any()
    assert out["safety_signal"].eq("not_asked").all()


def test_a_reason_is_at_or_above_its_cut_and_tells_by_how_much(tiers):
    for reasons in tiers["reasons"]:
        for each in reasons:
            assert each.value >= each.cut
            assert each.distance == each.value - each.cut


def test_the_most_urgent_reason_is_the_tier(tiers):
    """A level of a rule is told apart by its cuts; a note has none of a colour."""
    for tier, reasons in zip(tiers["tier"], tiers["reasons"], strict=True):
        possible = [levels_of(each) for each in reasons]
        if tier in COLOURS:
            assert any(tier in levels for levels in possible)
        else:
            assert all("note" in levels for levels in possible)


def levels_of(reason) -> set[str]:
    """Results of the levels of its rule that read this score at this cut."""
    if reason.rule == POLICY.tiers.several_yellow.rule:
        return {POLICY.tiers.several_yellow.result}
    rule = RULES[reason.rule]
    return {level.result for level in rule.levels if reads(level.when, reason)}


def reads(condition, reason) -> bool:
    if condition.test in {"all", "any"}:
        return any(reads(part, reason) for part in condition.of)
    if condition.test == "known":
        return reason.score in condition.facts
    if condition.test in {"threshold", "count"}:
        names = condition.scores if condition.test == "count" else (condition.score,)
        return reason.score in names and reason.cut == condition.cut
    return reason.score.startswith("critical_")


def test_cuts_of_a_rule_fall_with_its_levels_so_that_a_reason_names_its_level():
    """What the test above rests on: no rule reads one total at one cut in two levels."""
    for rule in POLICY.rules:
        totals = [level.when.cut for level in rule.levels if level.when.test == "threshold"]
        assert all(upper > lower for upper, lower in pairwise(totals))


def test_the_queue_counts_yellow_scales_and_t10_tells_of_two_or_more(tiers):
    told = tiers["reasons"].map(lambda reasons: next((r.value for r in reasons if r.rule == "T10"), 0))
    assert told.tolist() == tiers["queue"].where(tiers["queue"] >= 2, 0).tolist()
    assert (tiers["queue"] >= 2).any()


def test_undetermined_alone_has_a_why_and_a_signal_yes_is_at_least_orange(tiers):
    assert (tiers["undetermined_why"].notna() == (tiers["tier"] == "undetermined")).all()
    assert (urgency(tiers)[tiers["safety_signal"] == "yes"] >= 3).all()
