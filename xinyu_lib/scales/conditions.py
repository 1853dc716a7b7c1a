"""Conditions: the closed vocabulary by which a definition says yes or no of items and scores; `scoring` evaluates them.

Items are read as keyed (after reversal), scores by name. A comparison is one of at_least, above, at_most, below.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from xinyu_lib.registry import Definition, Whole
from xinyu_lib.scales.vocabulary import Limit, Name

COMPARISONS = ("at_least", "above", "at_most", "below")
AtLeastOne = Annotated[Whole, Field(gt=0)]


class _Comparison(Definition):
    at_least: Limit | None = None
    above: Limit | None = None
    at_most: Limit | None = None
    below: Limit | None = None
    count: AtLeastOne = 1

    @model_validator(mode="after")
    def _one_comparison(self):
        if len([name for name in COMPARISONS if getattr(self, name) is not None]) != 1:
            raise ValueError(f"exactly one of {', '.join(COMPARISONS)}")
        return self

    @property
    def comparison(self) -> str:
        return next(name for name in COMPARISONS if getattr(self, name) is not None)

    @property
    def cut(self) -> float:
        return getattr(self, self.comparison)


class Items(_Comparison):
    """At least `count` of these items, as keyed, compare so with the cut."""

    test: Literal["items"]
    items: tuple[Whole, ...] = Field(min_length=1)


class Scores(_Comparison):
    """At least `count` of these scores compare so with the cut."""

    test: Literal["scores"]
    scores: tuple[Name, ...] = Field(min_length=1)


class Tally(Definition):
    """At least `count` items in all parts together: for symptoms whose items have different cuts."""

    test: Literal["tally"]
    of: tuple[Items, ...] = Field(min_length=1)
    count: AtLeastOne


class All(Definition):
    """Every part holds."""

    test: Literal["all"]
    of: tuple["Condition", ...] = Field(min_length=2)


class AnyOf(Definition):
    """At least one part holds."""

    test: Literal["any"]
    of: tuple["Condition", ...] = Field(min_length=2)


Condition = Annotated[Items | Scores | Tally | All | AnyOf, Field(discriminator="test")]
All.model_rebuild()
AnyOf.model_rebuild()


def comparisons(condition: Condition) -> Iterator[Items | Scores]:
    """Every comparison inside a condition, in order."""
    if isinstance(condition, Items | Scores):
        yield condition
    for part in getattr(condition, "of", ()):
        yield from comparisons(part)
