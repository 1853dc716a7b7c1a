"""Ages of pupils on a day, from the month of birth on the roster; the day of birth is never asked for."""

import pandas as pd


def ages_on(roster: pd.DataFrame, day: str | pd.Series) -> pd.Series:
    """Age in whole years by pupil_key; NA where the month of birth is not known.

    day: an ISO day, or one for each row of the roster.
    """
    born = pd.to_datetime(roster["birth_month"], format="%Y-%m")
    when = pd.to_datetime(pd.Series(day, index=roster.index))
    months = (when.dt.year - born.dt.year) * 12 + when.dt.month - born.dt.month
    return (months // 12).astype("Float64").set_axis(roster["pupil_key"])
