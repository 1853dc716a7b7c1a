"""Known facts: what each table tells, what a confirmed tier settles, and what nobody knew yet."""

import pytest
from care_rows import day, rows_of, said

from xinyu_lib.care.facts import fact_tables, known_facts
from xinyu_lib.care.sources import Sources
from xinyu_lib.errors import DefinitionError
from xinyu_lib.policy.conditions import FactName
from xinyu_lib.registry import built

LATE = "2026-06-30"
BASE = {
    "signal": {"categories": "emotion", "source_level": "peer", "at": "2025-10-15T21:00:00",
               "received_at": "2025-10-16T08:40:00"},
    "check_list": {"source": "census", "reason": "tier", "on": "2025-10-16"},
    "interview": {"on": "2025-10-16"},
    "crisis_event": {"type": "other", "found_at": "2025-10-16T08:40:00"},
    "referral": {"place": "hospital", "proposed_on": "2025-10-02"},
}  # fmt: skip

# table, what the row says beside `BASE`, the facts that it tells
TELLS = [
    ("signal", {}, []),
    ("signal", {"danger": "plan"}, ["danger"]),
    ("signal", {"danger": "means;farewell"}, ["danger"]),
    ("signal", {"danger": "to_others"}, ["danger"]),
    ("signal", {"danger": "act"}, ["danger", "self_harm"]),
    ("signal", {"danger": "abuse"}, ["hardship"]),
    ("signal", {"danger": "act", "outcome": "unfounded"}, []),
    ("signal", {"danger": "act", "outcome": "observe"}, ["danger", "self_harm"]),
    ("signal", {"categories": "peers;bullying"}, ["hardship"]),
    ("signal", {"categories": "trauma_loss"}, ["hardship"]),
    ("signal", {"categories": "self_harm"}, ["self_harm"]),
    ("signal", {"source_level": "class"}, ["concern"]),
    ("signal", {"source_level": "parent"}, ["concern"]),
    ("signal", {"source_level": "self"}, []),
    ("signal", {"source_level": "parent", "outcome": "unfounded"}, []),
    ("check_list", {}, []),
    ("check_list", {"reason": "self_harm"}, ["self_harm"]),
    ("check_list", {"reason": "hospital_return"}, ["hospital_return"]),
    ("check_list", {"reason": "loss_abuse_bullying"}, ["hardship"]),
    ("check_list", {"reason": "concern", "source": "teacher"}, ["concern"]),
    ("check_list", {"reason": "concern", "source": "peer"}, []),
    ("check_list", {"reason": "concern", "source": "parent", "outcome": "no_concern"}, []),
    ("interview", {"findings": "distress;self_harm_recent"}, ["self_harm"]),
    ("interview", {"findings": "attempt_recent"}, ["self_harm"]),
    ("interview", {"findings": "cssrs_behaviour_recent"}, ["self_harm"]),
    ("interview", {"findings": "cssrs_behaviour_past"}, []),
    ("crisis_event", {"type": "suicide_attempt"}, ["danger", "self_harm"]),
    ("crisis_event", {"type": "suicide_risk"}, ["danger"]),
    ("crisis_event", {"type": "self_harm"}, ["self_harm"]),
    ("crisis_event", {"type": "bullying"}, ["hardship"]),
    ("referral", {"returned_on": "2025-10-16"}, ["hospital_return"]),
    ("referral", {}, []),
    ("referral", {"returned_on": "2025-10-16", "place": "station"}, []),
]


def told(table: str, *rows: dict, confirmed=None, as_of: str = LATE, pupil: str | None = "p1"):
    every = {name: rows_of(name) for name in fact_tables()}
    every[table] = rows_of(table, *[BASE[table] | {"pupil_key": pupil} | row for row in rows])
    if confirmed is not None:
        every["tier_confirmed"] = confirmed
    return known_facts(every, as_of)


@pytest.mark.parametrize(("table", "row", "facts"), TELLS)
def test_what_a_row_tells(table, row, facts):
    found = told(table, row)
    assert found["fact"].tolist() == facts
    assert set(found["on"]) <= {"2025-10-16"}


def test_every_fact_that_a_policy_may_name_can_be_told():
    told_of = {fact for _, _, facts in TELLS for fact in facts}
    assert told_of | {"open_red", "open_orange"} == set(FactName.__args__)


def test_a_signal_without_a_pupil_tells_of_nobody():
    assert told("signal", {"danger": "plan"}, pupil=None).empty


def test_of_several_days_the_newest_is_told_once():
    rows = [{"reason": "self_harm", "on": day(on)} for on in ("10-16", "03-02", "11-20")]
    assert told("check_list", *rows).values.tolist() == [["p1", "self_harm", "2026-03-02"]]


