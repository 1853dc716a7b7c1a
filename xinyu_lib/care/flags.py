"""Which rules and scales gave a pupil a colour, read from the reasons that were stored with the provisional tier."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from xinyu_lib.policy import Policy
from xinyu_lib.policy.conditions import All, AnyOf, Condition, Count, Known, SafetyItems, SafetyScales, Threshold
from xinyu_lib.tiers import Reason, reasons_from_json


def flags_of(reasons: pd.Series, policy: Policy) -> pd.DataFrame:
    """One row per entry of `reasons` (JSON text), rule and scale that coloured it: `place` (0, 1, ...), rule, scale.

    A rule that only left a note has no row; a rule that counts over scales or rests on a fact has scale None.
    """
    which, texts = pd.factorize(reasons)
    told = [list(dict.fromkeys(_colouring(reasons_from_json(text), policy))) for text in texts]
    rows = [(place, rule, scale) for place, code in enumerate(which) if code >= 0 for rule, scale in told[code]]
    flags = pd.DataFrame(rows, columns=["place", "rule", "scale"])
    return flags.astype({"place": np.int64, "rule": object, "scale": object})


def _colouring(reasons: Sequence[Reason], policy: Policy) -> Iterator[tuple[str, str | None]]:
    several = policy.tiers.several_yellow
    for rule in policy.rules:
        mine = [each for each in reasons if each.rule == rule.id]
        levels = (level.when for level in rule.levels if level.result != "note")
        if mine and any(_holds(when, rule.scale, mine) for when in levels):
            yield from ((rule.id, each.scale) for each in mine)
    if several.result != "note":
        yield from ((each.rule, each.scale) for each in reasons if each.rule == several.rule)


def _holds(condition: Condition, scale: str | None, reasons: Sequence[Reason]) -> bool:
    """Whether the reasons of a rule, which name every comparison that held, are enough for this condition."""
    match condition:
        case Threshold(score=score, cut=cut):
            return _reached(condition.scale or scale, [score], cut, reasons) == 1
        case Count(scores=scores, cut=cut, count=count):
            return _reached(condition.scale or scale, scores, cut, reasons) >= count
        case SafetyItems(count=count):
            return len({(each.scale, each.score) for each in reasons}) >= count
        case SafetyScales(count=count):
            return len({each.scale for each in reasons}) >= count
        case Known(facts=facts):
            return any(each.score in facts for each in reasons)
        case All(of=of):
            return all(_holds(part, scale, reasons) for part in of)
        case AnyOf(of=of):
            return any(_holds(part, scale, reasons) for part in of)


def _reached(scale: str | None, scores: Iterable[str], cut: float, reasons: Sequence[Reason]) -> int:
    """How many of the scores stand at or above the cut."""
    return len({each.score for each in reasons if each.scale == scale and each.score in scores and each.value >= cut})
