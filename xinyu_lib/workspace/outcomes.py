"""How far every pupil of a wave came: the waterfall with the verdict on the sheets."""

import pandas as pd

from xinyu_lib import census, columns
from xinyu_lib.policy import Policy
from xinyu_lib.scales import load_form
from xinyu_lib.workspace.streams import has_score, with_form


def waterfall_of(ws, wave: str, policy: Policy) -> pd.DataFrame:
    """Step, reason and outcome by pupil_key for everybody on the roster of a wave; see `census.waterfall`."""
    roster, aside = ws.read("pupil", wave=wave), ws.read("sheet_set_aside", wave=wave)
    consent, administration = ws.read("consent", wave=wave), ws.read("administration", wave=wave)
    verdicts, grade = verdicts_of(ws, wave, policy), policy.census.census_min_grade
    return census.waterfall(roster, consent, administration, verdicts, min_grade=grade, set_aside=aside)


def outcomes_of(ws, wave: str, policy: Policy) -> pd.Series:
    """The coarse outcome alone, by pupil_key."""
    return waterfall_of(ws, wave, policy)["outcome"]


def verdicts_of(ws, wave: str, policy: Policy) -> pd.Series:
    """`valid`, `missing` or `invalid` by pupil_key, over all scales that the pupil was given.

    `invalid` when one of them is void. A gap does not void a sheet: the tier rules read what it leaves possible. But a
    pupil counts as `valid` only when every scale has its score, and as `missing` when one lacks it: what that scale was
    given for is not known of him, whatever the others say.
    """
    frames = {scale_id: ws.read(f"score/{scale_id}", wave=wave) for scale_id in ws.scales("score")}
    found = [_judged(scale_id, frame, policy) for scale_id, frame in frames.items() if len(frame)]
    if not found:
        return pd.Series(dtype="str")
    worst = pd.concat(found).groupby(level=0).any()
    verdict = worst["void"].map({True: "invalid", False: "valid"})
    return verdict.mask(worst["gap"] & ~worst["void"], "missing").astype("str")


def _judged(scale_id: str, scored: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Stored scores of one scale as `void` and `gap` (no score came of them), on pupil_key."""
    forms = [
        ~has_score(load_form(scale_id, form), sheets) for form, sheets in with_form(scored).groupby("form", sort=False)
    ]
    found = pd.DataFrame({"void": void_sheets(scored, policy), "gap": pd.concat(forms)})
    return found.set_index(pd.Index(scored["pupil_key"]))


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
