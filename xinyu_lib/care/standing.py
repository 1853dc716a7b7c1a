"""Confirmed tiers: every row is kept, and the newest one counts until the next."""

from typing import get_args

import pandas as pd

from xinyu_lib.care.clocks import moment_of
from xinyu_lib.care.moments import day_of, known_time
from xinyu_lib.policy.stages import Colour
from xinyu_lib.tiers import TIERS

COLOURS = get_args(Colour)
_RANK = {tier: rank for rank, tier in enumerate(reversed(TIERS))}


def standing(confirmed: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """What the confirmations known by `as_of` come to, one row per pupil who has any, on `pupil_key`.

    confirmed: rows of the table `tier_confirmed` that count (see `confirming.valid`). Columns: tier; since (ISO day)
    and at (moment, NaT when only the day is known) when this tier began without a break; review_by and school of the
    newest row; highest tier ever; openings, how often care began; wave, the newest that was named since it last began.
    Care is open while the tier is a colour.
    """
    rows = in_order(confirmed)
    rows = rows[rows["moment"] <= moment_of(as_of)]
    pupil = rows["pupil_key"]
    before = rows.groupby(pupil)["tier"].shift().fillna("none")
    opened = rows["tier"].isin(COLOURS) & ~before.isin(COLOURS)
    present = _last_part(rows, ~pupil.duplicated() | (rows["tier"] != before))
    began, newest = (
        present.drop_duplicates("pupil_key", keep=keep).set_index("pupil_key") for keep in ("first", "last")
    )
    return pd.DataFrame({
        "tier": newest["tier"], "since": began["on"], "at": began["time"], "review_by": newest["review_by"],
        "school": newest["school"], "highest": gravest(rows["tier"], pupil), "openings": opened.groupby(pupil).sum(),
        "wave": _last_part(rows, opened).groupby("pupil_key")["wave"].last(),
    })  # fmt: skip


def in_order(confirmed: pd.DataFrame) -> pd.DataFrame:
    """The rows by pupil and time, with `time` (NaT when only the day is known) and `moment`, by which they are sorted.

    A row without a time counts as of the row before it on that day, by sequence; the first as of the day's beginning.
    """
    rows = confirmed.sort_values(["pupil_key", "on", "sequence"], kind="stable", ignore_index=True)
    time = known_time(rows)
    moment = time.groupby([rows["pupil_key"], rows["on"]]).ffill().fillna(day_of(rows["on"]))
    rows = rows.assign(time=time, moment=moment)
    return rows.sort_values(["pupil_key", "moment"], kind="stable", ignore_index=True)


def ranks(tiers: pd.Series) -> pd.Series:
    """How grave each tier is: from 0 for none up to 4 for red, -1 for no tier."""
    return tiers.map(_RANK).fillna(-1).astype("int64")


def gravest(tiers: pd.Series, by: pd.Series | pd.Index) -> pd.Series:
    """The gravest tier of each group."""
    found = ranks(tiers).groupby(by).max()
    return found.map({rank: tier for tier, rank in _RANK.items()}).astype("str")


def _last_part(rows: pd.DataFrame, starts: pd.Series) -> pd.DataFrame:
    """The rows of each pupil from the last of those on which a part `starts`; all rows where there is none."""
    part = starts.groupby(rows["pupil_key"]).cumsum()
    return rows[part == part.groupby(rows["pupil_key"]).transform("last")]
