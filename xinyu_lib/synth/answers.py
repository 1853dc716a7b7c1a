"""Answers from the graded response model.

Source: Samejima, F. (1969). Estimation of latent ability using a response pattern of graded scores.
Psychometrika Monograph Supplement 17. With one threshold per item it is the two-parameter logistic model.
"""

from functools import cache

import numpy as np
import pandas as pd
from pydantic import model_validator

from xinyu_lib import columns
from xinyu_lib.registry import Definition, Number, Text, Whole, read
from xinyu_lib.scales import load_scale
from xinyu_lib.synth.setting import FOLDER


class Factor(Definition):
    """Items that measure one trait: a slope per item and its ascending thresholds (trait in SD)."""

    trait: Text
    items: tuple[Whole, ...]
    slopes: tuple[Number, ...]
    thresholds: tuple[tuple[Number, ...], ...]

    @model_validator(mode="after")
    def _one_of_each_per_item(self):
        if not len(self.items) == len(self.slopes) == len(self.thresholds):
            raise ValueError("items, slopes and thresholds must be equally many")
        return self


class ItemBank(Definition):
    """Item parameters of one scale. options: the scale's code of each option, in the order of the sheet."""

    scale: Text
    options: tuple[Whole, ...]
    factors: tuple[Factor, ...]

    @property
    def option_of(self) -> dict[int, int]:
        """Number of the option (from 1) that stands for a code."""
        return {code: number for number, code in enumerate(self.options, start=1)}


@cache
def load_items(scale_id: str) -> ItemBank:
    return read(FOLDER / "items" / f"{scale_id}.toml", ItemBank)


def reached(trait: np.ndarray, slopes: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Probability of answering in category k or above: n x items x thresholds.

    trait: n; slopes: items; thresholds: items x (categories - 1).
    """
    distance = trait[:, None, None] - thresholds[None]
    return 1 / (1 + np.exp(-slopes[None, :, None] * distance))


def category_probabilities(trait: np.ndarray, slopes: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Probability of each category (0..1): n x items x categories; sums to 1 over categories."""
    steps = reached(trait, slopes, thresholds)
    edge = np.ones((*steps.shape[:2], 1))
    return -np.diff(np.concatenate([edge, steps, 0 * edge], axis=2), axis=2)


def draw(trait: np.ndarray, slopes: np.ndarray, thresholds: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One category (from 0) per pupil and item: n x items."""
    steps = reached(trait, slopes, thresholds)
    return (rng.random(steps.shape[:2])[..., None] < steps).sum(axis=2)


def answers(scale_id: str, traits: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Answers of pupils (rows of `traits`) to a scale: its codes, Int8, items in questionnaire order."""
    scale, bank = load_scale(scale_id), load_items(scale_id)
    found = {}
    for factor in bank.factors:
        trait = traits[factor.trait].to_numpy()
        drawn = draw(trait, np.array(factor.slopes), np.array(factor.thresholds), rng)
        found |= {columns.item(scale_id, item): drawn[:, place] for place, item in enumerate(factor.items)}
    return scale.response.min + pd.DataFrame(found, index=traits.index)[list(scale.items)].astype("Int8")
