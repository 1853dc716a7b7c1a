"""Data frames in files: text that is rows, JSON that is rows, and bytes that are tables."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from xinyu_lib.release.scan.vocabulary import vocabulary

ROWS = 3  # fewer lines alike are chance
COLUMNS = 3
PRINTED = re.compile(r"^[ \t]*0 {2,}\S.*\n[ \t]*1 {2,}\S.*\n[ \t]*2 {2,}\S", re.MULTILINE)


def is_frame(text: str) -> bool:
    """True for rows of separated values, and for a data frame as it is printed."""
    return bool(PRINTED.search(text)) or any(_separated(text, mark) for mark in ",;\t|")


def _separated(text: str, mark: str) -> bool:
    """At least three lines running, with equally many values each and numbers in them."""
    counts = [(line.count(mark), any(c.isdigit() for c in line)) for line in text.splitlines()]
    runs = ((key, len(list(run))) for key, run in groupby(counts))
    return any(digits and found >= COLUMNS - 1 and length >= ROWS for (found, digits), length in runs)


def is_table(content: bytes) -> bool:
    """True for bytes that begin like a table, an archive, a database or a pickle."""
    return any(content.startswith(bytes.fromhex(magic)) for magic in vocabulary().magics)


def has_row_columns(names: list[str]) -> bool:
    """True when a heading says that there is a row per pupil."""
    return any(vocabulary().row_column.fullmatch(name.strip()) for name in names)


def holds_rows(value: object) -> bool:
    """True for JSON that is a data frame: objects with the same keys, a frame in one object, or columns by index."""
    if isinstance(value, list):
        return _alike(value)
    keys = dict(value) if isinstance(value, dict) else {}
    split = any(set(each) <= keys.keys() and isinstance(keys["data"], list) for each in vocabulary().frame_keys)
    return split or (len(keys) > 1 and all(_by_index(each) for each in keys.values()))


def _alike(rows: list) -> bool:
    if len(rows) < 2 or not all(isinstance(row, dict) and len(row) > 1 for row in rows):
        return False
    keys = set(rows[0])
    known = any(set(each) <= keys for each in vocabulary().row_objects)
    return not known and all(set(row) == keys for row in rows)


def _by_index(value: object) -> bool:
    return isinstance(value, dict) and len(value) > 1 and list(value) == [str(n) for n in range(len(value))]


def cells(rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Number of the row and `heading: number` for every cell that is one number; the nearest text above heads it."""
    headings: dict[int, str] = {}
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if re.fullmatch(r"\s*[\d,]+\s*", value):
                yield number, f"{headings.get(column, '')}: {value.strip()}"
            elif value.strip():
                headings[column] = value.strip()
