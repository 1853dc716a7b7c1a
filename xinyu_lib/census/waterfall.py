"""From roster to scored sheet: how far each enrolled pupil of a wave came, and why no further."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from xinyu_lib import registry
from xinyu_lib.registry import Definition, Label, Text

FILE = Path(__file__).with_suffix(".toml")
Outcome = Literal[
    "scored", "invalid", "absent", "refused", "not_asked", "other_loss", "unfinished", "not_started", "not_eligible",
]  # fmt: skip


class Named(Definition):
    """Something with an id and a label."""

    id: Text
    label: Label


class Loss(Named):
    """Why a pupil did not reach a step. outcome: the coarse word of tiers and reports; list: where he is put then."""

    outcome: Outcome
    list: Text | None = None


class Step(Named):
    """A step of the way, and the reasons for which pupils are lost before it."""

    losses: tuple[Loss, ...] = ()


class Way(Definition):
    """The steps in their order and the lists of pupils who are still to be measured; everybody reaches the first."""

    steps: tuple[Step, ...] = Field(min_length=2)
    lists: tuple[Named, ...]

    @property
    def losses(self) -> tuple[Loss, ...]:
        """All reasons, in the order of the steps."""
        return tuple(loss for step in self.steps for loss in step.losses)

    @property
    def reached(self) -> dict[str, str]:
        """The last step that a pupil reached, by the reason of the loss before the next one."""
        pairs = zip(self.steps, self.steps[1:], strict=False)
        return {loss.id: step.id for step, following in pairs for loss in following.losses}

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        named = [each.id for each in (*self.steps, *self.losses)]
        if len(named) != len(set(named)) or self.steps[0].losses:
            raise ValueError("steps and reasons need ids of their own, and nobody is lost before the first step")
        if not {loss.list for loss in self.losses if loss.list} <= {each.id for each in self.lists}:
            raise ValueError("a reason puts a pupil on a list that is not declared")
        return self


@cache
def way() -> Way:
    """The way as declared in waterfall.toml."""
    return registry.read(FILE, Way)


def waterfall(
    roster: pd.DataFrame,
    consent: pd.DataFrame,
    administration: pd.DataFrame,
    scored: pd.Series,
    *,
    min_grade: int,
    set_aside: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How far every enrolled pupil came: a frame on index `pupil_key` with `step`, `reason` and `outcome`.

    step: the last one reached. reason: why not the next, NA for who was scored. outcome: the coarse word of the reason.
    roster: pupil_key, grade. consent, administration: pupil_key, state, at most one row per pupil. scored: pupil_key ->
    `valid`, `missing` (valid, but gaps left no main score) or `invalid` for sheets that were scored. min_grade: lowest
    grade that answers questionnaires. set_aside: pupil_key, reason of sheets set aside at import; `duplicate` says that
    another sheet of the pupil was kept and is no reason here.
    An empty consent frame means that consent was not reported: it is left out of account, whoever is eligible counts
    as invited and consented, and `.attrs["consent_reported"]` is False.

    The first that holds counts:
    1. `not_eligible`: grade below min_grade.
    2. Refusals, for use of a finished sheet stops: `withdrawn`, `refused` (by the guardian; or by the pupil where the
       guardian has not consented: somebody was asked and said no), `pupil_refused`.
    3. `no_answer`, `not_asked` (or no record) where consent is reported; a finished sheet is not used either.
    4. Scored, `missing` or `invalid`: a sheet with a verdict, whatever an absence list says (a make-up session).
    5. Other sheets, likewise: `not_yet_scored`; `set_aside`; `unfinished` (begun, or set aside as unfinished).
    6. `absent`, `leave`, `language`, `technical`, and without any record `no_record`.
    """
    pupils = pd.Index(roster["pupil_key"], name="pupil_key")
    young = (roster["grade"] < min_grade).to_numpy(bool)
    facts = {"not_eligible": young, **_facts(pupils, consent, administration, scored, set_aside)}
    reason = pd.Series(np.select(list(facts.values()), list(facts), default="no_record"), index=pupils, dtype="str")
    last = way().steps[-1].id
    reason = reason.mask(reason == last)
    outcomes = {loss.id: loss.outcome for loss in way().losses}
    found = {"step": reason.map(way().reached), "reason": reason, "outcome": reason.map(outcomes)}
    frame = pd.DataFrame(found, dtype="str").fillna({"step": last, "outcome": last})
    frame.attrs["consent_reported"] = len(consent) > 0
    return frame


