"""Provisional tiers at their boundaries: what a pupil's scores give, read as a table.

The first table holds the boundary cases of the district's rule set, the others the cuts of T01-T07, T10 and T13, gaps
and validity. T08, T09 and the other safety items are in `test_tier_scales.py`, known facts and the states of the census
in `test_tier_floors.py`; `scored_pupils.py` builds the score frames.
"""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scored_pupils import (
    CONTENT,
    NONE,
    POLICY,
    classify,
    frame,
    gad7,
    known,
    mht,
    mssmhs,
    phq9,
    sds,
    told,
    unusable,
)  # fmt: skip

from xinyu_lib import columns
from xinyu_lib.scales import load_scale, scales
from xinyu_lib.tiers import classify_tiers

BOUNDARIES = [
    # scores, tier, signal, why
    (phq9(9, item9=1), "orange", "yes", None),
    (phq9(14, item9=0), "yellow", "no", None),
    (phq9(15, item9=0), "orange", "no", None),
    (phq9(15, item9=1), "red", "yes", None),
    (phq9(3, item9=2), "red", "yes", None),
    (phq9((1, 7), item9=1), "orange", "yes", None),
    (phq9(4, item9=None), "undetermined", "unanswered", "safety_unanswered"),
    (mht(64, scales_at_8=2), "none", "no", None),
    (mht(55, scales_at_8=3), "yellow", "no", None),
    (mht(55, scales_at_8=2), "none", "no", None),
    (phq9((18, 27), item9=0), "orange", "no", None),  # six items at 3, three blank: 6 x 3 = 18
    (phq9(0, item9=None), "undetermined", "unanswered", "safety_unanswered"),
    (mht(70, validity=7), "undetermined", "no", "invalid_over_cut"),
    (mht(30, validity=8, item97=1), "orange", "yes", None),
    (gad7(21), "orange", "not_asked", None),
    (phq9(18) | mht(30, validity=7), "orange", "no", None),
    (phq9(0) | mht(30, validity=7), "undetermined", "no", "invalid"),
    (mssmhs(2.5, depression=3.5), "undetermined", "not_asked", "safety_not_asked"),  # the mean is only a note
    (mssmhs(3.0), "yellow", "not_asked", None),
]

CUTS = [
    (phq9(9), "none", "no", None),
    (phq9(10), "yellow", "no", None),
    (phq9(27), "orange", "no", None),  # never red by a total
    (phq9(14, item9=1), "orange", "yes", None),  # item 9 = 1 is red only with 15 or more
    (gad7(9) | phq9(0), "none", "no", None),
    (gad7(10), "yellow", "not_asked", None),
    (gad7(14), "yellow", "not_asked", None),
    (gad7(15), "orange", "not_asked", None),
    (mht(64), "none", "no", None),
    (mht(65), "orange", "no", None),
    (mht(64, scales_at_8=8), "yellow", "no", None),
    (mht(0, item85=1), "orange", "yes", None),
    (mht(0, item97=1), "orange", "yes", None),
    (mht(0, item85=1, item97=1), "red", "yes", None),
    (phq9(0, item9=1) | mht(0, item85=1), "red", "yes", None),  # two scales agree: 1 + 1
    (phq9(0) | sds(40, item19=2), "undetermined", "no", "no_rule"),  # positive from 3 on
    (phq9(0, item9=1) | sds(40, item19=3), "red", "yes", None),
    (phq9(0) | gad7(0) | mht(0), "none", "no", None),
    (phq9(10) | gad7(10), "yellow", "no", None),
    (phq9(10) | gad7(15), "orange", "no", None),
]

GAPS = [
    (phq9((0, 9)), "none", "no", None),  # below 10 whatever the blanks hold
    (phq9((1, 10)), "undetermined", "no", "missing"),
    (phq9((9, 15)), "undetermined", "no", "missing"),
    (phq9((10, 15)), "yellow", "no", None),
    (phq9((14, 15), item9=1), "orange", "yes", None),
    (phq9((15, 20), item9=1), "red", "yes", None),
    (phq9((0, 27), item9=None), "undetermined", "unanswered", "safety_unanswered"),
    (phq9(10, item9=None), "yellow", "unanswered", None),
    (gad7((10, 16)), "yellow", "not_asked", None),
    (gad7((0, 12)) | phq9(0), "undetermined", "no", "missing"),
    (mht((60, 64)), "none", "no", None),
    (mht((60, 65)), "undetermined", "no", "missing"),
    (mht(0, item85=None), "undetermined", "unanswered", "safety_unanswered"),
    (mht(0, item85=None, item97=1), "orange", "yes", None),  # a positive answer outweighs a blank
    (phq9(0) | mht(0, item97=None), "undetermined", "unanswered", "safety_unanswered"),
    (mht(30, validity=None), "undetermined", "no", "missing"),  # validity unknown: not trusted as "none"
    (mht(70, validity=None), "orange", "no", None),
]

