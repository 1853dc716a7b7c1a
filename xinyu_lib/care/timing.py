"""How fast steps were done: time from their start, and the share that was in time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape

import numpy as np
import pandas as pd

from xinyu_lib.care.calendar import SchoolCalendar
from xinyu_lib.care.clocks import STATES, judged_by_day, moment_of
from xinyu_lib.numerics.intervals import wilson
from xinyu_lib.numerics.survival import kaplan_meier, median_time
from xinyu_lib.psychometrics.results import Note
from xinyu_lib.words import say


@dataclass(frozen=True, eq=False)
class TimeTo:
    """How long a step took.

    table: a row per time (index) at which it was done: at_risk (pupils still waiting just before), events (pupils for
    whom it was done then), survival (share 0..1 still waiting just after), low, high (its 95 % interval). n_used:
    pupils counted, those still waiting included. median: time by which it was done for half of them, NaN where that has
    not come yet; median_interval: its 95 % interval. Times in settings["unit"].
    """

    table: pd.DataFrame
    n_used: int
    median: float
    median_interval: tuple[float, float]
    notes: tuple[Note, ...]
    settings: dict[str, object]

    def on_grid(self, width: float) -> pd.DataFrame:
        """The table with a row per `width` of time in which anything happened, as it stands at the end of that stretch.

        For `disclosure.protect_curve`: an exact time would tell of one pupil.
        """
        ends = np.ceil(self.table.index / width) * width
        rows = self.table.set_axis(pd.Index(ends, name="time"))
        cells = rows.groupby(level="time")
        last = rows[~rows.index.duplicated(keep="last")]
        return last.assign(at_risk=cells["at_risk"].first(), events=cells["events"].sum())

    def _repr_html_(self) -> str:
        told = self.settings | {"n": self.n_used, "median": _one_place(self.median)}
        low, high = map(_one_place, self.median_interval)
        heading = say(f"care.timing.heading_{self.settings['unit']}", low=low, high=high, **told)
        notes = "".join(f"<p>{escape(note.text())}</p>" for note in self.notes)
        # a view for the notebook; the numbers in .table keep full precision
        return f"<h4>{escape(heading)}</h4>{self.table.to_html(float_format='{:.3f}'.format, max_rows=20)}{notes}"


def time_to(duties: pd.DataFrame, step: str, as_of: str, calendar: SchoolCalendar | None = None) -> TimeTo:
    """Kaplan-Meier curve of the time from `starts` to `done` of one step; who still waits at `as_of` counts until then.

    duties: a row per pupil and step, with step, starts and done (datetime64, NaT = not done). In hours, or with a
    calendar in school days (0 = the day of the start). Where only the day of doing is known (00:00), the end of that
    day is taken: the longest that it can have been. What was done before the start took no time. Pupils whose step
    starts after `as_of`, or who have no start, are told in a note and not counted.
    """
    now = moment_of(as_of)
    asked = duties[duties["step"] == step]
    counted = asked[asked["starts"] <= now]
    done = counted["done"].where(counted["done"] <= now)
    only_day = done == done.dt.normalize()
    ended = done.mask(only_day, done + timedelta(hours=24, seconds=-1)).fillna(now).clip(upper=now)
    curve = kaplan_meier(_lasted(counted["starts"], ended, calendar), done.notna())
    median, *interval = median_time(curve)
    columns = curve._asdict()
    return TimeTo(
        pd.DataFrame(columns, index=pd.Index(columns.pop("time"), name="time")),
        len(counted),
        median,
        tuple(interval),
        tuple(_notes(len(asked) - len(counted), int(done.isna().sum()), int(only_day.sum()))),
        {"step": step, "as_of": as_of, "unit": "hours" if calendar is None else "school_days", "level": 0.95},
    )


def _lasted(starts: pd.Series, ended: pd.Series, calendar: SchoolCalendar | None) -> np.ndarray:
    if calendar is None:
        lasted = (ended - starts).dt.total_seconds().to_numpy() / 3600
    else:
        lasted = calendar.between(starts, ended)
    return np.maximum(lasted, 0)


def _notes(not_started: int, waiting: int, by_day: int) -> Iterator[Note]:
    for message_id, n in (
        ("care.timing.not_started", not_started),
        ("care.timing.waiting", waiting),
        ("care.timing.only_day", by_day),
    ):
        if n:
            yield Note(message_id, (("n", n),))


def _one_place(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.1f}"


def share_in_time(duties: pd.DataFrame, as_of: str, by: Sequence[str] = ("step",)) -> pd.DataFrame:
    """Share of steps done in time among those whose time is up by `as_of`, for each group of `by`.

    Steps whose time is not up are counted beside: of them only the fast ones are known, and a share that took them in
    would be too high. duties: a row per pupil and step, with due, done and state as of the same day (see
    `clocks.state_of`). Columns: in_time, late, overdue (counts); by_day (counts among in_time: due at an hour, only the
    day of doing known, so not proven); early, running (counts of those whose time is not up: done, not done); n =
    in_time + late + overdue; share = in_time / n and its 95 % Wilson interval low, high (0..1), NA where n is 0. Rows
    without a state have no clock and are in no column.
    """
    states = {state: duties["state"].eq(state).fillna(False) for state in STATES}
    up = duties["due"] <= moment_of(as_of)
    counts = pd.DataFrame(states | {"in_time": states["in_time"] & up})
    counts["by_day"] = counts["in_time"] & judged_by_day(duties["due"], duties["done"])
    counts["early"] = states["in_time"] & ~up
    table = counts.astype("Int64").groupby([duties[name] for name in by], dropna=False).sum()
    table["n"] = table[["in_time", "late", "overdue"]].sum(axis=1)
    low, high = wilson(table["in_time"], table["n"])
    shares = {"share": table["in_time"] / table["n"], "low": low, "high": high}
    return table.assign(**{name: pd.Series(value, index=table.index) for name, value in shares.items()}).astype(
        dict.fromkeys(shares, "Float64")
    )