def _facts(
    pupils: pd.Index, consent: pd.DataFrame, administration: pd.DataFrame, scored: pd.Series, aside: pd.DataFrame | None
) -> dict[str, np.ndarray]:
    """By reason, and for those who were scored: for whom it holds; where several hold, the first of them counts."""
    agreed, state = (frame.set_index("pupil_key")["state"].reindex(pupils) for frame in (consent, administration))
    verdict = scored.reindex(pupils)
    given = _is(agreed, "consented") | (len(consent) == 0)
    cut_short, other = _set_aside(pupils, aside)
    return {
        "withdrawn": _is(agreed, "withdrawn"),
        "refused": _is(agreed, "refused") | (_is(state, "refused") & ~given),
        "pupil_refused": _is(state, "refused"),
        "no_answer": _is(agreed, "asked"),
        "not_asked": ~given,
        "scored": _is(verdict, "valid"),
        "missing": _is(verdict, "missing"),
        "invalid": _is(verdict, "invalid"),
        "not_yet_scored": _is(state, "finished"),
        "set_aside": other,
        "unfinished": _is(state, "started") | cut_short,
        **{name: _is(state, name) for name in ("absent", "leave", "language", "technical")},
    }


def _is(values: pd.Series, value: str) -> np.ndarray:
    return values.isin([value]).to_numpy(bool)


def _set_aside(pupils: pd.Index, aside: pd.DataFrame | None) -> tuple[np.ndarray, np.ndarray]:
    """Who has a sheet that was set aside as unfinished, and who one for another reason than a repeated sheet."""
    if aside is None:
        return np.zeros(len(pupils), bool), np.zeros(len(pupils), bool)
    cut_short, repeated = (aside["reason"].isin([each]) for each in ("unfinished", "duplicate"))
    who = aside["pupil_key"]
    return pupils.isin(who[cut_short]), pupils.isin(who[~cut_short & ~repeated])


def waterfall_counts(steps: pd.DataFrame, roster: pd.DataFrame, by: str | Sequence[str] | None = None) -> pd.DataFrame:
    """How many pupils reached each step and were lost before it: a row per group and step, in that order.

    steps: as `waterfall` gives them. roster: pupil_key and the columns named in `by`; without `by` all are one group.
    Columns: those of `by`, `step`, `n` (pupils who reached it), `lost` (before it), and a column per reason with the
    pupils lost for it before this step. n of a step is n of the step before less what was lost. Whole numbers, exact.
    """
    keys = [by] if isinstance(by, str) else list(by or [])
    lost = _lost(steps, roster, keys)
    n, parts = lost.pop("n"), []
    for step in way().steps:
        here = lost * lost.columns.isin([loss.id for loss in step.losses])
        n = n - here.sum(axis=1)
        parts.append(here.assign(step=step.id, n=n, lost=here.sum(axis=1)))
    group_by_group = np.arange(len(parts) * len(lost)).reshape(len(parts), len(lost)).T.ravel()
    counts = pd.concat(parts).iloc[group_by_group].reset_index(drop=not keys)
    counts = counts[[*keys, "step", "n", "lost", *lost.columns]].astype({"step": "str"})
    counts.attrs["consent_reported"] = steps.attrs["consent_reported"]
    return counts


def _lost(steps: pd.DataFrame, roster: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Pupils of each group (`n`) and a column per reason with those lost for it, on the group."""
    reasons = [loss.id for loss in way().losses]
    reason = steps["reason"].reindex(roster["pupil_key"])
    each = pd.DataFrame({name: (reason == name).to_numpy(bool).astype("int64") for name in reasons}).assign(n=1)
    if not keys:
        return each.sum().to_frame().T
    return each.groupby([roster[key].reset_index(drop=True) for key in keys], dropna=False).sum()


def to_measure(steps: pd.DataFrame, roster: pd.DataFrame) -> pd.DataFrame:
    """Who is still to be measured, by school, grade and class: pupil_key, school, grade, class_id, list, reason.

    list: `make_up` for who has handed in no sheet that counts, `re_measure` for who has but without a result; those who
    said no are on none. steps: as `waterfall` gives them. roster: pupil_key, school, grade, class_id.
    """
    lists = {loss.id: loss.list for loss in way().losses if loss.list}
    who = roster[["pupil_key", "school", "grade", "class_id"]].join(steps["reason"], on="pupil_key")
    who = who[who["reason"].isin(lists)]
    who.insert(4, "list", who["reason"].map(lists).astype("str"))
    return who.sort_values(["school", "grade", "class_id", "list", "pupil_key"], ignore_index=True)
