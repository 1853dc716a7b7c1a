"""Referrals: how far each one came by its dates, what is expected next, and whether it arrived in time."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import Field

from xinyu_lib.care.calendar import SchoolCalendar
from xinyu_lib.care.clocks import due_at, moment_of
from xinyu_lib.policy import Policy
from xinyu_lib.policy.stages import Span
from xinyu_lib.registry import Definition, Text, read

AHEAD, BEHIND = "ahead_of_dates", "behind_dates"
COLUMNS = ["pupil_key", "school", "place", "proposed_on", "state", "next", "days", "arrived", "fault"]


class Station(Definition):
    """A step of a referral: its state, the column with its day, and what is expected after it."""

    state: Text
    on: Text
    next: Text | None = None


class Way(Definition):
    """The steps in order; `no`: the answer that ends it; arrived: the step that counts, and within which time."""

    no: Text
    arrived: Text
    within: Span
    steps: tuple[Station, ...] = Field(min_length=2)

    @property
    def place(self) -> dict[str, int]:
        """Place of each state; a refusal stands where an agreement would."""
        found = {step.state: place for place, step in enumerate(self.steps)}
        return found | {self.no: 1}


@cache
def way() -> Way:
    """The steps as declared in `referrals.toml`."""
    return read(Path(__file__).with_suffix(".toml"), Way)


def referrals(rows: pd.DataFrame, policy: Policy, as_of: str) -> pd.DataFrame:
    """One row per referral proposed by `as_of`, from rows of the table `referral`; same index.

    pupil_key, school, place, proposed_on; state: the last step with a day by `as_of`. next: what is expected then; NA
    when nothing is. days since it was proposed. arrived: `yes`, `no` or `running`, whether the pupil was seen within
    the time of `referrals.toml`; NA where the guardian declined. fault: the state that was entered is not the one that
    all its dates tell: ahead_of_dates or behind_dates.
    """
    now = moment_of(as_of)
    days = rows[[step.on for step in way().steps]].apply(pd.to_datetime).astype("datetime64[us]")
    known = days.iloc[:, 0] <= now
    rows, days = rows[known], days[known]
    reached = _reached(days.where(days <= now))
    state = _states(rows, reached)
    found = rows[["pupil_key", "school", "place", "proposed_on"]].assign(
        state=state,
        next=state.map({step.state: step.next for step in way().steps}),
        days=(now.normalize() - days.iloc[:, 0]).dt.days,
        arrived=_arrived(days, policy, now).mask(state == way().no),
        fault=_fault(rows["state"], _reached(days)),
    )
    return found[COLUMNS]


def _reached(days: pd.DataFrame) -> pd.Series:
    """Place of the last step that has a day."""
    there = days.notna().to_numpy()
    last = there.shape[1] - 1 - there[:, ::-1].argmax(axis=1)
    return pd.Series(last, index=days.index)


def _states(rows: pd.DataFrame, reached: pd.Series) -> pd.Series:
    """The state of the last step; that the guardian declined is told by the state alone."""
    by_dates = reached.map({place: step.state for place, step in enumerate(way().steps)}).astype("str")
    declined = (rows["state"] == way().no) & (reached == way().place[way().no])
    return by_dates.mask(declined, way().no)


def _arrived(days: pd.DataFrame, policy: Policy, now: pd.Timestamp) -> pd.Series:
    calendar = SchoolCalendar(policy.calendar)
    due = due_at(days.iloc[:, 0], way().within, calendar, policy.census.windows)
    seen = days.iloc[:, way().place[way().arrived]]
    told = np.select([seen <= due.where(due < now, now), due < now], ["yes", "no"], "running")
    return pd.Series(told, index=days.index, dtype="str")


def _fault(entered: pd.Series, reached: pd.Series) -> pd.Series:
    place = entered.map(way().place).astype("int64")
    told = np.select([place > reached, place < reached], [AHEAD, BEHIND], "")
    return pd.Series(told, index=entered.index, dtype="str").mask(lambda fault: fault == "")
