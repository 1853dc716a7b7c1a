"""School days: terms of the policy, without holidays by the State Council's notice, with made-up weekend days."""

from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from xinyu_lib.errors import DataError
from xinyu_lib.policy.terms import Calendar, Period, Term

Days = NDArray[np.datetime64]


def whole_days(moments: ArrayLike) -> Days:
    """The day (datetime64[D]) of each moment or ISO text; missing stays NaT."""
    return pd.DatetimeIndex(moments).to_numpy().astype("datetime64[D]")


def end_of_day(days: Days) -> NDArray[np.datetime64]:
    """23:59:59 of each day, as datetime64[s]; missing stays NaT."""
    return (days + 1).astype("datetime64[s]") - 1


@dataclass(frozen=True)
class SchoolCalendar:
    """School days of one district.

    A school day lies in a declared term, is none of its closed days, and is a working day: by the State Council's
    yearly notice, or as the policy declares it, which goes first. Nothing is guessed: where an answer depends on a day
    before the first or after the last declared term, or on a year whose holidays nobody knows, every method raises
    DataError.
    """

    declared: Calendar

    def is_school_day(self, days: ArrayLike) -> NDArray[np.bool_]:
        """Whether each day (or moment) is a school day; False for a missing one."""
        days = whole_days(days)
        asked = days[~np.isnat(days)]
        self._refuse_outside(asked)
        school, unknown = self._counted(not_in_exams=False)
        self._refuse_unknown(asked[np.isin(asked, unknown)])
        return np.isin(days, school)

    def after(self, moments: ArrayLike, n: int, *, not_in_exams: bool = False) -> NDArray[np.datetime64]:
        """End (23:59:59) of the n-th school day after the day of each moment, as datetime64[s]; missing stays NaT.

        The first school day after the day of the moment is day 1, whether that day was a school day or not. n = 0 is
        the day itself or, where it is no school day, the next one. not_in_exams: school days of exam weeks do not
        count.
        """
        days = whole_days(moments)
        there = ~np.isnat(days)
        days[there] = self._nth(days[there], n, not_in_exams)
        return end_of_day(days)

    def between(self, moments: ArrayLike, until: ArrayLike) -> NDArray[np.float64]:
        """School days after the day of each moment up to and including the day of `until`; missing gives NaN.

        An answer on Friday and a talk on Monday are 1 school day apart: `after(moment, 1)` ends on that Monday.
        """
        first, last = whole_days(moments), whole_days(until)
        there = ~(np.isnat(first) | np.isnat(last))
        counted = np.full(first.shape, np.nan)
        counted[there] = self._number(first[there], last[there])
        return counted

    def term_of(self, day: str | date) -> Term | None:
        """The term in which a day lies; None in the vacations between terms."""
        day = pd.Timestamp(day).date()
        self._refuse_outside(whole_days([day]))
        return next((term for term in self.declared.terms if term.first <= day <= term.last), None)

    def _nth(self, starts: Days, n: int, not_in_exams: bool) -> Days:
        school, unknown = self._counted(not_in_exams)
        self._refuse_outside(starts)
        side = "right" if n else "left"  # only n = 0 may end on the day itself
        place = np.searchsorted(school, starts, side=side) + max(n - 1, 0)
        end_of_terms = np.datetime64(self.declared.terms[-1].last)
        reached = np.append(school, end_of_terms)[np.minimum(place, school.size)]
        self._refuse_unknown_between(starts, reached, unknown, side)
        if (place >= school.size).any():
            raise DataError("care.calendar.no_term_after", last=end_of_terms)
        return reached

    def _number(self, first: Days, last: Days) -> NDArray[np.int64]:
        school, unknown = self._counted(not_in_exams=False)
        self._refuse_outside(np.concatenate([first, last]))
        self._refuse_unknown_between(first, last, unknown, "right")
        return np.searchsorted(school, last, side="right") - np.searchsorted(school, first, side="right")

    def _counted(self, not_in_exams: bool) -> tuple[Days, Days]:
        """School days in order of time, and days of which nobody knows whether they are any."""
        days, works = self._open_days
        kept = ~np.isin(days, self._exam_days) if not_in_exams else np.ones(days.shape, dtype=bool)
        return days[kept & (works == 1)], days[kept & np.isnan(works)]

    @cached_property
    def _open_days(self) -> tuple[Days, NDArray[np.float64]]:
        """Days of all terms that are not closed, and whether people work then: 1, 0, or NaN where nobody knows."""
        closed = _days_of(period for term in self.declared.terms for period in term.closed)
        days = np.setdiff1d(_days_of(self.declared.terms), closed)
        return days, np.array([self._works(day) for day in days.tolist()], dtype=float)

    @cached_property
    def _exam_days(self) -> Days:
        return _days_of(period for term in self.declared.terms for period in term.exams)

    def _works(self, day: date) -> bool | None:
        # a notice for one year may name days of the year before, so each declared day counts wherever it stands
        declared = self.declared.years
        if any(day in year.workdays for year in declared.values()):
            return True
        if any(day in year.holidays for year in declared.values()):
            return False
        if str(day.year) in declared:
            return day.weekday() < 5
        known = _working_days(day.year)
        return None if known is None else day in known

    def _refuse_outside(self, days: Days) -> None:
        first, last = self.declared.terms[0].first, self.declared.terms[-1].last
        if (days < np.datetime64(first)).any():
            raise DataError("care.calendar.no_term_before", first=first)
        if (days > np.datetime64(last)).any():
            raise DataError("care.calendar.no_term_after", last=last)

    def _refuse_unknown_between(self, starts: Days, ends: Days, unknown: Days, side: str) -> None:
        """Days that nobody knows between two days, the first included or not as `side` says, the second included."""
        passed = np.searchsorted(unknown, starts, side=side)
        met = passed < np.searchsorted(unknown, ends, side="right")
        self._refuse_unknown(unknown[passed[met]])

    def _refuse_unknown(self, days: Days) -> None:
        if days.size:
            raise DataError("care.calendar.year_unknown", year=str(days.min())[:4])


def _days_of(periods) -> Days:
    return np.concatenate([np.array([], "datetime64[D]"), *(_days(period) for period in periods)])


def _days(period: Period) -> Days:
    return np.arange(period.first, np.datetime64(period.last) + 1, dtype="datetime64[D]")


@cache
def _working_days(year: int) -> frozenset[date] | None:
    """Working days of a year by the State Council's notice; None for a year that the package does not know."""
    import chinese_calendar  # here alone, so that processes which count no school days do without it

    try:
        return frozenset(chinese_calendar.get_workdays(date(year, 1, 1), date(year, 12, 31)))
    except NotImplementedError:
        return None
