"""The checks: each takes the sheets of a group and says, pupil by pupil, whether its sign is there (boolean)."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import gammaln

from xinyu_lib import numerics
from xinyu_lib.scoring.declared import LongString, declared
from xinyu_lib.scoring.group import Group


def missing(group: Group) -> np.ndarray:
    """More unanswered items than the scale's rule allows, in any score that is made of items."""
    found = _nobody(group)
    for rule in (rule for rule in group.scale.scores if rule.of_items):
        gaps = group.scale.gaps_of(rule)
        asked = group.gap if gaps.of == "form" else group.gap[:, group.columns(rule.items)]
        found |= asked.sum(axis=1) > gaps.allowed
    return found


def lie(group: Group) -> np.ndarray:
    """Validity score at or above its cut; unknown with a gap in it."""
    validity = group.scale.validity
    if not validity:
        return _nobody(group)
    return group.keyed[:, group.columns(group.scale.items_of(validity.score))].sum(axis=1) >= validity.at_least


def too_fast(group: Group) -> np.ndarray:
    """Below the scale's seconds per item, or far below what the group took; unknown is not fast."""
    own = declared().too_fast
    found = group.seconds < group.scale.quality.seconds_per_item
    if (~np.isnan(group.seconds)).sum() >= own.min_pupils:
        # NaN, where the group gives no floor, compares as False
        found |= (group.seconds < numerics.robust_floor(group.seconds, own.mads)) & (group.seconds < own.never_from)
    return found


def duplicate(group: Group) -> np.ndarray:
    """The same complete answers as another sheet, where so many others were possible that chance is no explanation."""
    own, found = declared().duplicate, _nobody(group)
    if group.n_items < own.min_items:
        return found
    others = np.log(group.high.max() - group.low.min())
    patterns = _log_choose(group.n_items, group.departures) + group.departures * others
    # one code throughout, or one for each direction, departs from nothing: many pupils give it
    telling = ~np.isnan(group.raw).any(axis=1) & (patterns >= np.log(own.min_patterns))
    found[telling] = pd.DataFrame(group.raw[telling]).duplicated(keep=False).to_numpy()
    return found


def long_string(group: Group) -> np.ndarray:
    """A long run that neither health nor the pupil's other answers explain, or one across a turn; see quality.toml."""
    own = declared().long_string
    found = _nobody(group)
    if group.n_items < own.min_items:
        return found
    # few sheets have a run worth a closer look
    close = group.longest_run >= min(own.run, own.turned_run)
    runs, raw = group.runs[close], group.raw[close]
    symptoms = numerics.within_runs(runs, ~group.free_of_symptoms[close]) > 0
    each = np.minimum(numerics.within_runs(runs, group.turned), numerics.within_runs(runs, ~group.turned))
    opposite = (each >= own.turned_each) & (2 * raw != group.low + group.high)
    across = ((runs >= own.turned_run) & opposite).any(axis=1)
    found[close] = across | _unexplained(raw, np.where(symptoms, runs, 0), own)
    return found


def _unexplained(raw: np.ndarray, runs: np.ndarray, own: LongString) -> np.ndarray:
    """Sheets whose longest run is long, and too long for how often the pupil gives that answer elsewhere."""
    row, end = np.arange(len(runs)), runs.argmax(axis=1)
    length, answer = runs[row, end], raw[row, end]
    answered = (~np.isnan(raw)).sum(axis=1)
    elsewhere = (raw == answer[:, None]).sum(axis=1) - length
    share = (elsewhere + 1) / (answered - length + 2)  # Laplace's rule: nothing elsewhere says one half
    return (length >= own.run) & (numerics.chance_of_run(length, answered, share) < own.chance)


def contradiction(group: Group) -> np.ndarray:
    """Two answers that the scale declares impossible together."""
    found = _nobody(group)
    for each in group.scale.contradictions:
        found |= _holds(each.first, group) & _holds(each.second, group)
    return found


def low_variability(group: Group) -> np.ndarray:
    """Nearly the same answer everywhere, on a scale that asks in both directions."""
    own = declared().low_variability
    both = min(group.turned.sum(), (~group.turned).sum())
    if group.n_items < own.min_items or both < own.min_reversed:
        return _nobody(group)
    return group.variability < own.below_share_of_range * (group.high - group.low).max()


def outlier(group: Group) -> np.ndarray:
    """Far from the mean of the group."""
    own, (squared, rank) = declared().outlier, group.distance
    if group.n_items < own.min_items or not rank:
        return _nobody(group)
    return squared > stats.chi2.ppf(own.quantile, rank)


def inconsistent_halves(group: Group) -> np.ndarray:
    """The two halves of the subscales do not agree."""
    own = declared().inconsistent_halves
    return _speaks(group, own) & (group.even_odd > own.above)


def inconsistent_pairs(group: Group) -> np.ndarray:
    """Items that the group answers alike are answered unlike."""
    own = declared().inconsistent_pairs
    return _speaks(group, own) & (group.synonyms < own.below)


def guttman(group: Group) -> np.ndarray:
    """Rare symptoms affirmed and frequent ones denied."""
    own = declared().guttman
    return _speaks(group, own) & (group.guttman > own.above)


CHECKS: dict[str, Callable[[Group], np.ndarray]] = {
    "missing": missing,
    "lie": lie,
    "too_fast": too_fast,
    "duplicate": duplicate,
    "long_string": long_string,
    "contradiction": contradiction,
    "low_variability": low_variability,
    "outlier": outlier,
    "inconsistent_halves": inconsistent_halves,
    "inconsistent_pairs": inconsistent_pairs,
    "guttman": guttman,
}


def _nobody(group: Group) -> np.ndarray:
    return np.zeros(group.n_pupils, dtype=bool)


def _log_choose(n: int, k: np.ndarray) -> np.ndarray:
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


def _holds(side, group: Group) -> np.ndarray:
    """One half of a contradiction; an unanswered item holds nothing."""
    if not (place := group.columns([side.item])):
        return _nobody(group)
    given = group.raw[:, place[0]]
    above = given >= (-np.inf if side.at_least is None else side.at_least)
    return above & (given <= (np.inf if side.at_most is None else side.at_most))


def _speaks(group: Group, own) -> np.ndarray:
    """Where a check of consistency can see anything: enough items, and a sheet that varies."""
    return (group.n_items >= own.min_items) & (group.varied >= own.min_varied)
