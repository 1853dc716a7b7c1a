"""Flags and decisions: what a scale says in words rather than numbers, as conditions on its items and scores."""

from typing import Literal

from pydantic import Field

from xinyu_lib.registry import Definition, Flag, Label, Whole
from xinyu_lib.scales.conditions import Condition
from xinyu_lib.scales.vocabulary import Fact, Name


class Cut(Fact):
    """A published yes/no question to the scores (`positive_10`): true, false, or missing where a score it reads is.

    note: for whom, and what is disputed.
    """

    name: Name
    label: Label
    when: Condition
    note: Label | None = None


class Outcome(Definition):
    """One word a decision can end in."""

    code: Name
    label: Label


class Level(Outcome):
    """An outcome and when it is reached."""

    when: Condition


class Decision(Fact):
    """A published algorithm or triage: levels from the most urgent down, the first that holds counts.

    gaps: what an unanswered item that the decision reads does to it. none: no result. sure: a result where every way
    of filling the gaps gives the same. as_highest: a gap counts as the highest answer.
    """

    name: Name
    label: Label
    levels: tuple[Level, ...] = Field(min_length=1)
    otherwise: Outcome
    gaps: Literal["none", "sure", "as_highest"] = "none"
    note: Label | None = None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """From the least urgent up."""
        return self.otherwise, *reversed(self.levels)


class Skip(Fact):
    """Items that are asked only after a yes.

    Where all `gates` are answered below `at_least`, they count as the lowest code.
    overrides: also where they were answered all the same.
    """

    items: tuple[Whole, ...] = Field(min_length=1)
    gates: tuple[Whole, ...] = Field(min_length=1)
    at_least: Whole
    overrides: Flag = False


class Side(Definition):
    """One half of a contradiction: an item and, in codes of the key before reversal, from or up to which answer."""

    item: Whole
    at_least: Whole | None = None
    at_most: Whole | None = None


class Contradiction(Fact):
    """Two answers that cannot both be meant."""

    label: Label
    first: Side
    second: Side
