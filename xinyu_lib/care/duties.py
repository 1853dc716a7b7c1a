"""Duties: what is due for each pupil and until when, whether it was done, who does it and who is told if not."""

from collections.abc import Mapping

import pandas as pd

from xinyu_lib.care.acts import acts, first_since, last_since
from xinyu_lib.care.calendar import SchoolCalendar
from xinyu_lib.care.clocks import due_at, moment_of, state_of
from xinyu_lib.care.moments import day_of, last_of_day
from xinyu_lib.care.starts import CONFIRMED, PROVISIONAL, holds
from xinyu_lib.care.steps import steps
from xinyu_lib.policy import Policy
from xinyu_lib.policy.stages import Limit

COLUMNS = [
    "pupil_key", "school", "wave", "cause", "step", "starts", "due", "done", "replaced", "state", "owner", "told",
]  # fmt: skip


def duty_tables() -> tuple[str, ...]:
    """Tables that `duties` reads."""
    declared = steps()
    more = {*declared.danger_since, *declared.in_view_since, *(act.table for act in declared.acts)}
    return tuple(sorted({"tier_provisional", "tier_confirmed", *more}))


def duties(tables: Mapping[str, pd.DataFrame], policy: Policy, as_of: str) -> pd.DataFrame:
    """Every step that is or was due for a pupil by `as_of`, one row per pupil, step and act that ends it.

    Of all causes that one act answers the shortest clock counts, so that of what is not done a pupil has one row per
    step; `cause` is the gravest of them, and `told` are all who hear of any. starts, due, done: moments (NaT: not
    done). replaced: the step is not to be done, other help took its place; then it has no state. state: see
    `clocks.state_of`. owner: who does it. told: who else is told by now (tuple of roles). tables: rows of every one of
    `duty_tables()`, of `tier_confirmed` those that count. What began before the first term of the calendar has neither
    limit nor state.
    Raises DataError where the school calendar does not reach so far.
    """
    calendar, held = SchoolCalendar(policy.calendar), holds(tables, policy, as_of)
    owed = pd.concat([_owed(held, cause, step, limit) for cause, step, limit in _clocks(policy)], ignore_index=True)
    done = acts(tables, as_of)
    found = pd.concat([_once(owed, done, policy, calendar), _again(owed, done, policy, calendar)], ignore_index=True)
    found["state"] = state_of(found["due"], found["done"], as_of).mask(found["replaced"])
    found["owner"] = found["step"].map(policy.duties).astype("str")
    return _joined(escalated(found, policy, as_of), policy)[COLUMNS]


def _clocks(policy: Policy) -> list[tuple[str, str, Limit]]:
    """Cause, step and limit of every clock whose step a table can tell."""
    return [
        (cause, step, limit)
        for cause, clocks in policy.clocks.items()
        for step, limit in clocks.items()
        if step in steps().recorded
    ]


def _owed(held: pd.DataFrame, cause: str, step: str, limit: Limit) -> pd.DataFrame:
    """Whom the cause makes a step due for, and from when its clock runs.

    A questionnaire starts no clock that waits for a confirmed tier. A lowered tier asks again only for what goes on.
    A tier that a wave led to was confirmed by someone who had met the pupil.
    """
    declared, mine = steps(), held[held["cause"] == cause]
    if limit.starts == CONFIRMED:
        mine = mine[mine["stage"] != PROVISIONAL]
    if step not in declared.again:
        mine = mine[~mine["lowered"].astype(bool)]
    if step in declared.reaching:
        mine = mine[(mine["stage"] != CONFIRMED) | mine["wave"].isna()]
    own = limit.starts == CONFIRMED or step in declared.again
    return mine.assign(step=step, starts=mine["starts"] if own else mine["answered"])


def _once(owed: pd.DataFrame, done: pd.DataFrame, policy: Policy, calendar: SchoolCalendar) -> pd.DataFrame:
    """Steps that are done once, those left out that a confirmed tier made needless before they were done."""
    mine = owed[~owed["step"].isin(repeated(policy))].reset_index(drop=True)
    mine = mine.join(first_since(mine, done))
    mine["due"] = _due(mine, policy, calendar)
    return mine[~_needless(mine, policy)]


