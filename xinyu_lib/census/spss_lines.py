"""Run as a program of its own: the lines of a .sav file as JSON on standard output.

The C library behind it takes the whole process down on some damaged files: `spss` starts it apart and needs to know
only how it ended. It imports nothing of ours, so that it starts fast.
"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime

import pyreadstat

DAMAGED = 3  # exit code
CELLS = 1_000_000  # that are held at a time


def lines(path: str) -> Iterator[list]:
    """Names, labels, then the rows; a missing value, declared by the system or the user, is None.

    Raises ValueError when rows are missing at the end, and whatever the library raises.
    """
    _, about = pyreadstat.read_sav(path, metadataonly=True)
    names = about.column_names
    yield names
    yield [about.column_names_to_labels[name] for name in names]
    rows, found = max(CELLS // max(len(names), 1), 1), 0
    while part := _part(path, found, rows):
        yield from part
        found += len(part)
    if (about.number_rows or 0) > found:
        raise ValueError(f"{found} rows of {about.number_rows}")


def _part(path: str, first: int, rows: int) -> list[tuple]:
    columns, _ = pyreadstat.read_sav(path, output_format="dict", row_offset=first, row_limit=rows)
    return list(zip(*columns.values(), strict=True))


def _text(value: object) -> str:
    """A date, a time of day or both in ISO form."""
    return value.isoformat(" ", "seconds") if isinstance(value, datetime) else str(value)


if __name__ == "__main__":
    try:
        for line in lines(sys.argv[1]):
            print(json.dumps(line, default=_text))
    except Exception:  # of damaged files the library complains in a dozen ways
        sys.exit(DAMAGED)
