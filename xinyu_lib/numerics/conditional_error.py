"""Conditional standard error of measurement: how exact a sum of items is at each of its values.

One standard error for everybody is too small where most cuts lie and too large at the ends. Errors here are what the
answers to the items of one sitting do not share; mood of the day and place are not among them. No model of the answers
is assumed, so these are not the standard errors of item response theory, which belong to estimated traits.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class TotalGroups(NamedTuple):
    """Persons with the same total: `total` ascending, their mean error variance, how many they are."""

    total: np.ndarray
    variance: np.ndarray
    n: np.ndarray


def error_variances(matrix: ArrayLike) -> np.ndarray:
    """Error variance of each person's total, from n persons x k items, complete and keyed in one direction; n values.

    n/(n-1) k/(k-1) sum of (answer - person's mean - item's mean + grand mean) squared. Their mean over all persons is
    s2 (1 - alpha), s2 the variance of the total, exactly. A single one is very unsure: use means. NaN with fewer than
    two persons or items.

    Source: Brennan 1998, Appl Psychol Meas 22:307-331, relative error of persons x items for many persons; n/(n-1)
    because item means are estimated. Feldt, Steffen & Gupta 1985, Appl Psychol Meas 9:351-361, work within groups of
    one total (Emons 2023); with item means of all persons, items that rise unequally with the total count as error, as
    they do in alpha, so that the error at the two ends of the scale is small but not 0.
    """
    matrix = np.asarray(matrix, dtype=float)
    n, k = matrix.shape
    if n < 2 or k < 2:
        return np.full(n, np.nan)
    apart = matrix - matrix.mean(axis=1, keepdims=True) - matrix.mean(axis=0) + matrix.mean()
    return n / (n - 1) * k / (k - 1) * (apart**2).sum(axis=1)


def by_total(matrix: ArrayLike) -> TotalGroups:
    """Mean of `error_variances` and number of persons at every total that occurs; answers are whole numbers."""
    return _grouped(np.asarray(matrix, dtype=float).sum(axis=1), error_variances(matrix))


def conditional_sem(matrix: ArrayLike, totals: ArrayLike, degree: int = 2) -> np.ndarray:
    """Standard error of measurement at each of `totals`, in points of the total.

    The root of a polynomial in the total, fitted by least squares to the error variances of all persons. Beyond the
    totals that occur it stays as at the last one; fewer totals than degree + 1 lower the degree. As a mean of error
    variances it is kept between the smallest and the largest of them: a parabola may leave that range, even fall below
    0, at the end of a skewed scale. NaN with fewer than two persons or items.

    In simulated answers to unequal items it came out up to 15 % too large in the middle of the scale.

    Source: Brennan 1998 (a quadratic fits well over many tests); Feldt, Steffen & Gupta 1985 (polynomial smoothing).
    """
    totals, single = np.asarray(totals, dtype=float), error_variances(matrix)
    if not len(single) or np.isnan(single).any():
        return np.full(totals.shape, np.nan)
    groups = _grouped(np.asarray(matrix, dtype=float).sum(axis=1), single)
    # means weighted by the root of their numbers give the same curve as all persons one by one
    curve = np.polynomial.Polynomial.fit(
        groups.total, groups.variance, min(degree, len(groups.n) - 1), w=np.sqrt(groups.n)
    )
    fitted = curve(totals.clip(groups.total[0], groups.total[-1]))
    return np.sqrt(fitted.clip(single.min(), single.max()))


def _grouped(totals: np.ndarray, variances: np.ndarray) -> TotalGroups:
    total, group, n = np.unique(totals, return_inverse=True, return_counts=True)
    return TotalGroups(total, np.bincount(group, variances, len(total)) / n, n)
