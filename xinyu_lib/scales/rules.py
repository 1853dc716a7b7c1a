"""Score rules: the closed vocabulary by which a definition makes scores of items and of other scores."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from xinyu_lib.registry import Definition, Label, Text, Whole
from xinyu_lib.scales.vocabulary import Limit, Name

Span = tuple[float, float]


class _Rule(Definition):
    """What every score declares; `range` is the lowest and highest value the scale can give."""

    whole: ClassVar[bool] = True
    of_items: ClassVar[bool] = False

    name: Name
    label: Label
    role: Literal["total", "subscale", "validity"]
    range: tuple[Limit, Limit]


class Sum(_Rule):
    """Sum of keyed items."""

    of_items: ClassVar[bool] = True
    rule: Literal["sum"]
    items: tuple[Whole, ...] = Field(min_length=1)

    def span(self, response: Span, _: dict[str, Span]) -> Span:
        return len(self.items) * response[0], len(self.items) * response[1]


class Mean(_Rule):
    """Mean of keyed items."""

    whole: ClassVar[bool] = False
    of_items: ClassVar[bool] = True
    rule: Literal["mean"]
    items: tuple[Whole, ...] = Field(min_length=1)

    def span(self, response: Span, _: dict[str, Span]) -> Span:
        return response


class Add(_Rule):
    """Sum of other scores; missing as soon as one of them is."""

    rule: Literal["add"]
    of: tuple[Text, ...] = Field(min_length=2)

    def span(self, _: Span, spans: dict[str, Span]) -> Span:
        return sum(spans[part][0] for part in self.of), sum(spans[part][1] for part in self.of)


class MultiplyTruncate(_Rule):
    """Integer part of another score times a number; exact when `by` is exact in binary, as 1.25 is."""

    rule: Literal["multiply_truncate"]
    of: Text
    by: Limit = Field(gt=0)

    def span(self, _: Span, spans: dict[str, Span]) -> Span:
        low, high = spans[self.of]
        return math.trunc(low * self.by), math.trunc(high * self.by)


class Divide(_Rule):
    """Another score divided by a number."""

    whole: ClassVar[bool] = False
    rule: Literal["divide"]
    of: Text
    by: Limit = Field(gt=0)

    def span(self, _: Span, spans: dict[str, Span]) -> Span:
        low, high = spans[self.of]
        return low / self.by, high / self.by


Rule = Annotated[Sum | Mean | Add | MultiplyTruncate | Divide, Field(discriminator="rule")]


def parts(rule: Rule) -> tuple[str, ...]:
    """Names of the scores a rule is made of; empty when it is made of items."""
    if rule.of_items:
        return ()
    return rule.of if isinstance(rule, Add) else (rule.of,)
