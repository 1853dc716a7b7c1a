"""The high-care register: every pupil in care, what was last seen, and what comes next."""

from collections.abc import Mapping

import pandas as pd

from xinyu_lib.care.clocks import moment_of
from xinyu_lib.care.closing import newest, plans
from xinyu_lib.care.moments import day_of, last_of_day
from xinyu_lib.care.referrals import referrals
from xinyu_lib.care.signatures import calm
from xinyu_lib.care.standing import COLOURS, standing
from xinyu_lib.policy import Policy

TABLES = (
    "tier_confirmed", "care_plan", "contact", "guardian_contact", "check_list", "interview", "referral", "crisis_event",
)  # fmt: skip
PLAN = ["issue", "staff_key", "frequency", "plan_on", "closed_on", "closing", "ended"]
NONE_SET, NEXT_CONTACT = "none_set", "next_contact"
Tables = Mapping[str, pd.DataFrame]


def register(tables: Tables, policy: Policy, as_of: str) -> pd.DataFrame:
    """One row per pupil whose confirmed tier or plan is or was open by `as_of`, on `pupil_key`.

    open; school; tier, highest, openings, since: see `standing`. source: who had named the pupil when care began.
    issue, staff_key (responsible), plan_on, frequency: of the newest plan. risk, protection: of the newest interview.
    event: number of the newest crisis event. last_contact: day. next_kind, next_due: the next contact that is planned;
    `none_set` when there is none. guardian_on: last reached; guardian_withheld: why none is informed. referral,
    diagnosis_known: of the newest. attending: as seen last. review_on, review_result, before_on, before_result: the
    last two reviews at this tier. step_down: yes or no, enough stable reviews in a row. closed_on, closing: of the
    newest plan, when no care is open. tables: rows of `TABLES`, of `tier_confirmed` those that count.
    """
    now = moment_of(as_of)
    stands = standing(tables["tier_confirmed"], as_of).drop(columns=["at", "wave"]).astype({"openings": "Int64"})
    plan = plans(tables["care_plan"], now).rename(columns={"on": "plan_on"})
    found = stands[stands["highest"].isin(COLOURS)].join(plan[PLAN], how="outer")
    found["school"] = found["school"].fillna(plan["school"])
    ended = found.pop("ended").eq(True) & ~(found["since"] > found["closed_on"])
    going_on = found["plan_on"].notna() & found["closed_on"].isna()
    found["open"] = (found["tier"].isin(COLOURS) & ~ended) | going_on
    parts = [
        _contacts(tables["contact"], now), _guardian(tables["guardian_contact"], now), _source(tables, found),
        _seen(tables, now), _referral(tables, policy, as_of), _reviews(tables, found, policy, now),
    ]  # fmt: skip
    found = pd.concat([found, *(part.reindex(found.index) for part in parts)], axis=1)
    planned = found["next_kind"].where(found["next_kind"].notna(), NONE_SET)
    return found.assign(
        next_kind=planned.where(found["open"]), next_due=found["next_due"].where(found["open"]),
        closed_on=found["closed_on"].mask(found["open"]), closing=found["closing"].mask(found["open"]),
        step_down=found["step_down"].fillna("no").where(found["open"]),
    )  # fmt: skip


def unplanned(found: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Pupils of the register without a next contact, as steps that are overdue since the day of the last one.

    Columns as in `duties`; the step is `next_contact`, and who follows up sets it.
    """
    rows = found[found["next_kind"] == NONE_SET].reset_index()
    since = day_of(rows["last_contact"].fillna(rows["since"]).fillna(rows["plan_on"]))
    due = last_of_day(since).astype("datetime64[us]")
    told = {"wave": None, "done": pd.NaT, "replaced": False, "state": "overdue", "owner": policy.duties["follow_up"]}
    rows = rows.assign(cause=rows["tier"], step=NEXT_CONTACT, starts=since.astype("datetime64[us]"), due=due, **told)
    return rows.assign(told=[()] * len(rows)).astype({"wave": "str", "done": "datetime64[us]"})


def _contacts(contacts: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """The last contact, the next one that is planned, and whether the pupil was at school when seen last."""
    done = day_of(contacts["done_on"]) <= now
    last = contacts[done].groupby("pupil_key")["done_on"].max()
    ahead = contacts[~done & (day_of(contacts["due_on"]) >= now.normalize())].sort_values("due_on", kind="stable")
    following = ahead.drop_duplicates("pupil_key").set_index("pupil_key")[["kind", "due_on"]]
    seen = newest(contacts[done & contacts["attending"].notna()], "done_on", now)["attending"]
    return following.set_axis(["next_kind", "next_due"], axis=1).join(
        pd.DataFrame({"last_contact": last, "attending": seen}), how="outer"
    )


def _guardian(rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    reached = newest(rows[rows["reached"] == "yes"], "on", now)["on"]
    withheld = newest(rows, "on", now)["withheld"]
    return pd.DataFrame({"guardian_on": reached, "guardian_withheld": withheld})


def _source(tables: Tables, found: pd.DataFrame) -> pd.DataFrame:
    """Who named the pupil: the last row of the check list by the day on which the plan or the tier began first."""
    confirmed = tables["tier_confirmed"]
    first = confirmed[confirmed["tier"].isin(COLOURS)].groupby("pupil_key")["on"].min()
    began = first.reindex(found.index).fillna(found["plan_on"])
    listed = tables["check_list"]
    since = listed["pupil_key"].map(began).astype("str")
    listed = listed[(listed["on"] <= since).fillna(False).astype(bool)].sort_values("on", kind="stable")
    return listed.drop_duplicates("pupil_key", keep="last").set_index("pupil_key")[["source"]]


def _seen(tables: Tables, now: pd.Timestamp) -> pd.DataFrame:
    """Risk and protection by the newest interview, and the newest crisis event."""
    interviews = newest(tables["interview"], "on", now)[["risk", "protection"]]
    events = newest(tables["crisis_event"], "found_at", now)["record"].rename("event")
    return interviews.join(events, how="outer")


def _referral(tables: Tables, policy: Policy, as_of: str) -> pd.DataFrame:
    rows = tables["referral"].reset_index(drop=True)
    found = referrals(rows, policy, as_of).join(rows["diagnosis_known"]).sort_values("proposed_on", kind="stable")
    newest = found.drop_duplicates("pupil_key", keep="last").set_index("pupil_key")
    return newest[["state", "diagnosis_known"]].rename(columns={"state": "referral"})


def _reviews(tables: Tables, found: pd.DataFrame, policy: Policy, now: pd.Timestamp) -> pd.DataFrame:
    """The last two reviews since the tier began, and whether enough of them in a row found nothing worse."""
    contacts = tables["contact"]
    held = contacts[(contacts["kind"] == "review") & (day_of(contacts["done_on"]) <= now)]
    held = held[held["done_on"] > held["pupil_key"].map(found["since"])]
    held = held.sort_values(["pupil_key", "done_on"], kind="stable")
    held["back"] = held.groupby("pupil_key").cumcount(ascending=False)
    ripe = calm(held.assign(row=held["pupil_key"])) >= policy.confirmation.stable_reviews
    last, before = (held[held["back"] == n].set_index("pupil_key")[["done_on", "result"]] for n in (0, 1))
    both = last.set_axis(["review_on", "review_result"], axis=1).join(
        before.set_axis(["before_on", "before_result"], axis=1)
    )
    return both.assign(step_down=ripe.map({True: "yes", False: "no"}))
