"""Days and moments of a school year: which are school days, and how they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from xinyu_lib.synth.ledgerplan import Closed, Term

FRIDAY = 4


def day(moment: pd.Timestamp) -> str:
    """A day as a ledger has it."""
    return f"{moment:%Y-%m-%d}"


def minute(moment: pd.Timestamp) -> str:
    """A moment as a ledger has it."""
    return f"{moment:%Y-%m-%d %H:%M}"


def hours(n: float) -> pd.Timedelta:
    return pd.Timedelta(hours=n)


@dataclass(frozen=True)
class Calendar:
    """Terms of the school year and the last day of which the ledgers know."""

    terms: Sequence[Term]
    closed: Sequence[Closed]
    until: pd.Timestamp

    @cached_property
    def school_days(self) -> pd.DatetimeIndex:
        """Weekdays inside the terms that are not closed; also those after `until`."""
        days = np.concatenate([pd.bdate_range(term.starts, term.ends) for term in self.terms])
        shut = np.concatenate([pd.date_range(each.starts, each.ends) for each in self.closed])
        return pd.DatetimeIndex(days[~np.isin(days, shut)])

    def is_school_day(self, moment: pd.Timestamp) -> bool:
        return moment.normalize() in self.school_days

    def after(self, moment: pd.Timestamp, n: int = 0) -> pd.Timestamp:
        """The n-th school day after a day; n = 0: the day itself or the next school day."""
        return self.school_days[self.school_days.searchsorted(moment.normalize()) + n]

    def before(self, moment: pd.Timestamp) -> pd.Timestamp:
        """The day itself or the last school day before it."""
        return self.school_days[self.school_days.searchsorted(moment.normalize(), side="right") - 1]

    def of(self, term: Term) -> pd.DatetimeIndex:
        """School days of a term that lie in the past."""
        inside = (self.school_days >= term.starts) & (self.school_days <= term.ends)
        return self.school_days[inside & (self.school_days <= self.until)]

    def weeks(self, term: Term) -> list[pd.DatetimeIndex]:
        """School days of a term, week by week; a last week that is not over is left out."""
        days = self.of(term)
        parts = [pd.DatetimeIndex(part) for _, part in pd.Series(days).groupby(days.to_period("W"))]
        return [part for part in parts if part[0] + pd.Timedelta(days=FRIDAY - part[0].weekday()) <= self.until]

    def term_of(self, wave: str) -> Term:
        """The term in which a wave falls."""
        return next(term for term in self.terms if wave.startswith(f"{term.year}-{term.term}"))
