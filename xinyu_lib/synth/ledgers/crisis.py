"""Crisis plans, drills, and the events of every pupil who was confirmed red."""

import pandas as pd

from xinyu_lib.synth.ledgers.care import courses
from xinyu_lib.synth.ledgers.course import Stretch
from xinyu_lib.synth.ledgers.dates import day, hours, minute
from xinyu_lib.synth.ledgers.ground import Ground, codes, frame

APPROVED, TESTED, BRIEFED, DRILLED = 4, 9, 14, 35  # school days of the term
STEPS = {"principal_at": 0.6, "guardian_at": 1.5, "district_at": 3.0, "referred_at": 5.0}  # hours after the talk


def crisis_plan(ground: Ground) -> pd.DataFrame:
    """This year's version at every school and the one that it took the place of."""
    days = ground.calendar.of(ground.terms[0])
    levels = ";".join(codes("crisis_plan", "levels_briefed"))
    rows = []
    for school in ground.schools:
        rows.append({
            "school": school.code, "version": "2024-1", "approved_on": "2024-09-09", "ended_on": day(days[APPROVED]),
            "contacts_tested_on": "2024-09-16", "levels_briefed": levels, "briefed_on": "2024-09-20",
            "reference": f"W-{school.code}-2024",
        })  # fmt: skip
        rows.append({
            "school": school.code, "version": "2025-1", "approved_on": day(days[APPROVED]),
            "contacts_tested_on": day(days[TESTED]), "levels_briefed": levels, "briefed_on": day(days[BRIEFED]),
            "reference": f"W-{school.code}-2025",
        })  # fmt: skip
    return frame(rows)


def drill(ground: Ground) -> pd.DataFrame:
    """One in every term."""
    rng = ground.rng("drill")
    rows = [
        {
            "school": school.code, "on": day(ground.calendar.of(term)[DRILLED]),
            "kind": codes("drill", "kind")[place % 3], "version": "2025-1",
            "levels": ";".join(codes("drill", "levels")), "participants": int(rng.integers(12, 40)),
            "reviewed_on": day(ground.calendar.of(term)[DRILLED + 1]), "reference": f"Y-{school.code}-{term.term}",
        }
        for place, school in enumerate(ground.schools)
        for term in ground.terms
    ]  # fmt: skip
    return frame(rows)


def crisis_event(ground: Ground) -> pd.DataFrame:
    """Every confirmed red, told to all in time, and one accident that was about no single pupil."""
    reds = [(number, each) for number, course in courses(ground) for each in course if each.tier == "red"]
    rows = [_event(ground, place, *red) for place, red in enumerate(reds, 1)]
    found = ground.calendar.of(ground.terms[0])[60] + hours(10)
    rows.append({
        "school": ground.schools[0].code, "record": "W-2025-900", "found_at": minute(found), "found_by": "other_staff",
        "type": "disaster", "first_action": "other", "principal_at": minute(found + hours(0.2)),
        "district_at": minute(found + hours(1)), "reviewed_on": day(ground.calendar.after(found, 3)),
        "closed_on": day(ground.calendar.after(found, 10)),
    })  # fmt: skip
    return frame(rows)


def _event(ground: Ground, place: int, number: str, red: Stretch) -> dict:
    return {
        "school": red.school, "record": f"W-2025-{place:03d}", "number": number, "found_at": minute(red.starts),
        "found_by": "psychology_teacher", "type": "suicide_risk", "first_action": "accompany", "accompanied": "yes",
        **{step: minute(red.starts + hours(after)) for step, after in STEPS.items()},
        "class_followed_up_on": day(ground.calendar.after(red.starts, 3)),
        "reviewed_on": day(ground.calendar.after(red.starts, 5)), "closed_on": day(red.ends) if red.ends else None,
    }  # fmt: skip
