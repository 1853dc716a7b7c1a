"""Person fit without a model: Guttman errors, for items of two or more ordered answers.

Values equal those of the R package PerFit 1.4.6 (Tendeiro): G, Gnormed, Gpoly, Gnormed.poly.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def guttman_errors(codes: ArrayLike, n_codes: int) -> Floats:
    """Guttman errors per pupil: pairs of steps of which the rarer one is passed and the more frequent one is not.

    codes: pupils x items, 0..n_codes-1 and keyed in one direction, NaN = unanswered. An item of n_codes answers has
    n_codes - 1 steps, and a step is passed by an answer at or above it. Steps are ordered by how many of those who
    answered the item pass them; ties keep the order of the items. NaN for sheets with a gap.

    With ranks r of the s steps passed the count is sum r - s(s + 1)/2.

    Source: Meijer 1994, Appl Psychol Meas 18:311-314 (two answers); Molenaar 1991, Kwant Meth 12(37):97-117 (more).
    """
    codes = np.asarray(codes, dtype=float)
    return _errors(codes, _rank_sums(codes, n_codes))


def normed_guttman_errors(codes: ArrayLike, n_codes: int) -> Floats:
    """Guttman errors as a share of the most that a sheet of the same total could have, 0..1; 0 where that is 0.

    codes and gaps as for `guttman_errors`. With two answers the most is s(items - s).

    Source: van der Flier 1977, in Meijer 1994, Appl Psychol Meas 18:311-314; Emons 2008, Appl Psychol Meas 32:224-247.
    """
    codes = np.asarray(codes, dtype=float)
    sums = _rank_sums(codes, n_codes)
    total = codes.sum(axis=1)
    most = _most_errors(sums)[np.nan_to_num(total).astype(int)]
    share = _errors(codes, sums) / np.where(most > 0, most, 1.0)
    return np.where(most > 0, share, np.where(np.isnan(total), np.nan, 0.0))


def _rank_sums(codes: Floats, n_codes: int) -> Floats:
    """Sum of the ranks of the steps that each answer passes: items x n_codes; rank 1 = the step most pass."""
    known = np.maximum((~np.isnan(codes)).sum(axis=0), 1)
    passed = np.column_stack([(codes >= step).sum(axis=0) / known for step in range(1, n_codes)])
    order = np.argsort(-passed.ravel(), kind="stable")
    ranks = np.empty(order.size)
    ranks[order] = np.arange(1, order.size + 1)
    sums = np.cumsum(ranks.reshape(passed.shape), axis=1)
    return np.hstack([np.zeros((len(sums), 1)), sums])


def _errors(codes: Floats, sums: Floats) -> Floats:
    total = codes.sum(axis=1)
    whole = np.nan_to_num(codes).astype(int)
    ranks = np.zeros(len(codes))
    for item, of_item in enumerate(sums):
        ranks += of_item[whole[:, item]]
    return np.where(np.isnan(total), np.nan, ranks - total * (total + 1) / 2)


def _most_errors(sums: Floats) -> Floats:
    """Most errors by total score: the best sum of ranks over all sheets of that total, item by item."""
    best = np.zeros(1)
    for of_item in sums:
        longer = np.full(best.size + of_item.size - 1, -np.inf)
        for answer, ranks in enumerate(of_item):
            place = slice(answer, answer + best.size)
            longer[place] = np.maximum(longer[place], best + ranks)
        best = longer
    total = np.arange(best.size)
    return best - total * (total + 1) / 2
