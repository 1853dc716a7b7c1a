"""The newest plan of each pupil, and whether it was closed because the pupil is in other hands."""

import pandas as pd

from xinyu_lib.care.moments import day_of
from xinyu_lib.care.steps import steps


def newest(rows: pd.DataFrame, on: str, now: pd.Timestamp) -> pd.DataFrame:
    """The row of each pupil with the newest day or moment that is not after `now`, on pupil_key."""
    known = rows[rows["pupil_key"].notna() & (day_of(rows[on]) <= now)]
    return known.sort_values(on, kind="stable").drop_duplicates("pupil_key", keep="last").set_index("pupil_key")


def plans(rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """The newest plan of each pupil, closing left out where it lies after `now`; `ended`: care ended with it.

    rows: of the table `care_plan`.
    """
    plan = newest(rows, "on", now)
    closed = day_of(plan["closed_on"]) <= now
    plan = plan.assign(closed_on=plan["closed_on"].where(closed), closing=plan["closing"].where(closed))
    return plan.assign(ended=plan["closing"].isin(steps().ended_by))
