"""Plans and what is done by them: contacts with the pupil and the guardian, and referrals."""

from collections.abc import Iterator
from itertools import count

import numpy as np
import pandas as pd

from xinyu_lib.synth.ledgers.care import courses, left, teacher
from xinyu_lib.synth.ledgers.course import Stretch, due_days
from xinyu_lib.synth.ledgers.dates import day, hours, minute
from xinyu_lib.synth.ledgers.ground import Ground, codes, frame, some

MEASURES = {
    "red": "individual;home;safety_plan;watch;referral", "orange": "individual;home;safety_plan",
    "yellow": "class;home",
}  # fmt: skip
PLAN_AFTER = {"red": 0, "orange": 1, "yellow": 2}  # school days from confirmed tier to plan
KINDS = {"red": ["talk", "counselling"], "orange": ["counselling"], "yellow": ["talk", "observation"]}
CHANNELS = ["phone", "at_school", "home_visit"]
REFERRED = 0.3  # share of orange pupils who are referred to the station


def plans(course: list[Stretch]) -> list[list[Stretch]]:
    """The tiers of a pupil, plan by plan."""
    return [[each for each in course if each.plan == plan] for plan in sorted({each.plan for each in course})]


def plan_day(ground: Ground, first: Stretch) -> pd.Timestamp:
    """When a plan begins: for red three hours after the talk, else after some school days."""
    if first.tier == "red":
        return first.starts + hours(3)
    return ground.calendar.after(first.starts, PLAN_AFTER[first.tier])


def closed_on(ground: Ground, pupil: int, last: Stretch) -> tuple[pd.Timestamp | None, str | None]:
    """When and why a plan was closed; nothing while it is open."""
    if last.tier == "none":
        return last.starts, "resolved"
    if last.ends is not None:
        return last.ends, "misclassified"  # a talk found more, and a new plan took its place
    gone = left(ground, pupil)
    return (gone, "transferred") if gone <= ground.until else (None, None)


def care_plan(ground: Ground) -> pd.DataFrame:
    """The register: one row per plan, with the last review and the next one."""
    rng = ground.rng("care_plan")
    running = ground.pupils.reset_index().set_index("number")["pupil"]
    return frame([
        _plan(ground, number, plan, closed_on(ground, running[number], plan[-1]), rng)
        for number, course in courses(ground)
        for plan in plans(course)
    ])  # fmt: skip


def _plan(
    ground: Ground, number: str, plan: list[Stretch], closed: tuple[pd.Timestamp | None, str | None], rng
) -> dict:  # fmt: skip
    first, begins = plan[0], plan_day(ground, plan[0])
    now = next(each for each in reversed(plan) if each.tier != "none")
    reviews = [due for _, due, review in _due(ground, plan) if review]
    end = closed[0] or ground.until
    done = [due for due in reviews if due <= end]
    lowered = bool(done) and any(each.starts.normalize() == done[-1] for each in plan[1:])
    return {
        "ledger": first.school, "number": number, "on": day(begins),
        "at": minute(begins) if first.tier == "red" else None, "staff_number": teacher(ground, first.school, rng),
        "issue": str(rng.choice(codes("care_plan", "issue"))), "measures": MEASURES[first.tier],
        "frequency": ground.parts.care[now.tier].frequency,
        "review_on": None if closed[0] else day(_next_review(now, ground)),
        "reviewed_on": day(done[-1]) if done else None,
        "review_result": ("stepped_down" if lowered else "unchanged") if done else None,
        "closed_on": day(closed[0]) if closed[0] else None, "closing": closed[1],
        "words": str(rng.choice(ground.phrases)),
    }  # fmt: skip


def _due(ground: Ground, plan: list[Stretch]) -> Iterator[tuple[Stretch, pd.Timestamp, bool]]:
    """All days of a plan on which something is due, with the tier of the day and whether it is a review."""
    for each in plan:
        if each.tier != "none":
            for due, review in due_days(each, ground.parts.care[each.tier], ground.calendar):
                yield each, due, review


def _next_review(now: Stretch, ground: Ground) -> pd.Timestamp:
    """The first review ahead; where none was held, the one that is overdue."""
    every, start = pd.Timedelta(days=ground.parts.care[now.tier].review), now.starts.normalize()
    planned = (ground.calendar.before(start + n * every) for n in count(1))
    return next(on for on in planned if on > ground.until or not now.reviewed)


