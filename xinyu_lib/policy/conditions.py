"""Conditions: the closed vocabulary in which a policy writes its tier rules; room `tiers` evaluates them.

A score is named as in a score frame, without the prefix (`total`, `critical_9`). Inside a rule with a scale a
condition reads that scale; elsewhere it names its own.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from xinyu_lib.registry import Definition, Number, Text, Whole
from xinyu_lib.scales.vocabulary import Kind

AtLeastOne = Annotated[Whole, Field(gt=0)]

# What may be known of a pupil beside the answers. `danger`: a plan, means, a farewell, an act or danger to others,
# whoever speaks of it. `hardship`: bereavement, abuse or bullying. `concern`: of a guardian or of staff. `open_*`: a
# confirmed tier that is not closed.
FactName = Literal["danger", "self_harm", "hospital_return", "hardship", "concern", "open_red", "open_orange"]


class Threshold(Definition):
    """The score is at or above the cut: a tie at the cut goes to the higher tier."""

    test: Literal["threshold"]
    scale: Text | None = None
    score: Text
    cut: Number


class Count(Definition):
    """At least `count` of these scores of one scale are at or above the cut."""

    test: Literal["count"]
    scale: Text | None = None
    scores: tuple[Text, ...] = Field(min_length=2)
    cut: Number
    count: AtLeastOne


class SafetyItems(Definition):
    """At least `count` census items of these kinds are positive; the scale file says from which answer on."""

    test: Literal["safety_items"]
    kinds: tuple[Kind, ...] = Field(min_length=1)
    count: AtLeastOne


class SafetyScales(Definition):
    """Census items of these kinds are positive in at least `count` different scales."""

    test: Literal["safety_scales"]
    kinds: tuple[Kind, ...] = Field(min_length=1)
    count: AtLeastOne


class Known(Definition):
    """One of these facts is known; with `months`, of a day not longer ago than that."""

    test: Literal["known"]
    facts: tuple[FactName, ...] = Field(min_length=1)
    months: AtLeastOne | None = None


class All(Definition):
    """Every part holds."""

    test: Literal["all"]
    of: tuple["Condition", ...] = Field(min_length=2)


class AnyOf(Definition):
    """At least one part holds."""

    test: Literal["any"]
    of: tuple["Condition", ...] = Field(min_length=2)


Condition = Annotated[
    Threshold | Count | SafetyItems | SafetyScales | Known | All | AnyOf,
    Field(discriminator="test"),
]
All.model_rebuild()
AnyOf.model_rebuild()


def comparisons(condition: Condition) -> Iterator[Threshold | Count]:
    """Every comparison of a score with a cut inside a condition, in order."""
    if isinstance(condition, Threshold | Count):
        yield condition
    for part in getattr(condition, "of", ()):
        yield from comparisons(part)
