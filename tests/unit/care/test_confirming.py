"""Who may confirm what: a table to read, and what an interview proposes."""

import numpy as np
import pandas as pd
import pytest
from care_rows import WAVE, day, rows_of, said

from xinyu_lib.care.confirming import faults, proposed, unsigned, valid
from xinyu_lib.care.standing import standing
from xinyu_lib.policy import load_policy

POLICY = load_policy("donghu-2025")
WAVES = rows_of("wave", {"wave": WAVE, "starts": "2025-09-15", "ends": "2025-11-30"})
CALM = ["10-23 stable", "10-30 better"]

# provisional tier of the wave, reviews held, what was confirmed (see `care_rows.said`), fault of the last row
SIGNED = [
    # red, and raising
    (None, [], ["10-16 red AB interview"], None),
    (None, [], ["10-16 red A interview"], "second_signature"),
    (None, [], ["10-16 red AA interview"], "same_signature"),
    ("red", [], ["10-16 red A interview wave"], "second_signature"),
    (None, [], ["10-16 orange A interview"], None),
    ("yellow", [], ["10-16 orange A interview wave"], None),
    (None, [], ["10-16 yellow A interview", "11-20 orange A review"], None),
    (None, [], ["10-16 yellow AA interview"], None),  # none is asked for
    # below what the machine had given
    ("orange", [], ["10-16 orange A interview wave"], None),
    ("orange", [], ["10-16 yellow A interview wave"], "second_signature"),
    ("orange", [], ["10-16 yellow AB interview wave"], None),
    ("yellow", [], ["10-16 none A misread_item wave"], "second_signature"),
    ("yellow", [], ["10-16 none AA misread_item wave"], "same_signature"),
    ("red", [], ["10-16 none AB careless wave"], None),
    ("none", [], ["10-16 none A interview wave"], None),
    ("undetermined", [], ["10-16 none A interview wave"], None),
    ("orange", [], ["10-16 yellow A signal"], None),  # found at another time: no provisional tier is answered
    (None, [], ["10-16 yellow A interview was=orange"], "second_signature"),
    ("orange", [], ["10-16 none A interview wave was=none"], None),  # what was given then counts, not what was since
    ("red", [], ["10-16 orange AB interview wave", "11-13 orange A review wave"], None),  # answered already
    # below what people had confirmed
    (None, [], ["10-16 red AB interview", "10-17 orange A hospital"], "second_signature"),
    (None, [], ["10-16 red AB interview", "10-17 orange AB hospital"], None),
    (None, [], ["10-16 yellow A interview", "11-20 none A resolved"], "second_signature"),
    (None, [], ["10-16 red AB interview", "10-17 none A situational", "10-18 yellow A signal"], "second_signature"),
    (None, [], ["10-16 red A interview", "10-18 yellow A signal"], None),  # the red never stood
    (None, [], ["10-16 yellow A interview", "11-20 none AB resolved", "12-10 none A interview"], None),
    ("orange", [], ["09-20 yellow A signal", "10-16 yellow A interview wave"], "second_signature"),
    ("orange", [], ["03-02 orange A signal", "10-16 yellow A interview"], None),  # in order of days, not of rows
    # what reviews lower
    (None, CALM, ["10-16 red AB interview", "10-30 orange AB stable_reviews"], None),
    (None, CALM[:1], ["10-16 red AB interview", "10-30 orange AB stable_reviews"], "not_stable"),
    (None, [*CALM, "10-30 worse"], ["10-16 red AB interview", "10-30 orange AB stable_reviews"], "not_stable"),
    (None, ["10-18 worse", *CALM], ["10-16 red AB interview", "10-30 orange AB stable_reviews"], None),
    (None, ["10-23 stable", "10-25 worse", "10-30 better"],
     ["10-16 red AB interview", "10-30 orange AB stable_reviews"], "not_stable"),
    (None, ["10-23 stable", "10-30 -"], ["10-16 red AB interview", "10-30 orange AB stable_reviews"], "not_stable"),
    (None, CALM, ["10-16 red AB interview", "10-29 orange AB stable_reviews"], "not_stable"),  # the second was later
    (None, CALM, ["10-23 red AB interview", "10-30 orange AB stable_reviews"], "not_stable"),  # the first was before
    (None, CALM, ["10-16 red AB interview", "10-23 red AB review", "10-30 orange AB stable_reviews"], None),
    (None, CALM, ["10-16 red AB interview", "10-30 orange AB stable_reviews", "11-06 yellow AB stable_reviews"],
     "not_stable"),  # both were used up
    (None, [], ["10-16 red AB interview", "10-30 orange AB review"], "not_stable"),
    (None, [], ["10-16 red AB interview", "10-30 orange AB hospital"], None),
    (None, CALM, ["10-16 red AB interview", "10-30 orange A stable_reviews"], "second_signature"),
    # dated before the census that it names
    (None, [], ["09-14 yellow A interview wave"], "before_census"),
    (None, [], ["09-15 yellow A interview wave"], None),
    (None, [], ["09-14 yellow A interview"], None),
    (None, [], ["09-14 red A interview wave"], "before_census"),
    (None, [], ["09-14 orange A interview wave", "09-20 yellow A interview"], None),  # the orange never stood
]  # fmt: skip