def _needless(mine: pd.DataFrame, policy: Policy) -> pd.Series:
    """Not done before another tier took the place of this one, and that one does not ask for it, or anew.

    Of a confirmed tier only what was not due yet. Nobody has looked at the pupil yet: that is never needless.
    """
    asked = {(tier, step) for tier, clocks in policy.clocks.items() for step in clocks}
    of_next = pd.Series(list(zip(mine["next_tier"], mine["step"], strict=True)), index=mine.index).isin(asked)
    first = ~of_next | mine["step"].isin(steps().of_tier)
    superseded = first.where(mine["stage"] != CONFIRMED, mine["due"] > mine["until"])
    late = ~(mine["done"] <= last_of_day(mine["until"]))
    return mine["until"].notna() & late & superseded & ~mine["step"].isin(steps().reaching)


def _again(owed: pd.DataFrame, done: pd.DataFrame, policy: Policy, calendar: SchoolCalendar) -> pd.DataFrame:
    """Steps that are done again and again, of what holds still: the next one after the last that was done."""
    mine = owed[owed["step"].isin(repeated(policy)) & owed["until"].isna()]
    met = first_since(mine.assign(step=steps().again_after), done)["done"].notna()
    mine = mine[met | (mine["stage"] != PROVISIONAL)].reset_index(drop=True)
    last = last_since(mine, done)
    mine = mine.assign(starts=last.where(last > mine["starts"], mine["starts"]), done=pd.NaT, replaced=False)
    mine["due"] = _due(mine, policy, calendar)
    expires = last_of_day(day_of(mine["review_by"])).where(mine["step"] == steps().expires_with)
    given = expires.where(last.isna() | (last.dt.normalize() <= mine["judged"]))
    return mine.assign(due=pd.concat([mine["due"], given], axis=1).min(axis=1))


def repeated(policy: Policy) -> set[str]:
    """Steps that the policy repeats, and those of which each one sets the next."""
    return {*steps().again, *(step for _, step, limit in _clocks(policy) if limit.every)}


def _due(mine: pd.DataFrame, policy: Policy, calendar: SchoolCalendar) -> pd.Series:
    """Until when each step is in time; NaT for what began before the first declared term, of which no day is known."""
    mine = mine[mine["starts"] >= pd.Timestamp(policy.calendar.terms[0].first)]
    parts = [
        due_at(part["starts"], policy.clocks[cause][step], calendar, policy.census.windows)
        for (cause, step), part in mine.groupby(["cause", "step"])
    ]
    return pd.concat([pd.Series(dtype="datetime64[us]"), *parts]).reindex(mine.index)


def _joined(found: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """One row per pupil, step and act: the clock that ends first, the gravest cause, everybody who is told.

    The wave is that of any that names one.
    """
    gravity = {cause: place for place, cause in enumerate(policy.clocks)}  # the policy names the gravest first
    rows = found.sort_values(["pupil_key", "due", "starts"], kind="stable", ignore_index=True)
    own = ["pupil_key", "step", "done"]
    groups = rows.assign(gravity=rows["cause"].map(gravity)).groupby(own, dropna=False, sort=False)
    gravest = groups["gravity"].transform("min").map(dict(enumerate(policy.clocks))).astype("str")
    rows = rows.assign(wave=groups["wave"].transform("first"), cause=gravest, group=groups.ngroup())
    several = rows[rows["told"].map(bool).astype(bool)].groupby("group")["told"].agg(_everybody)
    first = rows.drop_duplicates(own)
    told = [several.get(group, ()) for group in first["group"]]
    return first.assign(told=told).astype({"done": "datetime64[us]"}).reset_index(drop=True)


def _everybody(told: pd.Series) -> tuple[str, ...]:
    return tuple(dict.fromkeys(role for roles in told for role in roles))


def escalated(rows: pd.DataFrame, policy: Policy, as_of: str) -> pd.DataFrame:
    """Steps with `told`: the roles that are told by now that a step is overdue, by the escalation of the policy."""
    now, calendar = moment_of(as_of), SchoolCalendar(policy.calendar)
    told = pd.Series([()] * len(rows), index=rows.index, dtype=object)
    for each in policy.escalation:
        late = rows[rows["cause"].isin(each.causes) & (rows["state"] == "overdue")]
        reached = due_at(late["due"], each.after, calendar, policy.census.windows) <= now
        for row in late.index[reached & (late["owner"] != each.tell)]:
            told[row] = (*told[row], each.tell)
    return rows.assign(told=told)
