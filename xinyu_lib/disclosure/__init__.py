"""Protection of tables: what may be shown to whom. Nothing reaches a page but a SafeTable."""

from xinyu_lib.disclosure.protect import protect, protect_coefficients, protect_means
from xinyu_lib.disclosure.safetable import TOTAL, SafeNumber, SafeTable
from xinyu_lib.disclosure.shares import with_shares

__all__ = ["TOTAL", "SafeNumber", "SafeTable", "protect", "protect_coefficients", "protect_means", "with_shares"]