def tiers(provisional: str | None) -> pd.DataFrame:
    return rows_of("tier_provisional", *([{"wave": WAVE, "pupil_key": "p1", "tier": provisional}] * bool(provisional)))


def held(reviews: list[str]) -> pd.DataFrame:
    done = [each.split() for each in reviews]
    rows = [{"done_on": day(on), "result": None if result == "-" else result} for on, result in done]
    return rows_of("contact", *[{"pupil_key": "p1", "kind": "review", **row} for row in rows])


@pytest.mark.parametrize(("provisional", "reviews", "rows", "fault"), SIGNED)
def test_what_speaks_against_a_confirmation(provisional, reviews, rows, fault):
    found = faults(said(*rows), tiers(provisional), POLICY, waves=WAVES, reviews=held(reviews))
    assert found.fillna("").iloc[-1] == (fault or "")


def test_what_else_was_done_with_a_pupil_is_no_review():
    talks = held(CALM).assign(kind="talk")
    rows = said("10-16 red AB interview", "10-30 orange AB stable_reviews")
    assert faults(rows, tiers(None), POLICY, reviews=talks).iloc[-1] == "not_stable"


def test_pupils_do_not_stand_in_for_each_other():
    rows = pd.concat([said("10-16 red AB interview"), said("10-17 orange A interview", pupil="p2")], ignore_index=True)
    assert faults(rows, tiers("red"), POLICY).isna().all()


def test_a_provisional_tier_that_comes_later_takes_a_lowering_by_one_person_back():
    rows = said("10-16 none A situational wave")
    assert standing(valid(rows, tiers(None), POLICY), "2025-10-31")["tier"].tolist() == ["none"]
    assert standing(valid(rows, tiers("orange"), POLICY), "2025-10-31").empty
    assert unsigned(rows, tiers("orange"), POLICY)["tier"].tolist() == ["none"]


def test_confirmations_are_those_that_count_and_those_that_lack_a_signature():
    rows = said("10-16 red AB interview", "10-17 orange A hospital", "10-18 orange AB hospital nth=2")
    counted, lacking = valid(rows, tiers(None), POLICY), unsigned(rows, tiers(None), POLICY)
    assert (counted.index.tolist(), lacking.index.tolist()) == ([0, 2], [1])


