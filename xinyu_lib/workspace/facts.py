"""Facts that stand when a wave is classified: what signals, ledgers and earlier care tell of its pupils."""

import pandas as pd

from xinyu_lib.care.confirming import valid
from xinyu_lib.care.facts import known_facts
from xinyu_lib.care.sources import sources
from xinyu_lib.policy import Policy

CONFIRMED, SPOKEN, PLANS = "tier_confirmed", "signal", "care_plan"


def facts_of(ws, wave: str, pupils: pd.Index, policy: Policy, *, as_of: str) -> pd.DataFrame:
    """Facts known of these pupils by `as_of`, as `classify_tiers` takes them: pupil, fact, on.

    A tier must not rest on the talk that it called for: from the first interview or confirmed tier of this wave on, a
    pupil's ledgers tell what people made of it, and only what somebody signals is still heard. Nor do the rows count
    that the census of this wave put on the check list.
    """
    dated = {each.table: each.on for each in sources().sources}
    tables = {name: ws.read(name) for name in dated}
    confirmed = valid(ws.read(CONFIRMED), ws.read("tier_provisional"), policy)
    seen = _first_seen(tables["interview"], confirmed, wave)
    told = {name: _before(_not_by_census(rows, wave), dated[name], seen) for name, rows in tables.items()}
    told |= {SPOKEN: tables[SPOKEN], CONFIRMED: _before(confirmed, "on", seen), PLANS: ws.read(PLANS)}
    found = known_facts(told, as_of)
    return found[found["pupil_key"].isin(pupils)].rename(columns={"pupil_key": "pupil"})


def _first_seen(interviews: pd.DataFrame, confirmed: pd.DataFrame, wave: str) -> pd.Series:
    """The day of the first interview or confirmation of this wave, by pupil."""
    rows = pd.concat([each[["pupil_key", "wave", "on"]] for each in (interviews, confirmed)])
    return rows[_is(rows["wave"], wave)].groupby("pupil_key")["on"].min()


def _before(rows: pd.DataFrame, column: str, seen: pd.Series) -> pd.DataFrame:
    """Rows dated before the pupil was seen, and all of pupils who were not."""
    first = rows["pupil_key"].map(seen).astype("str")  # without rows it would be no text
    return rows[~(rows[column].str[:10] >= first).fillna(False).astype(bool)]


def _not_by_census(rows: pd.DataFrame, wave: str) -> pd.DataFrame:
    """Without what the census of this wave brought up; somebody's own word is no census."""
    return rows[~(_is(rows["wave"], wave) & (rows["source"] == "census"))] if "source" in rows else rows


def _is(values: pd.Series, what: str) -> pd.Series:
    return (values == what).fillna(False).astype(bool)
