"""The checks as declared in quality.toml: every cut with its source; no cut stands in code."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from xinyu_lib.policy.settings import Validity
from xinyu_lib.registry import Definition, Number, Whole, read
from xinyu_lib.scales.vocabulary import Fact

Share = Annotated[Number, Field(ge=0, le=1)]
Correlation = Annotated[Number, Field(ge=-1, le=1)]
Count = Annotated[Whole, Field(ge=1)]

Measure = Literal[
    "unanswered items of a score",
    "validity score",
    "seconds per item",
    "equal sheets",
    "longest run of one answer",
    "answers that cannot both be meant",
    "spread of a pupil's answers",
    "squared Mahalanobis distance",
    "even-odd inconsistency",
    "within-pupil correlation over synonym pairs",
    "normed Guttman errors",
]


class Check(Fact):
    """A check that takes its cut from the scale. Silent on scales and groups smaller than it needs."""

    measures: Measure
    min_items: Count = 1
    min_pupils: Count = 1


class TooFast(Check):
    """mads: robust SDs of log time below the group's median. never_from: seconds per item that are never too fast."""

    mads: Annotated[Number, Field(gt=0)]
    never_from: Annotated[Number, Field(gt=0)]


class Duplicate(Check):
    """min_patterns: sheets that depart as often from their most frequent answer, below which two may well be equal."""

    min_patterns: Count


class LongString(Check):
    """run: equal answers in a row. turned_run: the same with at least turned_each straight and reversed items in it.

    chance: how likely a run may be, given the pupil's answers outside it, before it is explained by them.
    """

    run: Count
    chance: Share
    turned_run: Count
    turned_each: Count


class LowVariability(Check):
    """below_share_of_range: SD of a pupil's answers as a share of highest - lowest code."""

    below_share_of_range: Share
    min_reversed: Count


class Outlier(Check):
    """quantile: of the chi-square distribution, beyond which a sheet lies far from the group."""

    quantile: Share


class InVariedSheets(Check):
    """min_varied: share of answers that differ from the sheet's most frequent one, below which nothing can be seen."""

    min_varied: Share


class InconsistentHalves(InVariedSheets):
    above: Correlation
    min_subscales: Annotated[Whole, Field(ge=3)]


class InconsistentPairs(InVariedSheets):
    """pair_r: correlation over pupils that makes a pair. min_pairs_each: pairs of straight, and of reversed items."""

    pair_r: Correlation
    min_pairs: Annotated[Whole, Field(ge=3)]
    min_pairs_each: Annotated[Whole, Field(ge=0)]
    below: Correlation


class Guttman(InVariedSheets):
    above: Share


class Keying(Fact):
    """What it takes to call an item wrongly keyed; see quality.toml."""

    min_pupils: Count
    group: Count
    min_items: Annotated[Whole, Field(ge=3)]
    min_r: Share
    min_z: Annotated[Number, Field(gt=0)]
    min_alpha: Share
    alpha_rise: Share


class Declared(Definition):
    """All of quality.toml: the checks in the order of their columns, the default rule, and the keying evidence."""

    missing: Check
    lie: Check
    too_fast: TooFast
    duplicate: Duplicate
    long_string: LongString
    contradiction: Check
    low_variability: LowVariability
    outlier: Outlier
    inconsistent_halves: InconsistentHalves
    inconsistent_pairs: InconsistentPairs
    guttman: Guttman
    validity: Validity
    keying: Keying


@cache
def declared() -> Declared:
    """quality.toml, read once."""
    return read(Path(__file__).parent / "quality.toml", Declared)
