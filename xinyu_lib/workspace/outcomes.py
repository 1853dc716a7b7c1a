"""Outcome of every pupil of a wave: the waterfall with the verdict on the sheets."""

import pandas as pd

from xinyu_lib import census, columns
from xinyu_lib.policy import Policy


def outcomes_of(ws, wave: str, policy: Policy) -> pd.Series:
    """Waterfall outcome by pupil_key for everybody on the roster of a wave; see `census.waterfall`."""
    roster = ws.read("pupil", wave=wave)
    consent, administration = ws.read("consent", wave=wave), ws.read("administration", wave=wave)
    verdicts, grade = verdicts_of(ws, wave, policy), policy.census.census_min_grade
    return census.waterfall(roster, consent, administration, verdicts, min_grade=grade)["outcome"]


def verdicts_of(ws, wave: str, policy: Policy) -> pd.Series:
    """`valid` or `invalid` by pupil_key: valid when no scale of the sheet is void.

    A gap does not void a sheet: the tier rules read what it leaves possible.
    """
    frames = [ws.read(f"score/{scale_id}", wave=wave) for scale_id in ws.scales("score")]
    void = [frame.set_index("pupil_key").pipe(void_sheets, policy) for frame in frames if len(frame)]
    if not void:
        return pd.Series(dtype="str")
    return pd.concat(void).groupby(level=0).any().map({True: "invalid", False: "valid"})


def void_sheets(scored: pd.DataFrame, policy: Policy) -> pd.Series:
    """Rows of stored scores that are unusable by the policy's rule, gaps apart; checks that only tell void nothing."""
    return policy.validity.void(quality_flags(scored))


def quality_flags(scored: pd.DataFrame) -> pd.DataFrame:
    """The quality checks of stored scores, named as `check_quality` named them."""
    start = columns.check(_prefix(scored), "")
    names = {name: name.removeprefix(start) for name in scored if name.startswith(start)}
    flags = scored[list(names)].rename(columns=names)
    return flags.assign(usable=scored[columns.usable(_prefix(scored))])


def _prefix(scored: pd.DataFrame) -> str:
    return next(name for name in scored if name.endswith("_usable")).removesuffix("_usable")
