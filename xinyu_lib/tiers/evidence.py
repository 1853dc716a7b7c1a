"""Evidence: a score frame as the rules read it: which scales were given, what each score is or may be."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from xinyu_lib import columns
from xinyu_lib.errors import DataError
from xinyu_lib.scales import Scale, load_scale, scales
from xinyu_lib.tiers.facts import Facts

Curve = tuple[np.ndarray, np.ndarray]  # values of a score, ascending, and the standard error at each


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
    """Scores of n pupils, the scales they hold by id, and what else is known; every array of an answer has n entries.

    errors: by scale and score, where scores are to count as known only to a standard error.
    """

    scores: pd.DataFrame
    scales: tuple[Scale, ...]
    facts: Facts
    errors: dict[tuple[str, str], Curve] = field(default_factory=dict)
    kept: dict[tuple[str, ...], np.ndarray | Bounds] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls, scores: pd.DataFrame, facts: pd.DataFrame | None = None, as_of: str | None = None) -> "Evidence":
        """Find the scales by their columns `<prefix>_answered`. Raises DataError for an undefined one; see `Facts`."""
        known = {columns.answered(scale_id): scale_id for scale_id in scales()}
        found = [column for column in scores if column.endswith("_answered")]
        if strange := [column for column in found if column not in known]:
            raise DataError("tiers.unknown_scale", columns=", ".join(strange), known=", ".join(scales()))
        return cls(
            scores,
            tuple(load_scale(name) for name in sorted(known[each] for each in found)),
            Facts.read(facts, scores.index, as_of),
        )

    @property
    def pupils(self) -> int:
        return len(self.scores)

    def given(self, scale_id: str) -> np.ndarray:
        """Who was given the scale."""
        if not self._has(scale_id):
            return np.zeros(self.pupils, dtype=bool)
        own = ("given", scale_id)
        if own not in self.kept:
            self.kept[own] = ~np.isnan(self._values(columns.answered(scale_id)))
        return self.kept[own]

    def error_at(self, scale_id: str, score: str, cut: float) -> float:
        """How far from a cut a score still counts as undecided, in points of the score."""
        curve = self.errors.get((scale_id, score))
        return 0.0 if curve is None else float(np.interp(cut, *curve))

    def bounds(self, scale_id: str, score: str) -> Bounds:
        """A score where it is known (a published prorated one is), else what gaps leave possible.

        The answer to a critical item may be anything where it is missing.
        """
        own = ("bounds", scale_id, score)
        if own not in self.kept:
            self.kept[own] = self._bounds(scale_id, score)
        return self.kept[own]

    def _bounds(self, scale_id: str, score: str) -> Bounds:
        if not self._has(scale_id):
            nothing = np.full(self.pupils, np.nan)
            return Bounds(nothing, nothing)
        value = self._values(columns.score(scale_id, score))
        gap = np.isnan(value) & self.given(scale_id)
        if score.startswith("critical_"):
            gap &= self.shown(scale_id, score)
            return Bounds(value, np.where(gap, np.inf, value) if gap.any() else value)
        low, high = (self._there(end(scale_id, score)) for end in (columns.lowest, columns.highest))
        if not gap.any():
            return Bounds(value, value)
        gaps = np.flatnonzero(gap)
        return Bounds(self._filled(value, gaps, low), self._filled(value, gaps, high))

    def _filled(self, value: np.ndarray, gaps: np.ndarray, column: str) -> np.ndarray:
        """The values, and at the gaps what stands in a column."""
        whole = value.copy()
        whole[gaps] = self.scores[column].array.take(gaps).to_numpy(float, na_value=np.nan)
        return whole

    def invalid(self, scale_id: str) -> np.ndarray:
        """Where the scale's own validity score says that the result cannot be trusted."""
        return self._validity_is(scale_id, lambda valid: valid == 0)

    def validity_unknown(self, scale_id: str) -> np.ndarray:
        """Where gaps leave the validity score open."""
        return self._validity_is(scale_id, np.isnan) & self.given(scale_id)

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

    def _validity_is(self, scale_id: str, what: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """Asked of the validity score; never so for a scale without one, or one that nobody was given."""
        if not self._has(scale_id) or load_scale(scale_id).validity is None:
            return np.zeros(self.pupils, dtype=bool)
        return what(self._values(columns.valid(scale_id)))

    def _has(self, scale_id: str) -> bool:
        return any(scale.id == scale_id for scale in self.scales)

    def _values(self, column: str) -> np.ndarray:
        if (column,) not in self.kept:
            self.kept[column,] = self.scores[self._there(column)].to_numpy(float, na_value=np.nan)
        return self.kept[column,]

    def _there(self, column: str) -> str:
        if column not in self.scores:
            raise DataError("tiers.column_absent", column=column)
        return column
