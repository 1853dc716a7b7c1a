"""The sheets of a group with everything that is measured on them, each number computed once and only when asked for."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from xinyu_lib import numerics
from xinyu_lib.scales import Scale, answers, keyed
from xinyu_lib.scoring.declared import declared


@dataclass(frozen=True)
class Group:
    """Sheets of one scale that are compared with each other.

    raw: codes of the key, pupils x items, NaN = unanswered. seconds: per item, one per pupil, NaN = unknown.
    """

    scale: Scale
    raw: np.ndarray
    seconds: np.ndarray

    @classmethod
    def read(cls, responses: pd.DataFrame, scale: Scale, seconds_per_item: pd.Series | None) -> "Group":
        """Raises DataError for item columns that are not there and for answers outside the codes."""
        raw = answers(responses, scale)
        if seconds_per_item is None and "seconds" in responses:
            seconds_per_item = responses["seconds"] / raw.shape[1]
        return cls(scale, raw, _in_order(seconds_per_item, responses.index))

    def columns(self, numbers) -> list[int]:
        """Columns of items given by number; items that the form leaves out have none."""
        place = {number: column for column, number in enumerate(self.scale.numbers)}
        return [place[number] for number in dict.fromkeys(numbers) if number in place]

    @property
    def n_pupils(self) -> int:
        return len(self.raw)

    @property
    def n_items(self) -> int:
        return self.raw.shape[1]

    @cached_property
    def keyed(self) -> np.ndarray:
        return keyed(self.raw, self.scale)

    @cached_property
    def gap(self) -> np.ndarray:
        """Unanswered items, apart from those that the form told the pupil to skip: pupils x items, boolean."""
        found = np.isnan(self.raw)
        for skip in self.scale.skips:
            gates = self.columns(skip.gates)
            if len(gates) == len(skip.gates):
                no = (self.raw[:, gates] < skip.at_least).all(axis=1)
                found[np.ix_(no, self.columns(skip.items))] = False
        return found

    @cached_property
    def turned(self) -> np.ndarray:
        """Which items are reversed (boolean per column)."""
        return np.isin(self.scale.numbers, self.scale.reverse)

    @cached_property
    def free_of_symptoms(self) -> np.ndarray:
        """Answers at the end of their item that is no reason to worry: pupils x items, boolean."""
        ends = {"high": self.low, "low": self.high, "neither": np.full(self.n_items, np.nan)}
        risks = [self._risk(number) for number in self.scale.numbers]
        return self.keyed == [ends[risk][column] for column, risk in enumerate(risks)]

    @cached_property
    def low(self) -> np.ndarray:
        """Lowest code per column."""
        return np.array([self.scale.span_of(number)[0] for number in self.scale.numbers], dtype=float)

    @cached_property
    def high(self) -> np.ndarray:
        """Highest code per column."""
        return np.array([self.scale.span_of(number)[1] for number in self.scale.numbers], dtype=float)

    @cached_property
    def varied(self) -> np.ndarray:
        """Share of a pupil's keyed answers that differ from the most frequent one (0..1; NaN without answers)."""
        n = (~np.isnan(self.keyed)).sum(axis=1)
        away = _departures(self.keyed)
        return np.divide(away, n, out=np.full(len(n), np.nan), where=n > 0)

    @cached_property
    def departures(self) -> np.ndarray:
        """Answers that differ from the pupil's most frequent one among items asked in the same direction."""
        return _departures(self.raw[:, self.turned]) + _departures(self.raw[:, ~self.turned])

    @cached_property
    def runs(self) -> np.ndarray:
        return numerics.run_lengths(self.raw)

    @cached_property
    def longest_run(self) -> np.ndarray:
        return self.runs.max(axis=1, initial=0).astype(float)

    @cached_property
    def variability(self) -> np.ndarray:
        """SD of the raw answers."""
        return numerics.response_variability(self.raw)

    @cached_property
    def distance(self) -> numerics.Distance:
        """Squared Mahalanobis distance of complete sheets; NaN in too small a group."""
        if (~np.isnan(self.raw).any(axis=1)).sum() < declared().outlier.min_pupils:
            return numerics.Distance(self._unknown(), 0)
        return numerics.mahalanobis(self.raw)

    @cached_property
    def even_odd(self) -> np.ndarray:
        """Even-odd inconsistency over the subscales; NaN with too few of them."""
        found = [self.columns(rule.items) for rule in self.scale.subscales.values() if rule.of_items]
        found = [items for items in found if len(items) > 1]
        few = len(found) < declared().inconsistent_halves.min_subscales
        return self._unknown() if few else numerics.even_odd(self.keyed, found)

    @cached_property
    def synonyms(self) -> np.ndarray:
        """Within-pupil correlation over synonym pairs of raw answers; NaN with too few pupils or pairs."""
        needs = declared().inconsistent_pairs
        if self.n_pupils < needs.min_pupils:
            return self._unknown()
        pairs = numerics.synonym_pairs(self.raw, needs.pair_r)
        of_turned = self.turned[pairs].all(axis=1).sum()
        of_straight = (~self.turned)[pairs].all(axis=1).sum()
        if len(pairs) < needs.min_pairs or min(of_turned, of_straight) < needs.min_pairs_each:
            return self._unknown()
        return numerics.pair_correlation(self.raw, pairs)

    @cached_property
    def guttman(self) -> np.ndarray:
        """Normed Guttman errors in the main score; NaN with too few pupils or items, or unequal answer codes."""
        items, needs = self.columns(self.scale.items_of(self.scale.main)) if self.scale.main else [], declared().guttman
        steps = (self.high - self.low)[items]
        if self.n_pupils < needs.min_pupils or len(items) < needs.min_items or np.ptp(steps) > 0:
            return self._unknown()
        return numerics.normed_guttman_errors((self.keyed - self.low)[:, items], int(steps[0]) + 1)

    def _risk(self, number: int) -> str:
        """Which end of an item worries: that of the first score that is made of it."""
        of_it = (rule for rule in self.scale.scores if rule.of_items and number in rule.items)
        return next((rule.risk for rule in of_it), "high")

    def _unknown(self) -> np.ndarray:
        return np.full(self.n_pupils, np.nan)


def _departures(codes: np.ndarray) -> np.ndarray:
    """Answers of each row that differ from its most frequent one."""
    most = [(codes == code).sum(axis=1) for code in np.unique(codes[~np.isnan(codes)])]
    return (~np.isnan(codes)).sum(axis=1) - np.max(most, axis=0, initial=0)


def _in_order(seconds: pd.Series | None, index: pd.Index) -> np.ndarray:
    """Seconds in the order of the sheets, matched by index; NaN where unknown."""
    if seconds is None:
        return np.full(len(index), np.nan)
    if not seconds.index.equals(index):
        seconds = seconds.reindex(index)
    return seconds.to_numpy(float, na_value=np.nan)
