"""Pupils and rosters: who is enrolled where in each wave, under names and numbers that exist nowhere else."""

from functools import cache

import numpy as np
import pandas as pd

from xinyu_lib.registry import Definition, Text, Whole, read
from xinyu_lib.synth.setting import FOLDER, Move, School, Setting
from xinyu_lib.tables import load_table
from xinyu_lib.waves import Wave


class Names(Definition):
    """What names and numbers are made of.

    characters: a pool that occurs in no wording of ours, so that a leaked name is seen. prefix: how every
    number starts; its two digits differ, so that a number with the two swapped belongs to nobody.
    """

    characters: Text
    shortest: Whole
    longest: Whole
    prefix: Text
    class_name: Text


@cache
def load_names() -> Names:
    return read(FOLDER / "parts" / "names.toml", Names)


def rosters(setting: Setting, rng: np.random.Generator) -> list[pd.DataFrame]:
    """One roster per wave, a row per pupil.

    Columns: pupil (running number), number, name, sex, birth_month, boarding, school, class_id, grade. Pupils
    who stay keep everything; those who move change school and class.
    """
    found = [_enrolled(setting, _seats(setting, rng), 0, rng)]
    known = len(found[0])
    for _ in setting.waves[1:]:
        found.append(_turned_over(setting, found[-1], known, rng))
        known += sum(school.join for school in setting.schools)
    identities = _identities(known, rng)
    return [roster.join(identities, on="pupil") for roster in found]


def classes(roster: pd.DataFrame) -> pd.DataFrame:
    """Classes that have pupils: school, class_id, grade, name."""
    found = roster[["school", "class_id", "grade"]].drop_duplicates().sort_values(["school", "class_id"])
    grades = {int(code.code): code.zh for code in load_table("class").column("grade").codes}
    names = [
        load_names().class_name.format(grade=grades[row.grade], order=int(row.class_id[2:]))
        for row in found.itertuples()
    ]
    return found.assign(name=names)


def _seats(setting: Setting, rng: np.random.Generator) -> pd.DataFrame:
    """One row per pupil place: school, grade, class_id (two digits of the grade, two of the class)."""
    rows = []
    for school in setting.schools:
        for grade in school.taught:
            for order in range(1, school.classes_per_grade + 1):
                size = rng.integers(*school.class_size, endpoint=True)
                rows += [(school.code, grade, f"{grade:02d}{order:02d}")] * size
    return pd.DataFrame(rows, columns=["school", "grade", "class_id"])


def _enrolled(setting: Setting, seats: pd.DataFrame, start: int, rng: np.random.Generator) -> pd.DataFrame:
    """Fill places with new pupils, numbered from `start`."""
    boarding = seats["school"].map({school.code: school.boarding for school in setting.schools})
    year = Wave.parse(setting.waves[0].id).first_year
    # a school year takes the children born from September to August
    months = (year - setting.entry_age - seats["grade"]) * 12 + 8 + rng.integers(0, 12, len(seats))
    return seats.assign(
        pupil=np.arange(start, start + len(seats)),
        sex=rng.choice(["boy", "girl"], len(seats)),
        birth_month=[f"{month // 12:04d}-{month % 12 + 1:02d}" for month in months],
        boarding=np.where(rng.random(len(seats)) < boarding, "yes", "no"),
    )


def _turned_over(setting: Setting, before: pd.DataFrame, known: int, rng: np.random.Generator) -> pd.DataFrame:
    """The next wave's roster: some leave, some move to another school, some join, numbered from `known`."""
    after = before.copy()
    for move in setting.moves:
        after = _moved(after, move, setting.school(move.target), rng)
    after = after.drop(index=[pupil for school in setting.schools for pupil in _leavers(after, school, rng)])
    places = [_seats_of_joiners(after, school, rng) for school in setting.schools]
    joiners = _enrolled(setting, pd.concat(places, ignore_index=True), known, rng)
    return pd.concat([after, joiners]).sort_values(["school", "class_id", "pupil"], ignore_index=True)


def _leavers(roster: pd.DataFrame, school: School, rng: np.random.Generator) -> np.ndarray:
    return rng.choice(roster.index[roster["school"] == school.code], school.leave, replace=False)


def _seats_of_joiners(roster: pd.DataFrame, school: School, rng: np.random.Generator) -> pd.DataFrame:
    existing = roster.loc[roster["school"] == school.code, ["school", "grade", "class_id"]].drop_duplicates()
    return existing.iloc[rng.integers(0, len(existing), school.join)]


def _moved(roster: pd.DataFrame, move: Move, target: School, rng: np.random.Generator) -> pd.DataFrame:
    candidates = roster.index[(roster["school"] == move.origin) & (roster["grade"] == move.grade)]
    chosen = rng.choice(candidates, move.pupils, replace=False)
    orders = rng.integers(1, target.classes_per_grade, len(chosen), endpoint=True)
    roster.loc[chosen, "school"] = target.code
    roster.loc[chosen, "class_id"] = [f"{move.grade:02d}{order:02d}" for order in orders]
    return roster


def _identities(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Number and name of every pupil who is ever enrolled, by running number."""
    made_of = load_names()
    tails = rng.choice(10**7, n, replace=False)  # distinct tails make distinct numbers
    middles = rng.integers(0, 10**9, n)
    lengths = rng.integers(made_of.shortest, made_of.longest, n, endpoint=True)
    letters = rng.choice(list(made_of.characters), (n, made_of.longest))
    numbers = [f"{made_of.prefix}{middle:09d}{tail:07d}" for middle, tail in zip(middles, tails, strict=True)]
    names = ["".join(row[:length]) for row, length in zip(letters, lengths, strict=True)]
    return pd.DataFrame({"number": numbers, "name": names})
