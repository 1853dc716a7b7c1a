"""How well a screening finds cases when not everybody was examined: predictive values, sensitivity, specificity."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from xinyu_lib.numerics.intervals import wilson


class Share(NamedTuple):
    """A share in 0..1 or a number of persons, with the ends of its interval; NaN where it cannot be estimated."""

    value: float
    low: float
    high: float


UNKNOWN = Share(np.nan, np.nan, np.nan)


class Strata(NamedTuple):
    """Persons in groups of one chance to be examined: how many there are, how many of them were examined, and cases.

    Arrays of one shape, one entry per stratum; cases are counted among those examined.
    """

    population: ArrayLike
    verified: ArrayLike
    cases: ArrayLike

    @property
    def others(self) -> "Strata":
        """The same persons with what is no case in the place of the cases."""
        return Strata(self.population, self.verified, np.subtract(self.verified, self.cases))


def share_of_cases(strata: Strata, level: float = 0.95) -> Share:
    """Share of cases among all persons of the strata, examined or not: of the flagged ones, PPV; of `others`, NPV.

    With weights w_h = N_h/N and p_h = k_h/n_h: p = sum w_h p_h. Its interval comes from Wilson's of each p_h by MOVER:
    reaches w_h (p_h - l_h) add up in squares, with z^2 sum w_h (p_h - p)^2 / N for strata that are themselves a draw.
    One stratum has Wilson's interval. NaN when a stratum that is not empty has nobody examined.

    Source: Cochran 1977, Sampling Techniques, chapters 5 and 12 (double sampling for stratification); Wilson 1927;
    Zou & Donner 2008, Stat Med 27:1693-1702 (MOVER).
    """
    population, verified, cases = _filled(strata)
    if not population.size or not verified.all():
        return UNKNOWN
    p, w = cases / verified, population / population.sum()
    share = float(population @ p / population.sum())
    drawn = stats.norm.ppf((1 + level) / 2) ** 2 * (w @ (p - share) ** 2) / population.sum()
    below, above = (float(np.sqrt(np.sum((w * (end - p)) ** 2) + drawn)) for end in wilson(cases, verified, level))
    return Share(share, max(share - below, 0.0), min(share + above, 1.0))


def sensitivity(flagged: Strata, unflagged: Strata, level: float = 0.95) -> Share:
    """Share of all cases that were flagged, from those examined among the flagged and among the others.

    With p1 the share flagged, PPV the share of cases among the flagged and q among the unflagged:
    p1 PPV / (p1 PPV + (1 - p1) q). Its odds are a product of three independent parts, p1/(1 - p1), PPV and 1/q; the
    interval comes from the (Wilson) intervals of each on the log scale by MOVER. When the sample of the unflagged holds
    no case, the upper end is 1 and the lower end rests on the upper end of q. NaN where either side has nobody examined
    or there is no case at all. Who is examined may depend on the stratum, on nothing else.

    Source: Begg & Greenes 1983, Biometrics 39:207-215 (estimate); Zou & Donner 2008, Stat Med 27:1693-1702 (MOVER).
    Their delta interval covers 60 to 93 % instead of 95 % when fewer than ten cases are expected in the sample.
    """
    found, missed = share_of_cases(flagged, level), share_of_cases(unflagged, level)
    n1, n0 = np.sum(flagged.population), np.sum(unflagged.population)
    if np.isnan(found.value + missed.value) or found.value == missed.value == 0:
        return UNKNOWN
    p1 = Share(n1 / (n1 + n0), *map(float, wilson(n1, n1 + n0, level)))
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = _product([_log_odds(p1), _logs(found), _reciprocal(_logs(missed))])
        return Share(*(float(1 / (1 + np.exp(-each))) for each in odds))


def specificity(flagged: Strata, unflagged: Strata, level: float = 0.95) -> Share:
    """Share of all others that were not flagged: `sensitivity` with cases and flags the other way round."""
    return sensitivity(unflagged.others, flagged.others, level)


def cases_among(strata: Strata, level: float = 0.95) -> Share:
    """Number of cases among the persons of one wave, those not examined included; never below the cases known.

    N_h p_h summed, each with Wilson's interval at n_h (N_h - 1)/(N_h - n_h) persons (finite population), combined by
    MOVER: half widths add up in squares. Exact when all are examined. NaN when a stratum has nobody examined.

    Source: Cochran 1977, Sampling Techniques, theorem 3.2; Zou & Donner 2008, Stat Med 27:1693-1702.
    """
    population, verified, cases = _filled(strata)
    if not population.size or not verified.all():
        return UNKNOWN
    p, known = cases / verified, float(cases.sum())
    rest = population - verified
    size = np.where(rest > 0, verified * (population - 1) / np.where(rest > 0, rest, 1), 1)
    low, high = (np.where(rest > 0, end, p) for end in wilson(p * size, size, level))
    total = float(population @ p)
    below, above = (float(np.sqrt(np.sum((population * (end - p)) ** 2))) for end in (low, high))
    return Share(total, max(total - below, known), min(total + above, known + float(rest.sum())))


def _filled(strata: Strata) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Strata with somebody in them, as floats."""
    population, verified, cases = (np.asarray(each, dtype=float).reshape(-1) for each in strata)
    there = population > 0
    return population[there], verified[there], cases[there]


def _logs(share: Share) -> Share:
    return Share(*map(np.log, share))


def _log_odds(share: Share) -> Share:
    return Share(*(np.log(each) - np.log1p(-each) for each in share))


def _reciprocal(log: Share) -> Share:
    return Share(-log.value, -log.high, -log.low)


def _product(parts: list[Share]) -> Share:
    """MOVER for a sum of independent logs: reaches to the ends of the parts add up in squares."""
    return Share(sum(part.value for part in parts), _end(parts, 1, -1), _end(parts, 2, +1))


def _end(parts: list[Share], end: int, sign: int) -> float:
    if all(np.isfinite(part.value) for part in parts):
        reach = np.sqrt(sum((part[end] - part.value) ** 2 for part in parts))
        return sum(part.value for part in parts) + sign * reach
    # a share estimated as 0 has an infinite log, beside whose reach the others vanish: the limit of the formula
    return sum(part.value if np.isfinite(part.value) else part[end] for part in parts)
