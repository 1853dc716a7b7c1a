"""Gaps in care and files: steps that came too late or never, and what is missing from a file."""

import pandas as pd

from xinyu_lib.synth.ledgerplan import Gap
from xinyu_lib.synth.ledgers.cases import census_cases
from xinyu_lib.synth.ledgers.dates import day, hours, minute
from xinyu_lib.synth.ledgers.ground import Ground, frame
from xinyu_lib.synth.ledgers.marking import change, chosen, iso, record, take_out

TALK_AT = 10  # o'clock on the next school day
LATE = {"principal_at": 0.6, "referred_at": 5, "district_at": 28, "guardian_at": 76}  # hours after the late talk
PLAN_LATE = 100
FILED_LATE = 45  # days after entry
LOST = 4  # days before the end of what the ledgers know


def _case(ground: Ground, gap: Gap):
    """The case that takes a gap."""
    cases = census_cases(ground)
    return next(cases[(cases["gap"] == gap.kind) & (cases["school"] == gap.school)].itertuples())


def red_overdue(ground: Ground, gap: Gap) -> list[dict]:
    """A red whose talk, guardian, report to the district and plan all came too late."""
    case = _case(ground, gap)
    number, talk = case.number, ground.calendar.after(case.talk, 1) + hours(TALK_AT)
    guardian, plan = talk + hours(LATE["guardian_at"]), talk + hours(PLAN_LATE)
    mine = {"number": number, "on": day(case.talk)}
    change(ground, "check_list", chosen(ground, "check_list", number=number, wave=case.wave), done_on=day(talk))
    change(ground, "interview", chosen(ground, "interview", **mine), on=day(talk), at=minute(talk))
    confirmed = {"on": day(talk), "at": minute(talk + hours(0.5))}
    change(ground, "tier_confirmed", chosen(ground, "tier_confirmed", **mine), **confirmed)
    told = {"on": day(guardian), "receipt_on": day(guardian)}
    change(ground, "guardian_contact", chosen(ground, "guardian_contact", **mine), **told)
    change(ground, "care_plan", chosen(ground, "care_plan", **mine), on=day(plan), at=minute(plan))
    due, kind = ground["contact"]["due_on"], ground["contact"]["kind"]
    early = chosen(ground, "contact", number=number) & due.between(day(case.talk), day(plan))
    take_out(ground, "contact", early & (kind != "review"))  # the reviews by which the tier is lowered later were held
    sent = chosen(ground, "referral", number=number, proposed_on=day(case.talk))
    change(ground, "referral", sent, proposed_on=day(talk), answered_on=day(talk), sent_on=day(talk))
    event = chosen(ground, "crisis_event", number=number, found_at=minute(case.talk))
    times = {step: minute(talk + hours(after)) for step, after in LATE.items()}
    change(ground, "crisis_event", event, found_at=minute(talk), **times)
    known = {"submitted": case.submitted.isoformat()}
    told_at = {step: iso(moment) for step, moment in times.items()}
    return [
        record(ground, "interview", known, ledger=gap.school, at=minute(talk), risk="high"),
        record(ground, "crisis_event", told_at, school=gap.school, found_at=minute(talk)),
        record(ground, "guardian_contact", ledger=gap.school, on=day(guardian), purpose="crisis"),
        record(ground, "care_plan", ledger=gap.school, at=minute(plan)),
    ]


def red_review_lapsed(ground: Ground, gap: Gap) -> list[dict]:
    """Nothing to change: the course of this pupil's care has had no review from the start."""
    case = _case(ground, gap)
    due = day(case.talk + pd.Timedelta(days=ground.parts.care["red"].valid))
    confirmed = {"tier": "red", "at": minute(case.talk + hours(0.5)), "review_by": due}
    return [
        record(ground, "tier_confirmed", ledger=gap.school, **confirmed),
        record(ground, "care_plan", ledger=gap.school, review_on=due, closed_on=None),
    ]


def no_next_contact(ground: Ground, gap: Gap) -> list[dict]:
    number = _case(ground, gap).number
    ahead = ground["contact"]["due_on"] > day(ground.until)
    take_out(ground, "contact", chosen(ground, "contact", number=number) & ahead)
    open_plan = ground["care_plan"][chosen(ground, "care_plan", number=number, closed_on=None)].iloc[0]
    where = {"ledger": gap.school, "on": open_plan["on"], "issue": open_plan["issue"]}
    return [record(ground, "care_plan", {"contacts_ahead": 0}, **where)]


def handover_lost(ground: Ground, gap: Gap) -> list[dict]:
    """A pupil with an open orange tier left for another district, and nobody signed for the file."""
    case = _case(ground, gap)
    left = day(ground.calendar.before(ground.until - pd.Timedelta(days=LOST)))
    row = {
        "school": gap.school, "ledger": gap.school, "number": case.number, "class_id": case.class_id, "on": left,
        "event": "transferred_out",
    }  # fmt: skip
    ground.made["enrolment"] = pd.concat([ground["enrolment"], frame([row])], ignore_index=True)
    where = {"school": gap.school, "event": row["event"], "on": left, "receipt_on": None}
    return [record(ground, "enrolment", {"tier": "orange"}, **where)]


def no_consent_filed(ground: Ground, gap: Gap) -> list[dict]:
    """The consent form of a pupil who answered is not in the file."""
    entries = ground["archive_entry"]
    cared = set(census_cases(ground)["number"])
    measured = entries[chosen(ground, "archive_entry", ledger=gap.school, part="measurement")]
    number = next(each for each in measured["number"] if each not in cared)
    take_out(ground, "archive_entry", chosen(ground, "archive_entry", number=number, part="consent_access"))
    pupil = ground.pupils[ground.pupils["number"] == number].iloc[0]
    more = {"class_id": str(pupil["class_id"]), "pupils": 1}
    return [{"table": "archive_entry", "where": {"school": gap.school, "part": "consent_access"}, "rows": 0} | more]


def filed_late(ground: Ground, gap: Gap) -> list[dict]:
    """A newcomer whose file was opened long after the 30 days."""
    came = chosen(ground, "enrolment", school=gap.school, event="transferred_in", other_school=None)
    entry = ground["enrolment"][came].iloc[0]
    opened = day(pd.Timestamp(entry["on"]) + pd.Timedelta(days=FILED_LATE))
    change(ground, "archive", chosen(ground, "archive", number=entry["number"]), opened_on=opened)
    more = {"entered": entry["on"], "days": FILED_LATE}
    return [record(ground, "archive", more, ledger=gap.school, opened_on=opened)]


PLANTERS = {
    planter.__name__: planter
    for planter in (
        red_overdue, red_review_lapsed, no_next_contact, handover_lost, no_consent_filed, filed_late,
    )
}  # fmt: skip
