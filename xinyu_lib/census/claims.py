"""Whose sheet it is: what a sheet says of its pupil, and the pupil on the roster who is meant. Never a guess."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from xinyu_lib.census.known import Known
from xinyu_lib.census.matching import match
from xinyu_lib.census.problems import Problems
from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.census.values import take_column
from xinyu_lib.tables import load_table
from xinyu_lib.words import say

SAID = ("number", "school", "class_id", "class_number", "name")
REASONS = {"unknown_number": "unknown_pupil", "name_differs": "name_differs"}  # any other: `not_matched`
UNTOLD = ("unknown_pupil", "name_differs", "not_matched", "missing_value")


@dataclass(frozen=True)
class Claims:
    """What the sheets of a file say of their pupils.

    said: text by column of `SAID`. number: the pupil who is meant, missing where nobody can be told. found: what
    `match` made of it. header: the column by which pupils are told. row_numbers: rows of the file.
    """

    said: pd.DataFrame
    number: pd.Series
    found: pd.DataFrame
    header: str
    row_numbers: tuple[int, ...]

    def unresolved(self, problems: Problems) -> pd.DataFrame:
        """The sheets that a person has to assign: what they say, why nobody was told, and who might be meant."""
        reasons = problems.first_reasons
        rows = reasons.index[reasons.isin(UNTOLD)]
        numbers = pd.Series(self.row_numbers, dtype="int64").loc[rows]
        return self.said.loc[rows].assign(row=numbers, **self.found.loc[rows, ["why", "candidates"]])


def claimed(
    raw: RawTable, places: dict[str, int], known: Known, problems: Problems, *, school: str | None,
    decided: Mapping[int, str],
) -> Claims:  # fmt: skip
    """Match the sheets of a file to the roster and note those whose pupil cannot be told.

    school: of all sheets, where the file does not say it. decided: row of the file -> number, told by a person.
    """
    header = raw.headers[places["number" if "number" in places else "name"]]
    said = pd.DataFrame({name: raw.column(places.get(name)) for name in SAID})
    said["school"] = _school_codes(said["school"].mask(said["school"] == "", school or ""), known)
    told = pd.Series(raw.row_numbers, dtype="int64").map(dict(decided)).astype("str")
    said["number"] = _numbers(raw, places, told, problems)
    found = _found(said, known)
    number = told.fillna(found["number"]).rename("number")
    why = found["why"].where(told.isna())
    for reason, where in why.dropna().groupby(why.map(lambda each: REASONS.get(each, "not_matched"))):
        problems.add(pd.Series(why.index.isin(where.index)), str(reason), header, "")
    strangers = told.notna() & ~known.pupils.holds(told)
    problems.add(strangers, "unknown_pupil", say("census.worksheet.confirmed"), "")
    return Claims(said, number.mask(strangers), found, header, raw.row_numbers)


def _school_codes(said: pd.Series, known: Known) -> pd.Series:
    """Codes of schools for their names, where sheets are told by names; any other text unchanged."""
    if known.roster is None:
        return said
    schools = known.rows["school"]
    return said.replace(dict(zip(schools["name"], schools["school"], strict=True)))


def _numbers(raw: RawTable, places: dict[str, int], told: pd.Series, problems: Problems) -> pd.Series:
    """The typed numbers, or those told by a person; one may be blank where class, number in class and name tell."""
    column = load_table("pupil").column("number")
    if "name" in places:
        column = column.model_copy(update={"required": False})
    at = places.get("number")
    return take_column(told.fillna(raw.column(at)), column, "" if at is None else raw.headers[at], problems)


def _found(said: pd.DataFrame, known: Known) -> pd.DataFrame:
    """`match` where the roster is known by name; else by the number alone."""
    if known.roster is not None:
        return match(said.replace("", pd.NA), known.roster)
    there = known.pupils.holds(said["number"])
    why = pd.Series("unknown_number", index=said.index).where(said["number"].notna() & ~there)
    candidates = pd.Series([()] * len(said), index=said.index, dtype="object")
    return pd.DataFrame({"number": said["number"].where(there), "why": why, "candidates": candidates})
