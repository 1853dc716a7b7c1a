"""The four-level network: its members, what they report, and signals."""

import numpy as np
import pandas as pd

from xinyu_lib.synth.ledgers.cases import census_cases
from xinyu_lib.synth.ledgers.dates import day, hours, minute
from xinyu_lib.synth.ledgers.ground import Ground, frame, some
from xinyu_lib.synth.setting import School

LEADING = ("principal", "vice_principal", "psychology_teacher", "doctor")
DELEGATES = 2
TRAINED = 14  # school day of the year
EVERY = {"peer": 1, "class": 1, "grade": 2, "school": 4}  # weeks between reports
ITEMS = 0.15  # mean count of a report
PUPILS_PER_SIGNAL = 60
URGENCY = {"at_once": 0.3, "same_day": 2.0, "routine": 6.0}  # hours until received


def network_member(ground: Ground) -> pd.DataFrame:
    """Leaders, grade heads, class teachers, and trained delegates in every class that is old enough."""
    rng = ground.rng("network_member")
    days = ground.calendar.of(ground.terms[0])
    since = {"trained_on": day(days[TRAINED]), "starts": day(days[0])}
    rows = []
    for school in ground.schools:
        mine = _staff_of(ground, school) + _delegates(ground, school, rng)
        rows += [
            {"school": school.code, "record": f"N-{place:03d}"} | since | each for place, each in enumerate(mine, 1)
        ]
    return frame(rows)


def _staff_of(ground: Ground, school: School) -> list[dict]:
    found = [
        {"level": "school", "unit": school.code, "role": post, "staff_number": number}
        for post in LEADING
        for number in ground.staff_at(school.code, post)
    ]
    staff = ground["staff"]
    for each in staff[(staff["school"] == school.code) & staff["class_id"].notna()].itertuples():
        if "grade_head" in each.posts:
            unit = {"level": "grade", "unit": str(int(each.grade)), "role": "grade_head"}
            found.append(unit | {"staff_number": each.staff_number})
        unit = {"level": "class", "unit": each.class_id, "role": "class_teacher"}
        found.append(unit | {"staff_number": each.staff_number})
    return found


def _delegates(ground: Ground, school: School, rng: np.random.Generator) -> list[dict]:
    """Pupils of the class on every roster."""
    pupils = ground.pupils
    steady = pupils["waves"].map(len) == len(ground.district.rounds)
    mine = pupils[(pupils["school"] == school.code) & (pupils["grade"] >= ground.parts.delegates_from) & steady]
    return [
        {"level": "peer", "unit": class_id, "role": "delegate", "number": str(number)}
        for class_id, numbers in mine.groupby("class_id")["number"]
        for number in rng.choice(numbers, DELEGATES, replace=False)
    ]


def network_report(ground: Ground) -> pd.DataFrame:
    """Every level at its rhythm, received on the last school day of the period; nothing to report counts."""
    rng = ground.rng("network_report")
    periods = {level: _periods(ground, weeks) for level, weeks in EVERY.items()}
    rows = []
    for school in ground.schools:
        head = ground.staff_at(school.code, "psychology_teacher")[0]
        for level, unit in _units(ground, school):
            for days in periods[level]:
                sent = days[-1] + hours(16) + pd.Timedelta(minutes=int(rng.integers(0, 90)))
                monday = days[0] - pd.Timedelta(days=days[0].weekday())
                sunday = days[-1] + pd.Timedelta(days=6 - days[-1].weekday())
                rows.append({
                    "school": school.code, "level": level, "unit": unit, "starts": day(monday),
                    "ends": day(sunday), "items": int(rng.poisson(ITEMS)), "received_at": minute(sent),
                    "staff_number": head,
                })  # fmt: skip
    return frame(rows)


def _units(ground: Ground, school: School) -> list[tuple[str, str]]:
    rooms = ground.classes[ground.classes["school"] == school.code]
    return [
        ("school", school.code),
        *(("grade", str(grade)) for grade in school.taught),
        *(("class", class_id) for class_id in rooms["class_id"]),
        *(("peer", class_id) for class_id in rooms.loc[rooms["grade"] >= ground.parts.delegates_from, "class_id"]),
    ]


def _periods(ground: Ground, weeks: int) -> list[pd.DatetimeIndex]:
    """School days of so many weeks at a time; what is not over is not reported yet."""
    found = []
    for term in ground.terms:
        each = ground.calendar.weeks(term)
        found += [each[at].append(each[at + 1 : at + weeks]) for at in range(0, len(each) - weeks + 1, weeks)]
    return found


def signal(ground: Ground) -> pd.DataFrame:
    """Signals outside the census about pupils whom their answers do not show; a delegate's names nobody."""
    rng = ground.rng("signal")
    free = ground.pupils[ground.pupils["waves"].map(len) == len(ground.district.rounds)]
    free = free[~free["number"].isin(census_cases(ground)["number"])]
    days = pd.DatetimeIndex([on for term in ground.terms for on in ground.calendar.of(term)[10:-3]])
    rows = []
    for school in ground.schools:
        mine = free[free["school"] == school.code]
        n = max(2, len(mine) // PUPILS_PER_SIGNAL)
        head = ground.staff_at(school.code, "psychology_teacher")[0]
        for place, number in enumerate(rng.choice(mine["number"], n, replace=False), 1):
            urgency = str(rng.choice(["same_day", "routine"]))
            source = ["class", "peer", "parent", "self"][place % 4]
            at = pd.Timestamp(rng.choice(days)) + hours(8) + pd.Timedelta(minutes=int(rng.integers(0, 300)))
            named = source != "peer" or urgency == "same_day"
            rows.append({
                "school": school.code, "record": f"X-{place:03d}", "source_level": source,
                "categories": some(rng, "signal", "categories", 2), "urgency": urgency, "at": minute(at),
                "received_at": minute(at + hours(URGENCY[urgency])), "staff_number": head,
                "number": str(number) if named else None, "outcome": "listed" if named else "observe",
                "words": str(rng.choice(ground.phrases)),
            })  # fmt: skip
    return frame(rows)
