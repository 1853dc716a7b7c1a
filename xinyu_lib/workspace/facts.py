"""Facts that stand when a wave is classified: what signals, ledgers and earlier care tell of its pupils."""

import pandas as pd

from xinyu_lib.care.confirming import valid
from xinyu_lib.care.facts import fact_tables, known_facts
from xinyu_lib.policy import Policy


def facts_of(ws, wave: str, pupils: pd.Index, policy: Policy, *, as_of: str) -> pd.DataFrame:
    """Facts known of these pupils by `as_of`, as `classify_tiers` takes them: pupil, fact, on.

    What the census of this wave led to is left out (interviews, confirmed tiers, census rows of the check list): a tier
    must not rest on the talk that it called for.
    """
    tables = {name: _without(ws.read(name), wave) for name in fact_tables()}
    tables["tier_confirmed"] = valid(tables["tier_confirmed"], ws.read("tier_provisional"), policy)
    found = known_facts(tables, as_of)
    return found[found["pupil_key"].isin(pupils)].rename(columns={"pupil_key": "pupil"})


def _without(rows: pd.DataFrame, wave: str) -> pd.DataFrame:
    """Rows that did not come out of the census of this wave; somebody's own word is no census."""
    if "wave" not in rows:
        return rows
    mine = (rows["wave"] == wave).fillna(False).astype(bool)
    return rows[~(mine & (rows["source"] == "census"))] if "source" in rows else rows[~mine]