def contact(ground: Ground) -> pd.DataFrame:
    """Everything that was due was done on its day, by phone where there is no school; the next one is always set."""
    rng = ground.rng("contact")
    running = ground.pupils.reset_index().set_index("number")["pupil"]
    rows = []
    for number, course in courses(ground):
        for plan in plans(course):
            end, _ = closed_on(ground, running[number], plan[-1])
            for each, due, review in _due(ground, plan):
                if end is None or due <= end:
                    rows.append(_contact(ground, number, each, due, review, rng))
    return frame(rows).drop_duplicates(["number", "due_on", "kind"], ignore_index=True)


def _contact(ground: Ground, number: str, each: Stretch, due: pd.Timestamp, review: bool, rng) -> dict:
    kind = "review" if review else str(rng.choice(KINDS[each.tier]))
    row = {
        "ledger": each.school, "number": number, "due_on": day(due), "kind": kind,
        "staff_number": teacher(ground, each.school, rng),
    }  # fmt: skip
    if due > ground.until:
        return row
    away = not ground.calendar.is_school_day(due)
    return row | {
        "kind": "phone" if away and not review else kind, "done_on": day(due), "minutes": int(rng.integers(15, 50)),
        "themes": some(rng, "contact", "themes", 2), "attending": "full", "words": str(rng.choice(ground.phrases)),
        "result": "stable" if review else str(rng.choice(["stable", "better"])),
    }  # fmt: skip


def guardian_contact(ground: Ground) -> pd.DataFrame:
    """The guardian is told the same day at red, within two school days otherwise."""
    rng = ground.rng("guardian_contact")
    rows = []
    for number, course in courses(ground):
        for plan in plans(course):
            first = plan[0]
            on = first.starts if first.tier == "red" else ground.calendar.after(first.starts, int(rng.integers(0, 2)))
            rows.append({
                "ledger": first.school, "number": number, "on": day(on),
                "staff_number": teacher(ground, first.school, rng),
                "purpose": "crisis" if first.tier == "red" else "inform",
                "channel": "at_school" if first.tier == "red" else str(rng.choice(CHANNELS)),
                "reached": "yes", "receipt_on": day(ground.calendar.after(on, 1)), "answer": "agreed",
                "words": str(rng.choice(ground.phrases)),
            })  # fmt: skip
    return frame(rows)


def referral(ground: Ground) -> pd.DataFrame:
    """Red pupils to a hospital and back, some orange ones to the station."""
    rng = ground.rng("referral")
    rows = []
    for number, course in courses(ground):
        for plan in plans(course):
            first = plan[0]
            if first.tier == "red" or (first.tier == "orange" and rng.random() < REFERRED):
                place = "hospital" if first.tier == "red" else "station"
                rows.append(_referral(ground, number, first, place, len(rows), rng))
    return frame(rows)


def _referral(ground: Ground, number: str, first: Stretch, place: str, n: int, rng: np.random.Generator) -> dict:
    """Every step within the weeks; a guardian now and then declines the station."""
    on = first.starts
    row = {
        "ledger": first.school, "number": number, "place": place, "proposed_on": day(on), "answered_on": day(on),
        "staff_number": teacher(ground, first.school, rng), "reference": f"R-{first.school}-{n + 1:03d}",
    }  # fmt: skip
    if place == "station" and rng.random() < 0.2:
        return row | {"state": "guardian_declined"}
    sent = on if place == "hospital" else ground.calendar.after(on, 1)
    accepted, seen = ground.calendar.after(sent, 1), ground.calendar.after(sent, int(rng.integers(2, 8)))
    row |= {"sent_on": day(sent), "accepted_on": day(accepted), "seen_on": day(seen)}
    if place == "station":
        return row | {"state": "seen"}
    result, back = seen + pd.Timedelta(days=7), ground.calendar.after(seen, 8)
    row |= {"state": "returned", "result_on": day(result), "returned_on": day(back), "diagnosis_known": "yes"}
    return row if back <= ground.until else row | {"state": "seen", "result_on": None, "returned_on": None}
