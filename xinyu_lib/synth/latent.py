"""Latent traits: a general one that carries school, grade, sex and season, and a rest per trait."""

import numpy as np
import pandas as pd

from xinyu_lib.synth.setting import Setting, Traits, WavePlan


def parts(n: int, waves: int, traits: Traits, rng: np.random.Generator) -> np.ndarray:
    """Each pupil's own parts: waves x n x (1 general + one per trait), standard normal, stable over waves."""
    shape = (n, 1 + len(traits.loading))
    found = [rng.standard_normal(shape)]
    for _ in range(1, waves):
        fresh = rng.standard_normal(shape)
        found.append(traits.stability * found[-1] + np.sqrt(1 - traits.stability**2) * fresh)
    return np.stack(found)


def school_effects(setting: Setting, rng: np.random.Generator) -> dict[str, float]:
    """Shift of the general trait per school in SD: the planted effect plus a random one."""
    drawn = rng.normal(0, setting.traits.school_sd, len(setting.schools))
    return {school.code: school.effect + float(d) for school, d in zip(setting.schools, drawn, strict=True)}


def shifts(roster: pd.DataFrame, traits: Traits, effects: dict[str, float], season: WavePlan) -> pd.Series:
    """Shift of the general trait per pupil in SD: school + sex + grade + season."""
    by_grade = traits.per_grade * (roster["grade"] - traits.centre_grade)
    return roster["school"].map(effects) + traits.girl * (roster["sex"] == "girl") + by_grade + season.shift


def trait_values(own: np.ndarray, shift: pd.Series, traits: Traits) -> pd.DataFrame:
    """Traits, a row per pupil: loading x (general + shift) + sqrt(1 - loading^2) x rest.

    own: n x (1 general + one per trait); shift: n, its index is that of the result.
    """
    loading = np.array(list(traits.loading.values()))
    general = own[:, [0]] + shift.to_numpy()[:, None]
    values = loading * general + np.sqrt(1 - loading**2) * own[:, 1:]
    return pd.DataFrame(values, index=shift.index, columns=list(traits.loading))
