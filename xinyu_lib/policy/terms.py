"""The school calendar as declared: terms, exam weeks, days off that a district gives itself."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from xinyu_lib.registry import Definition, Label, Text

Day = Annotated[date, Field(strict=False)]


class Period(Definition):
    """Days from first to last, both included."""

    first: Day
    last: Day
    label: Label | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("last must not lie before first")
        return self


class Term(Period):
    """One term of a school year ("2025-2026"), with its exam weeks and days on which all schools are closed."""

    year: Annotated[Text, Field(pattern=r"^\d{4}-\d{4}$")]
    term: Literal["autumn", "spring"]
    exams: tuple[Period, ...] = ()
    closed: tuple[Period, ...] = ()

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if any(each.first < self.first or each.last > self.last for each in (*self.exams, *self.closed)):
            raise ValueError("exams and closed days lie inside the term")
        return self


class YearOfHolidays(Definition):
    """Public holidays of a year and weekend days that are worked instead, where the calendar library has none yet."""

    holidays: tuple[Day, ...] = Field(min_length=1)
    workdays: tuple[Day, ...]

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if both := sorted(set(self.holidays) & set(self.workdays)):
            raise ValueError(f"{both[0]} stands in holidays and in workdays")
        return self


class Calendar(Definition):
    """Terms in order of time, and years of holidays by year."""

    terms: tuple[Term, ...] = Field(min_length=1)
    years: dict[Annotated[str, Field(pattern=r"^\d{4}$")], YearOfHolidays] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(later.first <= earlier.last for earlier, later in pairwise(self.terms)):
            raise ValueError("terms stand in order of time and do not overlap")
        return self
