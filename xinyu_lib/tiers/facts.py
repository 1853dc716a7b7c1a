"""Facts known of pupils beside their answers, on the pupils of a score frame."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd

from xinyu_lib.errors import DataError, ParameterError
from xinyu_lib.policy.conditions import FactName


@dataclass(frozen=True)
class Facts:
    """Newest day of each fact (datetime64[D], NaT without one), in the order of the pupils."""

    pupils: int
    days: dict[str, np.ndarray]
    as_of: np.datetime64

    @classmethod
    def read(cls, facts: pd.DataFrame | None, index: pd.Index, as_of: str | None) -> "Facts":
        """facts: columns pupil (a label of the index), fact, on (ISO day); what lies after `as_of` is not yet known.

        Raises ParameterError without `as_of`; DataError for a fact that no policy can name, or of a pupil who is not
        in the index.
        """
        if facts is None or facts.empty:
            return cls(len(index), {}, np.datetime64("NaT", "D"))
        if as_of is None:
            raise ParameterError("tiers.facts_need_a_day")
        if strange := sorted(set(facts["fact"]) - set(get_args(FactName))):
            known = ", ".join(get_args(FactName))
            raise DataError("tiers.unknown_fact", facts=", ".join(map(str, strange)), known=known)
        rows, today = index.get_indexer(facts["pupil"]), np.datetime64(str(as_of)[:10], "D")
        if absent := int((rows < 0).sum()):
            raise DataError("tiers.rows_absent", what="scores", n=absent)
        on = pd.to_datetime(facts["on"]).to_numpy("datetime64[D]")
        names = facts["fact"].to_numpy(object)
        return cls(
            len(index),
            {name: _newest(rows, on, (names == name) & (on <= today), len(index)) for name in set(names)},
            today,
        )

    def known(self, fact: str, months: int | None) -> np.ndarray:
        """Of whom the fact is known; with `months`, of a day not longer ago than that."""
        days = self.days.get(fact)
        if days is None:
            return np.zeros(self.pupils, dtype=bool)
        if months is None:
            return ~np.isnat(days)
        first = pd.Timestamp(self.as_of) - pd.DateOffset(months=months)
        return days >= first.to_datetime64().astype("datetime64[D]")


def _newest(rows: np.ndarray, on: np.ndarray, mine: np.ndarray, pupils: int) -> np.ndarray:
    days = np.full(pupils, np.datetime64("NaT", "D"))
    order = np.argsort(on[mine], kind="stable")
    days[rows[mine][order]] = on[mine][order]
    return days
