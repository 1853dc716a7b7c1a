"""Units, leadership, meetings, regulations, plans, and what the district reviews and assesses."""

import pandas as pd

from xinyu_lib.synth.ledgers.dates import day
from xinyu_lib.synth.ledgers.ground import DISTRICT, Ground, codes, frame, label, person, some

MEETINGS = {"leadership": 10, "special": 25, "all_staff": 45}  # kind -> school day of the term
CHAIRS = {"principal": "chair", "vice_principal": "deputy"}
REVIEWS = 49  # days between reviews of the district
DUE = 30  # days in which an issue is to be closed
POINTS = {"demonstration": (90, 97), "qualified": (80, 89), "below": (60, 79)}


def org_unit(ground: Ground) -> pd.DataFrame:
    rows = [{"record": record} | unit for record, unit in ground.parts.units.items()]
    rows += [
        {
            "record": f"U-S{school.code}", "name": school.name, "type": "school", "level": "school", "parent": "U-01",
            "school": school.code, "duty": "carry_out", "sphere": "school",
        }
        for school in ground.schools
    ]  # fmt: skip
    return frame(rows).assign(ledger=DISTRICT)


def leadership_group(ground: Ground) -> pd.DataFrame:
    """The principal chairs, a deputy and the others are members."""
    rows = []
    for school in ground.schools:
        for post in ("principal", "vice_principal", "moral_education", "psychology_teacher", "doctor"):
            rows += [
                {
                    "school": school.code, "staff_number": number, "role": CHAIRS.get(post, "member"), "post": post,
                    "starts": ground.terms[0].starts, "reference": f"L-{school.code}-2025",
                }
                for number in ground.staff_at(school.code, post)[:1]
            ]  # fmt: skip
    return frame(rows)


def meeting(ground: Ground) -> pd.DataFrame:
    rng = ground.rng("meeting")
    rows = []
    for school in ground.schools:
        for term in ground.terms:
            for kind, place in MEETINGS.items():
                rows.append({
                    "school": school.code, "record": f"M-{term.term}-{kind}".replace("_", "-"),
                    "on": day(ground.calendar.of(term)[place]), "kind": kind,
                    "subjects": some(rng, "meeting", "subjects", 3), "principal_chaired": "yes",
                    "present": int(rng.integers(5, 12)), "reference": f"M-{school.code}-{term.term}-{place}",
                    "words": str(rng.choice(ground.phrases)),
                })  # fmt: skip
    return frame(rows)


def regulation(ground: Ground) -> pd.DataFrame:
    rows = [
        {
            "school": school.code, "record": f"Z-{place:02d}", "kind": kind,
            "title": ground.parts.titles["regulation"].format(
                school=school.name, kind=label("regulation", "kind", kind)
            ),
            "starts": f"{2021 + place % 4}-09-01", "reference": f"Z-{school.code}-{place:02d}",
        }
        for school in ground.schools
        for place, kind in enumerate(codes("regulation", "kind")[:-1], 1)
    ]  # fmt: skip
    return frame(rows)


def plan_doc(ground: Ground) -> pd.DataFrame:
    """One standard plan per school and the plans that name the work, all of this school year; two of the district."""
    kinds = [kind for kind in codes("plan_doc", "kind") if kind != "other"]
    places = [(school.code, school.name, kinds) for school in ground.schools]
    places.append((None, ground.parts.units["U-01"]["name"], ["year_plan", "home_school_society"]))
    rows = [
        {
            "school": code, "kind": kind, "year": ground.year, "version": 1,
            "title": ground.parts.titles["standard_plan"].format(school=name, kind=label("plan_doc", "kind", kind)),
            "approved": day(ground.calendar.of(ground.terms[0])[5]),
            "parts": ";".join(codes("plan_doc", "parts")), "named_under": ";".join(codes("plan_doc", "named_under")),
            "reference": f"F-{code or 'D'}-2025-{place:02d}",
        }
        for code, name, mine in places
        for place, kind in enumerate(mine, 1)
    ]  # fmt: skip
    return frame(rows)


def review_meeting(ground: Ground) -> pd.DataFrame:
    """The district reviews its principals about every seven weeks."""
    rng = ground.rng("review_meeting")
    first = ground.calendar.after(pd.Timestamp(ground.terms[0].starts), 7)
    days = [ground.calendar.before(on) for on in pd.date_range(first, ground.until, freq=f"{REVIEWS}D")]
    rows = [
        {
            "record": f"D-{place:02d}", "on": day(on), "unit": "U-01", "chair": person(rng),
            "scope": "all", "schools": len(ground.schools), "reference": f"D-2025-{place:02d}",
            "words": str(rng.choice(ground.phrases)),
        }
        for place, on in enumerate(days, 1)
    ]  # fmt: skip
    return frame(rows)


def issue(ground: Ground) -> pd.DataFrame:
    """Each review raises an issue at every second school; all that are due are closed in time."""
    rng = ground.rng("issue")
    rows = []
    for review in ground["review_meeting"].itertuples():
        for place, school in enumerate(ground.schools[len(rows) % 2 :: 2], 1):
            raised = pd.Timestamp(review.on)
            due = raised + pd.Timedelta(days=DUE)
            closed = ground.calendar.before(raised + pd.Timedelta(days=int(rng.integers(10, DUE))))
            rows.append({
                "record": f"{review.record}-{school.code}-{place}", "review": review.record, "school": school.code,
                "area": str(rng.choice(codes("issue", "area"))), "raised": review.on, "due": day(due),
                "closed": day(max(closed, raised)) if closed <= ground.until and due <= ground.until else None,
                "staff_number": ground.staff_at(school.code, "principal")[0],
                "words": str(rng.choice(ground.phrases)),
            })  # fmt: skip
    return frame(rows)


def assessment(ground: Ground) -> pd.DataFrame:
    """Last year's assessment, by the school itself and by the district; the result is that of the school's title."""
    rng = ground.rng("assessment")
    figures = ground.district.setting.figures
    year = f"{int(ground.year[:4]) - 1}-{ground.year[:4]}"
    rows = []
    for school in ground.schools:
        titles = {"demonstration": figures.demonstration, "qualified": figures.qualified}
        result = next((title for title, schools in titles.items() if school.code in schools), "below")
        for kind, on in (("own", f"{ground.year[:4]}-06-20"), ("district", f"{ground.year[:4]}-07-04")):
            points = float(rng.integers(*(2 * each for each in POINTS[result]))) / 2
            rows.append({
                "school": school.code, "year": year, "kind": kind, "on": on, "points": points, "result": result,
                "veto": "no", "principal_review": "yes", "ledger": school.code if kind == "own" else DISTRICT,
            })  # fmt: skip
    return frame(rows)