def test_a_policy_may_ask_for_fewer_signatures_and_for_more_reviews():
    rule = POLICY.confirmation.model_copy(
        update={"second_signature": (), "second_signature_to_lower": ("red",), "stable_reviews": 3}
    )
    lenient = POLICY.model_copy(update={"confirmation": rule})
    rows = said("10-16 red A interview", "10-17 orange AB hospital", "10-18 yellow A resolved")
    assert faults(rows, tiers(None), lenient).isna().all()
    lowered = said("10-16 orange A interview", "10-30 yellow A stable_reviews")
    assert faults(lowered, tiers(None), lenient, reviews=held(CALM)).iloc[-1] == "not_stable"


def one_by_one(rows: pd.DataFrame, machine: str) -> list[str]:
    """The rules on signatures for one pupil, row after row, as one reads them."""
    order, found = ["none", "undetermined", "yellow", "orange", "red"], {}
    stood, answered = "none", False
    for row in rows.sort_values("on", kind="stable").itertuples():
        named = isinstance(row.wave, str)
        given = row.from_tier if isinstance(row.from_tier, str) else machine if named else "none"
        before = stood if named and answered else max(stood, given, key=order.index)
        lowers = order.index(row.tier) < order.index(before) and before != "undetermined"
        second = row.second_key if isinstance(row.second_key, str) else ""
        found[row.Index] = ""
        if (row.tier == "red" or lowers) and second in ("", row.staff_key):
            found[row.Index] = "same_signature" if second else "second_signature"
        else:
            stood, answered = row.tier, answered or named
    return [found[label] for label in rows.index]


def test_all_pupils_at_once_come_to_the_same_as_one_after_the_other():
    rng = np.random.default_rng(6)
    drawn = [
        [f"{on:%m-%d} {tier} A{second} interview {wave} {was}" for on, tier, second, wave, was in zip(
            pd.Timestamp("2025-09-15") + pd.to_timedelta(rng.choice(90, 6, replace=False), "D"),
            rng.choice(["red", "orange", "yellow", "none"], 6), rng.choice(["", "A", "B", "B"], 6),
            rng.choice(["", "wave"], 6), rng.choice(["", "", "was=orange", "was=undetermined"], 6), strict=True)]
        for _ in range(300)
    ]  # fmt: skip
    each = [said(*lines, pupil=f"p{n}") for n, lines in enumerate(drawn)]
    rows, machine = pd.concat(each, ignore_index=True), rng.choice(["red", "orange", "yellow", "none"], 300)
    given = rows_of("tier_provisional", *[
        {"wave": WAVE, "pupil_key": f"p{n}", "tier": tier} for n, tier in enumerate(machine)
    ])  # fmt: skip
    expected = [fault for mine, tier in zip(each, machine, strict=True) for fault in one_by_one(mine, tier)]
    assert faults(rows, given, POLICY).fillna("").tolist() == expected
    assert min(expected.count(fault) for fault in ("", "same_signature", "second_signature")) > 100


def test_nothing_confirmed_is_nothing_wrong():
    assert faults(said(), tiers("red"), POLICY, waves=WAVES, reviews=held([])).empty


# findings of an interview, the tier that they propose
@pytest.mark.parametrize(
    ("findings", "tier"),
    [
        ("cssrs_intent;distress", "red"),
        ("distress;danger_to_others", "red"),
        ("cssrs_thoughts;self_harm_recent;situational_trouble", "orange"),
        ("cssrs_wish", "yellow"),
        ("nothing_found", "none"),
        (None, None),
    ],
)
def test_the_gravest_finding_of_an_interview_counts(findings, tier):
    talk = rows_of("interview", {"pupil_key": "p1", "findings": findings})
    assert proposed(talk, POLICY).fillna("").tolist() == [tier or ""]


@pytest.mark.parametrize("outcome", ["not_seen", "declined", "again"])
def test_an_interview_that_found_nothing_out_proposes_nothing(outcome):
    talks = rows_of("interview", {"findings": "distress", "outcome": "tier_proposed"}, {"outcome": outcome})
    assert proposed(talks, POLICY).isna().tolist() == [False, True]