# as of, whether a signal received at 08:40 of 16 October is known
@pytest.mark.parametrize(
    ("as_of", "known"),
    [
        ("2025-10-15", False),  # sent at 21:00 that evening, but nobody had it
        ("2025-10-16T08:39", False),
        ("2025-10-16T08:40", True),
        ("2025-10-16", True),
    ],
)
def test_nothing_is_known_before_it_is_received(as_of, known):
    assert len(told("signal", {"danger": "plan"}, as_of=as_of)) == known


# what was confirmed, facts left of a danger told at 08:40 of 16 October
SETTLED = [
    ([], ["danger"]),
    (["10-15 yellow A interview"], ["danger"]),
    (["10-16 yellow A interview"], ["danger"]),  # whether they knew of it then is not known
    (["10-16 yellow A interview at=08:30"], ["danger"]),
    (["10-16 yellow A interview at=08:40"], []),
    (["10-17 yellow A interview"], []),
    (["10-17 none AB interview"], []),
    (["10-16 red AB crisis at=08:30"], ["danger", "open_red"]),
    (["10-16 red AB crisis at=09:10"], ["open_red"]),
    (["10-16 orange A signal"], ["danger", "open_orange"]),
]


@pytest.mark.parametrize(("confirmed", "facts"), SETTLED)
def test_a_danger_counts_until_a_person_has_confirmed_a_tier_after_it(confirmed, facts):
    found = told("signal", {"danger": "plan"}, confirmed=said(*confirmed))
    assert found["fact"].tolist() == facts


def test_a_confirmation_of_later_settles_nothing_yet():
    confirmed = said("10-20 yellow A interview")
    assert told("signal", {"danger": "plan"}, confirmed=confirmed, as_of="2025-10-19")["fact"].tolist() == ["danger"]


@pytest.mark.parametrize(("reason", "left"), [
    ("loss_abuse_bullying", []), ("self_harm", ["self_harm"]), ("hospital_return", ["hospital_return"]),
])  # fmt: skip
def test_a_confirmation_settles_hardship_but_no_self_harm_and_no_return_from_hospital(reason, left):
    found = told("check_list", {"reason": reason}, confirmed=said("11-20 none AB resolved"))
    assert found["fact"].tolist() == left


def test_another_pupils_confirmation_settles_nothing():
    confirmed = said("11-20 none AB resolved", pupil="p2")
    assert told("signal", {"danger": "plan"}, confirmed=confirmed)["fact"].tolist() == ["danger"]


def test_an_open_tier_is_known_since_it_began_and_no_longer_once_it_is_closed():
    confirmed = said("10-16 red AB interview", "10-23 red AB review", "12-01 none AB resolved")
    open_ = told("signal", confirmed=confirmed, as_of="2025-11-30")
    assert open_.values.tolist() == [["p1", "open_red", "2025-10-16"]]
    assert told("signal", confirmed=confirmed, as_of="2025-12-01").empty


@pytest.mark.parametrize(
    ("closed", "closing", "left"),
    [
        ("2025-11-20", "transferred", []),
        ("2025-11-20", "guardian_took_over", []),
        ("2025-11-20", "resolved", ["open_orange"]),  # care goes on until somebody confirms that it need not
        ("2025-12-05", "graduated", ["open_orange"]),  # not known yet
        ("2025-10-01", "transferred", ["open_orange"]),  # an earlier case
    ],
)
def test_a_plan_that_ended_because_the_pupil_is_in_other_hands_closes_the_tier(closed, closing, left):
    tables = {name: rows_of(name) for name in fact_tables()}
    tables["tier_confirmed"] = said("10-16 orange AB interview")
    tables["care_plan"] = rows_of(
        "care_plan", {"pupil_key": "p1", "on": "2025-09-15", "closed_on": closed, "closing": closing}
    )
    assert known_facts(tables, "2025-11-30")["fact"].tolist() == left


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"table": "signals"}, "no table signals"),
        ({"on": "outcome"}, "no column of days outcome"),
        ({"when": {"danger": ("poison",)}}, "no code poison"),
        ({"when": {"colour": ("red",)}}, "no code red; there are none"),
        ({"fact": "rumour"}, "danger"),
        ({"when": {}}, "at least 1"),
    ],
)
def test_a_declaration_that_no_table_bears_out_is_refused(wrong, says):
    source = {"fact": "danger", "table": "signal", "on": "received_at", "when": {"danger": ("plan",)}} | wrong
    with pytest.raises(DefinitionError) as caught:
        built({"settled": (), "open": {}, "sources": (source,)}, Sources, "facts.toml")
    assert says in caught.value.text("en")
