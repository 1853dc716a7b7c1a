"""Tier rules as declared: which condition gives which provisional tier, and what stays undetermined."""

from typing import Annotated, Literal

from pydantic import Field

from xinyu_lib.policy.conditions import AtLeastOne, Condition, Kind
from xinyu_lib.registry import Definition, Flag, Label, Text, Whole

# T01-T13 are the numbers of the common rule set, with a letter for parts; a district's own are L01-L99.
RuleId = Annotated[str, Field(strict=True, pattern=r"^(T(0[1-9]|1[0-3])[a-z]?|L\d\d)$")]
Result = Literal["red", "orange", "yellow", "note"]
Why = Literal[
    "safety_unanswered", "invalid_over_cut", "invalid", "missing", "absent", "refused", "no_consent",
    "safety_not_asked", "no_rule", "not_eligible",
]  # fmt: skip


class Level(Definition):
    """One step of a rule; a `note` is written down and changes no tier."""

    result: Result
    when: Condition


class Rule(Definition):
    """Levels from the most to the least urgent; the first that holds counts.

    A rule with a scale reads only that scale and is void where the sheet is invalid. A rule without one is a
    safety rule and is always read. `min_age` in whole years; a pupil of unknown age is under the rule.
    """

    id: RuleId
    scale: Text | None = None
    min_age: Whole | None = None
    levels: tuple[Level, ...] = Field(min_length=1)
    why: Label
    source: Text

    @property
    def is_safety(self) -> bool:
        return self.scale is None


class SeveralYellow(Definition):
    """What yellow results of several scales amount to; a `note` leaves the tier as it is."""

    rule: RuleId
    scales: AtLeastOne
    result: Result
    why: Label
    source: Text


class Undetermined(Definition):
    """A reason for an undetermined tier, the rule it comes from, and whether the pupil is measured again."""

    why: Why
    rule: RuleId | None = None
    remeasure: Flag


class State(Definition):
    """A state of the census: why a pupil is undetermined, and what answers are worth.

    enough: the reason counts only where there are none. not_enough: they are read, but a pupil without a
    colour stays undetermined. safety_only: only safety rules are read; these may weigh an item by
    the total of its sheet.
    """

    why: Why
    answers: Literal["enough", "not_enough", "safety_only"]


class Tiers(Definition):
    """What is about tiers and no rule of its own; the order of `undetermined` is the order of precedence."""

    safety_kinds: tuple[Kind, ...] = Field(min_length=1)
    several_yellow: SeveralYellow
    undetermined: tuple[Undetermined, ...]
    states: dict[Text, State]
