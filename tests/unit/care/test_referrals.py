"""Referrals: the state that dates tell, what comes next, and whether the pupil arrived within six weeks."""

import pandas as pd
import pytest
from care_rows import rows_of
from duty_rows import POLICY, PUPIL

from xinyu_lib.care.referrals import referrals

DAYS = ["answered_on", "sent_on", "accepted_on", "seen_on", "result_on", "returned_on"]


def referred(as_of: str, state: str, *days: str) -> pd.Series:
    """A referral proposed on 2025-10-17 with these days, in the order of its steps."""
    told = dict(zip(DAYS, days, strict=False))
    row = PUPIL | {"place": "hospital", "state": state, "proposed_on": "2025-10-17"} | told
    return referrals(rows_of("referral", row), POLICY, as_of).squeeze(axis=0)


AGREED, SENT, ACCEPTED, SEEN = "2025-10-18", "2025-10-20", "2025-10-22", "2025-10-30"


@pytest.mark.parametrize(
    ("state", "days", "following"),
    [
        ("proposed", [], "answer"),
        ("guardian_agreed", [AGREED], "sending"),
        ("sent", [AGREED, SENT], "acceptance"),
        ("accepted", [AGREED, SENT, ACCEPTED], "visit"),
        ("seen", [AGREED, SENT, ACCEPTED, SEEN], "result"),
        ("result", [AGREED, SENT, ACCEPTED, SEEN, "2025-11-06"], "return"),
    ],
)
def test_every_state_says_what_comes_next(state, days, following):
    row = referred("2025-11-10", state, *days)
    assert (row["state"], row["next"], row["days"]) == (state, following, 24)
    assert pd.isna(row["fault"])


def test_nothing_follows_a_refusal_or_a_return():
    declined = referred("2025-11-10", "guardian_declined", AGREED)
    back = referred("2025-11-20", "returned", AGREED, SENT, ACCEPTED, SEEN, "2025-11-06", "2025-11-17")
    assert declined["state"] == "guardian_declined"
    assert back["state"] == "returned"
    assert pd.isna(declined["next"])
    assert pd.isna(back["next"])
    assert pd.isna(declined["arrived"])


@pytest.mark.parametrize(
    ("state", "days", "by_dates", "fault"),
    [
        ("returned", [AGREED, SENT], "sent", "ahead_of_dates"),
        ("sent", [AGREED, SENT, ACCEPTED, SEEN], "seen", "behind_dates"),
        ("guardian_declined", [AGREED, SENT], "sent", "behind_dates"),
        ("guardian_declined", [], "proposed", "ahead_of_dates"),
    ],
)
def test_a_state_that_contradicts_its_dates_is_told_and_the_dates_count(state, days, by_dates, fault):
    row = referred("2025-11-10", state, *days)
    assert (row["state"], row["fault"]) == (by_dates, fault)


@pytest.mark.parametrize(
    ("as_of", "seen", "arrived"),
    [
        ("2025-11-28", "2025-11-28", "yes"),  # six weeks after 17 October
        ("2025-12-10", "2025-11-29", "no"),
        ("2025-11-28", None, "running"),
        ("2025-11-29", None, "no"),
        ("2025-11-27", "2025-11-28", "running"),
    ],
)
def test_a_referral_arrives_when_the_pupil_is_seen_within_six_weeks(as_of, seen, arrived):
    row = referred(as_of, "seen" if seen else "accepted", AGREED, SENT, ACCEPTED, *([seen] if seen else []))
    assert row["arrived"] == arrived


def test_a_referral_is_known_from_the_day_on_which_it_was_proposed():
    rows = rows_of("referral", PUPIL | {"place": "station", "state": "proposed", "proposed_on": "2025-10-17"})
    assert referrals(rows, POLICY, "2025-10-16").empty
    assert len(referrals(rows, POLICY, "2025-10-17")) == 1
