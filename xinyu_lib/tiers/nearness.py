"""Near a cut: within one conditional standard error of measurement of the line that decides a colour."""

from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd

from xinyu_lib.policy import Policy
from xinyu_lib.tiers.conditions import evaluate
from xinyu_lib.tiers.evidence import Bounds, Evidence
from xinyu_lib.tiers.standing import Standing

Curve = tuple[np.ndarray, np.ndarray]  # values of a score, and the standard error at each


@dataclass(frozen=True)
class Blurred(Evidence):
    """Evidence in which every score may be one standard error lower or higher; answers to single items may not."""

    errors: dict[tuple[str, str], Curve] | None = None

    def bounds(self, scale_id: str, score: str) -> Bounds:
        low, high = super().bounds(scale_id, score)
        if (scale_id, score) not in (self.errors or {}):
            return Bounds(low, high)
        values, errors = self.errors[scale_id, score]
        return Bounds(low - np.interp(low, values, errors), high + np.interp(high, values, errors))


def near_cut(evidence: Evidence, standing: Standing, policy: Policy, errors: pd.DataFrame) -> np.ndarray:
    """Pupils for whom a level of a colour would be decided otherwise if their scores were one standard error lower or
    higher, all of them together (booleans).

    errors: columns scale, score, value, se; between two values the standard error is interpolated. A scale that is
    invalid or may not be read counts for nothing.
    """
    blurred = Blurred(evidence.scores, evidence.scales, evidence.facts, evidence.kept, _curves(errors))
    near = np.zeros(evidence.pupils, dtype=bool)
    for rule in policy.rules:
        applies = standing.old_enough(rule)
        if rule.scale:
            applies = applies & evidence.given(rule.scale) & ~standing.invalid(rule.scale) & ~standing.safety_only
        for level in rule.levels:
            if level.result != "note":
                found = evaluate(level.when, rule.scale, blurred)
                near |= applies & found.possible & ~found.sure
    return near


def _curves(errors: pd.DataFrame) -> dict[tuple[str, str], Curve]:
    rows = errors.sort_values(["scale", "score", "value"])[["scale", "score", "value", "se"]]
    found = {}
    for own, points in groupby(rows.itertuples(index=False), key=lambda row: (row.scale, row.score)):
        values, curve = zip(*((row.value, row.se) for row in points), strict=True)
        found[own] = (np.array(values, dtype=float), np.array(curve, dtype=float))
    return found
