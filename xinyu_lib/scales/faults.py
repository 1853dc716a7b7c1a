"""Faults of a scale file, and what it takes to find them: which items there are, what each score can be."""

from typing import NamedTuple

from xinyu_lib.scales.rules import Rule, Span, parts
from xinyu_lib.scales.scale import Scale


class Fault(NamedTuple):
    key: str
    message_id: str
    fields: dict[str, object]


def spans_of(scale: Scale) -> dict[str, Span]:
    """Lowest and highest value of every score, worked out from items and rules; without those that cannot be.

    Where an item of a score is wrong, the range it declares stands in, so that bands are still looked at.
    """
    spans: dict[str, Span] = {}
    for rule in scale.scores:
        if rule.name not in spans and all(part in spans for part in parts(rule)):
            low, high = rule.span(scale.span_of, spans) if items_hold(scale, rule) else rule.range
            spans[rule.name] = min(low, high), max(low, high)
    return spans


def items_hold(scale: Scale, rule: Rule) -> bool:
    """True when the items of a score exist and stand once."""
    items = rule.items if rule.of_items else ()
    return len(set(items)) == len(items) and all(1 <= item <= last_item(scale) for item in items)


def last_item(scale: Scale) -> int:
    """Number of the last item, those of supplements included."""
    return scale.n_items + sum(len(each.items) for each in scale.supplements)


def known(name: str, names: list[str]) -> dict[str, object]:
    return {"name": name, "known": ", ".join(names) or "–"}
