"""Rows as they were read: headers, text, and where in the file each row stood."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from xinyu_lib.census.cells import header_key
from xinyu_lib.census.listing import Listing
from xinyu_lib.errors import ImportRefused, MissingColumn


class RepeatedColumn(ImportRefused):
    """Two columns of the file answer to the name of one that is needed."""


@dataclass(frozen=True)
class RawTable:
    """Rows of a file, all of them or a stretch; all cells as text, stripped.

    rows: as wide as the headers, or wider where a line has cells too many. row_numbers: the row of each in the file,
    counted from 1 as a spreadsheet shows it. blank_rows: rows without any text, which are dropped.
    also: what else each column is called in the file (text of a question, label of a variable), if anything.
    sheet is None for a file without sheets, encoding for one that is no text.
    """

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]
    blank_rows: int
    sheet: str | None = None
    encoding: str | None = None
    also: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Positions of each header by its key; columns without a header are left out."""
        return _by_key((place, header) for place, header in enumerate(self.headers))

    @cached_property
    def other_places(self) -> dict[str, list[int]]:
        """The same by what else the columns are called."""
        return _by_key((place, name) for place, names in enumerate(self.also) for name in names)

    def find(self, *names: str) -> int | None:
        """Position of the column with any of these headers, or so called besides.

        Raises RepeatedColumn when there are several.
        """
        for places in (self.places, self.other_places):
            found = sorted({place for name in names for place in places.get(header_key(name), [])})
            if len(found) > 1:
                raise RepeatedColumn("census.repeated_column", file=self.name, column=names[0])
            if found:
                return found[0]
        return None

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


def _by_key(titles) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, title in titles:
        if title:
            found.setdefault(header_key(title), []).append(place)
    return found
