"""Rounding as test manuals mean it; Python's `round` goes to even and gives other bands at 2.5 or 4.5."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def half_up(x: ArrayLike) -> NDArray[np.float64]:
    """Nearest whole number, ties upward (2.5 -> 3, -2.5 -> -2); NaN stays NaN."""
    x = np.asarray(x, dtype=float)
    below = np.floor(x)
    # floor(x + 0.5) would turn 0.49999999999999994 into 1
    return below + (x - below >= 0.5)


def truncate(x: ArrayLike) -> NDArray[np.float64]:
    """Integer part, toward zero (52.5 -> 52); NaN stays NaN."""
    return np.trunc(np.asarray(x, dtype=float))
