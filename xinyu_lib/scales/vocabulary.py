"""Words that scale definitions share: how sure a fact is, who answers, whom it is about, what a name looks like."""

from typing import Annotated, Literal

from pydantic import Field

from xinyu_lib.registry import Definition, Number, Text, Whole

ScaleId = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Name = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9_]*$")]
Limit = Whole | Number
Code = Annotated[int, Field(strict=True, ge=0, le=100)]
Status = Literal["two-sources", "one-source", "recalled", "derived"]
Informant = Literal["self", "parent", "teacher", "interviewer"]
Kind = Literal["suicide", "death_thought", "violence", "psychosis"]
Stage = Literal["census", "interview"]
LicenceStatus = Literal[
    "public-domain",
    "free",
    "free-with-credit",
    "free-with-conditions",
    "free-non-commercial",
    "free-academic",
    "free-on-paper",
    "permission-needed",
    "unclear-ask-author",
    "unclear-ask-owner",
]


class Fact(Definition):
    """Something published, with where it was read and how sure it is.

    two-sources: two independent outside sources agree; one-source: read in one; recalled: to be checked
    against the manual; derived: follows from another fact of the file or from a default of this library.
    """

    source: Text
    status: Status


class Ages(Definition):
    """Ages in whole years, both ends included; no upper end when `max` is absent."""

    min: Whole
    max: Whole | None = None

    def holds(self, years: float) -> bool:
        """True when an age in years lies in it (17.9 is 17)."""
        return self.min <= int(years) <= (self.max if self.max is not None else years)


class Who(Definition):
    """The pupils a fact is about; what is not named does not matter. Grades 1-12, both ends included."""

    ages: Ages | None = None
    sex: Literal["male", "female"] | None = None
    grades: tuple[Whole, Whole] | None = None
