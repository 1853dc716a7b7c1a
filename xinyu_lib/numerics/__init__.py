"""Pure arithmetic: arrays in, arrays out, full precision; each formula is written once, with its source."""

from xinyu_lib.numerics.intervals import mean_interval, wilson
from xinyu_lib.numerics.reliability import cronbach_alpha, feldt_interval
from xinyu_lib.numerics.rounding import half_up, truncate

__all__ = ["cronbach_alpha", "feldt_interval", "half_up", "mean_interval", "truncate", "wilson"]
