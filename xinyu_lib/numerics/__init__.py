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
from xinyu_lib.numerics.conditional_error import by_total, conditional_sem, error_variances
from xinyu_lib.numerics.intervals import mean_interval, wilson
from xinyu_lib.numerics.person_fit import guttman_errors, normed_guttman_errors
from xinyu_lib.numerics.reliability import cronbach_alpha, feldt_interval
from xinyu_lib.numerics.rounding import half_up, truncate
from xinyu_lib.numerics.survival import Curve, kaplan_meier, median_time
from xinyu_lib.numerics.verification import Share, Strata, cases_among, sensitivity, share_of_cases, specificity

__all__ = [
    "Curve",
    "Distance",
    "Share",
    "Strata",
    "antonym_pairs",
    "average_run",
    "by_total",
    "cases_among",
    "chance_of_run",
    "conditional_sem",
    "cronbach_alpha",
    "error_variances",
    "even_odd",
    "feldt_interval",
    "guttman_errors",
    "half_up",
    "kaplan_meier",
    "longest_run",
    "mahalanobis",
    "mean_interval",
    "median_time",
    "normed_guttman_errors",
    "pair_correlation",
    "response_variability",
    "robust_floor",
    "run_lengths",
    "sensitivity",
    "share_of_cases",
    "specificity",
    "synonym_pairs",
    "truncate",
    "wilson",
    "within_runs",
]
