"""Courses, timetables, lessons, the five things made public, and feedback."""

import pandas as pd

from xinyu_lib.synth.ledgerplan import Term
from xinyu_lib.synth.ledgers.dates import day
from xinyu_lib.synth.ledgers.ground import Ground, codes, frame, label, some

FORMS = {"regular": "local", "school_based": "school", "menu": "school", "noon": "other", "dual": "local"}
COURSE = {form: f"K-{place:02d}" for place, form in enumerate(FORMS, 1)}
MINUTES = 40
MOVED = 0.03  # share of lessons that are moved for reasons of a day
PUBLISHED = {"course": 4, "timetable": 4, "hours": 6, "teacher": 6, "feedback": 44}  # item -> school day of the term


def course(ground: Ground) -> pd.DataFrame:
    """All five forms at every school."""
    rng = ground.rng("course")
    rows = []
    for school in ground.schools:
        for form, hours_from in FORMS.items():
            principles = some(rng, "course", "principles", 2)
            rows.append({
                "school": school.code, "record": COURSE[form], "form": form, "hours_from": hours_from,
                "title": ground.parts.titles["course"].format(
                    form=label("course", "form", form),
                    label="、".join(label("course", "principles", each) for each in principles.split(";")),
                ),
                "grades": ";".join(map(str, school.taught)), "principles": principles,
                "starts": ground.terms[0].starts, "reference": f"K-{school.code}-{form}".replace("_", "-"),
            })  # fmt: skip
    return frame(rows)


def timetable(ground: Ground) -> pd.DataFrame:
    """One lesson in two weeks for every class, each on a day and slot of its own."""
    rows = []
    for term in ground.terms:
        for school in ground.schools:
            teachers = ground.staff_at(school.code, "psychology_teacher")
            rooms = ground.classes[ground.classes["school"] == school.code]
            rows += [
                {
                    "school": school.code, "year": term.year, "term": term.term, "class_id": class_id,
                    "weekday": 1 + place % 5, "slot": 2 + place // 10, "weeks": "odd" if place // 5 % 2 else "even",
                    "course": _course(ground, school.code), "staff_number": teachers[place % len(teachers)],
                }
                for place, class_id in enumerate(rooms["class_id"])
            ]  # fmt: skip
    return frame(rows)


def _course(ground: Ground, school: str) -> str:
    """A small school shares a teacher and has its lessons from afar."""
    return COURSE["dual" if ground.size(school) < ground.parts.small_school else "regular"]


def lesson(ground: Ground) -> pd.DataFrame:
    """Every lesson that was due, all of them given: on a day without school it is moved to the next school day."""
    rng = ground.rng("lesson")
    remote = ground.at_unit("U-02")[0]
    terms = {(term.year, term.term): _mondays(ground, term) for term in ground.terms}
    rows = []
    for slot in ground["timetable"].itertuples():
        for monday in terms[slot.year, slot.term][slot.weeks == "odd" :: 2]:
            on = monday + pd.Timedelta(days=slot.weekday - 1)
            if on > ground.until:
                continue
            rows.append(_lesson(ground, slot, on, remote, bool(rng.random() < MOVED)))
    return frame(rows)


def _mondays(ground: Ground, term: Term) -> list[pd.Timestamp]:
    days = ground.calendar.of(term)
    return sorted({on - pd.Timedelta(days=on.weekday()) for on in days})


def _lesson(ground: Ground, slot, on: pd.Timestamp, remote: str, moved: bool) -> dict:
    row = {
        "school": slot.school, "class_id": slot.class_id, "on": day(on), "course": slot.course, "delivered": "yes",
        "minutes": MINUTES, "staff_number": slot.staff_number,
    }  # fmt: skip
    if moved or not ground.calendar.is_school_day(on):
        given = ground.calendar.after(on + pd.Timedelta(days=1))
        row["moved_to"] = day(min(given, ground.until))
    if slot.course == COURSE["dual"]:
        row |= {"remote_number": remote, "local_present": "yes"}
    return row


def five_open(ground: Ground) -> pd.DataFrame:
    rows = [
        {
            "school": school.code, "year": term.year, "term": term.term, "item": item,
            "published_on": day(ground.calendar.of(term)[place]), "place": codes("five_open", "place")[place % 4],
            "reference": f"G-{school.code}-{term.term}-{item}",
        }
        for school in ground.schools
        for term in ground.terms
        for item, place in PUBLISHED.items()
    ]  # fmt: skip
    return frame(rows)


def lesson_feedback(ground: Ground) -> pd.DataFrame:
    """Anonymous feedback of every class at the end of what there was of the term."""
    rng = ground.rng("lesson_feedback")
    rows = []
    for term in ground.terms:
        for room in ground.classes.itertuples():
            rows.append({
                "school": room.school, "year": term.year, "term": term.term, "class_id": room.class_id,
                "on": day(ground.calendar.of(term)[PUBLISHED["feedback"] - 4]), "taught": room.size,
                "answering": int(rng.binomial(room.size, 0.9)), "mean": round(float(rng.uniform(4.0, 4.8)), 1),
                "best": 5,
            })  # fmt: skip
    return frame(rows)
