"""Facts that stand when a wave is classified: what signals, ledgers and earlier care tell of its pupils."""

import pandas as pd

from xinyu_lib.care.facts import known_facts
from xinyu_lib.care.sources import sources
from xinyu_lib.policy import Policy
from xinyu_lib.workspace.signing import counted

CONFIRMED, SPOKEN, LISTED, PLANS = "tier_confirmed", "signal", "check_list", "care_plan"
NOT_SEEN = "not_seen"


def facts_of(ws, wave: str, pupils: pd.Index, policy: Policy, *, as_of: str) -> pd.DataFrame:
    """Facts known of these pupils by `as_of`, as `classify_tiers` takes them: pupil, fact, on.

    A tier must not rest on the talk that it called for. So of this wave do not count: its interviews, the confirmed
    tiers from the first one on, what else was written down on the day of the first talk, and the rows that the census
    put on the check list. What came later is news, and a signal always counts.
    """
    dated = {each.table: each.on for each in sources().sources}
    tables = {name: ws.read(name) for name in dated} | {PLANS: ws.read(PLANS)}
    confirmed = counted(ws, policy)
    talks = tables["interview"]
    seen = _first_seen(talks[~_is(talks["outcome"], NOT_SEEN)], confirmed, wave)
    by_talk = {name: _not_on(tables[name], dated[name], seen) for name in dated if name not in (SPOKEN, LISTED)}
    told = tables | by_talk | {LISTED: _not_by_census(tables[LISTED], wave), CONFIRMED: confirmed}
    told["interview"] = talks[~_is(talks["wave"], wave)]
    found = known_facts(told, as_of, earlier=_before(confirmed, seen))
    return found[found["pupil_key"].isin(pupils)].rename(columns={"pupil_key": "pupil"})


def _first_seen(interviews: pd.DataFrame, confirmed: pd.DataFrame, wave: str) -> pd.Series:
    """The day of the first talk or confirmation of this wave, by pupil."""
    rows = pd.concat([each[["pupil_key", "wave", "on"]] for each in (interviews, confirmed)])
    return rows[_is(rows["wave"], wave)].groupby("pupil_key")["on"].min()


def _before(confirmed: pd.DataFrame, seen: pd.Series) -> pd.DataFrame:
    """Confirmations dated before the pupil was seen, and all of pupils who were not."""
    first = confirmed["pupil_key"].map(seen).astype("str")
    return confirmed[~(confirmed["on"] >= first).fillna(False).astype(bool)]


def _not_on(rows: pd.DataFrame, column: str, seen: pd.Series) -> pd.DataFrame:
    """Rows that are not of the day on which the pupil was first seen."""
    first = rows["pupil_key"].map(seen).astype("str")
    return rows[~(rows[column].astype("str").str[:10] == first).fillna(False).astype(bool)]


def _not_by_census(rows: pd.DataFrame, wave: str) -> pd.DataFrame:
    """Without what the census of this wave brought up; somebody's own word is no census."""
    return rows[~(_is(rows["wave"], wave) & (rows["source"] == "census"))]


def _is(values: pd.Series, what: str) -> pd.Series:
    return (values == what).fillna(False).astype(bool)
