"""Confidence intervals of a share and of a mean."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Interval = tuple[NDArray[np.float64], NDArray[np.float64]]


def wilson(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> Interval:
    """Score interval of a share: k of n persons, arrays of one shape; lowest and highest share in 0..1.

    With p = k/n and z the normal quantile of (1 + level)/2:
    (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). NaN where n is 0.

    Source: Wilson 1927, J Am Stat Assoc 22:209-212; Newcombe 1998, Stat Med 17:857-872, method 3.
    """
    k, n = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    n = np.where(n > 0, n, np.nan)
    p, z = k / n, stats.norm.ppf((1 + level) / 2)
    centre = p + z**2 / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    # at k = 0 and k = n the ends are 0 and 1 exactly; the formula misses them by rounding error
    low, high = np.where(k == 0, 0.0, centre - half), np.where(k == n, scale, centre + half)
    return np.where(np.isnan(n), np.nan, low / scale), high / scale


def mean_interval(x: ArrayLike, level: float = 0.95) -> tuple[float, float, float]:
    """Mean of n values without NaN, with the ends of its interval, in the unit of x; NaN when n < 2.

    mean -+ t s / sqrt(n), t the quantile of (1 + level)/2 with n - 1 degrees of freedom, s with n - 1.

    Source: Student 1908, Biometrika 6:1-25.
    """
    x = np.asarray(x, dtype=float)
    n = x.size
    if n < 2:
        return np.nan, np.nan, np.nan
    mean = x.mean()
    half = stats.t.ppf((1 + level) / 2, n - 1) * x.std(ddof=1) / np.sqrt(n)
    return float(mean), float(mean - half), float(mean + half)
