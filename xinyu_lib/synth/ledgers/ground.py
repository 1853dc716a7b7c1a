"""What every ledger is made from: the district, its days, its pupils and classes, and the tables made before."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd

from xinyu_lib.registry import Definition, Number, Text, Whole, read
from xinyu_lib.synth.district import District
from xinyu_lib.synth.ledgerplan import Closed, Gap, Rhythm, Term
from xinyu_lib.synth.ledgers.dates import Calendar
from xinyu_lib.synth.population import load_names
from xinyu_lib.synth.setting import FOLDER, School
from xinyu_lib.tables import load_table

DISTRICT = "district"  # the workbook of the district; those of schools go by school code
PHRASES, LENGTHS = 24, (8, 12)


class Parts(Definition):
    """What ledgers are made of.

    sample: share of the unflagged who are seen as well. large_school, small_school: pupils above which there are two
    psychology teachers, below which there is a part-time one. delegates_from: grade from which classes have delegates.
    service_from: first year of service. care: rhythm by tier; titles: patterns; units, partners: rows by record.
    """

    sample: Number
    large_school: Whole
    small_school: Whole
    delegates_from: Whole
    service_from: Whole
    staff_prefix: Text
    certificate_prefix: Text
    book_title: Text
    district_title: Text
    terms: tuple[Term, ...]
    closed: tuple[Closed, ...]
    care: dict[Text, Rhythm]
    titles: dict[Text, Text]
    units: dict[Text, dict[str, str]]
    partners: dict[Text, dict[str, str]]


@cache
def load_parts() -> Parts:
    return read(FOLDER / "parts" / "ledgers.toml", Parts)


@dataclass(frozen=True)
class Ground:
    """The district, and the tables and other things made so far, by name.

    submitted: wave -> time of submission by row of the wave's roster.
    """

    district: District
    submitted: Mapping[str, pd.Series]
    made: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.made[table]

    def once(self, name: str, make: Callable[["Ground"], Any]) -> Any:
        """What several tables rest on, made when the first of them asks for it."""
        if name not in self.made:
            self.made[name] = make(self)
        return self.made[name]

    def rng(self, table: str) -> np.random.Generator:
        """A stream of its own per table: what one holds never changes another."""
        return np.random.default_rng([self.district.seed, zlib.crc32(table.encode())])

    @cached_property
    def parts(self) -> Parts:
        return load_parts()

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(self.parts.terms, self.parts.closed, self.until)

    @cached_property
    def until(self) -> pd.Timestamp:
        """The last day of which the ledgers know: the end of the last wave."""
        return pd.Timestamp(self.district.setting.waves[-1].ends)

    @property
    def schools(self) -> tuple[School, ...]:
        return self.district.setting.schools

    @cached_property
    def terms(self) -> list[Term]:
        return [term for term in self.parts.terms if pd.Timestamp(term.starts) <= self.until]

    @cached_property
    def year(self) -> str:
        return self.terms[-1].year

    @cached_property
    def pupils(self) -> pd.DataFrame:
        """Everybody who was ever enrolled, by running number, as on their last roster; `waves`: on which they were."""
        rosters = [round_.roster.assign(wave=round_.wave.id) for round_ in self.district.rounds]
        every = pd.concat(rosters)
        waves = every.groupby("pupil")["wave"].agg(tuple)
        return every.drop_duplicates("pupil", keep="last").set_index("pupil").assign(waves=waves).sort_index()

    @cached_property
    def classes(self) -> pd.DataFrame:
        """Classes with school, class_id, grade and size, as on the last roster."""
        roster = self.district.rounds[-1].roster
        return roster.groupby(["school", "class_id", "grade"]).size().rename("size").reset_index()

    def size(self, school: str) -> int:
        """Pupils of a school on the last roster."""
        return int(self.classes.loc[self.classes["school"] == school, "size"].sum())

    @cached_property
    def phrases(self) -> list[str]:
        """Free texts that say nothing, of characters that stand in no wording of ours."""
        rng = self.rng("phrases")
        lengths = rng.integers(*LENGTHS, PHRASES, endpoint=True)
        return ["".join(rng.choice(list(load_names().characters), n)) for n in lengths]

    def gap(self, kind: str) -> Gap | None:
        """The first planted gap of a kind, if any."""
        return next((gap for gap in self.district.setting.gaps if gap.kind == kind), None)

    def staff_at(self, school: str, post: str) -> list[str]:
        """Numbers of those in a post at a school who are still there."""
        return self.once("posts", _posts).get((school, post), [])

    def at_unit(self, unit: str) -> list[str]:
        """Numbers of those who work at a unit that is no school."""
        return self["staff"].loc[self["staff"]["unit"] == unit, "staff_number"].tolist()


def _posts(ground: Ground) -> dict[tuple[str, str], list[str]]:
    staff = ground["staff"][ground["staff"]["ends"].isna()]
    found: dict[tuple[str, str], list[str]] = {}
    for each in staff.itertuples():
        for post in each.posts.split(";"):
            found.setdefault((each.school, post), []).append(each.staff_number)
    return found


def person(rng: np.random.Generator) -> str:
    """A name out of the pool of names."""
    made_of = load_names()
    n = rng.integers(made_of.shortest, made_of.longest, endpoint=True)
    return "".join(rng.choice(list(made_of.characters), n))


def label(table: str, column: str, code: str) -> str:
    """The Chinese word for a code."""
    return next(each.zh for each in load_table(table).column(column).codes if each.code == str(code))


def codes(table: str, column: str) -> list[str]:
    return [each.code for each in load_table(table).column(column).codes]


def some(rng: np.random.Generator, table: str, column: str, n: int) -> str:
    """Some of the codes of a column that holds several, in their order."""
    known = codes(table, column)
    return ";".join(known[place] for place in sorted(rng.choice(len(known), min(n, len(known)), replace=False)))


def frame(rows: list[dict]) -> pd.DataFrame:
    """Rows as a frame of plain values; whole numbers stay whole beside blanks."""
    found = pd.DataFrame(rows, dtype="object")
    return found.where(found.notna(), None)
