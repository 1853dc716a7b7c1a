"""What holds of pupils, and since when: provisional tiers, reported dangers, confirmed tiers."""

from collections.abc import Mapping

import pandas as pd

from xinyu_lib.care.clocks import moment_of
from xinyu_lib.care.closing import plans
from xinyu_lib.care.facts import told_by
from xinyu_lib.care.grounds import FACT, IN_CARE, REPORT, grounds_of, tier_of
from xinyu_lib.care.moments import day_of, first_given, last_of_day
from xinyu_lib.care.sources import Rows, Source, sources
from xinyu_lib.care.standing import COLOURS
from xinyu_lib.care.steps import steps
from xinyu_lib.care.stretches import DANGER, decisions, judged_already, settled, stretches
from xinyu_lib.policy import Policy

PROVISIONAL, CONFIRMED = "provisional", "confirmed"
TIER = [
    "wave", "school", "pupil_key", "tier", "safety_signal", "undetermined_why", "remeasure", "reasons", "since",
    "valid_from",
]  # fmt: skip
Tables = Mapping[str, pd.DataFrame]


def holds(tables: Tables, policy: Policy, as_of: str) -> pd.DataFrame:
    """One row per pupil, cause and beginning, known by `as_of`.

    pupil_key, school, wave, cause; stage: provisional, danger or confirmed. starts: when it began. answered: from when
    steps run that run from the answer: for a confirmed tier the first sign that told of no less. since: from when acts
    count, the first sign of it. until: when a confirmed tier or the next wave took its place (NaT: it holds still), and
    next_tier, which that was. lowered: care goes on at a lower tier. judged, review_by: moment and expiry of the newest
    confirmation.
    """
    now = moment_of(as_of)
    confirmed = decisions(tables["tier_confirmed"], now)
    provisional = _provisional(tables, confirmed, policy, now)
    found = pd.concat([provisional, _danger(tables, policy, now)], ignore_index=True)
    caused = found[found["cause"].notna()]
    first = _followed(found, confirmed).loc[caused.index]
    first = first.assign(answered=first["starts"], since=first["starts"])
    signs = pd.concat([caused, _in_view(tables, now)], ignore_index=True)
    begun = _ended(stretches(confirmed, signs), tables["care_plan"], now)
    return pd.concat([first, begun.assign(stage=CONFIRMED)], ignore_index=True)


