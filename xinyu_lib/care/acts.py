"""What was done for pupils, and when: rows of the ledgers as steps of the policy's clocks."""

from collections.abc import Mapping

import pandas as pd

from xinyu_lib.care.clocks import moment_of
from xinyu_lib.care.facts import told_by
from xinyu_lib.care.moments import last_of_day
from xinyu_lib.care.steps import Act, steps


def acts(tables: Mapping[str, pd.DataFrame], as_of: str) -> pd.DataFrame:
    """Every act known by `as_of`, in order of time: pupil_key, step, done, replaced.

    done: the moment; 00:00 where only the day is known and no other row tells the hour. replaced: the step is not to be
    done, other help took its place.
    """
    done = pd.concat([_told(tables[act.table], act) for act in steps().acts], ignore_index=True)
    done = done[done["done"] <= moment_of(as_of)].sort_values(["done", "replaced"], ignore_index=True)
    day = done["done"].dt.normalize()
    told_better = (done["done"] > day).groupby([done["pupil_key"], done["step"], day]).transform("any")
    return done[(done["done"] > day) | ~told_better].reset_index(drop=True)


def _told(rows: pd.DataFrame, act: Act) -> pd.DataFrame:
    done = told_by(rows, act).rename(columns={"moment": "done"})
    return done.assign(step=act.step, replaced=act.replaces).astype({"step": "str", "done": "datetime64[us]"})


def first_since(owed: pd.DataFrame, done: pd.DataFrame) -> pd.DataFrame:
    """For each step that is owed the first act at or after the moment from which acts count: done, replaced.

    owed: pupil_key, step, since (datetime64). A step in `after_start` needs an act after that moment. An act of which
    only the day is known is given the benefit of that day. Same index.
    """
    strict = owed["step"].isin(steps().after_start)
    since = (owed["since"] + pd.Timedelta(seconds=1)).where(strict, owed["since"])
    only_day = done["done"] == done["done"].dt.normalize()
    last = last_of_day(done["done"]).where(only_day, done["done"])
    left = owed[["pupil_key", "step"]].assign(moment=since.astype("datetime64[us]"), place=range(len(owed)))
    found = pd.merge_asof(
        left.sort_values("moment", kind="stable"),
        done.assign(moment=last.astype("datetime64[us]")).sort_values("moment", kind="stable"),
        on="moment", by=["pupil_key", "step"], direction="forward",
    ).sort_values("place")  # fmt: skip
    replaced = found["replaced"].astype("boolean").fillna(False).astype(bool)
    return found[["done"]].assign(replaced=replaced).set_axis(owed.index)


def last_since(owed: pd.DataFrame, done: pd.DataFrame) -> pd.Series:
    """For each step that is owed again and again the last act on or after the day of `since`; NaT without one."""
    newest = done.groupby(["pupil_key", "step"])["done"].max()
    last = newest.reindex(pd.MultiIndex.from_frame(owed[["pupil_key", "step"]])).set_axis(owed.index)
    return last.where(last >= owed["since"].dt.normalize())
