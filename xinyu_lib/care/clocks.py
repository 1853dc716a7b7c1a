"""Clocks: until when a step is in time, and how it stands on a day or at a minute."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from xinyu_lib.care.calendar import Days, SchoolCalendar, end_of_day, whole_days
from xinyu_lib.errors import ParameterError
from xinyu_lib.policy.settings import Window
from xinyu_lib.policy.stages import Limit, Span

STATES = ("in_time", "late", "overdue", "running")


def moment_of(as_of: str) -> pd.Timestamp:
    """The moment that `as_of` means: a day is its END (23:59:59), for a list of a day tells how that day ended.

    as_of: local time, as 2026-01-31 or 2026-01-31T15:00. Raises ParameterError for anything else.
    """
    try:
        if len(as_of) <= len("2026-01-31"):
            return pd.Timestamp(date.fromisoformat(as_of)) + timedelta(hours=24, seconds=-1)
        moment = datetime.fromisoformat(as_of)
    except ValueError as error:
        raise ParameterError("care.clocks.moment_malformed", value=as_of) from error
    if moment.tzinfo:
        raise ParameterError("care.clocks.moment_malformed", value=as_of)
    return pd.Timestamp(moment)


def due_at(starts: pd.Series, limit: Span, calendar: SchoolCalendar, windows: Mapping[str, Window]) -> pd.Series:
    """The last moment at which a step is in time, for each start (datetime64); missing stays NaT.

    Hours run on from the moment itself, through nights, weekends and holidays; a start of which only the day is known
    (00:00) counts from the beginning of that day, the strictest reading. All other limits end with a day, at 23:59:59:
    days and weeks run through weekends and holidays, 0 days is the day of the start; school days are counted by
    `SchoolCalendar.after`; waves by the days after the day of the start on which census windows open.
    Raises DataError where the calendar does not reach so far.
    """
    days, n = whole_days(starts), limit.within
    match limit.unit:
        case "hours":
            due = starts.to_numpy() + np.timedelta64(n, "h")
        case "days":
            due = end_of_day(days + n)
        case "weeks":
            due = end_of_day(days + 7 * n)
        case "school_days":
            due = calendar.after(days, n, not_in_exams=isinstance(limit, Limit) and limit.not_in_exams)
        case "waves":
            due = end_of_day(_openings_after(days, n, windows))
    return pd.Series(due, index=starts.index, name="due").astype("datetime64[us]")


def _openings_after(days: Days, n: int, windows: Mapping[str, Window]) -> Days:
    """The n-th day after each day on which a census window opens; the day itself for n = 0."""
    there = ~np.isnat(days)
    if n == 0 or not there.any():
        return days
    years = np.arange(days[there].min(), days[there].max() + 366 * (n + 1), dtype="datetime64[Y]")
    opens = [window.opens.split("-") for window in windows.values()]
    openings = np.sort(np.concatenate([_in_each(years, int(month), int(day)) for month, day in opens]))
    place = np.searchsorted(openings, days[there], side="right") + n - 1
    reached = days.copy()
    reached[there] = openings[place]
    return reached


def _in_each(years: np.ndarray, month: int, day: int) -> Days:
    # 29 February is 1 March in a common year
    return (years.astype("datetime64[M]") + (month - 1)).astype("datetime64[D]") + (day - 1)


def state_of(due: pd.Series, done: pd.Series, as_of: str) -> pd.Series:
    """How each step stands at `as_of`: in_time or late when done, else overdue or running; NA where nothing is due.

    What was done after `as_of` counts as not done. Where only the day of doing is known (00:00) it counts as in time on
    the day on which the step was due, also where that was at an hour: `judged_by_day` tells which.
    """
    now = moment_of(as_of)
    known = done <= now
    states = np.select([known & (done <= due), known, due < now], STATES[:3], STATES[3])
    return pd.Series(states, index=due.index, name="state", dtype="str").mask(due.isna())


def judged_by_day(due: pd.Series, done: pd.Series) -> pd.Series:
    """Steps due at an hour of which only the day of doing is known, the day they were due: in time, but not proven."""
    before_night = due < due.dt.normalize() + timedelta(hours=24, seconds=-1)
    return before_night & (done == due.dt.normalize())
