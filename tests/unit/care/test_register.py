"""The high-care register: one row per pupil in care, and a next action that is always told."""

import pandas as pd
import pytest
from care_rows import rows_of, said
from duty_rows import POLICY, PUPIL

from xinyu_lib.care.register import TABLES, register, unplanned

ORANGE = said("10-15 orange A interview until=2025-11-12")


def registered(as_of: str, confirmed: pd.DataFrame = ORANGE, **more: list[dict]) -> pd.DataFrame:
    """The register of one pupil: `registered("2025-11-01", contact=[...])`."""
    tables = {name: rows_of(name, *[PUPIL | row for row in more.get(name, [])]) for name in TABLES}
    return register(tables | {"tier_confirmed": confirmed}, POLICY, as_of)


def row_of(as_of: str, confirmed: pd.DataFrame = ORANGE, **more: list[dict]) -> pd.Series:
    return registered(as_of, confirmed, **more).loc["p1"]


PLAN = {"on": "2025-10-17", "issue": "sleep", "frequency": "weekly", "staff_key": "A"}
DONE = {"due_on": "2025-10-22", "done_on": "2025-10-22", "kind": "talk", "attending": "full"}
AHEAD = {"due_on": "2025-10-29", "kind": "counselling"}


def test_a_pupil_in_care_stands_in_the_register_with_tier_plan_and_who_is_responsible():
    row = row_of("2025-10-20", care_plan=[PLAN])
    assert row["open"]
    told = ["tier", "highest", "openings", "since", "issue", "staff_key", "plan_on", "frequency"]
    assert row[told].tolist() == ["orange", "orange", 1, "2025-10-15", "sleep", "A", "2025-10-17", "weekly"]


@pytest.mark.parametrize(
    ("contacts", "kind", "due"),
    [
        ([DONE, AHEAD], "counselling", "2025-10-29"),
        ([AHEAD | {"due_on": "2025-11-05"}, AHEAD], "counselling", "2025-10-29"),
        ([DONE, AHEAD | {"due_on": "2025-10-24"}], "counselling", "2025-10-24"),  # today
        ([DONE], "none_set", None),
        ([DONE, AHEAD | {"due_on": "2025-10-23", "missed": "pupil_absent"}], "none_set", None),  # its day has passed
        ([], "none_set", None),
    ],
)
def test_the_next_action_is_the_first_contact_planned_from_today_on(contacts, kind, due):
    row = row_of("2025-10-24T15:00", care_plan=[PLAN], contact=contacts)
    assert row["next_kind"] == kind
    assert row["next_due"] == due if due else pd.isna(row["next_due"])


def test_who_has_no_next_action_is_overdue_at_once():
    found = registered("2025-10-22", care_plan=[PLAN], contact=[DONE])
    late = unplanned(found, POLICY).iloc[0]
    assert (late["step"], late["state"], late["owner"]) == ("next_contact", "overdue", "psychology_teacher")
    # since the day of the last contact
    assert late["due"] == pd.Timestamp("2025-10-22 23:59:59")
    assert unplanned(registered("2025-10-22", contact=[AHEAD]), POLICY).empty


def test_an_open_plan_without_a_confirmed_tier_is_in_the_register_too():
    row = row_of("2025-10-20", said(), care_plan=[PLAN])
    assert row["open"]
    assert pd.isna(row["tier"])


def test_a_closed_case_says_when_and_why_and_asks_for_nothing():
    ended = said("10-15 orange A interview", "12-10 none AB stable_reviews")
    plan = PLAN | {"closed_on": "2025-12-10", "closing": "resolved"}
    row = row_of("2025-12-20", ended, care_plan=[plan])
    assert not row["open"]
    assert row[["closed_on", "closing", "highest"]].tolist() == ["2025-12-10", "resolved", "orange"]
    assert row[["next_kind", "step_down"]].isna().all()
    # a day before, it was open and not closed
    before = row_of("2025-12-09", ended, care_plan=[plan])
    assert (before["open"], pd.isna(before["closed_on"])) == (True, True)


@pytest.mark.parametrize(
    ("closing", "confirmed", "open_"),
    [
        ("transferred", "10-15 orange A interview", False),
        ("guardian_took_over", "10-15 orange A interview", False),
        ("resolved", "10-15 orange A interview", True),  # nobody has lowered the tier
        ("transferred", "12-15 orange A handover", True),  # came back, and care began anew
    ],
)
def test_care_ends_with_the_plan_when_the_pupil_is_in_other_hands(closing, confirmed, open_):
    row = row_of("2025-12-20", said(confirmed), care_plan=[PLAN | {"closed_on": "2025-12-10", "closing": closing}])
    assert row["open"] == open_


def test_a_pupil_who_never_was_in_care_is_not_in_the_register():
    assert registered("2025-10-20", said("10-15 none AB misread_item")).empty


def review(on: str, result: str) -> dict:
    return {"due_on": on, "done_on": on, "kind": "review", "result": result}


@pytest.mark.parametrize(
    ("reviews", "ripe"),
    [
        ([("2025-10-29", "stable"), ("2025-11-12", "better")], "yes"),
        ([("2025-10-29", "stable")], "no"),
        ([("2025-10-29", "stable"), ("2025-11-12", "worse")], "no"),
        ([("2025-10-22", "worse"), ("2025-10-29", "stable"), ("2025-11-12", "stable")], "yes"),
        ([("2025-10-08", "stable"), ("2025-10-29", "stable")], "no"),  # the first was before this tier
        ([], "no"),
    ],
)
def test_two_stable_reviews_in_a_row_at_this_tier_allow_a_step_down(reviews, ripe):
    row = row_of("2025-11-20", contact=[review(*each) for each in reviews])
    assert row["step_down"] == ripe


def test_the_last_two_reviews_are_told():
    row = row_of("2025-11-20", contact=[review("2025-10-29", "worse"), review("2025-11-12", "stable")])
    told = ["review_on", "review_result", "before_on", "before_result"]
    assert row[told].tolist() == ["2025-11-12", "stable", "2025-10-29", "worse"]


def test_source_guardian_referral_and_attendance_are_those_known_on_the_day():
    rows = {
        "check_list": [{"on": "2025-10-14", "source": "teacher"}, {"on": "2026-03-23", "source": "census"}],
        "guardian_contact": [
            {"on": "2025-10-16", "reached": "yes", "purpose": "inform"}, {"on": "2025-12-01", "reached": "yes"},
        ],
        "referral": [{"place": "station", "state": "sent", "proposed_on": "2025-10-17", "sent_on": "2025-10-20"}],
        "contact": [DONE, {"due_on": "2025-11-30", "done_on": "2025-11-30", "kind": "talk", "attending": "absent"}],
        "crisis_event": [{"record": "W-1", "found_at": "2025-10-15T09:00:00"}],
    }  # fmt: skip
    row = row_of("2025-11-01", **rows)
    told = ["source", "guardian_on", "referral", "attending", "last_contact", "event"]
    assert row[told].tolist() == ["teacher", "2025-10-16", "sent", "full", "2025-10-22", "W-1"]
