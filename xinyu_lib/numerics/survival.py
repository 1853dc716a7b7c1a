"""Time until something happens, where some were not watched long enough to see it."""

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

# a product of fractions misses one half by rounding error
TOLERANCE = 1e-9


class Curve(NamedTuple):
    """A step curve: arrays with one value per time at which something happened, in order of time.

    time: in the unit of the data. at_risk: persons watched until just before it. events: persons to whom it happened
    then. survival: share (0..1) to whom it had not happened just after; low, high: ends of its interval, NaN where
    survival is 0.
    """

    time: NDArray[np.float64]
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]
    survival: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def kaplan_meier(time: ArrayLike, happened: ArrayLike, level: float = 0.95) -> Curve:
    """Share to whom something has not happened yet, by time, with its pointwise log-log interval.

    time: one value >= 0 per person, without NaN. happened: whether it happened then; where not, the person was watched
    until then and no longer. Whoever is last seen at the time of an event counts as watched through it. The estimate is
    SciPy's. Nobody at all gives empty arrays.

    Source: Kaplan & Meier 1958, J Am Stat Assoc 53:457-481; interval: Kalbfleisch & Prentice 1980, The Statistical
    Analysis of Failure Time Data, section 1.3, as in R survival::survfit(conf.type = "log-log").
    """
    time, happened = np.asarray(time, dtype=float), np.asarray(happened, dtype=bool)
    moments, events = np.unique(time[happened], return_counts=True)
    at_risk = time.size - np.searchsorted(np.sort(time), moments, side="left")
    survival = stats.ecdf(stats.CensoredData(uncensored=time[happened], right=time[~happened])).sf
    with warnings.catch_warnings():  # SciPy tells that there is no interval at 0; so does NaN
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = survival.confidence_interval(level, method="log-log")
    estimates = (each.evaluate(moments) for each in (survival, interval.low, interval.high))
    return Curve(moments, at_risk, events, *estimates)


def median_time(curve: Curve) -> tuple[float, float, float]:
    """First time at which no more than half are left, with its interval; NaN where the curve does not come so far.

    The interval holds the times at which one half lies inside the pointwise interval of the curve. On a stretch at
    exactly one half this is where the stretch begins; R takes its middle.

    Source: Brookmeyer & Crowley 1982, Biometrics 38:29-41.
    """
    return tuple(_first_at_half(curve.time, each) for each in (curve.survival, curve.low, curve.high))


def _first_at_half(time: NDArray[np.float64], shares: NDArray[np.float64]) -> float:
    reached = time[shares <= 0.5 + TOLERANCE]
    return float(reached[0]) if reached.size else np.nan
