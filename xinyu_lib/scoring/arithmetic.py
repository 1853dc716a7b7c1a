"""The arithmetic of score rules: from keyed answers to every score and the range gaps leave possible."""

from typing import NamedTuple

import numpy as np

from xinyu_lib.numerics import half_up, truncate
from xinyu_lib.scales import Scale
from xinyu_lib.scales.rules import Add, Divide, Mean, MultiplyTruncate, Rule, Sum


class Reading(NamedTuple):
    """One score of all pupils: value (NaN = missing), lowest and highest value the gaps leave possible."""

    value: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray


def readings(keyed: np.ndarray, scale: Scale) -> dict[str, Reading]:
    """All scores by name, in the order of the definition.

    keyed: pupils x items, after reversal, NaN = unanswered.
    """
    done: dict[str, Reading] = {}
    for rule in scale.scores:
        done[rule.name] = _of_items(keyed, rule, scale) if rule.of_items else _of_scores(rule, done)
    return done


def too_many_gaps(keyed: np.ndarray, rule: Rule, scale: Scale) -> np.ndarray:
    """Pupils with more unanswered items than a score of items may have (boolean)."""
    return np.isnan(_columns(keyed, rule)).sum(axis=1) > scale.missing.allowed


def _of_items(keyed: np.ndarray, rule: Sum | Mean, scale: Scale) -> Reading:
    answers = _columns(keyed, rule)
    gap = np.isnan(answers)
    value = np.where(too_many_gaps(keyed, rule, scale), np.nan, _prorated(answers, gap, rule))
    lowest = np.where(gap, scale.response.min, answers).sum(axis=1)
    highest = np.where(gap, scale.response.max, answers).sum(axis=1)
    if isinstance(rule, Mean):
        return Reading(value, lowest / len(rule.items), highest / len(rule.items))
    return Reading(value, lowest, highest)


def _prorated(answers: np.ndarray, gap: np.ndarray, rule: Sum | Mean) -> np.ndarray:
    """Sum x items / answered, half up, or mean of the answered; plain where nothing is missing."""
    answered = np.maximum((~gap).sum(axis=1), 1)
    given = np.where(gap, 0, answers).sum(axis=1)
    return given / answered if isinstance(rule, Mean) else half_up(given * len(rule.items) / answered)


def _of_scores(rule: Add | MultiplyTruncate | Divide, done: dict[str, Reading]) -> Reading:
    """Each rule rises with its parts, so the lowest result comes from the lowest parts."""
    if isinstance(rule, Add):
        return Reading(*(np.sum([done[part][i] for part in rule.of], axis=0) for i in range(3)))
    if isinstance(rule, MultiplyTruncate):
        return Reading(*(truncate(end * rule.by) for end in done[rule.of]))
    return Reading(*(end / rule.by for end in done[rule.of]))


def _columns(keyed: np.ndarray, rule: Sum | Mean) -> np.ndarray:
    return keyed[:, [item - 1 for item in rule.items]]
