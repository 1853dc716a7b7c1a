"""Provisional tiers of a wave: everything known about a pupil brought together, classified and stored.

Until a person has confirmed a tier, a later run may raise it but never lower it in silence.
"""

import numpy as np
import pandas as pd

from xinyu_lib import columns
from xinyu_lib.errors import WorkspaceError
from xinyu_lib.policy import Policy, load_policy
from xinyu_lib.scales import Scale, load_form, load_scale
from xinyu_lib.scoring import score
from xinyu_lib.tiers import classify_tiers, reasons_from_json, reasons_json
from xinyu_lib.tiers.judging import URGENCY
from xinyu_lib.tiers.safety import SIGNALS
from xinyu_lib.waves import Wave, iso_day
from xinyu_lib.workspace.ages import ages_on
from xinyu_lib.workspace.exactness import errors_of
from xinyu_lib.workspace.facts import facts_of
from xinyu_lib.workspace.outcomes import outcomes_of, quality_flags
from xinyu_lib.workspace.streams import store, with_form

WHO = ["wave", "school", "pupil_key"]
SHEET = ("scored", "invalid")
SAME = ["tier", "safety_signal", "undetermined_why"]
OPEN = ("open_red", "open_orange")
_LOUDNESS = {signal: place for place, signal in enumerate(SIGNALS)}


def tier_wave(ws, wave: str, *, as_of: str, policy: str) -> pd.DataFrame:
    """Classify every pupil on the roster of a wave, those without answers included, and store the tiers.

    Returns one row per tier: n pupils, and how many of them were `held` at an earlier, more urgent tier.
    Raises WorkspaceError when the wave has no roster.
    """
    rules, roster, as_of = load_policy(policy), ws.read("pupil", wave=wave), iso_day(as_of)
    if roster.empty:
        raise WorkspaceError("workspace.no_roster", wave=wave)
    scores, quality = gathered(ws, wave, roster, rules)
    outcomes = outcomes_of(ws, wave, rules).reindex(scores.index)
    tiers = classify_tiers(
        scores, rules, quality=quality, states=outcomes.where(~outcomes.isin(SHEET)),
        ages=ages_on(roster, _asked_on(ws, wave, roster, as_of)), as_of=as_of,
        facts=facts_of(ws, wave, scores.index, rules, as_of=as_of), errors=errors_of(ws, wave, rules),
    )  # fmt: skip
    tiers = _as_stored(tiers)
    fresh = roster[WHO].merge(tiers.reset_index(names="pupil_key"), on="pupil_key", validate="1:1")
    earlier = ws.read("tier_provisional", wave=wave)
    stored = _never_lower(fresh, earlier)
    stored["since"] = _since(stored, earlier, as_of)
    store(ws, [("tier_provisional", stored)], "tier", wave, as_of)
    return stored.groupby("tier").agg(n=("tier", "size"), held=("held", "sum")).reset_index()


def not_given(ws, wave: str, policy: str) -> pd.Series:
    """Scales of the policy's batteries of which the wave has no sheet at all: the grades that lack them, by scale id.

    Nobody is marked for them: that a scale was not used is one thing to mend for the whole wave.
    """
    rules, grades = load_policy(policy), sorted(set(ws.read("pupil", wave=wave)["grade"]))
    used = {scale for scale in ws.scales() if len(ws.read(f"response/{scale}", wave=wave))}
    lacking = [(scale, grade) for grade in grades for scale in rules.census.battery_for(grade) if scale not in used]
    return pd.DataFrame(lacking, columns=["scale", "grade"]).groupby("scale")["grade"].agg(list)


def out_of_window(ws, wave: str, policy: str) -> int:
    """Sheets that were submitted on a day outside the window of the pupil's grade; unknown days count for nothing."""
    census, term = load_policy(policy).census, Wave.parse(wave).term
    roster = ws.read("pupil", wave=wave)
    windows = {grade: census.window_for(grade, term) for grade in set(roster["grade"])}
    day = _asked_on(ws, wave, roster, pd.NA).str[5:]
    opens, closes = (
        roster["grade"].map({g: getattr(w, end) for g, w in windows.items()}) for end in ("opens", "closes")
    )
    return int((day.notna() & ((day < opens) | (day > closes))).sum())


def _asked_on(ws, wave: str, roster: pd.DataFrame, otherwise: object) -> pd.Series:
    """The ISO day on which each pupil of the roster answered; `otherwise` where it is not known."""
    submitted = ws.read("administration", wave=wave).set_index("pupil_key")["submitted_at"].astype("str")
    return roster["pupil_key"].map(submitted).astype("str").str[:10].fillna(otherwise)


def _as_stored(tiers: pd.DataFrame) -> pd.DataFrame:
    """Reasons as text and booleans as the codes of their columns."""
    told = {True: "yes", False: "no"}
    yes_no = {name: tiers[name].astype(object).map(told).astype("str") for name in ("near_cut", "remeasure")}
    return tiers.assign(reasons=[reasons_json(reasons) for reasons in tiers["reasons"]], **yes_no)


