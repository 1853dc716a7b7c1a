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

    states: text, NA without one. years: age, NaN where unknown. frames: quality of the scales that have it.
    """

    evidence: Evidence
    policy: Policy
    states: pd.Series
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
        state = _aligned(states, evidence, "states", "str")
        known = policy.tiers.states
        if strange := int((state.notna() & ~state.isin(list(known))).sum()):
            raise DataError("tiers.unknown_state", n=strange, known=", ".join(known))
        years = _aligned(ages, evidence, "ages", "Float64").to_numpy(float, na_value=np.nan)
        return cls(evidence, policy, state, years, _frames(quality, evidence))

    @property
    def safety_only(self) -> np.ndarray:
        """Whose answers may be read for safety items alone."""
        return self._answers_are("safety_only")

    @property
    def why(self) -> np.ndarray:
        """T13: the reason by state (text), "" where answers suffice; missing where no state explains it."""
        given = [self.evidence.given(scale.id) for scale in self.evidence.scales]
        suffice = np.any([np.zeros(self.evidence.pupils, dtype=bool), *given], axis=0)
        suffice &= self.states.isna().to_numpy(bool) | self._answers_are("enough")
        reasons = {name: each.why for name, each in self.policy.tiers.states.items()}
        return np.where(suffice, "", self.states.map(reasons).fillna("missing").to_numpy(object))

    def _answers_are(self, worth: str) -> np.ndarray:
        names = [name for name, each in self.policy.tiers.states.items() if each.answers == worth]
        return self.states.isin(names).to_numpy(bool)

    def old_enough(self, rule: Rule) -> np.ndarray:
        """Who is under a rule; a pupil of unknown age is."""
        return np.isnan(self.years) | (self.years >= (rule.min_age or 0))

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


def _aligned(values: pd.Series | None, evidence: Evidence, what: str, dtype: str) -> pd.Series:
    """Values in the order of the pupils, all missing without any."""
    index = evidence.scores.index
    if values is None:
        return pd.Series(pd.NA, index=index, dtype=dtype)
    if absent := int((~index.isin(values.index)).sum()):
        raise DataError("tiers.rows_absent", what=what, n=absent)
    return values.reindex(index).astype(dtype)
