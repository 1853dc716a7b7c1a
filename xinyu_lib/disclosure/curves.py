"""Step curves of durations (Kaplan-Meier and the like): every step that is shown is a protected cell."""

from typing import Protocol

import pandas as pd

from xinyu_lib.disclosure.safetable import ISSUED, SafeTable
from xinyu_lib.errors import DisclosureError

COUNTS, SHARES, LIMITS = ["at_risk", "events"], ["survival"], ["low", "high"]


class CurveRule(Protocol):
    """What a policy says of step curves for one audience."""

    min_denominator: int
    threshold: int
    means_min_n: int
    curve_min_events: int


class HasCurveRules(Protocol):
    disclosure: dict[str, CurveRule]


def protect_curve(steps: pd.DataFrame, policy: HasCurveRules, audience: str = "school") -> SafeTable:
    """First merge steps, then hide; kind "curve", a row per step that is left, at the time where it ends.

    steps: by rising time (a grid of weeks rather than days: the time of a step is shown), with at_risk (persons just
    before), events (persons at that time), survival (share 0..1 just after), and low and high of it if wanted.
    Steps are merged with the next until `threshold` events lie behind each; what is left over at the end is not
    shown. The curve ends before fewer than `means_min_n` persons are left after a step. With fewer than
    `curve_min_events` events in all, fewer persons at the start than `min_denominator`, or no step left, one masked row
    at time 0 stands for the curve.
    Shown are survival, low and high in whole per cents (0..1); events and at_risk never. Rounded to 5, two numbers at
    risk and the events between them leave at most nine values for those who were lost to follow-up: none lost could be
    told from five lost, where the policy wants 0 to `threshold` possible. Without them a reader who knows the number at
    the start can still narrow the lost before the first step, to fewer than `threshold` values in about 1 % of curves.
    Raises DisclosureError for other columns, times that do not rise, and numbers that do not fit each other.
    """
    _check(steps)
    rule = policy.disclosure[audience]
    shares = SHARES + [name for name in LIMITS if name in steps]
    ends = _ends(steps, rule)
    shown = steps.loc[ends, shares].astype("Float64").round(2)
    if not ends:
        shown = pd.DataFrame(pd.NA, index=pd.Index([0], name=steps.index.name), columns=shares, dtype="Float64")
    masked = pd.DataFrame(not ends, index=shown.index, columns=shares)
    notes = ("merged",) if len(ends) < len(steps) else ()
    return SafeTable(
        shown,
        masked,
        "curve",
        audience,
        rule.threshold,
        rule.min_denominator,
        notes if ends else ("few_events",),
        ISSUED,
    )


def _ends(steps: pd.DataFrame, rule: CurveRule) -> list:
    """Times at which the merged steps end, as far as the curve may be shown."""
    if steps["events"].sum() < rule.curve_min_events or steps["at_risk"].iloc[0] < rule.min_denominator:
        return []
    ends, gathered = [], 0
    for time, events, left in zip(steps.index, steps["events"], steps["at_risk"] - steps["events"], strict=True):
        if left < rule.means_min_n:
            break
        gathered += events
        if gathered >= rule.threshold:
            ends.append(time)
            gathered = 0
    return ends


def _check(steps: pd.DataFrame) -> None:
    there = list(steps.columns)
    known = there and set(COUNTS + SHARES) <= set(there) <= set(COUNTS + SHARES + LIMITS)
    if not known or steps.empty or not (steps.index.is_monotonic_increasing and steps.index.is_unique):
        raise DisclosureError("disclosure.curve_steps")
    at_risk, events = steps["at_risk"], steps["events"]
    left = at_risk - events
    counted = not steps[COUNTS + SHARES].isna().to_numpy().any() and bool(((events >= 0) & (left >= 0)).all())
    if not counted or (at_risk.shift(-1) > left).any() or not steps["survival"].between(0, 1).all():
        raise DisclosureError("disclosure.curve_steps")