def gathered(ws, wave: str, roster: pd.DataFrame, policy: Policy) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Scores of all scales side by side, one row per pupil of the roster, and the quality frame of each scale."""
    spoken = ws.read("safety_answer", wave=wave)
    pupils = pd.Index(roster["pupil_key"], name="pupil_key")
    scores, quality = pd.DataFrame(index=pupils), {}
    stored = {i: ws.read(f"score/{i}", wave=wave) for i in ws.scales("score")}
    stored = {i: frame.set_index("pupil_key") for i, frame in stored.items() if len(frame)}
    for scale_id, frame in stored.items():
        scale = load_scale(scale_id)
        due = _due(scale_id, roster, stored, policy)
        loud = spoken[spoken["scale"] == scale_id]
        whole = _with_blank_sheets(with_form(frame), scale, due.union(loud["pupil_key"]))
        quality[scale_id] = quality_flags(whole).reindex(pupils)
        scores = scores.join(
            _louder(whole, scale, loud).drop(columns=["wave", "school", "form", "import_id", "valid_from"])
        )
    return scores, quality


def _due(scale_id: str, roster: pd.DataFrame, stored: dict[str, pd.DataFrame], policy: Policy) -> pd.Index:
    """Pupils who handed in a sheet and whose grade's battery holds this scale."""
    grades = [grade for grade in set(roster["grade"]) if scale_id in policy.census.battery_for(grade)]
    handed_in = {pupil for frame in stored.values() for pupil in frame.index}
    pupils = roster.loc[roster["grade"].isin(grades), "pupil_key"]
    return pd.Index(pupils[pupils.isin(handed_in)])


def _with_blank_sheets(scored: pd.DataFrame, scale: Scale, pupils: pd.Index) -> pd.DataFrame:
    """Stored scores with a blank sheet for pupils who should have one: not given a scale is not `none`.

    The blank sheet is of the form that most of the others had.
    """
    lacking = pupils.difference(scored.index)
    if lacking.empty:
        return scored
    form = load_form(scale.id, scored["form"].mode().iloc[0])
    names = [columns.item(form.id, number) for number in form.all_numbers]
    blank = score(pd.DataFrame(pd.NA, index=lacking, columns=names, dtype="Int8"), form)
    flags = {name: name == columns.check(scale.id, "missing") for name in scored if "_check_" in name}
    blank = blank.assign(**flags, **{columns.usable(scale.id): False})
    return pd.concat([scored, blank.reindex(columns=scored.columns)]).astype(scored.dtypes)


def _louder(scored: pd.DataFrame, scale: Scale, spoken: pd.DataFrame) -> pd.DataFrame:
    """Answers to safety items, raised where a sheet that was set aside says more."""
    scored = scored.copy()
    for each in scale.critical:
        name = columns.critical(scale.id, each.item)
        said = spoken[spoken["item"] == each.item].groupby("pupil_key")["answer"].max().reindex(scored.index)
        both = pd.concat([scored[name], said], axis=1)
        scored[name] = both.max(axis=1).astype(scored[name].dtype)
    return scored


def _never_lower(fresh: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """The fresh tiers, with tier and reasons of a pupil's earlier row where that was more urgent; `held` says where.

    All else is as it is now; of the two safety signals the louder one stands.
    """
    before = earlier.set_index("pupil_key").reindex(fresh["pupil_key"]).set_axis(fresh.index)
    held = _urgency(fresh["tier"]) < _urgency(before["tier"])
    kept = {name: fresh[name].mask(held, before[name]) for name in ("tier", "reasons", "undetermined_why")}
    louder = before["safety_signal"].map(_LOUDNESS) > fresh["safety_signal"].map(_LOUDNESS)
    signal = fresh["safety_signal"].mask(held & louder, before["safety_signal"])
    return fresh.assign(**kept, safety_signal=signal, held=held)


def _since(fresh: pd.DataFrame, earlier: pd.DataFrame, as_of: str) -> pd.Series:
    """The day on which tier and safety signal of each pupil first were these and no reason was added; that care is open
    and what fell away is no news.
    """
    before = earlier.reindex(columns=[*earlier, *({"since", "reasons", *SAME} - {*earlier})]).set_index("pupil_key")
    before = before.reindex(fresh["pupil_key"]).set_axis(fresh.index)
    same = (before[SAME].fillna("") == fresh[SAME].fillna("")).all(axis=1)
    pairs = zip(fresh["reasons"], before["reasons"], strict=True)
    same &= np.array([isinstance(was, str) and _news(now) <= _news(was) for now, was in pairs], dtype=bool)
    return before["since"].fillna(before["valid_from"]).where(same).astype("str").fillna(as_of)


def _news(reasons: str) -> set[tuple]:
    """Rule, scale and score of each reason but that care is open."""
    return {each[:3] for each in reasons_from_json(reasons) if each.score not in OPEN}


def _urgency(tiers: pd.Series) -> pd.Series:
    return tiers.map(URGENCY).fillna(0).astype(int)
