"""Clocks: moments, due moments for every unit, and how a step stands."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinyu_lib.care.calendar import SchoolCalendar
from xinyu_lib.care.clocks import due_at, judged_by_day, moment_of, state_of
from xinyu_lib.errors import ParameterError
from xinyu_lib.policy import load_policy
from xinyu_lib.policy.settings import Window
from xinyu_lib.policy.stages import Limit, Span

POLICY = load_policy("donghu-2025")
CALENDAR = SchoolCalendar(POLICY.calendar)
WINDOWS = POLICY.census.windows
UNITS = ["hours", "days", "school_days", "weeks", "waves"]


def moments(*texts: str | None) -> pd.Series:
    return pd.Series([pd.NaT if text is None else pd.Timestamp(text) for text in texts], dtype="datetime64[us]")


def due(start: str, within: int, unit: str, **more) -> str:
    limit = Limit(within=within, unit=unit, **more)
    return due_at(moments(start), limit, CALENDAR, WINDOWS)[0].isoformat()


def state(due: str | None, done: str | None, as_of: str) -> str:
    return state_of(moments(due), moments(done), as_of)[0]


def test_a_day_means_its_end_and_a_minute_itself():
    assert moment_of("2026-01-31") == pd.Timestamp("2026-01-31T23:59:59")
    assert moment_of("2026-01-31T15:00") == pd.Timestamp("2026-01-31T15:00")
    assert moment_of("2026-01-31T00:00") == pd.Timestamp("2026-01-31T00:00")


@pytest.mark.parametrize(
    "text", ["today", "now", "2026-02-30", "31.01.2026", "2026-01-31T25:00", "2026-01-31T15:00+08:00", ""]
)
def test_anything_else_is_refused_so_that_nothing_depends_on_the_clock_of_a_machine(text):
    with pytest.raises(ParameterError):
        moment_of(text)


def test_a_red_clock_runs_through_the_weekend():
    assert due("2025-11-07T23:00", 2, "hours") == "2025-11-08T01:00:00"


def test_two_hours_end_to_the_second():
    assert due("2025-11-07T09:20:31", 2, "hours") == "2025-11-07T11:20:31"


@pytest.mark.parametrize(("n", "end"), [(0, "2025-10-04"), (1, "2026-03-01"), (2, "2026-09-15"), (3, "2027-03-01")])
def test_waves_end_with_the_day_on_which_a_census_opens(n, end):
    assert due("2025-10-04T12:00", n, "waves") == end + "T23:59:59"


def test_a_census_that_opens_on_29_february_opens_on_1_march_in_a_common_year():
    windows = {"spring": Window(opens="02-29", closes="05-15")}
    found = due_at(moments("2026-01-10", "2028-01-10"), Limit(within=1, unit="waves"), CALENDAR, windows)
    assert found.dt.date.astype("str").tolist() == ["2026-03-01", "2028-02-29"]


def test_a_span_counts_on_from_a_due_moment():
    """Told one school day after Friday's limit: on Monday night."""
    found = due_at(moments("2025-11-07T23:59:59"), Span(within=1, unit="school_days"), CALENDAR, WINDOWS)
    assert found[0] == pd.Timestamp("2025-11-10T23:59:59")


@pytest.mark.parametrize("unit", UNITS)
def test_rows_keep_their_labels_and_a_missing_start_stays_missing(unit):
    starts = moments("2025-11-07T10:00", None).set_axis(["b", "a"])
    found = due_at(starts, Limit(within=1, unit=unit), CALENDAR, WINDOWS)
    assert found.index.tolist() == ["b", "a"]
    assert found.isna().tolist() == [False, True]
    assert found.dtype == "datetime64[us]"


@pytest.mark.parametrize("unit", UNITS)
def test_nobody_gives_nobody(unit):
    assert due_at(moments(), Limit(within=1, unit=unit), CALENDAR, WINDOWS).empty


