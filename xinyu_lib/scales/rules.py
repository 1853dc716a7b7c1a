"""Score rules: the closed vocabulary by which a definition makes scores of items and of other scores."""

import math
from collections.abc import Callable
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from xinyu_lib.registry import Definition, Label, Text, Whole
from xinyu_lib.scales.vocabulary import Code, Fact, Limit, Name, Status

Span = tuple[float, float]
ItemSpan = Callable[[int], Span]  # item number -> lowest and highest keyed code


class Gaps(Definition):
    """What a score does with unanswered items.

    none: a gap gives no score. prorate: sum x items / answered, rounded half up to a whole number (a mean: mean of the
    answered). zero: a blank counts as the lowest code. Both as long as at most `allowed` items are unanswered, among
    the score's own items or, where `of` says so, on the whole form.
    """

    rule: Literal["prorate", "zero", "none"]
    allowed: Whole = Field(default=0, ge=0)
    of: Literal["score", "form"] = "score"


class Missing(Gaps, Fact):
    """The published rule for gaps, with its source."""


class _Rule(Definition):
    """What every score declares; `range` is the lowest and highest value the scale can give.

    risk: which end is the worrying one. status, source: where this score is less sure than the scale's key.
    """

    of_items: ClassVar[bool] = False

    name: Name
    label: Label
    role: Literal["total", "subscale", "composite", "index", "validity"]
    range: tuple[Limit, Limit]
    risk: Literal["high", "low", "neither"] = "high"
    status: Status | None = None
    source: Text | None = None

    @property
    def whole(self) -> bool:
        """Whether every value is a whole number."""
        return True


class _OfItems(_Rule):
    """Made of keyed items."""

    of_items: ClassVar[bool] = True

    items: tuple[Whole, ...] = Field(min_length=1)

    def value(self, code: int) -> int:
        """What a keyed code counts."""
        return code

    def spans(self, item_span: ItemSpan) -> list[Span]:
        """Lowest and highest value of each item."""
        return [tuple(self.value(end) for end in item_span(item)) for item in self.items]


class _Summed(_OfItems):
    """Made by adding up items; `recode` maps a keyed code to the value that counts, and only ever upward."""

    recode: tuple[tuple[Code, Code], ...] = ()
    missing: Gaps | None = None

    def value(self, code: int) -> int:
        return dict(self.recode).get(code, code)


class Sum(_Summed):
    """Sum of items, times a whole number (DASS-21 doubles its sums)."""

    rule: Literal["sum"]
    times: Whole = Field(default=1, gt=0)

    def span(self, item_span: ItemSpan, _: dict[str, Span]) -> Span:
        low, high = (sum(ends) for ends in zip(*self.spans(item_span), strict=True))
        return self.times * low, self.times * high


class Mean(_Summed):
    """Mean of items."""

    rule: Literal["mean"]

    @property
    def whole(self) -> bool:
        return False

    def span(self, item_span: ItemSpan, _: dict[str, Span]) -> Span:
        return tuple(sum(ends) / len(self.items) for ends in zip(*self.spans(item_span), strict=True))


class Count(_OfItems):
    """How many items are at or above `at_least`, or at or below `at_most`."""

    rule: Literal["count"]
    at_least: Whole | None = None
    at_most: Whole | None = None

    @model_validator(mode="after")
    def _one_cut(self):
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("exactly one of at_least, at_most")
        return self

    def span(self, _: ItemSpan, __: dict[str, Span]) -> Span:
        return 0, len(self.items)


class MeanOfPositive(_OfItems):
    """Mean of those items that are at or above `at_least`; missing where none is."""

    rule: Literal["mean_of_positive"]
    at_least: Whole

    @property
    def whole(self) -> bool:
        return False

    def span(self, item_span: ItemSpan, _: dict[str, Span]) -> Span:
        return self.at_least, max(high for _, high in self.spans(item_span))


class Add(_Rule):
    """Sum of other scores; missing as soon as one of them is."""

    rule: Literal["add"]
    of: tuple[Text, ...] = Field(min_length=2)

    def span(self, _: ItemSpan, spans: dict[str, Span]) -> Span:
        return sum(spans[part][0] for part in self.of), sum(spans[part][1] for part in self.of)


class _OfOne(_Rule):
    """Made of one other score and a number."""

    of: Text
    by: Limit = Field(gt=0)

    def apply(self, value: float) -> float:
        raise NotImplementedError

    def span(self, _: ItemSpan, spans: dict[str, Span]) -> Span:
        return tuple(self.apply(end) for end in spans[self.of])


class Multiply(_OfOne):
    """Another score times a number."""

    rule: Literal["multiply"]

    @property
    def whole(self) -> bool:
        return float(self.by).is_integer()

    def apply(self, value: float) -> float:
        return value * self.by


class MultiplyTruncate(_OfOne):
    """Integer part of another score times a number; exact when `by` is exact in binary, as 1.25 is."""

    rule: Literal["multiply_truncate"]

    def apply(self, value: float) -> float:
        return math.trunc(value * self.by)


class MultiplyRound(_OfOne):
    """Another score times a number, rounded half up."""

    rule: Literal["multiply_round"]

    def apply(self, value: float) -> float:
        return math.floor(value * self.by + 0.5)


class Divide(_OfOne):
    """Another score divided by a number."""

    rule: Literal["divide"]

    @property
    def whole(self) -> bool:
        return False

    def apply(self, value: float) -> float:
        return value / self.by


OfItems = Sum | Mean | Count | MeanOfPositive
OfOne = Multiply | MultiplyTruncate | MultiplyRound | Divide
Rule = Annotated[OfItems | Add | OfOne, Field(discriminator="rule")]


def parts(rule: Rule) -> tuple[str, ...]:
    """Names of the scores a rule is made of; empty when it is made of items."""
    if rule.of_items:
        return ()
    return rule.of if isinstance(rule, Add) else (rule.of,)
