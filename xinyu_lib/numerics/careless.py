"""Indices of careless responding: one number per pupil from the answers alone, all pupils at once.

Answers are a float matrix pupils x items, NaN = unanswered; each function says what it does with gaps.
Values equal those of the R package careless 1.2.2 (Yentes & Wilhelm) where both are defined.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.integer]

FEWEST_PAIRS = 3  # a correlation over two pairs is always -1, 1 or undefined


class Distance(NamedTuple):
    """Squared distance per pupil and the degrees of freedom of its chi-square (rank of the covariance)."""

    squared: Floats
    rank: int


def run_lengths(answers: ArrayLike) -> Whole:
    """Length of the run of identical answers up to and including each item: pupils x items, 0 at a gap.

    A gap ends a run: what would have been answered there is not known.
    """
    x = np.asarray(answers, dtype=float)
    runs = np.zeros(x.shape, dtype=np.int16)
    before, last = np.zeros(len(x), dtype=np.int16), np.full(len(x), np.nan)
    for item in range(x.shape[1]):
        here = x[:, item]
        before = np.where(here == last, before + 1, np.where(np.isnan(here), 0, 1))
        runs[:, item], last = before, here
    return runs


def within_runs(runs: Whole, marked: NDArray[np.bool_]) -> Whole:
    """How many marked cells the run holds up to and including each item.

    runs: from `run_lengths`; marked: the same shape, or one entry per item.
    """
    so_far = np.zeros((len(runs), runs.shape[1] + 1), dtype=np.int16)
    np.cumsum(np.broadcast_to(marked, runs.shape), axis=1, out=so_far[:, 1:])
    starts = np.arange(1, runs.shape[1] + 1) - runs
    return so_far[:, 1:] - np.take_along_axis(so_far, starts, axis=1)


def chance_of_run(length: ArrayLike, n: ArrayLike, share: ArrayLike) -> Floats:
    """Probability (0..1) of `length` or more equal answers in a row among n, each given with chance `share`.

    1 - exp(-((n - L)(1 - p) + 1) p^L), the Poisson approximation by places where a run can begin; arrays of one shape.

    Source: Arratia, Goldstein & Gordon 1990, Stat Sci 5:403-424 (long head runs).
    """
    length, n, p = (np.asarray(each, dtype=float) for each in (length, n, share))
    return -np.expm1(-((n - length) * (1 - p) + 1) * p**length)


def longest_run(answers: ArrayLike) -> Whole:
    """Most identical answers in a row, 0..items (0: nothing answered).

    Source: Johnson 2005, J Res Pers 39:103-129 (long string); careless::longstring.
    """
    return run_lengths(answers).max(axis=1, initial=0)


def average_run(answers: ArrayLike) -> Floats:
    """Answered items / runs of identical answers, 1..items; NaN where nothing is answered.

    Source: careless::longstring with avg = TRUE.
    """
    runs = run_lengths(answers)
    begun = (runs == 1).sum(axis=1)
    return np.divide((runs > 0).sum(axis=1), begun, out=np.full(len(runs), np.nan), where=begun > 0)


def response_variability(answers: ArrayLike) -> Floats:
    """Standard deviation of one pupil's answers over items, divisor n - 1, in codes; NaN below two answers.

    Gaps are left out.
    Source: Dunn, Heggestad, Shanock & Theilgard 2018, J Bus Psychol 33:105-121; careless::irv.
    """
    x = np.asarray(answers, dtype=float)
    n = (~np.isnan(x)).sum(axis=1)
    mean = np.divide(np.nansum(x, axis=1), n, out=np.full(len(x), np.nan), where=n > 0)
    squares = np.nansum((x - mean[:, None]) ** 2, axis=1)
    return np.sqrt(np.divide(squares, n - 1, out=np.full(len(x), np.nan), where=n > 1))


def mahalanobis(answers: ArrayLike) -> Distance:
    """Squared distance of each complete sheet from the mean of all complete sheets, 0 upwards.

    (x - m)' S^-1 (x - m) with S of divisor n - 1. Incomplete sheets are NaN and do not enter m and S. An item that
    does not vary, or repeats others, adds nothing: the inverse is the generalised one and the rank says how many count.

    Source: Mahalanobis 1936, Proc Natl Inst Sci India 2:49-55; careless::mahad.
    """
    x = np.asarray(answers, dtype=float)
    complete = ~np.isnan(x).any(axis=1)
    squared = np.full(len(x), np.nan)
    if complete.sum() < 2:
        return Distance(squared, 0)
    away = x[complete] - x[complete].mean(axis=0)
    values, vectors = np.linalg.eigh(away.T @ away / (complete.sum() - 1))
    kept = values > max(values.max(), 1.0) * len(values) * np.finfo(float).eps
    along = away @ (vectors[:, kept] / np.sqrt(values[kept]))
    squared[complete] = np.einsum("ij,ij->i", along, along)
    return Distance(squared, int(kept.sum()))


def even_odd(keyed: ArrayLike, subscales: Sequence[Sequence[int]]) -> Floats:
    """Even-odd inconsistency, -1 (consistent) to 1; the sign of careless 1.2.0 and later: higher = more careless.

    keyed: answers in one direction. subscales: column numbers from 0, in order, two or more each. In each subscale the
    answers in even and in odd places are averaged (gaps left out); r is the within-pupil correlation of the two over
    subscales, corrected by Spearman-Brown to 2r / (1 + r), not below -1, and turned round. NaN where one does not vary.

    Source: Jackson 1976, as described by Johnson 2005, J Res Pers 39:103-129; careless::evenodd.
    """
    x = np.asarray(keyed, dtype=float)
    odd = np.column_stack([_mean(x[:, list(items)[0::2]]) for items in subscales])
    even = np.column_stack([_mean(x[:, list(items)[1::2]]) for items in subscales])
    r = _row_correlation(even, odd)
    with np.errstate(divide="ignore", invalid="ignore"):
        corrected = 2 * r / (1 + r)
    return -np.maximum(corrected, -1)


def synonym_pairs(answers: ArrayLike, above: float) -> Whole:
    """Pairs of items that correlate above a critical r over pupils: pairs x 2, columns from 0, later item first.

    Correlations use pairwise complete answers; an item that does not vary has none.
    Source: Meade & Craig 2012, Psychol Methods 17:437-455; careless::psychsyn.
    """
    first, second = np.nonzero(np.tril(_item_correlations(answers) > above, -1))
    return np.column_stack([first, second])


def antonym_pairs(answers: ArrayLike, below: float) -> Whole:
    """Pairs of items that correlate below a (negative) critical r; as `synonym_pairs`."""
    first, second = np.nonzero(np.tril(_item_correlations(answers) < below, -1))
    return np.column_stack([first, second])


def pair_correlation(answers: ArrayLike, pairs: ArrayLike) -> Floats:
    """Within-pupil correlation over pairs of items, -1..1; low (for antonyms: high) = careless.

    Pairs with a gap are left out. NaN below three pairs and where one side does not vary; careless would then
    shuffle the sides of the pairs at random, which gives a number but says nothing about the pupil.

    Source: Meade & Craig 2012, Psychol Methods 17:437-455; careless::psychsyn with resample_na = FALSE.
    """
    x, pairs = np.asarray(answers, dtype=float), np.asarray(pairs, dtype=int).reshape(-1, 2)
    # sums over pairs, one pair at a time: thousands of pairs of a long scale never stand in memory together
    sums = np.zeros((6, len(x)))
    for first, second in pairs:
        a, b = x[:, first], x[:, second]
        both = ~(np.isnan(a) | np.isnan(b))
        a, b = np.where(both, a, 0.0), np.where(both, b, 0.0)
        sums += (both, a, b, a * b, a * a, b * b)
    n, a, b, ab, aa, bb = sums
    spread = (n * aa - a * a) * (n * bb - b * b)  # exact for whole codes: 0 means that a side does not vary
    defined = (n >= FEWEST_PAIRS) & (spread > 0)
    root = np.sqrt(np.where(defined, spread, 1.0))
    return np.where(defined, np.clip((n * ab - a * b) / root, -1, 1), np.nan)


def robust_floor(seconds: ArrayLike, mads: float) -> float:
    """Time below which a pupil is unusually fast for this group: exp(median - mads x 1.4826 x MAD) of log seconds.

    seconds: one per pupil, above 0; NaN = unknown, left out. 1.4826 makes the MAD an SD under normality. NaN where half
    of the pupils took the same time, because then every other pupil would be unusual.

    Source: Leys, Ley, Klein, Bernard & Licata 2013, J Exp Soc Psychol 49:764-766.
    """
    seconds = np.asarray(seconds, dtype=float)
    logs = np.log(seconds[seconds > 0])
    if not logs.size:
        return np.nan
    spread = np.median(np.abs(logs - np.median(logs)))
    return float(np.exp(np.median(logs) - mads * 1.4826 * spread)) if spread > 0 else np.nan


def _mean(x: Floats) -> Floats:
    """Row means of what is answered, NaN where nothing is."""
    n = (~np.isnan(x)).sum(axis=1)
    return np.divide(np.nansum(x, axis=1), n, out=np.full(len(x), np.nan), where=n > 0)


def _row_correlation(a: Floats, b: Floats) -> Floats:
    """Correlation of two matrices row by row over pairwise complete columns; NaN where one does not vary."""
    gap = np.isnan(a) | np.isnan(b)
    a, b = np.where(gap, np.nan, a), np.where(gap, np.nan, b)
    a, b = a - _mean(a)[:, None], b - _mean(b)[:, None]
    together = np.nansum(a * b, axis=1)
    spread = np.sqrt(np.nansum(a * a, axis=1) * np.nansum(b * b, axis=1))
    # means of thirds and fifths of whole codes leave a rest of some 1e-16 where nothing varies
    defined = spread > 1e-12
    return np.where(defined, np.clip(together / np.where(defined, spread, 1.0), -1, 1), np.nan)


def _item_correlations(answers: ArrayLike) -> Floats:
    """Pairwise complete correlations of items, items x items; NaN where undefined."""
    x = np.asarray(answers, dtype=float)
    known = (~np.isnan(x)).astype(float)
    filled = np.nan_to_num(x)
    n, total, square = known.T @ known, filled.T @ known, (filled * filled).T @ known
    covariance = n * (filled.T @ filled) - total * total.T
    variance = n * square - total * total
    spread = np.sqrt(np.maximum(variance * variance.T, 0))
    return np.where(spread > 1e-9, covariance / np.where(spread > 1e-9, spread, 1.0), np.nan)
