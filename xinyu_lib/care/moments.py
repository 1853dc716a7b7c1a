"""Days and moments of care: local time, to the second; a day alone stands for all of it."""

import pandas as pd

DAY = len("2026-01-31")
_LAST_SECOND = pd.Timedelta(days=1) - pd.Timedelta(seconds=1)


def known_time(frame: pd.DataFrame, *, on: str = "on", at: str = "at") -> pd.Series:
    """Moment of each row (datetime64[s]): `at` where it lies on the day `on`, else NaT. ISO text in both columns."""
    moment = pd.to_datetime(frame[at]).astype("datetime64[s]")
    return moment.where(frame[at].str[:DAY] == frame[on])


def day_of(text: pd.Series) -> pd.Series:
    """The first moment of the day that ISO text names (datetime64[s])."""
    return pd.to_datetime(text.str[:DAY]).astype("datetime64[s]")


def first_given(tiers: pd.DataFrame) -> pd.Series:
    """The day on which each row of `tier_provisional` first was as it is (datetime64[s]); of old rows, of their run."""
    days = tiers.reindex(columns=["since", "valid_from"]).astype("str")
    return day_of(days["since"].fillna(days["valid_from"]))


def last_of_day(moments: pd.Series) -> pd.Series:
    """The last second of the day of each moment."""
    return moments.dt.normalize() + _LAST_SECOND
