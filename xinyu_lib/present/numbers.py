"""Numbers as text: the only place where anything is rounded."""

import math
from decimal import ROUND_HALF_UP, Context, Decimal

from xinyu_lib.disclosure import SafeNumber
from xinyu_lib.words import say

# unit -> factor, decimals, what follows the digits
FORMATS = {"count": (1, 0, ""), "share": (100, 1, "%"), "mean": (1, 0, ""), "coefficient": (1, 2, "")}
# enough for every figure shown; drops binary noise, so that 2.675 is a tie as it is on paper
EXACT = Context(prec=12)


def text(number: SafeNumber, lang: str) -> str:
    """A protected number as text: counts and means whole, shares as per cent with one decimal, coefficients
    with two, half up.

    A masked number is the mark, a band itself ("<5%"); one that could not be computed (NaN) is a dash.
    """
    if number.masked:
        return say("present.mark", lang)
    if number.band:
        return f"{number.band}%"
    if math.isnan(number.value):
        return say("present.not_computable", lang)
    factor, decimals, suffix = FORMATS[number.unit]
    return f"{_half_up(number.value * factor, decimals):,}{suffix}"


def interval(low: SafeNumber, high: SafeNumber, lang: str) -> str:
    """Lower and upper limit as text, or one mark when either is masked."""
    if low.masked or high.masked:
        return say("present.mark", lang)
    return say("present.interval", lang, low=text(low, lang), high=text(high, lang))


def _half_up(value: float, decimals: int) -> Decimal:
    exact = EXACT.create_decimal_from_float(value)
    # adding 0 turns "-0.00" into "0.00"
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0