NOTHING_TOLD = [
    (gad7(0), "undetermined", "not_asked", "safety_not_asked"),
    (gad7(9), "undetermined", "not_asked", "safety_not_asked"),
    (sds(25), "undetermined", "no", "no_rule"),
    (sds(80, item19=1), "undetermined", "no", "no_rule"),  # a scale without a tier rule never colours
    (sds(25, item19=3), "orange", "yes", None),
    (sds(25, item19=None), "undetermined", "unanswered", "safety_unanswered"),
    (sds(80) | phq9(10), "yellow", "no", None),
    (NONE, "undetermined", "not_asked", "missing"),
    (mht(64, validity=6), "none", "no", None),
    (mht(64, validity=7), "undetermined", "no", "invalid"),
    (mht(65, validity=7, item85=1, item97=1), "red", "yes", None),
    (mht(30, scales_at_8=3, validity=10), "undetermined", "no", "invalid_over_cut"),
    (mht(30, scales_at_8=2, validity=10), "undetermined", "no", "invalid"),  # a note is not a cut
    (mht(70, validity=7, item97=None), "undetermined", "unanswered", "safety_unanswered"),
    (gad7((0, 21)) | mht(0, validity=7), "undetermined", "no", "invalid"),  # invalid before missing
]


@pytest.mark.parametrize(("pupil", "tier", "signal", "why"), BOUNDARIES + CUTS + GAPS + NOTHING_TOLD)
def test_scores_give_the_tier_signal_and_reason_of_the_rule_set(pupil, tier, signal, why):
    assert told(classify(pupil)) == (tier, signal, why)


STATES = [
    # state, scores, tier, signal, why, remeasure
    ("refused", NONE, "undetermined", "not_asked", "refused", False),
    ("withdrawn", NONE, "undetermined", "not_asked", "refused", False),
    ("no_consent", NONE, "undetermined", "not_asked", "no_consent", False),
    ("not_asked", NONE, "undetermined", "not_asked", "no_consent", False),
    ("absent", NONE, "undetermined", "not_asked", "absent", True),
    ("not_started", NONE, "undetermined", "not_asked", "absent", True),
    ("unfinished", NONE, "undetermined", "not_asked", "missing", True),
    ("not_eligible", NONE, "undetermined", "not_asked", "not_eligible", False),
    ("scored", phq9(0), "none", "no", None, False),
    ("unfinished", phq9(0), "undetermined", "no", "missing", True),
    ("unfinished", phq9(10), "yellow", "no", None, True),
    ("refused", phq9(0), "undetermined", "no", "refused", False),
    ("refused", phq9(27), "undetermined", "no", "refused", False),  # statistics stop at a refusal ...
    ("refused", phq9(0, item9=1), "orange", "yes", None, False),  # ... safety does not
    ("refused", phq9(0, item9=None), "undetermined", "unanswered", "safety_unanswered", False),
    ("not_eligible", mht(0, item85=1, item97=1), "red", "yes", None, False),
]


@pytest.mark.parametrize(("state", "pupil", "tier", "signal", "why", "again"), STATES)
def test_a_state_is_a_reason_of_its_own_and_never_none(state, pupil, tier, signal, why, again):
    row = classify(pupil, state=state)
    assert (*told(row), row["remeasure"]) == (tier, signal, why, again)


AGES = [
    # age, scores, tier, why
    (11, phq9(27), "undetermined", "no_rule"),  # below 12 the rule is off ...
    (11, phq9(27, item9=1), "red", None),  # ... the safety item stays on: 27 is 15 or more
    (11, phq9(0, item9=1), "orange", None),
    (12, phq9(10), "yellow", None),
    (None, phq9(10), "yellow", None),
    (11, mht(65), "orange", None),
]


@pytest.mark.parametrize(("age", "pupil", "tier", "why"), AGES)
def test_phq9_is_not_read_below_twelve(age, pupil, tier, why):
    row = classify(pupil, age=age)
    assert (told(row)[0], told(row)[2]) == (tier, why)


UNUSABLE = [
    # sheets that are not usable, scores, tier, why, remeasure
    (["phq9"], phq9(20), "undetermined", "invalid_over_cut", True),
    (["phq9"], phq9(9), "undetermined", "invalid", True),
    (["phq9"], phq9(9, item9=1), "orange", None, True),
    (["phq9"], phq9(3, item9=2), "red", None, True),
    (["phq9"], phq9(20) | gad7(10), "yellow", None, True),
    (["gad7"], phq9(15) | gad7(21), "orange", None, True),
    (["gad7"], phq9(0), "none", None, False),  # a scale that was not given cannot be invalid
]