STATES = [
    # due, done, as_of, state
    ("2025-11-04T11:20", "2025-11-04T11:20", "2025-11-05", "in_time"),  # at the very minute
    ("2025-11-04T11:20", "2025-11-04T11:21", "2025-11-05", "late"),
    ("2025-11-04T11:20", None, "2025-11-04T11:20", "running"),
    ("2025-11-04T11:20", None, "2025-11-04T11:21", "overdue"),
    ("2025-11-04T11:20", None, "2025-11-04", "overdue"),  # a day means its end
    ("2025-11-06T23:59:59", None, "2025-11-06", "running"),  # due by the end of the day of the list
    ("2025-11-06T23:59:59", None, "2025-11-07T00:00", "overdue"),
    ("2025-11-06T23:59:59", "2025-11-06T20:00", "2025-11-07", "in_time"),
    ("2025-11-06T23:59:59", "2025-11-07T07:00", "2025-11-07", "late"),
    ("2025-11-04T11:20", "2025-11-04", "2025-11-05", "in_time"),  # only the day known, the day it was due
    ("2025-11-04T11:20", "2025-11-05", "2025-11-05", "late"),  # only the day known, a day too late
    ("2025-11-04T11:20", "2025-11-05T09:00", "2025-11-04T15:00", "overdue"),  # done later: not known yet
    ("2025-11-06T23:59:59", "2025-11-05T09:00", "2025-11-04", "running"),
    ("2025-11-06T23:59:59", "2025-11-05", "2025-11-05T08:00", "in_time"),  # a day counts from its beginning
]


@pytest.mark.parametrize(("due", "done", "as_of", "expected"), STATES)
def test_states(due, done, as_of, expected):
    assert state(due, done, as_of) == expected


def test_without_a_due_moment_there_is_no_state():
    assert pd.isna(state(None, "2025-11-04", "2025-11-05"))


def test_doing_known_by_day_proves_no_limit_in_hours():
    """Three steps done on the day they were due: by day against an hour, by day against a day, to the minute."""
    due = moments("2025-11-04T11:20", "2025-11-04T23:59:59", "2025-11-04T11:20")
    done = moments("2025-11-04", "2025-11-04", "2025-11-04T10:00")
    assert judged_by_day(due, done).tolist() == [True, False, False]


def test_a_day_too_late_is_proven_also_without_an_hour():
    assert not judged_by_day(moments("2025-11-04T11:20"), moments("2025-11-05")).any()


# --- What holds for every clock: moments within terms and vacations from which 20 school days can be counted ----------

START = st.datetimes(pd.Timestamp("2024-09-02").to_pydatetime(), pd.Timestamp("2026-11-01").to_pydatetime())
LIMITS = [Limit(within=0, unit=unit) for unit in UNITS]
CLOCK = st.sampled_from([*LIMITS, Limit(within=0, unit="school_days", not_in_exams=True)])
WITHIN = st.integers(0, 20)


def ends(starts: list, limit: Limit, within: int) -> pd.Series:
    series = pd.Series(starts, dtype="datetime64[us]")
    return due_at(series, limit.model_copy(update={"within": within}), CALENDAR, WINDOWS)


@given(START, CLOCK, WITHIN)
def test_nothing_is_due_before_it_began(start, clock, within):
    assert ends([start], clock, within)[0] >= pd.Timestamp(start).floor("s")


@given(START, CLOCK, WITHIN, WITHIN)
def test_a_longer_limit_never_ends_earlier(start, clock, one, other):
    shorter, longer = sorted([one, other])
    assert ends([start], clock, shorter)[0] <= ends([start], clock, longer)[0]


@given(START, START, CLOCK, WITHIN)
def test_a_later_start_never_ends_earlier(one, other, clock, within):
    assert ends(sorted([one, other]), clock, within).is_monotonic_increasing


@given(st.lists(START, min_size=1, max_size=8), CLOCK, WITHIN, st.randoms())
def test_the_order_of_rows_does_not_matter(starts, clock, within, shuffler):
    order = list(range(len(starts)))
    shuffler.shuffle(order)
    mixed = ends([starts[n] for n in order], clock, within)
    assert mixed.tolist() == ends(starts, clock, within).iloc[order].tolist()


@given(START, st.integers(1, 20))
def test_school_days_between_start_and_limit_are_those_of_the_limit(start, within):
    assert CALENDAR.between([start], CALENDAR.after([start], within)).tolist() == [within]


@given(START, st.integers(1, 20))
def test_the_limit_is_what_counting_day_by_day_gives(start, within):
    day, left = np.datetime64(start, "D"), within
    while left:
        day += 1
        left -= int(CALENDAR.is_school_day([day])[0])
    assert CALENDAR.after([start], within)[0] == np.datetime64(f"{day}T23:59:59")
