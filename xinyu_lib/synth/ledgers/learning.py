"""Training, who attended, and supervision, which is not training."""

import pandas as pd

from xinyu_lib.synth.ledgers.dates import day
from xinyu_lib.synth.ledgers.ground import Ground, codes, frame, label, person
from xinyu_lib.synth.ledgers.people import ledger_of

EVERY = 40  # days between trainings of the district
AUDIENCES = ["psychology_teachers", "class_teachers", "psychology_teachers", "subject_teachers"]
POSTS = {"psychology_teachers": "psychology_teacher", "class_teachers": "class_teacher"}
HOURS = {"lecture": 3, "workshop": 6, "course": 12, "lesson_study": 3, "online": 6}
SUPERVISED = 2.5  # hours a month


def training(ground: Ground) -> pd.DataFrame:
    """Trainings of the district through the year, and one of each school in each term."""
    rng = ground.rng("training")
    rows = []
    start = pd.Timestamp(ground.terms[0].starts)
    for place, on in enumerate(pd.date_range(start, ground.until, freq=f"{EVERY}D"), 1):
        kind, audience = list(HOURS)[place % len(HOURS)], AUDIENCES[place % len(AUDIENCES)]
        title = ground.parts.titles["training"].format(
            audience=label("training", "audience", audience), kind=label("training", "kind", kind), n=place
        )
        rows.append({
            "record": f"D-T{place:02d}", "title": title, "kind": kind, "unit": "U-02", "audience": audience,
            "starts": day(ground.calendar.after(on, 4)), "hours": HOURS[kind], "expert": person(rng),
            "expert_from": codes("training", "expert_from")[place % 3], "reference": f"D-T-2025-{place:02d}",
        })  # fmt: skip
    for school in ground.schools:
        for term in ground.terms:
            on = ground.calendar.of(term)[20]
            title = ground.parts.titles["school_training"].format(
                school=school.name, kind=label("training", "kind", "lecture")
            )
            rows.append({
                "record": f"{school.code}-T-{term.term}", "title": title, "kind": "lecture", "school": school.code,
                "starts": day(on), "hours": HOURS["lecture"], "audience": "class_teachers;subject_teachers",
                "expert": person(rng), "expert_from": "district",
            })  # fmt: skip
    return frame(rows)


def attendance(ground: Ground) -> pd.DataFrame:
    """Psychology teachers go to all trainings of the district, class teachers to those for them."""
    rng = ground.rng("attendance")
    people = ground["staff"][ground["staff"]["ends"].isna()].drop_duplicates("staff_number")
    rows = []
    for each in ground["training"].itertuples():
        audience = each.audience.split(";")
        posts = {POSTS[one] for one in audience if one in POSTS} | {"psychology_teacher"}
        called = people[[bool(posts & set(post.split(";"))) for post in people["posts"]]]
        if each.school:
            called = called[called["school"] == each.school]
        there = called["staff_number"][(rng.random(len(called)) < 0.95) | (called["posts"] == "psychology_teacher")]
        rows += [{"training": each.record, "staff_number": number, "hours": each.hours} for number in there]
    found = frame(rows)
    return found.assign(ledger=found["staff_number"].map(ledger_of(ground)))


def supervision(ground: Ground) -> pd.DataFrame:
    """Every psychology teacher and counsellor, once a month."""
    rng = ground.rng("supervision")
    staff = ground["staff"]
    people = staff[staff["posts"].isin(["psychology_teacher", "counsellor"])]["staff_number"].unique()
    months = pd.date_range(ground.terms[0].starts, ground.until, freq="MS")
    supervisors = [person(rng) for _ in range(3)]
    rows = [
        {
            "staff_number": number, "on": day(ground.calendar.before(month + pd.Timedelta(days=14))),
            "kind": "group" if place % 3 else "individual", "hours": SUPERVISED, "cases": int(rng.integers(1, 4)),
            "supervisor_from": codes("supervision", "supervisor_from")[place % 3],
            "supervisor": supervisors[place % 3],
        }
        for number in people
        for place, month in enumerate(months)
    ]  # fmt: skip
    found = frame(rows).drop_duplicates(["staff_number", "on"])
    return found.assign(ledger=found["staff_number"].map(ledger_of(ground)))
