"""Staff, their certificates, their place in the pyramid of teams, and what they may see."""

import numpy as np
import pandas as pd

from xinyu_lib.synth.ledgers.ground import DISTRICT, Ground, Parts, frame, person
from xinyu_lib.synth.setting import School

UNITS = {"U-01": ["administrator"], "U-02": ["researcher"] * 2, "U-03": ["counsellor"] * 3}
LEADERS = ["principal", "vice_principal", "moral_education", "doctor"]
FEW_LEADERS = ["principal", "moral_education"]  # of a small school
RETIRED = "2025-07-10"
GRANTS = {"psychology_teacher": "psychologist", "principal": "principal", "vice_principal": "principal"}


def staff(ground: Ground) -> pd.DataFrame:
    """Everyone who does this work; `class_id` and `grade` say which class a class teacher has."""
    rng = ground.rng("staff")
    rows = [{"unit": unit, "posts": post} for unit, posts in UNITS.items() for post in posts]
    rows += [row for school in ground.schools for row in _at_school(ground, school)]
    # somebody who retired before this school year, and whose certificate stays in the books
    rows.append({"school": ground.schools[-1].code, "posts": "subject_teacher", "ends": RETIRED})
    tails = rng.choice(10**10, len(rows), replace=False)
    people = frame(rows).assign(
        staff_number=[f"{ground.parts.staff_prefix}{tail:010d}" for tail in tails],
        name=[person(rng) for _ in rows],
        starts=[f"{ground.parts.service_from + years}-09-01" for years in rng.integers(0, 6, len(rows))],
    )
    return _shared(ground, people)


def _at_school(ground: Ground, school: School) -> list[dict]:
    classes = ground.classes[ground.classes["school"] == school.code]
    pupils = ground.size(school.code)
    leaders = FEW_LEADERS if pupils < ground.parts.small_school else LEADERS
    rows = [{"posts": post} for post in leaders]
    rows += [{"posts": "psychology_teacher"} | each for each in _teachers(pupils, ground.parts)]
    for place, room in enumerate(classes.itertuples()):
        first = place == 0 or classes["grade"].iloc[place - 1] != room.grade
        rows.append({
            "posts": "class_teacher;grade_head" if first else "class_teacher;subject_teacher",
            "class_id": room.class_id, "grade": room.grade,
        })  # fmt: skip
    rows += [{"posts": "subject_teacher"} for _ in school.taught]
    return [{"school": school.code} | row for row in rows]


def _teachers(pupils: int, parts: Parts) -> list[dict]:
    full, half = {"employment": "full", "fte": 1}, {"employment": "part", "fte": 0.5}
    if pupils < parts.small_school:
        return [half | {"fte": 0.3}]
    return [full, half] if pupils > parts.large_school else [full]


def _shared(ground: Ground, people: pd.DataFrame) -> pd.DataFrame:
    """The part-time teacher of a small school works at another school as well, with a share at each."""
    gap = ground.gap("teacher_shared")
    if gap is None:
        return people
    there = people[(people["school"] == gap.school) & (people["posts"] == "psychology_teacher")].iloc[[-1]]
    people.loc[there.index, ["employment", "fte"]] = ["part", 0.3]
    home = there.assign(school=gap.what, employment="part", fte=0.5)
    return pd.concat([people, home], ignore_index=True)


def ledger_of(ground: Ground) -> pd.Series:
    """The workbook in which a person is kept, by staff number: their first school, else the district's."""
    first = ground["staff"].drop_duplicates("staff_number").set_index("staff_number")
    return first["school"].where(first["school"].notna(), DISTRICT)


def qualification(ground: Ground) -> pd.DataFrame:
    """Certificates: so many persons in post with level 2, one who left, and others without it."""
    rng = ground.rng("qualification")
    rows = [row for number in _certified(ground, rng) for row in _counsellor(number, rng)]
    for number in ground["staff"].query("posts == 'psychology_teacher'")["staff_number"].unique():
        rows.append({"staff_number": number, "kind": "teaching", "issued": _past(rng, 2012, 2022)})
        rows.append({"staff_number": number, "kind": "degree", "issued": f"{rng.integers(2000, 2012)}-06-30"})
    prefix, tails = ground.parts.certificate_prefix, rng.choice(10**13, len(rows))
    certificates = [f"{prefix}{tail:013d}" for tail in tails]
    found = frame(rows).assign(certificate=certificates)
    return found.assign(ledger=found["staff_number"].map(ledger_of(ground)))


