"""Answers as an answer file writes them: what two spellings of one option must share."""

import re

from xinyu_lib.census.cells import header_key, tidy
from xinyu_lib.census.values import plain_code

_TYPED = re.compile("〖.*", re.DOTALL)  # what the pupil typed into the field behind an option, as Wenjuanxing writes it
_LETTER = re.compile(r"[a-z][.、:)](?=.)")  # `A.`, `A、`: seen before options in some exports


def option_text(cell: str) -> str:
    """An answer without what the pupil typed behind the option."""
    return tidy(_TYPED.sub("", cell))


def option_key(cell: str) -> str:
    """What counts of an answer: a whole number as such (`3.0` and `03` are 3), else its text.

    Of a text neither width, blanks, case, a letter before it nor what stands in 〖…〗 counts.
    """
    option = plain_code(option_text(cell))
    return option if is_number(option) else _LETTER.sub("", header_key(option), count=1)


def is_number(key: str) -> bool:
    """True when the key of an answer is a whole number."""
    return key.removeprefix("-").isdecimal()
