"""What score rules must hold so that they can be worked out: gaps, numbers, and what small integers hold."""

from collections.abc import Iterator
from fractions import Fraction

from xinyu_lib.scales.faults import Fault, items_hold
from xinyu_lib.scales.rules import MeanOfPositive, MultiplyRound, MultiplyTruncate, OfItems, Rule
from xinyu_lib.scales.scale import Scale

LARGEST = 32_767  # whole scores are kept in sixteen bits
DYADIC = 1 << 20  # a factor with a larger denominator is none that binary numbers hold exactly


def rule_faults(scale: Scale) -> Iterator[Fault]:
    """Everything that is wrong with score rules, item numbers and names apart."""
    for rule in scale.scores:
        yield from _numbers(rule)
        if rule.of_items and items_hold(scale, rule):
            yield from _gaps(scale, rule)
    yield from _validity(scale)


def _numbers(rule: Rule) -> Iterator[Fault]:
    if rule.whole and max(map(abs, rule.range)) > LARGEST:
        yield Fault(f"scores.{rule.name}.range", "scales.too_large", {"largest": LARGEST})
    if isinstance(rule, MultiplyRound | MultiplyTruncate) and Fraction(rule.by).denominator > DYADIC:
        yield Fault(f"scores.{rule.name}.by", "scales.not_exact", {})


def _gaps(scale: Scale, rule: OfItems) -> Iterator[Fault]:
    gaps, spans = scale.gaps_of(rule), {scale.span_of(item) for item in rule.items}
    most = scale.n_items if gaps.of == "form" else len(rule.items)
    if gaps.allowed not in (range(1, most) if gaps.rule != "none" else [0]):
        yield Fault("missing.allowed", "scales.allowed", {"items": most})
    if gaps.rule == "prorate" and len(spans) > 1:
        yield Fault(f"scores.{rule.name}.missing", "scales.unequal_spans", {})
    if gaps.of == "form" and max(rule.items) > scale.n_items:
        yield Fault(f"scores.{rule.name}.missing", "scales.form_of_supplement", {})
    if isinstance(rule, MeanOfPositive) and rule.at_least <= max(low for low, _ in spans):
        yield Fault(f"scores.{rule.name}.at_least", "scales.positive_lowest", {})


def _validity(scale: Scale) -> Iterator[Fault]:
    names = [rule.name for rule in scale.scores]
    if scale.validity and scale.validity.score in names:
        rule = scale.score(scale.validity.score)
        if not rule.of_items or max(rule.items, default=0) > scale.n_items:
            yield Fault("validity.score", "scales.validity_items", {})
