"""From roster to scored sheet: where each enrolled pupil of a wave was lost, if lost."""

import numpy as np
import pandas as pd


def waterfall(
    roster: pd.DataFrame,
    consent: pd.DataFrame,
    administration: pd.DataFrame,
    scored: pd.Series,
    *,
    min_grade: int,
) -> pd.DataFrame:
    """One outcome per enrolled pupil: a frame on index `pupil_key` with the column `outcome`.

    roster: pupil_key, grade. consent, administration: pupil_key, state, at most one row per pupil; an empty
    consent frame means that consent was not reported and is left out of account. scored: pupil_key -> `valid`
    or `invalid` for sheets that were scored. min_grade: lowest grade that answers questionnaires.

    The first that holds counts:
    1. `not_eligible`: grade below min_grade.
    2. `refused`: consent refused or withdrawn, or the pupil refused; use of a finished sheet stops.
    3. `not_asked`: consent is reported, but not for this pupil: guardian not asked, without an answer, or
       no record; a finished sheet is not used either.
    4. `scored` or `invalid`: a sheet with a verdict, whatever an absence list says (a make-up session).
    5. `absent` (or on leave), `other_loss` (language, technical, or a finished sheet that never reached
       scoring), `unfinished`, and without any record `not_started`.
    """
    pupils = pd.Index(roster["pupil_key"], name="pupil_key")
    agreed = _state(consent, pupils)
    state = _state(administration, pupils)
    verdict = scored.reindex(pupils).to_numpy()
    steps = {
        "not_eligible": roster["grade"].to_numpy() < min_grade,
        "refused": agreed.isin(["refused", "withdrawn"]) | state.isin(["refused"]),
        "not_asked": ~agreed.isin(["consented"]) if len(consent) else np.zeros(len(pupils), bool),
        "scored": verdict == "valid",
        "invalid": verdict == "invalid",
        "absent": state.isin(["absent", "leave"]),
        "other_loss": state.isin(["language", "technical", "finished"]),
        "unfinished": state.isin(["started"]),
    }
    conditions = [np.asarray(step, dtype=bool) for step in steps.values()]
    outcome = np.select(conditions, list(steps), default="not_started")
    return pd.DataFrame({"outcome": pd.Series(outcome, index=pupils, dtype="str")})


def _state(records: pd.DataFrame, pupils: pd.Index) -> pd.Series:
    return records.set_index("pupil_key")["state"].reindex(pupils)
