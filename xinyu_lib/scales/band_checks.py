"""What bands must hold: every value a score can take lies in exactly one band, and one set is in use by default."""

from collections.abc import Iterator
from itertools import pairwise

from xinyu_lib.scales.bands import Band, BandSet
from xinyu_lib.scales.faults import Fault, known, spans_of
from xinyu_lib.scales.rules import Multiply, Rule, Span, Sum
from xinyu_lib.scales.scale import Scale


def band_faults(scale: Scale) -> Iterator[Fault]:
    """Everything that is wrong with the band sets."""
    names, spans = [rule.name for rule in scale.scores], spans_of(scale)
    for each in scale.band_sets:
        for name in each.scores:
            if name not in names:
                yield Fault(f"band_sets.{each.id}.scores", "scales.not_a_score", known(name, names))
            elif name in spans:
                yield from _cover(each, scale.score(name), spans[name], step_of(scale, name))
    yield from _defaults(scale)


def _cover(each: BandSet, rule: Rule, span: Span, step: float) -> Iterator[Fault]:
    """Both ends of the range met, no gap and no overlap between neighbours."""
    key = f"band_sets.{each.id}.bands"
    last = each.bands[-1]
    for lower, upper in pairwise(each.bands):
        if lower.below is None and not rule.whole:
            yield Fault(key, "scales.bands_below", {"band": lower.code})
        elif not _adjoin(lower, upper, span[0], step):
            low = _first_above(lower.high, span[0], step) if lower.below is None else lower.below
            yield Fault(key, "scales.bands_gap", {"band": upper.code, "low": low})
    if (each.bands[0].low, last.high) != span or any(b.high is not None and b.low > b.high for b in each.bands):
        yield Fault(key, "scales.bands_cover", {"low": span[0], "high": span[1]})


def _adjoin(lower: Band, upper: Band, start: float, step: float) -> bool:
    """True when no value the score can take lies between two bands or in both."""
    if lower.below is not None:
        return lower.low < lower.below == upper.low
    return lower.high < upper.low <= _first_above(lower.high, start, step)


def _first_above(value: float, start: float, step: float) -> float:
    """The next value that a whole score can take."""
    return start + ((value - start) // step + 1) * step


def step_of(scale: Scale, name: str) -> float:
    """Distance between neighbouring values of a whole score: 2 for a doubled sum, 4 for WHO-5 per cents."""
    rule = scale.score(name)
    if isinstance(rule, Sum):
        return rule.times
    return rule.by * step_of(scale, rule.of) if isinstance(rule, Multiply) else 1


def _defaults(scale: Scale) -> Iterator[Fault]:
    """Of the sets for everybody one per score and column is in use."""
    for column in ("band", "band4"):
        mine = [each for each in scale.band_sets if each.column == column and each.who is None]
        for name in sorted({name for each in mine for name in each.scores}):
            if sum(each.default for each in mine if name in each.scores) != 1:
                yield Fault("band_sets", "scales.one_default", {"score": name})
