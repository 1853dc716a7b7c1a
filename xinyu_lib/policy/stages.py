"""Settings for what follows a provisional tier: verification sample, interview, confirmation, duties, escalation."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from xinyu_lib.registry import Definition, Flag, Number, Text, Whole

Colour = Literal["red", "orange", "yellow"]
# Who does a step or is told that it is late: posts of the staff table, and the district bureau.
Role = Literal[
    "psychology_teacher", "class_teacher", "grade_head", "moral_education", "vice_principal", "principal", "doctor",
    "bureau",
]  # fmt: skip
Unit = Literal["hours", "days", "school_days", "weeks", "waves"]


class Span(Definition):
    """A stretch of time. Hours, days and weeks run through weekends and holidays; 0 days is the same day."""

    within: Annotated[Whole, Field(ge=0)]
    unit: Unit


class Limit(Span):
    """A time limit.

    starts: `answer` = when the answer was submitted (paper: collected), `confirmed` = when the tier was
    confirmed or a danger was reported. every: repeated at this interval instead of done once. not_in_exams: school
    days of exam weeks do not count.
    """

    starts: Literal["answer", "confirmed"] = "answer"
    every: Flag = False
    not_in_exams: Flag = False

    @model_validator(mode="after")
    def _counted_in_school_days(self) -> Self:
        if self.not_in_exams and self.unit != "school_days":
            raise ValueError("not_in_exams goes with school_days")
        return self


Cause = Literal[
    "red", "safety_signal", "orange", "yellow", "none",
    "safety_unanswered", "invalid_over_cut", "invalid", "missing", "absent",
]  # fmt: skip
Step = Literal[
    "first_contact", "guardian", "principal", "district", "school_group", "hospital", "plan", "follow_up",
    "review", "ask_in_person", "remeasure",
]  # fmt: skip
Clocks = dict[Cause, dict[Step, Limit]]


class Sample(Definition):
    """Pupils with no tier who are talked to as well: this share (0..1) of them, and at least so many per district."""

    share: Annotated[Number, Field(gt=0, le=1)]
    at_least: Annotated[Whole, Field(ge=0)]


class Interview(Definition):
    """Findings of an interview (codes of the table `interview`) and the tier each of them means; the gravest counts."""

    red: tuple[Text, ...]
    orange: tuple[Text, ...]
    yellow: tuple[Text, ...]
    none: tuple[Text, ...]

    @property
    def tier_of(self) -> dict[str, str]:
        """Tier by finding."""
        return {finding: tier for tier, findings in self for finding in findings}


class Confirmation(Definition):
    """Who may confirm what.

    second_signature: tiers that a second person signs. second_signature_to_lower: tiers, provisional or confirmed, from
    which nobody lowers alone. stable_reviews: reviews in a row without worsening before one lowers a confirmed tier.
    """

    second_signature: tuple[Colour, ...]
    second_signature_to_lower: tuple[Colour, ...]
    stable_reviews: Annotated[Whole, Field(ge=0)]


class Escalation(Definition):
    """A step of one of these causes that is late by `after` is also told to `tell`."""

    causes: tuple[Cause, ...] = Field(min_length=1)
    after: Span
    tell: Role
