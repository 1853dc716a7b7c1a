"""Who may confirm what: a table to read, and what an interview proposes."""

import numpy as np
import pandas as pd
import pytest
from care_rows import WAVE, day, rows_of, said

from xinyu_lib.care.confirming import faults, proposed, valid
from xinyu_lib.care.standing import standing
from xinyu_lib.policy import load_policy

POLICY = load_policy("donghu-2025")
WAVES = rows_of("wave", {"wave": WAVE, "starts": "2025-09-15", "ends": "2025-11-30"})
SPRING = "2025-2026-spring"
COLOURS = ["none", "yellow", "orange", "red"]
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
    ("orange", [], ["10-16 yellow A signal"], "second_signature"),  # no wave is named: the tier holds all the same
    ("red", [], ["10-16 orange AB signal", "10-17 orange A interview wave"], None),  # so it is answered, too
    ("red", [], ["10-16 orange A signal", "10-17 orange A interview wave"], "second_signature"),  # by what counts
    (None, [], ["10-16 yellow A interview was=orange"], "second_signature"),
    ("orange", [], ["10-16 none A interview wave was=none"], "second_signature"),  # nobody talks a tier away
    ("yellow", [], ["10-16 yellow A interview wave was=orange"], "second_signature"),
    ("red", [], ["10-16 orange AB interview wave", "11-13 orange A review wave"], None),  # answered already
    # below what people had confirmed
    (None, [], ["10-16 red AB interview", "10-17 orange A hospital"], "second_signature"),
    (None, [], ["10-16 red AB interview", "10-17 orange AB hospital"], None),
    (None, [], ["10-16 yellow A interview", "11-20 none A resolved"], "second_signature"),
    (None, [], ["10-16 red AB interview", "10-17 none A situational", "10-18 yellow A signal"], "second_signature"),
    (None, [], ["10-16 red A interview", "10-18 yellow A signal"], None),  # the red never stood
    (None, [], ["10-16 yellow A interview", "11-20 none AB resolved", "12-10 none A interview"], None),
    ("orange", [], ["09-20 yellow A signal", "10-16 yellow A interview wave"], "second_signature"),
    (None, [], ["03-02 orange A signal", "10-16 yellow A interview"], None),  # in order of days, not of rows
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


def test_confirmations_that_lack_a_signature_do_not_count():
    rows = said("10-16 red AB interview", "10-17 orange A hospital", "10-18 orange AB hospital nth=2")
    assert valid(rows, tiers(None), POLICY).index.tolist() == [0, 2]


# provisional tiers (made on, wave, tier), what was confirmed, fault of the last row
ACROSS = [
    # an older wave of which the tier was none
    (["10-10 autumn red", "03-10 spring none"], ["03-16 yellow A interview spring"], "second_signature"),
    (["10-10 autumn none", "03-10 spring red"], ["03-16 yellow A interview wave"], "second_signature"),
    (["10-10 autumn none", "03-10 spring red"], ["03-16 yellow AB interview wave"], None),
    (["10-10 autumn red", "03-10 spring none"], ["10-16 orange AB interview", "03-16 orange A interview spring"], None),
    (["10-10 autumn red", "03-10 spring red"], ["10-16 orange AB interview wave", "03-16 orange A interview"],
     "second_signature"),
    # made after the day of the row: told only to the rows of its wave
    (["10-20 autumn red"], ["10-16 orange A signal"], None),
    (["10-20 autumn red"], ["10-16 orange A interview wave"], "second_signature"),
    (["10-20 autumn red"], ["10-16 orange AB interview wave", "10-25 orange A review"], None),
    (["10-20 autumn red"], ["10-16 orange AB signal", "10-25 orange A review"], "second_signature"),
    (["10-16 autumn red"], ["10-16 orange A signal"], "second_signature"),
]  # fmt: skip


def made(*lines: str, known_by: str = "since") -> pd.DataFrame:
    told = [line.split() for line in lines]
    rows = [{known_by: day(on), "wave": f"2025-2026-{term}", "tier": tier} for on, term, tier in told]
    return rows_of("tier_provisional", *[{"pupil_key": "p1", **row} for row in rows])


@pytest.mark.parametrize("known_by", ["since", "valid_from"])
@pytest.mark.parametrize(("provisional", "rows", "fault"), ACROSS)
def test_the_gravest_provisional_tier_of_any_wave_stands_until_it_is_answered(provisional, rows, fault, known_by):
    confirmed = said(*[row.replace(" spring", " wave") for row in rows])
    confirmed["wave"] = confirmed["wave"].mask([row.endswith(" spring") for row in rows], SPRING)
    found = faults(confirmed, made(*provisional, known_by=known_by), POLICY)
    assert found.fillna("").iloc[-1] == (fault or "")


