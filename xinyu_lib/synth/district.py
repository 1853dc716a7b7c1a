"""The synthetic district in memory: from pupils and traits to the sheets of each wave."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xinyu_lib.synth.conduct import WILLING, Sheets, attendance, consent_states, fill_in
from xinyu_lib.synth.latent import parts, school_effects, shifts, trait_values
from xinyu_lib.synth.population import rosters
from xinyu_lib.synth.setting import Setting, WavePlan


@dataclass(frozen=True)
class Round:
    """What happened in one wave; every part is on the roster's index.

    roster: all pupils, with the `battery` of their grade ("" where none). traits: a column per trait, in SD.
    consent: eligible pupils. attendance: pupils who may answer. sheets: by battery, pupils who finished.
    """

    wave: WavePlan
    roster: pd.DataFrame
    traits: pd.DataFrame
    consent: pd.Series
    attendance: pd.Series
    sheets: dict[str, Sheets]


@dataclass(frozen=True)
class District:
    """A synthetic district: its setting, seed, school effects (SD of the general trait) and waves."""

    setting: Setting
    seed: int
    effects: dict[str, float]
    rounds: tuple[Round, ...]


def simulate(setting: Setting, seed: int) -> District:
    """Pupils, traits, conduct and answers of all waves; the same seed gives the same district."""
    rng = np.random.default_rng(seed)
    found = rosters(setting, rng)
    effects = school_effects(setting, rng)
    own = parts(1 + max(roster["pupil"].max() for roster in found), len(found), setting.traits, rng)
    rounds = tuple(
        _round(setting, wave, roster, effects, part[roster["pupil"]], rng)
        for wave, roster, part in zip(setting.waves, found, own, strict=True)
    )
    return District(setting, seed, effects, rounds)


def _round(
    setting: Setting,
    wave: WavePlan,
    roster: pd.DataFrame,
    effects: dict[str, float],
    own: np.ndarray,
    rng: np.random.Generator,
) -> Round:
    roster = roster.assign(battery=roster["grade"].map(setting.battery_of))
    traits = trait_values(own, shifts(roster, setting.traits, effects, wave), setting.traits)
    eligible = roster[roster["battery"] != ""]
    consent = consent_states(eligible, setting, rng)
    present = attendance(eligible[consent.isin(WILLING)], setting, rng)
    finished = present.index[present == "finished"]
    sheets = {}
    for battery in setting.batteries:
        pupils = finished[roster["battery"].loc[finished] == battery.id]
        sheets[battery.id] = fill_in(battery.scales, traits.loc[pupils], setting.conduct, rng)
    return Round(wave, roster, traits, consent, present, sheets)
