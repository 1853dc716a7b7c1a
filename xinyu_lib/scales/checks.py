"""What a scale file must hold beyond the type of each key; on load the first fault is raised."""

import re
from collections.abc import Iterator
from itertools import pairwise

from xinyu_lib.scales.band_checks import band_faults
from xinyu_lib.scales.conditions import Items, comparisons
from xinyu_lib.scales.faults import Fault, items_hold, known, last_item, spans_of
from xinyu_lib.scales.rule_checks import rule_faults
from xinyu_lib.scales.rules import OfItems, Span, parts
from xinyu_lib.scales.scale import Scale

# Names that columns of a score frame have already, or get from a score's own name.
TAKEN = re.compile(r"answered|valid|usable|(critical|check)_.*|.*_(lowest|highest|band4?|shown|z|t|percentile|norm)")


def faults(scale: Scale) -> Iterator[Fault]:
    """Everything that is wrong with a scale, in the order of its keys."""
    yield from _responses(scale)
    yield from _items(scale)
    yield from _names(scale)
    yield from _ranges(scale)
    yield from band_faults(scale)
    yield from rule_faults(scale)
    yield from _conditions(scale)
    yield from _named(scale)
    yield from _rest(scale)


def _responses(scale: Scale) -> Iterator[Fault]:
    for key, each in _response_keys(scale):
        if each.min >= each.max:
            yield Fault(key, "scales.response_empty", {})
        if each.allowed and (each.allowed[0], each.allowed[-1]) != (each.min, each.max):
            yield Fault(f"{key}.allowed", "scales.allowed_codes", {"low": each.min, "high": each.max})
        if list(each.codes) != sorted(set(each.codes)):
            yield Fault(f"{key}.allowed", "scales.ascending", {})
    extra = [item for each in scale.supplements for item in each.items]
    if extra != list(range(scale.n_items + 1, scale.n_items + 1 + len(extra))):
        yield Fault("supplements", "scales.supplement_items", {"first": scale.n_items + 1})
    targets, sources = sorted(code for _, code in scale.coded), {code for code, _ in scale.coded}
    if scale.coded and (targets != list(scale.response.codes) or len(sources) < len(targets)):
        yield Fault("coded", "scales.coded", {"codes": ", ".join(map(str, scale.response.codes))})


def _response_keys(scale: Scale):
    yield "response", scale.response
    yield from ((f"other_responses.{number}", each) for number, each in enumerate(scale.other_responses))
    yield from ((f"supplements.{each.id}", each) for each in scale.supplements)


def _items(scale: Scale) -> Iterator[Fault]:
    """Items exist and stand once in a list; reversing has one place, the key `reverse`."""
    last = last_item(scale)
    for key, items in _item_lists(scale):
        if not all(1 <= item <= last for item in items):
            yield Fault(key, "scales.item_outside", {"n_items": last})
        if len(set(items)) < len(items):
            yield Fault(key, "scales.item_twice", {})
    for rule in _of_items(scale):
        values = [value for _, value in sorted(getattr(rule, "recode", ()))]
        if any(lower > upper for lower, upper in pairwise(values)):
            yield Fault(f"scores.{rule.name}.recode", "scales.recode_falls", {})


def _item_lists(scale: Scale) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield "reverse", scale.reverse
    yield "critical", tuple(each.item for each in scale.critical)
    for rule in _of_items(scale):
        yield f"scores.{rule.name}.items", rule.items
    yield "left_out", scale.left_out
    yield from ((f"other_responses.{number}", each.items) for number, each in enumerate(scale.other_responses))
    yield from ((f"example_fields.{each.name}", each.items) for each in scale.example_fields)
    for each in scale.skips:
        yield "skips", (*each.items, *each.gates)
    for each in scale.contradictions:
        yield "contradictions", (each.first.item, each.second.item)
    for key, condition in _all_conditions(scale):
        yield from ((key, part.items) for part in comparisons(condition) if isinstance(part, Items))


