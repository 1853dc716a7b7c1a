"""Ages of pupils on a day, from the month of birth on the roster; the day of birth is never asked for."""

import pandas as pd


def ages_on(roster: pd.DataFrame, day: str) -> pd.Series:
    """Age in whole years on an ISO day, by pupil_key; NA where the month of birth is not known."""
    born = pd.to_datetime(roster["birth_month"], format="%Y-%m")
    when = pd.Timestamp(day)
    months = (when.year - born.dt.year) * 12 + when.month - born.dt.month
    return (months // 12).astype("Float64").set_axis(roster["pupil_key"])
