"""Internal consistency: Cronbach's alpha and its interval."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


def cronbach_alpha(matrix: ArrayLike) -> float:
    """Alpha of n persons x k items, complete and keyed in one direction; at most 1, may be negative.

    k/(k-1) (1 - sum of item variances / variance of the total), variances with divisor n - 1.
    NaN when it is undefined: fewer than two persons or items, or a total that does not vary.

    Source: Cronbach 1951, Psychometrika 16:297-334, equation 2.
    """
    matrix = np.asarray(matrix, dtype=float)
    n, k = matrix.shape
    total = matrix.sum(axis=1)
    if n < 2 or k < 2 or np.ptp(total) == 0:
        return np.nan
    return float(k / (k - 1) * (1 - matrix.var(axis=0, ddof=1).sum() / total.var(ddof=1)))


def feldt_interval(alpha: float, n: int, k: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of alpha from n persons and k items; NaN when alpha is NaN.

    1 - (1 - alpha) F, F the quantiles of (1 + level)/2 and (1 - level)/2 with n - 1 and (n - 1)(k - 1)
    degrees of freedom. Exact for normal items of equal variances and covariances, else an approximation.

    Source: Feldt 1965, Psychometrika 30:357-370; Feldt, Woodruff & Salih 1987, Appl Psychol Meas 11:93-103.
    """
    if np.isnan(alpha):
        return np.nan, np.nan
    quantiles = stats.f.ppf([(1 + level) / 2, (1 - level) / 2], n - 1, (n - 1) * (k - 1))
    low, high = 1 - (1 - alpha) * quantiles
    return float(low), float(high)
