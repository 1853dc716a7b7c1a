"""Conduct: who consents, who is there, who answers carelessly, and what is left blank."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xinyu_lib import columns
from xinyu_lib.scales import load_scale
from xinyu_lib.synth.answers import answers
from xinyu_lib.synth.setting import Conduct, Consent, School, Setting

WILLING = ("consented", "withdrawn")  # a guardian who withdraws does so after the sheet is in


@dataclass(frozen=True)
class Sheets:
    """Sheets of one battery as pupils filled them in, all on the roster's index.

    codes: answers of all scales side by side (`phq9_1` ...), codes of the scales, Int8, NA = left blank.
    seconds: time taken, whole seconds. careless: straight, random, lying, or "" for those who took care.
    """

    codes: pd.DataFrame
    seconds: pd.Series
    careless: pd.Series


def consent_states(eligible: pd.DataFrame, setting: Setting, rng: np.random.Generator) -> pd.Series:
    """State of consent per eligible pupil: consented, refused, withdrawn, asked (unanswered) or not_asked."""
    states = pd.Series("consented", index=eligible.index)
    for code, pupils in eligible.groupby("school").groups.items():
        states[pupils] = _consent(len(pupils), setting.school(code), setting.consent, rng)
    return states


def _consent(n: int, school: School, shares: Consent, rng: np.random.Generator) -> np.ndarray:
    chances = {"refused": school.refused} | shares.model_dump()
    chances["consented"] = 1 - sum(chances.values())
    return rng.choice(list(chances), n, p=list(chances.values()))


def attendance(willing: pd.DataFrame, setting: Setting, rng: np.random.Generator) -> pd.Series:
    """What became of pupils who may answer: finished, absent, leave, or no_sheet (nobody knows why)."""
    absent = willing["school"].map({school.code: school.absent for school in setting.schools})
    chance = rng.random(len(willing))
    away = np.where(rng.random(len(willing)) < setting.conduct.on_leave, "leave", "absent")
    other = np.where(chance > 1 - setting.conduct.no_sheet, "no_sheet", "finished")
    return pd.Series(np.where(chance < absent, away, other), index=willing.index)


def fill_in(scales: tuple[str, ...], traits: pd.DataFrame, conduct: Conduct, rng: np.random.Generator) -> Sheets:
    """Let pupils (rows of `traits`) fill in one sheet with these scales."""
    careless = _careless(traits.index, conduct, rng)
    column = pd.Series(rng.random(len(careless)), index=careless.index)
    pleasing = traits.copy()
    pleasing[conduct.lie_trait] += conduct.lie_shift * (careless == "lying")
    codes = pd.concat([_given(scale_id, pleasing, careless, column, rng) for scale_id in scales], axis=1)
    return Sheets(_blanked(codes, scales, conduct, rng), _seconds(codes, careless, conduct, rng), careless)


def _careless(index: pd.Index, conduct: Conduct, rng: np.random.Generator) -> pd.Series:
    kinds = rng.choice(list(conduct.kinds), len(index), p=list(conduct.kinds.values()))
    return pd.Series(np.where(rng.random(len(index)) < conduct.careless, kinds, ""), index=index)


def _given(
    scale_id: str, traits: pd.DataFrame, careless: pd.Series, column: pd.Series, rng: np.random.Generator
) -> pd.DataFrame:
    """Answers to one scale: by the model, down one `column` of the sheet (0..1 of its width), or anywhere."""
    codes, allowed = answers(scale_id, traits, rng), load_scale(scale_id).response
    anywhere = rng.random(codes.shape)
    down = np.broadcast_to(column.to_numpy()[:, None], codes.shape)
    for kind, place in {"straight": down, "random": anywhere}.items():
        those = (careless == kind).to_numpy()
        codes.loc[those] = allowed.min + (place[those] * (1 + allowed.max - allowed.min)).astype("int8")
    return codes


def _blanked(codes: pd.DataFrame, scales: tuple[str, ...], conduct: Conduct, rng: np.random.Generator) -> pd.DataFrame:
    """Answers with gaps: items overlooked, safety items skipped on purpose, sheets given up half-way."""
    gaps = rng.random(codes.shape) < conduct.skipped_item
    for scale_id in scales:
        for critical in load_scale(scale_id).critical:
            place = codes.columns.get_loc(columns.item(scale_id, critical.item))
            gaps[:, place] |= rng.random(len(codes)) < conduct.skipped_critical
    stops = np.where(
        rng.random(len(codes)) < conduct.gave_up, rng.integers(1, codes.shape[1], len(codes)), codes.shape[1]
    )
    return codes.mask(gaps | (np.arange(codes.shape[1]) >= stops[:, None]))


def _seconds(codes: pd.DataFrame, careless: pd.Series, conduct: Conduct, rng: np.random.Generator) -> pd.Series:
    """Whole seconds for the sheet: log-normal around a median pace per item."""
    pace = np.where(careless.isin(["straight", "random"]), conduct.hasty_seconds_per_item, conduct.seconds_per_item)
    spread = rng.lognormal(0, conduct.pace_sd, len(codes))
    return pd.Series(np.ceil(codes.shape[1] * pace * spread).astype(int), index=codes.index)
