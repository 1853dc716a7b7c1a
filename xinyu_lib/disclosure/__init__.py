"""Protection of tables: what may be shown to whom. Nothing reaches a page but a SafeTable."""

from xinyu_lib.disclosure.curves import protect_curve
from xinyu_lib.disclosure.estimates import protect_coefficients, protect_means, protect_quantiles
from xinyu_lib.disclosure.merging import merge_adjacent, merge_categories
from xinyu_lib.disclosure.protect import protect
from xinyu_lib.disclosure.safetable import TOTAL, SafeNumber, SafeTable
from xinyu_lib.disclosure.shares import with_row_shares, with_shares

__all__ = [
    "TOTAL",
    "SafeNumber",
    "SafeTable",
    "merge_adjacent",
    "merge_categories",
    "protect",
    "protect_coefficients",
    "protect_curve",
    "protect_means",
    "protect_quantiles",
    "with_row_shares",
    "with_shares",
]