# interviews (day, findings), what was confirmed, fault of the last row
TALKED = [
    (["10-16 cssrs_intent;distress"], ["10-16 orange A interview"], "second_signature"),
    (["10-16 cssrs_intent;distress"], ["10-16 orange AB interview"], None),
    (["10-16 self_harm_recent"], ["10-16 orange A interview"], None),
    (["10-16 self_harm_recent"], ["10-18 none A interview wave"], "second_signature"),
    (["10-16 self_harm_recent"], ["10-18 none A interview"], "second_signature"),
    (["10-16 self_harm_recent"], ["10-15 none A interview wave"], None),  # nobody knew
    (["10-16 self_harm_recent", "10-17 nothing_found"], ["10-17 none A interview"], "second_signature"),
    (["10-16 self_harm_recent"], ["10-16 yellow AB interview", "11-13 yellow A review"], None),  # answered
    (["10-16 -"], ["10-16 none A interview"], None),
]


@pytest.mark.parametrize(("talks", "rows", "fault"), TALKED)
def test_below_what_an_interview_found_two_persons_sign(talks, rows, fault):
    told = [talk.split() for talk in talks]
    talked = rows_of("interview", *[
        {"pupil_key": "p1", "wave": WAVE, "on": day(on), "findings": None if found == "-" else found}
        for on, found in told
    ])  # fmt: skip
    found = faults(said(*rows), tiers(None), POLICY, interviews=talked)
    assert found.fillna("").iloc[-1] == (fault or "")
    assert len(valid(said(*rows), tiers(None), POLICY, interviews=talked)) == len(rows) - bool(fault)


@pytest.mark.parametrize(("replaced", "fault"), [("red", "second_signature"), ("orange", ""), (None, "")])
def test_a_row_is_held_against_the_one_whose_place_it_takes(replaced, fault):
    row = said("10-16 orange A interview at=08:00")
    found = faults(row, tiers(None), POLICY, replaced=pd.Series([replaced], dtype="str"))
    assert found.fillna("").tolist() == [fault]


def test_a_policy_may_ask_for_fewer_signatures_and_for_more_reviews():
    rule = POLICY.confirmation.model_copy(
        update={"second_signature": (), "second_signature_to_lower": ("red",), "stable_reviews": 3}
    )
    lenient = POLICY.model_copy(update={"confirmation": rule})
    rows = said("10-16 red A interview", "10-17 orange AB hospital", "10-18 yellow A resolved")
    assert faults(rows, tiers(None), lenient).isna().all()
    lowered = said("10-16 orange A interview", "10-30 yellow A stable_reviews")
    assert faults(lowered, tiers(None), lenient, reviews=held(CALM)).iloc[-1] == "not_stable"


def drawn_rows(rng: np.random.Generator, pupil: str) -> pd.DataFrame:
    """What one person signs alone on eight days, and what two sign at times."""
    days = pd.Timestamp("2025-09-15") + pd.to_timedelta(rng.choice(90, 10, replace=False), "D")
    keys = ["", "", "", "", "A", "A", "", "", *rng.choice(["", "B"], 2)]
    was = ["", "was=none", "was=yellow", "was=undetermined"]
    lines = [
        f"{on:%m-%d} {rng.choice(COLOURS)} A{second} interview {rng.choice(['', 'wave'])} {rng.choice(was)}"
        for on, second in zip(days, keys, strict=True)
    ]
    rows = said(*lines, pupil=pupil)
    return rows.assign(wave=rows["wave"].mask(rng.random(10) < 0.3, SPRING))


def floor(row, counted: pd.DataFrame, provisional: pd.DataFrame) -> int:
    """Rank below which one person alone does not come: what two signed last, and the tiers known that were not settled.

    A tier is settled when two persons sign after it was made, or after a row that names its wave.
    """
    both = counted[(counted["second_key"] == "B") & (counted["on"] < row.on)].sort_values("on").tail(1)
    last = both["on"].max() if len(both) else ""
    settled = set(counted.loc[counted["on"] <= last, "wave"])
    known = [t for t in provisional.itertuples() if t.since <= row.on or t.wave == row.wave]
    left = [t.tier for t in known if t.since > last and t.wave not in settled]
    return max(COLOURS.index(tier) for tier in ["none", *left, *both["tier"]])


def test_one_person_alone_never_comes_below_what_stands():
    rng, pupils = np.random.default_rng(6), [f"p{n}" for n in range(300)]
    rows = pd.concat([drawn_rows(rng, pupil) for pupil in pupils], ignore_index=True)
    provisional = rows_of("tier_provisional", *[
        {"pupil_key": pupil, "wave": wave, "tier": rng.choice(COLOURS), "since": f"2025-{rng.integers(9, 13):02}-15"}
        for pupil in pupils for wave in (WAVE, SPRING)
    ])  # fmt: skip
    counted, given = valid(rows, provisional, POLICY), dict(list(provisional.groupby("pupil_key")))
    assert set(rows.index[rows["second_key"] == "B"]) <= set(counted.index)
    alone = counted[counted["second_key"] != "B"]
    each = dict(list(counted.groupby("pupil_key")))
    floors = [floor(row, each[row.pupil_key], given[row.pupil_key]) for row in alone.itertuples()]
    assert (alone["tier"].map(COLOURS.index) >= floors).all()
    assert min(floors.count(rank) for rank in range(3)) > 50  # orange, since none signs red alone


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