def _ended(begun: pd.DataFrame, rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Stretches that lasted until the pupil came into other hands."""
    plan = plans(rows, now)
    closed = day_of(plan["closed_on"].where(plan["ended"])).astype("datetime64[us]")
    closed = closed.reindex(begun["pupil_key"]).set_axis(begun.index)
    ends = begun["until"].isna() & (closed >= begun["starts"].dt.normalize())
    return begun.assign(until=begun["until"].mask(ends, closed))


def _provisional(tables: Tables, confirmed: pd.DataFrame, policy: Policy, now: pd.Timestamp) -> pd.DataFrame:
    """Causes of the tiers that the rules gave; every wave has a row, without a cause where no clock runs.

    A clock of which no answer tells the start begins with the day on which the tier was first given, however often
    tiers are made again; for who was absent with the session for those who were, which was before the tiers told it.
    """
    tiers = tables["tier_provisional"].reindex(columns=TIER)
    tiers = tiers.assign(given=first_given(tiers).astype("datetime64[us]"))
    tiers = _with_run(tiers[tiers["given"] <= now], now)
    asked = tables["administration"][["wave", "pupil_key", "submitted_at", "made_up_on"]]
    rows = tiers.merge(asked, on=["wave", "pupil_key"], how="left", validate="1:1")
    rows["ground"] = grounds_of(rows, policy)
    known = _known_since(rows, tables)
    rows["starts"] = known.fillna(pd.concat([rows["given"], day_of(rows["made_up_on"])], axis=1).min(axis=1))
    rows["fresh"] = known.notna() | ~judged_already(rows, confirmed)
    causes = _causes(rows)
    found = pd.concat([rows.assign(cause=cause.where(cause.isin(list(policy.clocks)))) for cause in causes])
    found = found.sort_values("cause", kind="stable", na_position="last")
    found = found.drop_duplicates(["wave", "pupil_key", "cause"])
    several = found["cause"].isna() & found.duplicated(["wave", "pupil_key"])
    columns = ["pupil_key", "school", "wave", "tier", "cause", "starts"]
    return found[~several][columns].assign(stage=PROVISIONAL)


def _with_run(tiers: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Tiers with `run`, the day of the newest run known by `now` that gave them, which read the newest sheet."""
    run = day_of(tiers["valid_from"].astype("str")).astype("datetime64[us]")
    return tiers.assign(run=run.where(run <= now, tiers["given"]))


def _causes(rows: pd.DataFrame) -> list[pd.Series]:
    """Whose clocks run; several may. Of a colour that says only that care is open none does: care has its own.

    Nor does any of what somebody has looked into before the tiers told it.
    """
    colour = rows["tier"].isin(COLOURS)
    again = pd.Series(steps().measured_again, index=rows.index).where(colour & (rows["remeasure"] == "yes"))
    return [
        rows["tier"].where(colour & (rows["ground"] != IN_CARE) & rows["fresh"]),
        rows["safety_signal"].map(steps().by_signal).where(rows["fresh"]),
        rows["undetermined_why"].where(rows["tier"] == "undetermined"), again,
    ]  # fmt: skip


def _known_since(rows: pd.DataFrame, tables: Tables) -> pd.Series:
    """When the answer was submitted that the tier rests on, or the report received; NaT where neither is known.

    A sheet of a later moment is not the one that was judged.
    """
    submitted = pd.to_datetime(rows["submitted_at"]).astype("datetime64[us]")
    judged = (submitted <= last_of_day(rows["run"])) & ~rows["ground"].isin([FACT, REPORT])
    reported = _reported_by(rows, tables).where(rows["ground"] == REPORT)
    return submitted.where(judged, reported)


def _reported_by(rows: pd.DataFrame, tables: Tables) -> pd.Series:
    """The newest report about each pupil by the day of the tiers, of those that a confirmation settles."""
    told = [told_by(tables[each.table], each) for each in sources().sources if each.fact in sources().settled]
    reports = pd.concat(told, ignore_index=True).astype({"moment": "datetime64[us]"}).sort_values("moment")
    asked = pd.DataFrame({"pupil_key": rows["pupil_key"], "by": last_of_day(rows["given"]), "place": range(len(rows))})
    asked = asked.astype({"by": "datetime64[us]"}).sort_values("by", kind="stable")
    found = pd.merge_asof(
        asked, reports.assign(reported=reports["moment"]), left_on="by", right_on="moment", by="pupil_key"
    )
    return found.sort_values("place")["reported"].set_axis(rows.index)


def _danger(tables: Tables, policy: Policy, now: pd.Timestamp) -> pd.DataFrame:
    """The tier of a danger at once, by the word of anyone: the sources of that fact, from when it was spoken of."""
    told = [_reported(tables[each.table], each) for each in sources().sources if each.fact == "danger"]
    found = pd.concat(told, ignore_index=True)
    tier = tier_of("danger", policy)
    return found[found["starts"] <= now].assign(tier=tier, cause=tier, stage=DANGER)


def _reported(rows: pd.DataFrame, source: Source) -> pd.DataFrame:
    told = told_by(rows, source.model_copy(update={"on": steps().danger_since[source.table]}))
    told = told.join(rows["school"]).rename(columns={"moment": "starts"})
    return told.astype({"starts": "datetime64[us]"})


def _in_view(tables: Tables, now: pd.Timestamp) -> pd.DataFrame:
    """First signs of pupils outside the census: no clock starts with them, but acts count from then."""
    declared = [Rows(table=table, on=on) for table, on in steps().in_view_since.items()]
    told = pd.concat([told_by(tables[each.table], each) for each in declared], ignore_index=True)
    return told[told["moment"] <= now].rename(columns={"moment": "starts"}).astype({"starts": "datetime64[us]"})


def _followed(found: pd.DataFrame, confirmed: pd.DataFrame) -> pd.DataFrame:
    """Provisional tiers and dangers with what took their place; only a person settles a danger."""
    decided = settled(found, confirmed)
    waves = found[found["stage"] == PROVISIONAL].drop_duplicates(["pupil_key", "wave"])
    waves = waves.sort_values(["pupil_key", "starts"], kind="stable")
    later = waves[["starts", "tier"]].groupby(waves["pupil_key"]).shift(-1)
    later = waves[["pupil_key", "wave"]].assign(later=later["starts"], later_tier=later["tier"])
    rows = found.merge(later, on=["pupil_key", "wave"], how="left", validate="m:1").set_axis(found.index)
    sooner = decided["decided"].notna() & ~(decided["decided"] > rows["later"])
    until = decided["decided"].where(sooner, rows["later"])
    rows = rows.assign(until=until, next_tier=decided["tier"].where(sooner, rows["later_tier"]), lowered=False)
    return rows.drop(columns=["later", "later_tier"])
