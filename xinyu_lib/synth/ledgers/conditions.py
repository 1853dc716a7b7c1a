"""Funds, rooms, their opening hours, and honours."""

import numpy as np
import pandas as pd

from xinyu_lib.synth.ledgers.dates import hours, minute
from xinyu_lib.synth.ledgers.ground import DISTRICT, Ground, frame, label

SHARED = ("room", "equipment", "lessons", "census", "training", "activities", "station", "services", "publicity")
OWN = ("room", "lessons", "activities")
YUAN_PER_PUPIL = 12  # a school's own funds, a year and item
AREAS = {"individual": (12, 15), "group": (30, 60), "office": (15, 25)}  # m²
EQUIPMENT = {
    "individual": "seats;sandplay", "group": "seats;relaxation;venting", "office": "computer;telephone;cabinet",
}  # fmt: skip
OPEN, OPEN_HOURS = 12, 1.75  # every school day at noon: 8.75 hours a week
PUPILS_PER_VISIT = 250


def budget(ground: Ground) -> pd.DataFrame:
    """Funds of the district, spent to the last yuan of the figure, and each school's own; this year is only planned."""
    rng = ground.rng("budget")
    figures = ground.district.setting.figures
    years = range(figures.budget_years[0], figures.budget_years[1] + 1)
    cells = [(year, item) for year in years for item in SHARED]
    shares = rng.dirichlet(np.full(len(cells), 8.0))
    spent = np.floor(figures.budget * shares).astype(int)
    spent[0] += figures.budget - spent.sum()
    source = ["higher" if item == "services" else "district" for _, item in cells]
    rows = [
        {"fiscal_year": year, "item": item, "source": whence, "planned": _planned(amount, rng), "spent": int(amount)}
        for (year, item), whence, amount in zip(cells, source, spent, strict=True)
    ]
    mean = figures.budget // len(cells)
    rows += [{"fiscal_year": years[-1] + 1, "item": i, "source": "district", "planned": mean} for i in SHARED]
    rows += [row for school in ground.schools for row in _own(ground, school.code, years, rng)]
    return frame(rows)


def _planned(spent: int, rng: np.random.Generator) -> int:
    """A little more than was spent, in whole hundreds."""
    return int(np.ceil(spent * rng.uniform(1, 1.08) / 100) * 100)


def _own(ground: Ground, school: str, years: range, rng: np.random.Generator) -> list[dict]:
    pupils = ground.size(school)
    rows = []
    for year in (*years[-2:], years[-1] + 1):
        for item in OWN:
            spent = int(pupils * YUAN_PER_PUPIL * rng.uniform(0.7, 1.3))
            closed = {"spent": spent} if year in years else {}
            row = {"school": school, "fiscal_year": year, "item": item, "source": "school"}
            rows.append(row | {"planned": _planned(spent, rng)} | closed)
    return rows


def room(ground: Ground) -> pd.DataFrame:
    """One guidance room per school, of three areas that meet the guide, with a letter box."""
    rng = ground.rng("room")
    rows = [
        {
            "school": school.code, "record": f"F-{place:02d}", "function": function,
            "area": float(rng.integers(2 * low, 2 * high)) / 2, "private": "yes", "letter_box": "yes",
            "equipment": EQUIPMENT[function], "starts": f"{2016 + int(rng.integers(0, 6))}-09-01",
            "reference": f"F-{school.code}-{place:02d}",
        }
        for school in ground.schools
        for place, (function, (low, high)) in enumerate(AREAS.items(), 1)
    ]  # fmt: skip
    return frame(rows)


def room_log(ground: Ground) -> pd.DataFrame:
    """Every school day at noon."""
    rng = ground.rng("room_log")
    rows = []
    for school in ground.schools:
        pupils = ground.size(school.code)
        for on in (on for term in ground.terms for on in ground.calendar.of(term)):
            opened = on + hours(OPEN)
            rows.append({
                "school": school.code, "room": "F-01", "opened": minute(opened),
                "closed": minute(opened + hours(OPEN_HOURS)), "staffed": "yes", "outside_lessons": "yes",
                "visits": int(rng.poisson(pupils / PUPILS_PER_VISIT)),
            })  # fmt: skip
    return frame(rows)


def honour(ground: Ground) -> pd.DataFrame:
    """Demonstration and qualified schools of the city, one current title each, and the title of the brand."""
    figures, titles = ground.district.setting.figures, ground.parts.titles
    granted = {"demonstration": figures.demonstration, "qualified": figures.qualified}
    rows = [
        {
            "school": school, "level": "city", "title": title, "granted": "2023-06-01", "expires": "2028-05-31",
            "name": titles["honour"].format(title=label("honour", "title", title)), "reference": f"H-{school}",
        }
        for title, schools in granted.items()
        for school in schools
    ]  # fmt: skip
    brand = {"level": "province", "title": "brand", "granted": "2022-11-15", "brand": "B-01", "reference": "H-B01"}
    rows.append(brand | {"name": titles["brand_honour"]})
    return frame(rows).assign(ledger=DISTRICT)
