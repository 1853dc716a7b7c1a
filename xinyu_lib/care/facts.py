"""Known facts: what signals, lists, interviews, events, referrals and confirmed tiers tell of pupils."""

from collections.abc import Mapping

import pandas as pd

from xinyu_lib.care.clocks import moment_of
from xinyu_lib.care.closing import plans
from xinyu_lib.care.moments import day_of, known_time
from xinyu_lib.care.sources import Rows, Source, sources
from xinyu_lib.care.standing import in_order, standing

CONFIRMED, PLANS = "tier_confirmed", "care_plan"
COLUMNS = ["pupil_key", "fact", "on"]


def fact_tables() -> tuple[str, ...]:
    """Tables that `known_facts` reads."""
    return tuple(sorted({CONFIRMED, PLANS, *(each.table for each in sources().sources)}))


def known_facts(
    tables: Mapping[str, pd.DataFrame], as_of: str, *, earlier: pd.DataFrame | None = None
) -> pd.DataFrame:  # fmt: skip
    """Facts known of each pupil by `as_of`: pupil_key, fact, on (ISO day), one row per pupil and fact, the newest day.

    tables: rows of every one of `fact_tables()`, of `tier_confirmed` those that count (see `confirming.valid`).
    earlier: of these the ones on which an open tier may rest, where not all may. A row that names no pupil tells of
    nobody.
    """
    confirmed = tables[CONFIRMED]
    told = pd.concat([_told(tables[each.table], each) for each in sources().sources], ignore_index=True)
    told = _unsettled(told[told["moment"] <= moment_of(as_of)], in_order(confirmed), as_of)
    told = told.assign(on=told["moment"].dt.strftime("%Y-%m-%d").astype("str"))
    every = pd.concat([told[COLUMNS], _open(confirmed if earlier is None else earlier, tables[PLANS], as_of)])
    newest = every.sort_values(COLUMNS).drop_duplicates(["pupil_key", "fact"], keep="last", ignore_index=True)
    return newest.astype("str")


def _told(rows: pd.DataFrame, source: Source) -> pd.DataFrame:
    return told_by(rows, source).assign(fact=source.fact)


def told_by(rows: pd.DataFrame, source: Rows) -> pd.DataFrame:
    """Of the rows that tell it: pupil_key, moment; the beginning of the day where only the day is known."""
    mine = rows["pupil_key"].notna() & rows[source.on].notna()
    for column, codes in source.when.items():
        mine &= _holds(rows[column], codes)
    for column, codes in source.unless.items():
        mine &= ~_holds(rows[column], codes)
    rows = rows[mine]
    moment = pd.to_datetime(rows[source.on]).astype("datetime64[s]")
    if source.at:
        moment = known_time(rows, on=source.on, at=source.at).fillna(moment)
    return pd.DataFrame({"pupil_key": rows["pupil_key"], "moment": moment})


def _holds(cells: pd.Series, codes: tuple[str, ...]) -> pd.Series:
    """True where a cell, one code or several as `a;b`, holds one of the codes."""
    return (";" + cells.fillna("") + ";").str.contains("|".join(f";{code};" for code in codes))


def _unsettled(told: pd.DataFrame, confirmed: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Without facts after which a person has confirmed a tier.

    A confirmation of which only the day is known settles what was known before that day, or by its day alone.
    """
    known = confirmed[confirmed["moment"] <= moment_of(as_of)]
    decided = known["time"].fillna(day_of(known["on"])).groupby(known["pupil_key"]).max()
    after = decided.reindex(told["pupil_key"]).to_numpy() >= told["moment"].to_numpy()
    settled = told["fact"].isin(sources().settled) & after
    return told[~settled]


def _open(confirmed: pd.DataFrame, care_plans: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Facts of confirmed tiers that are not closed, by a person or by a plan that ended care since they began."""
    stands = standing(confirmed, as_of).reset_index()
    plan = plans(care_plans, moment_of(as_of))
    ended = stands["pupil_key"].map(plan.loc[plan["ended"], "closed_on"]).astype("str")
    stands = stands[~(ended >= stands["since"]).fillna(False).astype(bool)]
    fact = stands["tier"].map(sources().open)
    return pd.DataFrame({"pupil_key": stands["pupil_key"], "fact": fact, "on": stands["since"]})[fact.notna()]