def _certified(ground: Ground, rng: np.random.Generator) -> list[str]:
    """Those with level 2: who does the work first, then other teachers, but nobody who leaves within the year."""
    staff = ground["staff"]
    leaver = ground.gap("teacher_left")
    going = ground.staff_at(leaver.school, "psychology_teacher") if leaver else []
    here = staff[staff["ends"].isna() & ~staff["staff_number"].isin(going)]
    leading = here["posts"].isin(["psychology_teacher", "counsellor", "researcher"])
    others = rng.permutation(here.loc[~leading, "staff_number"].unique()).tolist()
    in_post = [*here.loc[leading, "staff_number"].unique(), *others][: ground.district.setting.figures.level_2]
    return [*in_post, *staff.loc[staff["ends"].notna(), "staff_number"]]


def _counsellor(number: str, rng: np.random.Generator) -> list[dict]:
    """A certificate of level 2, in some after one of level 3; none is younger than 2017, when they ended."""
    second = {"staff_number": number, "kind": "counsellor", "level": "2", "issued": _past(rng, 2010, 2017)}
    third = {"staff_number": number, "kind": "counsellor", "level": "3", "issued": _past(rng, 2004, 2009)}
    return [second, third] if rng.random() < 0.3 else [second]


def _past(rng: np.random.Generator, first: int, last: int) -> str:
    return f"{rng.integers(first, last, endpoint=True)}-05-20"


def team_member(ground: Ground) -> pd.DataFrame:
    """The pyramid of teams; one teacher moved up from the base, and both rows are kept."""
    people = ground["staff"][ground["staff"]["ends"].isna()].drop_duplicates("staff_number")
    places = {
        "class_teacher": ("base", "class_teachers"), "subject_teacher": ("base", "subject_teachers"),
        "counsellor": ("top", "station"), "researcher": ("top", "masters"),
    }  # fmt: skip
    rows = []
    for each in people.itertuples():
        if each.posts == "psychology_teacher":
            full = each.employment == "full"
            layer, team = ("middle", "full_time" if full else "part_time")
            before = {"layer": "base", "team": "psychology", "starts": each.starts, "ends": "2025-08-31"}
            rows.append({"staff_number": each.staff_number} | before)
            lead = {"layer": layer, "team": team, "role": "lead" if full else "member", "starts": "2025-09-01"}
            rows.append({"staff_number": each.staff_number} | lead)
        elif place := places.get(each.posts.split(";")[0]):
            rows.append({"staff_number": each.staff_number, "layer": place[0], "team": place[1], "starts": each.starts})
    found = frame(rows)
    return found.assign(ledger=found["staff_number"].map(ledger_of(ground)))


def role_grant(ground: Ground) -> pd.DataFrame:
    """Who may see what this school year, all with a pledge."""
    term = {"starts": ground.terms[0].starts, "ends": f"{int(ground.year[:4]) + 1}-08-31", "pledged": "2025-09-01"}
    rows = []
    for school in ground.schools:
        here = ground["staff"][(ground["staff"]["school"] == school.code) & ground["staff"]["ends"].isna()]
        granted = [grant for each in here.itertuples() for grant in _grants(each)]
        rows += [
            {"record": f"{school.code}-R{place:03d}", "school": school.code} | grant | term
            for place, grant in enumerate(granted, 1)
        ]
    for place, (unit, role) in enumerate([("U-01", "bureau"), ("U-02", "bureau"), ("U-03", "station")], 1):
        number = ground.at_unit(unit)[0]
        rows.append({"record": f"D-R{place:03d}", "staff_number": number, "role": role} | term)
    return frame(rows)


def _grants(each) -> list[dict]:
    """Roles of one person: a class teacher sees the class, a grade head the grade as well."""
    posts = each.posts.split(";")
    one = {"staff_number": each.staff_number}
    found = [one | {"role": GRANTS[post]} for post in posts if post in GRANTS]
    if "class_teacher" in posts:
        found.append(one | {"role": "class_teacher", "class_id": each.class_id})
    if "grade_head" in posts:
        found.append(one | {"role": "grade_head", "grade": each.grade})
    return found