@pytest.mark.parametrize(("sheets", "pupil", "tier", "why", "again"), UNUSABLE)
def test_an_unusable_sheet_voids_its_own_scale_and_no_safety_item(sheets, pupil, tier, why, again):
    row = classify(pupil, quality=unusable(*sheets))
    assert (told(row)[0], told(row)[2], row["remeasure"]) == (tier, why, again)


def test_refused_and_a_teacher_reports_a_plan_is_red():
    assert told(classify(NONE, state="refused", facts=known("danger"))) == ("red", "not_asked", None)


def test_several_yellows_stay_yellow_and_move_up_the_queue():
    one, two, three = classify_tiers(
        frame(phq9(10), phq9(10) | gad7(10), phq9(10) | gad7(10) | mht(30, scales_at_8=3)), POLICY
    ).to_dict("records")
    assert [row["tier"] for row in (one, two, three)] == ["yellow"] * 3
    assert [row["queue"] for row in (one, two, three)] == [1, 2, 3]
    assert [reason.rule for reason in two["reasons"]] == ["T05", "T06", "T10"]


def test_invalid_mht_beside_a_valid_phq9_is_orange_and_measured_again():
    row = classify(phq9(18) | mht(30, validity=7))
    assert row["tier"] == "orange"
    assert row["remeasure"]


def test_one_or_two_content_scales_are_a_note_that_names_them():
    row = classify(mht(64, scales_at_8=2))
    assert [(r.rule, r.score, r.value, r.cut) for r in row["reasons"]] == [
        ("T07", CONTENT[0], 8, 8),
        ("T07", CONTENT[1], 8, 8),
    ]


PUPILS = st.fixed_dictionaries(
    {},
    optional={
        "phq9": st.builds(phq9, st.integers(0, 27), st.sampled_from([0, 1, 2, 3, None])),
        "gad7": st.builds(gad7, st.integers(0, 21)),
        "mht": st.builds(
            mht, st.integers(0, 90), st.integers(0, 8), st.sampled_from([0, 6, 7, None]),
            st.sampled_from([0, 1, None]), st.sampled_from([0, 1, None]),
        ),
        "sds": st.builds(sds, st.integers(25, 100), st.sampled_from([1, 2, 3, 4, None])),
    },
).map(lambda parts: {key: value for part in parts.values() for key, value in part.items()})  # fmt: skip
SAFETY = {
    columns.critical(scale.id, each.item): each.positive_at
    for scale in map(load_scale, scales())
    for each in scale.critical
    if each.kind == "suicide" and each.stage == "census"
}


def raises_the_alarm(pupil: dict) -> bool:
    return any((pupil.get(column) or 0) >= positive_at for column, positive_at in SAFETY.items())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(PUPILS, min_size=1, max_size=8),
    st.lists(st.sampled_from(["refused", "absent", "not_eligible", "unfinished", None]), min_size=8, max_size=8),
    st.sets(st.sampled_from(["phq9", "gad7", "mht", "sds"])),
)
def test_a_positive_safety_item_is_at_least_orange_whatever_else_is_missing_invalid_or_refused(pupils, states, bad):
    out = classify_tiers(
        frame(*pupils), POLICY, quality=unusable(*bad, pupils=len(pupils)),
        states=pd.Series(states[: len(pupils)], index=[f"p{n}" for n in range(len(pupils))]),
    )  # fmt: skip
    alarmed = [raises_the_alarm(pupil) for pupil in pupils]
    assert (out["safety_signal"] == "yes").tolist() == alarmed
    assert out["tier"][alarmed].isin(["red", "orange"]).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(PUPILS, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(pupils, random):
    scores = frame(*pupils)
    shuffled = scores.loc[random.sample(list(scores.index), len(scores))]
    pd.testing.assert_frame_equal(classify_tiers(shuffled, POLICY).loc[scores.index], classify_tiers(scores, POLICY))


@settings(max_examples=60, deadline=None)
@given(st.lists(PUPILS, min_size=1, max_size=8))
def test_every_pupil_has_exactly_one_story(pupils):
    out = classify_tiers(frame(*pupils), POLICY)
    assert (out["undetermined_why"].notna() == (out["tier"] == "undetermined")).all()
    coloured = out["tier"].isin(["red", "orange", "yellow"])
    assert all(len(reasons) for reasons in out["reasons"][coloured])
    assert all(reason.distance >= 0 for reasons in out["reasons"] for reason in reasons)
    assert (out.loc[out["tier"] == "none", "safety_signal"] == "no").all()
