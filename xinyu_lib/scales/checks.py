"""What a scale file must hold beyond the type of each key: checked on load, the first fault is raised."""

from collections.abc import Iterator
from itertools import chain, pairwise
from typing import NamedTuple

from xinyu_lib.errors import DefinitionError
from xinyu_lib.scales.bands import BandSet
from xinyu_lib.scales.rules import parts
from xinyu_lib.scales.scale import Scale

TAKEN = {"answered", "valid", "usable"}  # names of columns that stand beside the scores


class Fault(NamedTuple):
    key: str
    message_id: str
    fields: dict[str, object]


def check(scale: Scale, file: str) -> None:
    """Raises DefinitionError naming file, key and what is allowed."""
    if scale.response.min >= scale.response.max:
        raise DefinitionError("scales.response_empty", file=file, key="response")
    # ranges and bands can be worked out only from rules whose names and items are right
    for faults in (chain(_items(scale), _names(scale)), _ranges(scale), _bands(scale), _rest(scale)):
        for fault in faults:
            raise DefinitionError(fault.message_id, file=file, key=fault.key, **fault.fields)


def _items(scale: Scale) -> Iterator[Fault]:
    lists = {"reverse": scale.reverse, "critical": tuple(each.item for each in scale.critical)}
    lists |= {f"scores.{rule.name}.items": rule.items for rule in scale.scores if rule.of_items}
    for key, items in lists.items():
        if not all(1 <= item <= scale.n_items for item in items):
            yield Fault(key, "scales.item_outside", {"n_items": scale.n_items})
        if len(set(items)) < len(items):
            yield Fault(key, "scales.item_twice", {})


def _names(scale: Scale) -> Iterator[Fault]:
    earlier: list[str] = []
    for rule in scale.scores:
        if rule.name in TAKEN or rule.name in earlier:
            yield Fault(f"scores.{rule.name}", "scales.name_taken", {})
        for part in parts(rule):
            if part not in earlier:
                yield Fault(f"scores.{rule.name}.of", "scales.not_a_score", _known(part, earlier))
            elif rule.rule == "add" and not scale.score(part).whole:
                yield Fault(f"scores.{rule.name}.of", "scales.not_whole", {"score": part})
        earlier.append(rule.name)


def _ranges(scale: Scale) -> Iterator[Fault]:
    spans: dict[str, tuple[float, float]] = {}
    for rule in scale.scores:
        spans[rule.name] = rule.span((scale.response.min, scale.response.max), spans)
        if spans[rule.name] != tuple(rule.range):
            low, high = spans[rule.name]
            yield Fault(f"scores.{rule.name}.range", "scales.range_wrong", {"low": low, "high": high})


def _bands(scale: Scale) -> Iterator[Fault]:
    names = [rule.name for rule in scale.scores]
    for each in scale.band_sets:
        for name in each.scores:
            key = f"band_sets.{each.id}"
            if name not in names:
                yield Fault(f"{key}.scores", "scales.not_a_score", _known(name, names))
            if not scale.score(name).whole:
                yield Fault(key, "scales.not_whole", {"score": name})
            yield from _cover(each, f"{key}.bands", scale.score(name).range)
    for name in sorted({name for each in scale.band_sets for name in each.scores}):
        if sum(each.default for each in scale.band_sets if name in each.scores) != 1:
            yield Fault("band_sets", "scales.one_default", {"score": name})


def _cover(each: BandSet, key: str, span: tuple[float, float]) -> Iterator[Fault]:
    """Both ends of the range met, no gap and no overlap between neighbours."""
    for lower, upper in pairwise(each.bands):
        if upper.low != lower.high + 1:
            yield Fault(key, "scales.bands_gap", {"band": upper.code, "low": lower.high + 1})
    if (each.bands[0].low, each.bands[-1].high) != tuple(span) or any(b.low > b.high for b in each.bands):
        yield Fault(key, "scales.bands_cover", {"low": span[0], "high": span[1]})


def _known(name: str, names: list[str]) -> dict[str, object]:
    return {"name": name, "known": ", ".join(names)}


def _rest(scale: Scale) -> Iterator[Fault]:
    names = [rule.name for rule in scale.scores]
    if scale.main not in names:
        yield Fault("main", "scales.not_a_score", _known(scale.main, names))
    if scale.validity and scale.validity.score not in names:
        yield Fault("validity.score", "scales.not_a_score", _known(scale.validity.score, names))
    for each in scale.critical:
        if not scale.response.min < each.positive_at <= scale.response.max:
            yield Fault("critical.positive_at", "scales.positive_at", {"max": scale.response.max})
    shortest = min(len(rule.items) for rule in scale.scores if rule.of_items)
    prorated = scale.missing.rule == "prorate"
    if scale.missing.allowed not in (range(1, shortest) if prorated else [0]):
        yield Fault("missing.allowed", "scales.allowed", {"items": shortest})
