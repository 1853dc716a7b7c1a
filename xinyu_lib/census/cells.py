"""Text of cells and headers: undoes what typing habits and spreadsheets do to a value, and nothing else."""

import unicodedata
from datetime import datetime

# Full-width digits and letters become ASCII, full-width and no-break spaces a space; byte order marks and
# zero-width spaces go. Chinese punctuation stays as it is.
_PLAIN = {
    code + 0xFEE0: code
    for first, last in (("0", "9"), ("A", "Z"), ("a", "z"))
    for code in range(ord(first), ord(last) + 1)
} | {0x3000: " ", 0x00A0: " ", 0xFEFF: None, 0x200B: None}
# Excel keeps 15 digits of a number: from there on the last digits are lost.
EXACT_IN_EXCEL = 10**15


def tidy(text: str) -> str:
    """A cell's text stripped, with plain digits, letters and spaces."""
    return text.strip() if text.isascii() else text.translate(_PLAIN).strip()


def header_key(header: str) -> str:
    """What two headers must share to be the same: neither width, blanks nor case of letters count."""
    return "".join(unicodedata.normalize("NFKC", header).casefold().split())


def cell_text(value: object) -> str:
    """Text of a spreadsheet cell; a whole number has no decimal point.

    A number too long for Excel comes out in scientific notation: it is not the number that was typed, and no
    identifier's pattern lets it pass.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT_IN_EXCEL:
        return str(int(value))
    if isinstance(value, float):
        return f"{value:e}" if abs(value) >= EXACT_IN_EXCEL else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return tidy(str(value))
