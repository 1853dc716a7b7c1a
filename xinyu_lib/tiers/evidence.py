"""Evidence: a score frame as the rules read it: which scales were given, what each score is or may be."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from xinyu_lib import columns
from xinyu_lib.errors import DataError
from xinyu_lib.scales import Scale, load_scale, scales


class Bounds(NamedTuple):
    """Lowest and highest possible value of a score (floats): equal where it is known, NaN if not given."""

    low: np.ndarray
    high: np.ndarray


class SafetyItem(NamedTuple):
    """A critical item of the census: the score that carries its answer, and the first positive answer.

    asks: whether a no to it counts as having been asked; a yes is always heard.
    """

    scale: str
    score: str
    positive_at: int
    asks: bool


@dataclass(frozen=True)
class Evidence:
    """Scores of n pupils and the scales they hold; every array that is answered has n entries."""

    scores: pd.DataFrame
    scales: tuple[Scale, ...]

    @classmethod
    def read(cls, scores: pd.DataFrame) -> "Evidence":
        """Find the scales by their columns `<prefix>_answered`. Raises DataError for an undefined one."""
        known = {columns.answered(scale_id): scale_id for scale_id in scales()}
        found = [column for column in scores if column.endswith("_answered")]
        if strange := [column for column in found if column not in known]:
            raise DataError("tiers.unknown_scale", columns=", ".join(strange), known=", ".join(scales()))
        return cls(scores, tuple(load_scale(known[column]) for column in found))

    @property
    def pupils(self) -> int:
        return len(self.scores)

    def given(self, scale_id: str) -> np.ndarray:
        """Who was given the scale."""
        if not self._has(scale_id):
            return np.zeros(self.pupils, dtype=bool)
        return ~np.isnan(self._values(columns.answered(scale_id)))

    def bounds(self, scale_id: str, score: str) -> Bounds:
        """A score where it is known (a published prorated one is), else what gaps leave possible.

        The answer to a critical item may be anything where it is missing.
        """
        if not self._has(scale_id):
            return Bounds(*np.full((2, self.pupils), np.nan))
        value = self._values(columns.score(scale_id, score))
        gap = np.isnan(value) & self.given(scale_id)
        if score.startswith("critical_"):
            return Bounds(value, np.where(gap & self.shown(scale_id, score), np.inf, value))
        low, high = columns.lowest(scale_id, score), columns.highest(scale_id, score)
        return Bounds(np.where(gap, self._values(low), value), np.where(gap, self._values(high), value))

    def invalid(self, scale_id: str) -> np.ndarray:
        """Where the scale's own validity score says that the result cannot be trusted."""
        return self._validity(scale_id) == 0

    def validity_unknown(self, scale_id: str) -> np.ndarray:
        """Where gaps leave the validity score open."""
        return self.given(scale_id) & np.isnan(self._validity(scale_id))

    def safety_items(self, kinds: Iterable[str]) -> list[SafetyItem]:
        """Census items of these kinds in the scales of the frame; interview tools have none.

        An item whose number is not sure is read where its answer is there; nothing rests on it where it is not.
        """
        return [
            SafetyItem(scale.id, f"critical_{each.item}", each.positive_at, each.asks)
            for scale in self.scales
            for each in scale.critical
            if each.kind in kinds and each.stage == "census"
            if each.asks or columns.critical(scale.id, each.item) in self.scores
        ]

    def shown(self, scale_id: str, score: str) -> np.ndarray:
        """Who was given the scale on a form that has this critical item."""
        column = f"{columns.score(scale_id, score)}_shown"
        if column not in self.scores:
            return self.given(scale_id)
        return self.given(scale_id) & self.scores[column].astype("boolean").fillna(True).to_numpy(bool)

    def _validity(self, scale_id: str) -> np.ndarray:
        if load_scale(scale_id).validity is None:
            return np.ones(self.pupils)
        return self._values(columns.valid(scale_id))

    def _has(self, scale_id: str) -> bool:
        return any(scale.id == scale_id for scale in self.scales)

    def _values(self, column: str) -> np.ndarray:
        if column not in self.scores:
            raise DataError("tiers.column_absent", column=column)
        return self.scores[column].to_numpy(float, na_value=np.nan)
