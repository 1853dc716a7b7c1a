"""Near a cut: within one conditional standard error of measurement of the line that decides a colour."""

from dataclasses import replace
from itertools import groupby

import numpy as np
import pandas as pd

from xinyu_lib.policy import Policy
from xinyu_lib.tiers.conditions import evaluate
from xinyu_lib.tiers.evidence import Curve, Evidence
from xinyu_lib.tiers.standing import Standing


def near_cut(
    evidence: Evidence, standing: Standing, policy: Policy, errors: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Pupils for whom a level of a colour would be decided otherwise if their scores were one standard error lower or
    higher, all of them together; and pupils for whom that cannot be told (booleans).

    errors: columns scale, score, value, se; the standard error is that at the cut, interpolated between two values.
    A scale that is invalid or may not be read counts for nothing; what is open because of gaps is not called near.
    """
    curves = _curves(errors)
    blurred = replace(evidence, errors=curves)
    near = np.zeros(evidence.pupils, dtype=bool)
    for rule in policy.rules:
        applies = standing.old_enough(rule)
        if rule.scale:
            applies = applies & ~standing.invalid(rule.scale) & ~standing.safety_only
        for level in rule.levels:
            if level.result != "note":
                moved, still = evaluate(level.when, rule.scale, blurred), evaluate(level.when, rule.scale, evidence)
                near |= applies & moved.possible & ~moved.sure & (still.possible == still.sure)
    return near, ~near & _unknown(evidence, policy, curves)


def _unknown(evidence: Evidence, policy: Policy, curves: dict[tuple[str, str], Curve]) -> np.ndarray:
    """Pupils without a scale that a rule reads, or with one whose standard errors are not known."""
    exact = {scale for scale, _ in curves}
    told, untold = np.zeros((2, evidence.pupils), dtype=bool)
    for scale in policy.ruled_scales:
        mine = told if scale in exact else untold
        mine |= evidence.given(scale)
    return ~told | untold


def _curves(errors: pd.DataFrame) -> dict[tuple[str, str], Curve]:
    rows = errors.sort_values(["scale", "score", "value"])[["scale", "score", "value", "se"]]
    found = {}
    for own, points in groupby(rows.itertuples(index=False), key=lambda row: (row.scale, row.score)):
        values, curve = zip(*((row.value, row.se) for row in points), strict=True)
        found[own] = (np.array(values, dtype=float), np.array(curve, dtype=float))
    return found
