"""Pure arithmetic: arrays in, arrays out, full precision; each formula is written once, with its source."""

from xinyu_lib.numerics.careless import (
    Distance,
    antonym_pairs,
    average_run,
    chance_of_run,
    even_odd,
    longest_run,
    mahalanobis,
    pair_correlation,
    response_variability,
    robust_floor,
    run_lengths,
    synonym_pairs,
    within_runs,
)
from xinyu_lib.numerics.intervals import mean_interval, wilson
from xinyu_lib.numerics.person_fit import guttman_errors, normed_guttman_errors
from xinyu_lib.numerics.reliability import cronbach_alpha, feldt_interval
from xinyu_lib.numerics.rounding import half_up, truncate

__all__ = [
    "Distance",
    "antonym_pairs",
    "average_run",
    "chance_of_run",
    "cronbach_alpha",
    "even_odd",
    "feldt_interval",
    "guttman_errors",
    "half_up",
    "longest_run",
    "mahalanobis",
    "mean_interval",
    "normed_guttman_errors",
    "pair_correlation",
    "response_variability",
    "robust_floor",
    "run_lengths",
    "synonym_pairs",
    "truncate",
    "wilson",
    "within_runs",
]