def _names(scale: Scale) -> Iterator[Fault]:
    earlier: list[str] = []
    for rule in scale.scores:
        if TAKEN.fullmatch(rule.name) or rule.name in earlier:
            yield Fault(f"scores.{rule.name}", "scales.name_taken", {})
        for part in parts(rule):
            if part not in earlier:
                yield Fault(f"scores.{rule.name}.of", "scales.not_a_score", known(part, earlier))
            elif rule.rule == "add" and not scale.score(part).whole:
                yield Fault(f"scores.{rule.name}.of", "scales.not_whole", {"score": part})
        earlier.append(rule.name)
    for key, names in (("cuts", scale.cuts), ("decisions", scale.decisions)):
        for each in names:
            if TAKEN.fullmatch(each.name) or each.name in earlier:
                yield Fault(f"{key}.{each.name}", "scales.name_taken", {})
            earlier.append(each.name)


def _ranges(scale: Scale) -> Iterator[Fault]:
    for name, span in spans_of(scale).items():
        rule = scale.score(name)
        fitting = [span] if items_hold(scale, rule) else _spans_about(scale, rule)
        if tuple(rule.range) not in fitting:
            low, high = fitting[0]
            yield Fault(f"scores.{name}.range", "scales.range_wrong", {"low": low, "high": high})


def _spans_about(scale: Scale, rule: OfItems) -> list[Span]:
    """Ranges of a score with a wrong item that may be meant: without that item, and with a right one in its place."""
    right = tuple({item for item in rule.items if 1 <= item <= last_item(scale)})
    meant = [rule.model_copy(update={"items": right})] if right else []
    return [each.span(scale.span_of, {}) for each in (*meant, rule)]


def _conditions(scale: Scale) -> Iterator[Fault]:
    """Scores that cuts and decisions read exist; a decision's cuts only ever rise, so that gaps leave two ends."""
    names = [rule.name for rule in scale.scores]
    for key, condition in _all_conditions(scale):
        for part in comparisons(condition):
            for name in getattr(part, "scores", ()):
                if name not in names:
                    yield Fault(key, "scales.not_a_score", known(name, names))
            if key.startswith("decisions") and part.comparison not in ("at_least", "above"):
                yield Fault(key, "scales.decision_falls", {})


def _all_conditions(scale: Scale):
    yield from ((f"cuts.{each.name}.when", each.when) for each in scale.cuts)
    for each in scale.decisions:
        yield from ((f"decisions.{each.name}.{level.code}.when", level.when) for level in each.levels)


def _named(scale: Scale) -> Iterator[Fault]:
    """Scores that are named elsewhere exist."""
    names = [rule.name for rule in scale.scores]
    wanted = [("main", scale.main)] if scale.main is not None else []
    wanted += [("validity.score", scale.validity.score)] if scale.validity else []
    for each in scale.norm_sets:
        wanted += [(f"norm_sets.{each.id}", name) for group in each.groups for name in group.scores]
    for each in scale.example_fields:
        wanted += [(f"example_fields.{each.name}", name) for name in each.scores]
    for key, name in wanted:
        if name not in names:
            yield Fault(key, "scales.not_a_score", known(name, names))


def _rest(scale: Scale) -> Iterator[Fault]:
    if scale.ages and scale.ages.max is not None and scale.ages.max < scale.ages.min:
        yield Fault("ages", "scales.ages_backward", {})
    for each in scale.critical:
        low, high = scale.span_of(each.item)
        if not low < each.positive_at <= high:
            yield Fault(f"critical.{each.item}.positive_at", "scales.positive_at", {"max": high})
    for each in scale.norm_sets:
        if each.scale != scale.id:
            yield Fault(f"norm_sets.{each.id}.scale", "scales.norms_of", {"id": scale.id})
    for each in scale.examples:
        given = len(each.responses.replace(" ", ""))
        if given not in (scale.n_items, last_item(scale)):
            yield Fault(f"examples.{each.id}", "scales.example_length", {"given": given, "items": scale.n_items})


def _of_items(scale: Scale) -> list[OfItems]:
    return [rule for rule in scale.scores if rule.of_items]
