"""Settings beside the tier rules: census, protection of tables, validity and reports."""

from typing import Annotated, Literal, Self

import pandas as pd
from pydantic import Field, model_validator

from xinyu_lib.registry import Definition, Flag, Number, Text, Whole

Grade = Annotated[int, Field(strict=True, ge=1, le=12)]
MonthDay = Annotated[str, Field(strict=True, pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Audience = Literal["school", "district", "public"]
Persons = Annotated[Whole, Field(ge=0)]


class Window(Definition):
    """First and last day of a term's census, as month-day."""

    opens: MonthDay
    closes: MonthDay


Windows = dict[Literal["autumn", "spring"], Window]


class Battery(Definition):
    """Scales that pupils of grades first-last answer; windows: only where these grades have others than the rest."""

    grades: tuple[Grade, Grade]
    scales: tuple[Text, ...] = Field(min_length=1)
    windows: Windows = Field(default_factory=dict)

    def is_for(self, grade: int) -> bool:
        return self.grades[0] <= grade <= self.grades[1]


class SameAnswers(Definition):
    """When the answers of a file are those of another wave under a new name.

    From this share of the pupils who are in both, and this number of them; sheets with one answer throughout do not
    count.
    """

    share: Annotated[Number, Field(gt=0, le=1)]
    pupils: Annotated[Whole, Field(ge=1)]


class Census(Definition):
    """Who is asked, with what, and when; below `census_min_grade` nobody answers a self-report scale."""

    census_min_grade: Grade
    same_answers: SameAnswers
    battery: tuple[Battery, ...] = Field(min_length=1)
    windows: Windows

    def battery_for(self, grade: int) -> tuple[str, ...]:
        """Scale ids of a grade, in order; below `census_min_grade` only forms that others fill in."""
        return tuple(scale for each in self.battery if each.is_for(grade) for scale in each.scales)

    def window_for(self, grade: int, term: str) -> Window:
        """When a grade answers in a term (autumn, spring)."""
        own = [each.windows[term] for each in self.battery if each.is_for(grade) and term in each.windows]
        return own[0] if own else self.windows[term]


class Cap(Definition):
    """Below this many persons a share under `percent`, or over 100 - `percent`, is told only as that."""

    below: Annotated[Whole, Field(ge=1)]
    percent: Annotated[Whole, Field(ge=1, le=50)]


class ListedTable(Definition):
    """A table of counts that an audience gets, for each group of `by`.

    what: who was reached (`coverage`) and why others were not (`outcome`), how many valid sheets call for somebody
    (`attention`) or that by colour (`tiers`). Groups inside a school never cross: tiers by grade and sex name pupils.
    """

    what: Literal["coverage", "outcome", "attention", "tiers"]
    by: tuple[Literal["school", "grade", "class", "sex", "boarding"], ...] = ()

    @model_validator(mode="after")
    def _no_crossing(self) -> Self:
        if len(set(self.by) - {"school"}) > 1:
            raise ValueError("by may name one of grade, class, sex, boarding, with school or without")
        return self


class AudienceRule(Definition):
    """Protection of tables for one audience; numbers are persons where nothing else is said.

    rounding: 0 = none. zero: `hide` treats 0 as any other small count. hide_0_and_100: no share of 0 or 100 % is ever
    told; the rule on counts keeps that promise, so an open zero contradicts it. caps: where several hold, the widest.
    Estimates (means, quantiles, intervals, coefficients) need `means_min_n` persons and show their count rounded to
    `means_n_rounded_to`; no single person may make up more than the share `dominance` of a sum (0..1), and a model
    needs `min_residual_df` residual degrees of freedom. A step curve needs `curve_min_events` events.
    tier_groups: under which name a colour is told; colours of one name are merged before anything is hidden.
    tables: what this audience is told, protected together as one system.
    """

    min_denominator: Persons
    threshold: Annotated[Whole, Field(ge=2)]
    rounding: Persons
    zero: Literal["hide", "show"]
    hide_0_and_100: Flag
    caps: tuple[Cap, ...]
    means_min_n: Persons
    means_n_rounded_to: Annotated[Whole, Field(ge=1)]
    dominance: Annotated[Number, Field(gt=0, le=1)]
    min_residual_df: Annotated[Whole, Field(ge=0)]
    curve_min_events: Annotated[Whole, Field(ge=0)]
    tier_groups: dict[Literal["red", "orange", "yellow"], Literal["any_tier", "red_or_orange", "yellow"]]
    tables: tuple[ListedTable, ...]


CheckId = Literal[
    "missing", "lie", "too_fast", "duplicate", "long_string", "contradiction",
    "low_variability", "outlier", "inconsistent_halves", "inconsistent_pairs", "guttman",
]  # fmt: skip


class Several(Definition):
    """Signs that are weak alone: a sheet is unusable when `at_least` of these checks fired."""

    checks: tuple[CheckId, ...] = Field(min_length=2)
    at_least: Annotated[Whole, Field(ge=2)]

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.at_least > len(set(self.checks)):
            raise ValueError(f"at_least must be at most {len(set(self.checks))}, the number of checks")
        return self


class Validity(Definition):
    """Which response-quality checks make a sheet unusable: each of `alone`, or `several` together.

    A check named in neither only tells. `gap_checks` tell only of gaps: a sheet unusable for them alone is not void.
    """

    gap_checks: tuple[CheckId, ...]
    alone: tuple[CheckId, ...]
    several: Several | None = None

    def unusable(self, flags: pd.DataFrame) -> pd.Series:
        """Sheets that may not be used (boolean). flags: a column per check; what is not there or NA did not fire."""
        found = self._fired(flags, self.alone).any(axis=1)
        if self.several:
            found |= self._fired(flags, self.several.checks).sum(axis=1) >= self.several.at_least
        return found

    def void(self, flags: pd.DataFrame) -> pd.Series:
        """Sheets that are unusable for more than their gaps. Without any check in `flags`, its `usable` decides."""
        named = {*self.gap_checks, *self.alone, *(self.several.checks if self.several else ())}
        if named.isdisjoint(flags.columns):
            return ~flags["usable"].astype("boolean").fillna(True).astype(bool)
        return self.unusable(flags.drop(columns=list(self.gap_checks), errors="ignore"))

    @staticmethod
    def _fired(flags: pd.DataFrame, checks: tuple[str, ...]) -> pd.DataFrame:
        there = [check for check in dict.fromkeys(checks) if check in flags]
        return flags[there].astype("boolean").fillna(False).astype(bool)


class Reports(Definition):
    """Days a report may be used for, share of coverage (0..1) below which nothing is compared, hours a talk takes."""

    valid_days: Annotated[Whole, Field(gt=0)]
    min_coverage_to_compare: Annotated[Number, Field(ge=0, le=1)]
    hours_per_talk: Annotated[Whole, Field(gt=0)]
