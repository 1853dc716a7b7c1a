"""Faults of a scale file, and what it takes to find them: which items there are, what each score can be."""

from typing import NamedTuple

from xinyu_lib.scales.rules import Rule, Span, parts
from xinyu_lib.scales.scale import Scale


class Fault(NamedTuple):
    key: str
    message_id: str
    fields: dict[str, object]


def spans_of(scale: Scale) -> dict[str, Span]:
    """Lowest and highest value of every score, worked out from items and rules; without those that cannot be."""
    spans: dict[str, Span] = {}
    for rule in scale.scores:
        if all(part in spans for part in parts(rule)) and _items_hold(rule, last_item(scale)):
            spans[rule.name] = rule.span(scale.span_of, spans)
    return spans


def _items_hold(rule: Rule, last: int) -> bool:
    """Items exist and stand once; a range worked out from others would be wrong advice."""
    items = rule.items if rule.of_items else ()
    return len(set(items)) == len(items) and all(1 <= item <= last for item in items)


def last_item(scale: Scale) -> int:
    """Number of the last item, those of supplements included."""
    return scale.n_items + sum(len(each.items) for each in scale.supplements)


def known(name: str, names: list[str]) -> dict[str, object]:
    return {"name": name, "known": ", ".join(names) or "–"}
