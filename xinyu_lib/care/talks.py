"""Talks that were entered among the interviews, and what on the check list they have answered."""

import pandas as pd

from xinyu_lib.care.facts import told_by
from xinyu_lib.care.moments import DAY
from xinyu_lib.care.steps import steps

TALKED = "interviewed"  # the outcome of a row of the check list


def talked(interviews: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Interviews in which the pupil was seen by `as_of`: pupil_key, wave, on (ISO day), in order of time."""
    seen = next(act for act in steps().acts if act.table == "interview" and act.step in steps().reaching)
    rows = interviews.loc[told_by(interviews, seen).index, ["pupil_key", "wave", "on"]]
    return rows[rows["on"] <= as_of[:DAY]].sort_values("on", kind="stable", ignore_index=True)


def closed_by_talk(known: pd.DataFrame, talks: pd.DataFrame) -> pd.DataFrame:
    """Rows of the check list, those that are open done by the first talk since they were listed."""
    open_ = known[known["done_on"].isna()].reset_index(names="row")
    pairs = open_[["row", "pupil_key", "on"]].merge(talks[["pupil_key", "on"]], on="pupil_key", suffixes=("", "_talk"))
    first = pairs[pairs["on_talk"] >= pairs["on"]].groupby("row")["on_talk"].min()
    closed = known.index.isin(first.index)
    days = first.reindex(known.index).astype("str")
    return known.assign(done_on=known["done_on"].mask(closed, days), outcome=known["outcome"].mask(closed, TALKED))


def answered_by_talk(called: pd.DataFrame, talks: pd.DataFrame, wave: str) -> pd.Series:
    """Calls that a talk has answered: one on the day on which they came or later, or of the wave where no day is known.

    On the very day a danger of which nobody has said what became of it is not answered: the hours are not known.
    """
    last, of_wave = talks.groupby("pupil_key")["on"].max(), talks.loc[talks["wave"] == wave, "pupil_key"]
    came = called["at"].fillna(called["starts"]).dt.strftime("%Y-%m-%d").astype("str")
    talk = called["pupil_key"].map(last).astype("str")
    since = (talk > came) | ((talk == came) & ~called["loud"])
    unknown = came.isna() & called["pupil_key"].isin(of_wave) & (called["reason"] != "open_case")
    return since.fillna(False).astype(bool) | unknown
