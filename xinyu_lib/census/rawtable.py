"""A file as it was read: headers, rows of text, and where in the file each row stood."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from xinyu_lib.census.cells import header_key
from xinyu_lib.census.listing import Listing
from xinyu_lib.errors import EmptyFile, ImportRefused, MissingColumn, UnreadableFile


class RepeatedColumn(ImportRefused):
    """Two columns of the file answer to the name of one that is needed."""


@dataclass(frozen=True)
class RawTable:
    """All cells as text, stripped; rows as wide as the headers, or wider where a line has cells too many.

    row_numbers: the row of each in the file, counted from 1 as a spreadsheet shows it. blank_rows: rows below
    the header without any text, which are dropped. sheet is None for a CSV file, encoding for a spreadsheet.
    """

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]
    blank_rows: int
    sheet: str | None = None
    encoding: str | None = None

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Positions of each header by its key; columns without a header are left out."""
        found: dict[str, list[int]] = {}
        for place, header in enumerate(self.headers):
            if header:
                found.setdefault(header_key(header), []).append(place)
        return found

    def find(self, *names: str) -> int | None:
        """Position of the column with any of these headers. Raises RepeatedColumn when there are several."""
        found = sorted({place for name in names for place in self.places.get(header_key(name), [])})
        if len(found) > 1:
            raise RepeatedColumn("census.repeated_column", file=self.name, column=names[0])
        return found[0] if found else None

    def find_all(self, wanted: dict[str, tuple[str, ...]]) -> dict[str, int]:
        """Positions by our name, from the headers each may have. Raises MissingColumn with all that lack."""
        found = {ours: self.find(*names) for ours, names in wanted.items()}
        self.refuse_missing([names[0] for ours, names in wanted.items() if found[ours] is None])
        return {ours: place for ours, place in found.items() if place is not None}

    def refuse_missing(self, headers: list[str]) -> None:
        """Raises MissingColumn when there is any header in the list."""
        if headers:
            raise MissingColumn(
                "census.missing_column", file=self.name, columns=Listing(tuple(headers)), n=len(headers)
            )

    def column(self, place: int | None) -> pd.Series:
        """Text of one column, a value per row; blank throughout for a column that the file lacks (None)."""
        return pd.Series(["" if place is None else row[place] for row in self.rows], dtype="str")

    @property
    def overlong(self) -> pd.Series:
        """True for rows with more cells than there are headers."""
        return pd.Series([len(row) > len(self.headers) for row in self.rows], dtype="bool")


def raw_table(name: str, lines: list[list[str]], *, first_row: int = 1, **origin: str) -> RawTable:
    """Headers and rows out of the lines of a file.

    The header is the first line in which different texts fill more than half of the table's width: a title
    over the table fills one cell. Raises EmptyFile without any row of data, UnreadableFile without a header.
    """
    lines = [_without_tail(line) for line in lines]
    at = _header_line(name, lines)
    headers = tuple(lines[at])
    body = list(enumerate(lines[at + 1 :], first_row + at + 1))
    filled = [(number, line) for number, line in body if line]
    if not filled:
        raise EmptyFile("census.no_rows", file=name)
    rows = tuple(tuple(line + [""] * (len(headers) - len(line))) for _, line in filled)
    return RawTable(name, headers, rows, tuple(n for n, _ in filled), len(body) - len(filled), **origin)


def _without_tail(line: list[str]) -> list[str]:
    """The line up to its last filled cell."""
    width = max((place for place, cell in enumerate(line, 1) if cell), default=0)
    return line[:width]


def _header_line(name: str, lines: list[list[str]]) -> int:
    width = max(map(len, lines), default=0)
    if not width:
        raise EmptyFile("census.empty_file", file=name)
    for at, line in enumerate(lines):
        if 2 * len(set(line) - {""}) > width:
            return at
    raise UnreadableFile("census.no_header", file=name)
