"""What is known beside the scores: quality of the sheets, states of the census, ages."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xinyu_lib import columns
from xinyu_lib.errors import DataError, UnknownName
from xinyu_lib.policy import Policy, Rule
from xinyu_lib.scales import scales
from xinyu_lib.tiers.evidence import Evidence
from xinyu_lib.words import say

Quality = pd.DataFrame | dict[str, pd.DataFrame] | None


@dataclass(frozen=True)
class Standing:
    """The same pupils as the evidence, in its order; every array has one entry per pupil.

    states: place in the policy's states, -1 without one. years: age, NaN where unknown. frames: quality of the scales
    that have it.
    """

    evidence: Evidence
    policy: Policy
    states: np.ndarray
    years: np.ndarray
    frames: dict[str, pd.DataFrame]

    @classmethod
    def read(
        cls,
        evidence: Evidence,
        policy: Policy,
        quality: Quality,
        states: pd.Series | None,
        ages: pd.Series | None,
    ) -> "Standing":
        """Bring everything to the pupils of the evidence.

        Raises DataError for a state that the policy does not know and for a pupil without a row, UnknownName
        for a scale in `quality` that does not exist.
        """
        years = _aligned(ages, evidence, "ages", "Float64").to_numpy(float, na_value=np.nan)
        return cls(evidence, policy, _places(states, evidence, policy), years, _frames(quality, evidence))

    @property
    def safety_only(self) -> np.ndarray:
        """Whose answers may be read for safety items alone."""
        return self._answers_are("safety_only")

    @property
    def why(self) -> dict[str, np.ndarray]:
        """T13: pupils by the reason that their state is; `missing` where no state explains why there are no answers."""
        given = [self.evidence.given(scale.id) for scale in self.evidence.scales]
        suffice = np.logical_or.reduce([np.zeros(self.evidence.pupils, dtype=bool), *given])
        suffice &= (self.states < 0) | self._answers_are("enough")
        found = {"missing": ~suffice & (self.states < 0)}
        for place, state in enumerate(self.policy.tiers.states.values()):
            mine = (self.states == place) & ~suffice
            found[state.why] = found.get(state.why, False) | mine
        return found

    def _answers_are(self, worth: str) -> np.ndarray:
        worths = [each.answers == worth for each in self.policy.tiers.states.values()]
        return np.array([*worths, False])[self.states]  # the last place, -1, is no state

    def old_enough(self, rule: Rule) -> np.ndarray:
        """Who is under a rule; a pupil of unknown age is."""
        if rule.min_age is None:
            return np.ones(self.evidence.pupils, dtype=bool)
        return np.isnan(self.years) | (self.years >= rule.min_age)

    def invalid(self, scale_id: str) -> np.ndarray:
        """T04: by the scale's own validity score, or by a sheet that is not usable for more than its gaps."""
        by_score = self.evidence.invalid(scale_id)
        return by_score | self._unusable(scale_id) if scale_id in self.frames else by_score

    def _unusable(self, scale_id: str) -> np.ndarray:
        flags = self.frames[scale_id].reindex(self.evidence.scores.index).astype("boolean")
        if absent := int((self.evidence.given(scale_id) & flags["usable"].isna()).sum()):
            raise DataError("tiers.rows_absent", what=columns.usable(scale_id), n=absent)
        return self.policy.validity.void(flags).to_numpy(bool)


def _frames(quality: Quality, evidence: Evidence) -> dict[str, pd.DataFrame]:
    """One quality frame per scale; a single frame stands for each of them."""
    if quality is None:
        return {}
    if isinstance(quality, pd.DataFrame):
        return {scale.id: quality for scale in evidence.scales}
    if strange := sorted(set(quality) - set(scales())):
        known = ", ".join(scales())
        raise UnknownName("core.unknown_name", kind=say("tiers.kind_scale"), name=strange[0], known=known)
    return quality


def _places(states: pd.Series | None, evidence: Evidence, policy: Policy) -> np.ndarray:
    """Place of each pupil's state among those of the policy, -1 without one."""
    if states is None:
        return np.full(evidence.pupils, -1)
    known = list(policy.tiers.states)
    mine = _aligned(states, evidence, "states", "str")
    places = pd.Index(known).get_indexer(mine)
    if strange := int((mine.notna() & (places < 0)).sum()):
        raise DataError("tiers.unknown_state", n=strange, known=", ".join(known))
    return places


def _aligned(values: pd.Series | None, evidence: Evidence, what: str, dtype: str) -> pd.Series:
    """Values in the order of the pupils, all missing without any."""
    index = evidence.scores.index
    if values is None:
        return pd.Series(pd.NA, index=index, dtype=dtype)
    if absent := int((~index.isin(values.index)).sum()):
        raise DataError("tiers.rows_absent", what=what, n=absent)
    return values.reindex(index).astype(dtype)
