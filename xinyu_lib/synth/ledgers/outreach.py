"""Activities of schools, partners, programmes and brands, events for families, and what is published."""

import numpy as np
import pandas as pd

from xinyu_lib.synth.ledgerplan import Term
from xinyu_lib.synth.ledgers.dates import day
from xinyu_lib.synth.ledgers.ground import DISTRICT, Ground, codes, frame, label
from xinyu_lib.synth.setting import School

GIVEN = {"class_meeting": 12, "special": 30}  # for all grades, on this school day of the term
LATER = 15  # school days from strand to strand
READS = 800


def partner(ground: Ground) -> pd.DataFrame:
    rows = [
        {"record": record, "reference": f"P-2021-{record[-2:]}"} | each
        | ({"base": ground.parts.titles["base"]} if each["purpose"] == "base" else {})
        for record, each in ground.parts.partners.items()
    ]  # fmt: skip
    return frame(rows)


def activity(ground: Ground) -> pd.DataFrame:
    """In each term a class meeting and a special activity for every grade, and one activity of each strand."""
    rng = ground.rng("activity")
    places = [(school, term) for school in ground.schools for term in ground.terms]
    return frame([row for school, term in places for row in _of_term(ground, school, term, rng)])


def _of_term(ground: Ground, school: School, term: Term, rng: np.random.Generator) -> list[dict]:
    pupils = ground.size(school.code)
    days = ground.calendar.of(term)
    planned = [(kind, None, place) for kind, place in GIVEN.items()]
    kinds = ["group", "contest", "practice", "lecture", "home"]
    planned += [(kinds[n], strand, 5 + 8 * n) for n, strand in enumerate(codes("activity", "strand"))]
    rows = []
    for place, (kind, strand, at) in enumerate(planned, 1):
        there = int(pupils * rng.uniform(0.9, 1.0)) if strand is None else int(pupils * rng.uniform(0.2, 0.5))
        known = rng.random() < 0.8
        rows.append({
            "school": school.code, "record": f"{term.year[:4]}-{term.term}-{place:02d}", "on": day(days[at]),
            "title": ground.parts.titles["activity"].format(
                label=label("activity", "strand", strand) if strand else "", kind=label("activity", "kind", kind)
            ),
            "kind": kind, "strand": strand, "grades": ";".join(map(str, school.taught)),
            "persons": there if known else None, "person_times": int(there * rng.uniform(1, 1.5)),
            "counted": "known" if known else "unknown", "partner": "P-01" if kind == "home" else None,
            "reference": f"H-{school.code}-{term.term}-{place:02d}",
        })  # fmt: skip
    return rows


def brand(ground: Ground) -> pd.DataFrame:
    title = ground.parts.titles["brand"]
    return frame([{"record": "B-01", "title": title, "kind": "lectures", "unit": "U-03", "starts": "2021-03-01"}])


def programme(ground: Ground) -> pd.DataFrame:
    """Service on every day of the week by one way or another."""
    days = {"hotline": "1;2;3;4;5;6;7", "talks": "1;3;5;6", "outreach": "2;4"}
    rows = [
        {
            "record": f"Y-{place:02d}", "unit": "U-03", "service": service, "days": served,
            "title": ground.parts.titles["programme"].format(service=label("programme", "service", service)),
            "holidays": "yes" if service == "hotline" else "no", "vacations": "yes", "hours": 8,
            "starts": "2021-01-01",
        }
        for place, (service, served) in enumerate(days.items(), 1)
    ]  # fmt: skip
    return frame(rows)


def event(ground: Ground) -> pd.DataFrame:
    """The district's events of one year, and a session of the parents' school at every school this year."""
    rng = ground.rng("event")
    figures = ground.district.setting.figures
    kinds = [kind for kind in codes("event", "kind") if kind != "other"]
    days = pd.date_range(f"{figures.events_year}-01-08", f"{figures.events_year}-12-24", periods=figures.events)
    rows = []
    for place, on in enumerate(days, 1):
        kind = kinds[place % len(kinds)]
        rows.append({
            "record": f"{figures.events_year}-E{place:03d}", "on": day(on), "kind": kind,
            "title": ground.parts.titles["event"].format(kind=label("event", "kind", kind), n=place),
            "place": str(rng.choice(codes("event", "place"))), "unit": "U-03", "mental_health": "yes", "times": 1,
            "brand": "B-01" if kind == "family_education" else None, "partner": "P-01" if place % 10 == 0 else None,
            "reference": f"E-{figures.events_year}-{place:03d}",
        })  # fmt: skip
    for school in ground.schools:
        rows.append({
            "record": f"{school.code}-E01", "on": day(ground.calendar.of(ground.terms[-1])[15]),
            "kind": "parents_school", "place": "school", "school": school.code, "mental_health": "yes", "times": 1,
            "title": ground.parts.titles["event"].format(kind=label("event", "kind", "parents_school"), n=1),
        })  # fmt: skip
    return frame(rows)


def event_attendance(ground: Ground) -> pd.DataFrame:
    """Of the district's events only numbers that may be persons or person-times; of the schools' own, persons."""
    rng = ground.rng("event_attendance")
    figures = ground.district.setting.figures
    events = ground["event"]
    shared = events[events["school"].isna()]["record"].tolist()
    families, pupils = (_spread(total, len(shared), rng) for total in (figures.families, figures.pupils))
    rows = [
        {"event": record, "counted": "unknown", "families": f, "pupils": p, "ledger": DISTRICT}
        for record, f, p in zip(shared, families, pupils, strict=True)
    ]
    for each in events[events["school"].notna()].itertuples():
        there = int(ground.size(each.school) * rng.uniform(0.5, 0.8))
        rows.append({"event": each.record, "school": each.school, "counted": "persons", "families": there})
    found = frame(rows)
    return found.assign(ledger=found["ledger"].where(found["ledger"].notna(), found["school"]))


def _spread(total: int, n: int, rng: np.random.Generator) -> list[int]:
    """A total over n events."""
    return [int(each) for each in rng.multinomial(total, np.full(n, 1 / n))]


def publication(ground: Ground) -> pd.DataFrame:
    """Numbers without a gap: up to the day of the figure as many as it says, then one a week."""
    rng = ground.rng("publication")
    figures = ground.district.setting.figures
    early = pd.date_range("2020-10-15", figures.published_by, periods=figures.publications)
    later = pd.date_range(figures.published_by, ground.until, freq="7D")[1:]
    rubrics = codes("publication", "rubric")[:3]
    rows = []
    for no, on in enumerate([*early, *later], 1):
        rubric = rubrics[no % len(rubrics)]
        title = ground.parts.titles["publication"].format(rubric=label("publication", "rubric", rubric), n=no)
        reads = int(rng.poisson(READS))
        rows.append({"no": no, "on": day(on), "rubric": rubric, "title": title, "reads": reads})
    return frame(rows)
