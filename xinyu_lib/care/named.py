"""Pupils whom somebody names outside the census: signals that wait for a look, and the clock of what they tell."""

from typing import get_args

import pandas as pd

from xinyu_lib.care.clocks import moment_of
from xinyu_lib.care.facts import told_by
from xinyu_lib.care.grounds import tier_of
from xinyu_lib.care.sources import sources
from xinyu_lib.care.standing import COLOURS
from xinyu_lib.care.steps import steps
from xinyu_lib.policy import Policy
from xinyu_lib.policy.conditions import FactName

LISTED = "listed"  # the outcome of a signal after which somebody is still to look; so is none at all


def named_by_signals(signals: pd.DataFrame, stands: pd.DataFrame, policy: Policy, as_of: str) -> pd.DataFrame:
    """Signals about a pupil that wait for a look, a row each: nobody has dealt with them or confirmed a tier since.

    Columns: pupil_key, school, source, reason (safety for danger, else concern), cause (the tier whose clock runs), at
    (when it was received), starts (of a danger when it was sent), issues, loud (a danger without an outcome).
    """
    mine = _pending(signals[signals["pupil_key"].notna()], as_of)
    decided = _decided(stands).reindex(mine["pupil_key"]).to_numpy()
    mine = mine[~(decided > pd.to_datetime(mine["received_at"]).to_numpy())]
    facts = _facts(mine)
    received = pd.to_datetime(mine["received_at"])
    sent = pd.to_datetime(mine[steps().danger_since["signal"]])
    source = mine["source_level"].replace(sources().source_of)
    return pd.DataFrame({
        "pupil_key": mine["pupil_key"], "school": mine["school"], "source": source,
        "reason": facts["danger"].map({True: "safety", False: "concern"}), "cause": _gravest(facts, policy),
        "at": received, "starts": sent.where(facts["danger"], received), "issues": mine["categories"],
        "loud": facts["danger"] & mine["outcome"].isna(),
    })  # fmt: skip


def to_be_assigned(signals: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Signals that wait for a look and name no pupil yet: nobody can be listed for them."""
    return _pending(signals[signals["pupil_key"].isna()], as_of)


def clock_of(reasons: pd.Series, policy: Policy) -> pd.Series:
    """Whose clock runs for a reason that somebody wrote into the list; NA where none does."""
    by_fact = {reason: tier_of(fact, policy) for reason, fact in sources().of_reason.items()}
    return reasons.map(by_fact | steps().by_reason).astype("str")


def _pending(signals: pd.DataFrame, as_of: str) -> pd.DataFrame:
    known = pd.to_datetime(signals["received_at"]) <= moment_of(as_of)
    return signals[known & (signals["outcome"].isna() | (signals["outcome"] == LISTED))]


def _decided(stands: pd.DataFrame) -> pd.Series:
    """When the present tier was confirmed; the beginning of the day where only that is known."""
    return pd.to_datetime(stands["at"]).fillna(pd.to_datetime(stands["since"]))


def _facts(signals: pd.DataFrame) -> pd.DataFrame:
    """What each signal tells, a column per fact (boolean)."""
    found = pd.DataFrame(False, index=signals.index, columns=list(get_args(FactName)))
    for source in sources().sources:
        if source.table == "signal":
            found.loc[told_by(signals, source).index, source.fact] = True
    return found


def _gravest(facts: pd.DataFrame, policy: Policy) -> pd.Series:
    """The most urgent tier to which the facts of a signal lead; what tells none is a concern, whoever speaks of it."""
    cause = pd.Series(tier_of("concern", policy), index=facts.index, dtype="str")
    for colour in reversed(COLOURS):
        mine = [fact for fact in facts if tier_of(fact, policy) == colour]
        cause = cause.mask(facts[mine].any(axis=1), colour)
    return cause
