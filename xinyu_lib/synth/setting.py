"""What a synthetic district is made of: schools, waves, traits, conduct and dirt, declared in TOML."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from xinyu_lib.registry import Definition, Flag, Number, Text, Whole, find, read
from xinyu_lib.synth.ledgerplan import Figures, Gap
from xinyu_lib.words import say

FOLDER = Path(__file__).parent
Encoding = Literal["xlsx", "utf-8-sig", "gb18030"]


class School(Definition):
    """A school: its size, its planted effect, its conduct and the form of its files.

    effect: shift of the general trait in standard deviations, on top of the random school effect.
    class_size: smallest and largest class. leave, join: pupils between two waves.
    blank: what the school's survey tool writes for an unanswered item. untidy: a title above the roster's
    header, blanks after header names, months of birth written with a slash.
    """

    code: Text
    name: Text
    type: Text
    owner: Text
    grades: tuple[Whole, Whole]
    classes_per_grade: Whole
    class_size: tuple[Whole, Whole]
    effect: Number
    refused: Number
    absent: Number
    leave: Whole
    join: Whole
    boarding: Number
    file: Encoding
    untidy: Flag
    blank: str

    @property
    def taught(self) -> range:
        return range(self.grades[0], self.grades[1] + 1)


class Move(Definition):
    """Pupils of one grade who change school between two waves."""

    origin: Text
    target: Text
    grade: Whole
    pupils: Whole


class WavePlan(Definition):
    """A wave: its dates, days and hours at which classes answer, and its shift of the general trait (SD)."""

    id: Text
    starts: Text
    ends: Text
    consent_on: Text
    days: tuple[Text, ...]
    hours: tuple[Whole, ...]
    shift: Number


class Battery(Definition):
    """The scales on one sheet and the grades (first, last) that get it."""

    id: Text
    grades: tuple[Whole, Whole]
    scales: tuple[Text, ...]

    @property
    def covered(self) -> range:
        return range(self.grades[0], self.grades[1] + 1)


class Traits(Definition):
    """How traits arise: trait = loading x (general + shifts) + rest, each pupil's parts stable over waves.

    loading: correlation of each trait with the general one. stability: correlation of a pupil's parts between
    neighbouring waves. school_sd, girl, per_grade: shifts of the general trait in SD, none at `centre_grade`.
    """

    loading: dict[Text, Number]
    stability: Number
    school_sd: Number
    girl: Number
    per_grade: Number
    centre_grade: Whole


class Consent(Definition):
    """Shares of eligible pupils by state other than refused (set per school) and consented."""

    not_asked: Number
    asked: Number
    withdrawn: Number


class Conduct(Definition):
    """How pupils answer.

    no_sheet, gave_up, careless: shares of pupils. on_leave: share of leave among absences.
    kinds: shares among the careless. skipped_item, skipped_critical: chance that an item is left blank.
    lie_shift: shift (SD) of `lie_trait` in those who answer to please.
    seconds_per_item, hasty_seconds_per_item (straight and random answering): medians; pace_sd: their log-SD.
    """

    no_sheet: Number
    on_leave: Number
    gave_up: Number
    careless: Number
    kinds: dict[Literal["straight", "random", "lying"], Number]
    lie_trait: Text
    lie_shift: Number
    skipped_item: Number
    skipped_critical: Number
    seconds_per_item: Number
    hasty_seconds_per_item: Number
    pace_sd: Number


class Dirt(Definition):
    """Mean count per answer file of each kind of dirt; `impossible` is the answer planted as out of range."""

    twice: Number
    mistyped: Number
    out_of_range: Number
    blank_rows: Number
    full_width: Number
    impossible: Text


class Setting(Definition):
    """A whole synthetic district."""

    entry_age: Whole
    schools: tuple[School, ...]
    moves: tuple[Move, ...]
    waves: tuple[WavePlan, ...]
    batteries: tuple[Battery, ...]
    traits: Traits
    consent: Consent
    conduct: Conduct
    dirt: Dirt
    figures: Figures
    gaps: tuple[Gap, ...]

    @model_validator(mode="after")
    def _shares_of_careless_add_up(self):
        if abs(sum(self.conduct.kinds.values()) - 1) > 1e-9:
            raise ValueError("conduct.kinds must add up to 1")
        return self

    @model_validator(mode="after")
    def _gaps_are_at_schools_of_the_district(self):
        if {gap.school for gap in self.gaps} - {"", *(school.code for school in self.schools)}:
            raise ValueError("gaps name schools of the district")
        return self

    def school(self, code: str) -> School:
        return next(school for school in self.schools if school.code == code)

    def battery_of(self, grade: int) -> str:
        """Id of the battery of a grade, "" for grades that answer nothing."""
        return next((b.id for b in self.batteries if grade in b.covered), "")


@cache
def load_setting(name_or_path: str | Path) -> Setting:
    """A synthetic district by id (`demo`, `tiny`) or TOML path. Raises UnknownName and DefinitionError."""
    return read(find(FOLDER, name_or_path, say("synth.kind")), Setting)
