"""What is wrong with the rows of one file, collected while they are read."""

import json
from itertools import zip_longest

import numpy as np
import pandas as pd

from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.words import say

COLUMNS = ["sheet", "row", "reason", "column", "allowed", "content"]
PLACE = ["sheet", "row"]  # where a row stands in its file; the sheet is named in ledgers only


class Seen:
    """Keys of the rows kept so far in a file, eight bytes each: 64-bit hashes, of which no two are alike by chance."""

    def __init__(self):
        self._hashes = np.empty(0, np.uint64)

    def repeats(self, keys: pd.DataFrame) -> pd.Series:
        """True for keys that an earlier row has, here or before."""
        hashes = pd.util.hash_pandas_object(keys, index=False)
        return hashes.duplicated() | hashes.isin(self._hashes)

    def add(self, keys: pd.DataFrame) -> None:
        """Keep the keys of rows without problems."""
        self._hashes = np.append(self._hashes, pd.util.hash_pandas_object(keys, index=False).to_numpy())


class Problems:
    """Collects problems by row and column; a row with any of them is set aside, not corrected.

    seen: keys of the rows kept from earlier stretches of the file.
    """

    def __init__(self, raw: RawTable, seen: Seen | None = None):
        self._raw = raw
        self._seen = seen or Seen()
        self._found: list[tuple[int, str, str, str]] = []
        self.clean = pd.Series(True, index=range(len(raw.rows)))
        self.add(raw.overlong, "bad_value", say("census.beyond_header"), "")

    def add(self, where: pd.Series, reason: str, column: str, allowed: str) -> None:
        """Note the rows for which `where` is true; `column` is a header of the file."""
        self._found += [(row, reason, column, allowed) for row in where.index[where]]
        self.clean &= ~where

    def add_repeats(self, keys: pd.DataFrame, column: str) -> None:
        """Note rows whose key an earlier row without problems has: the first one is kept."""
        repeated = self._seen.repeats(keys[self.clean]).reindex(keys.index, fill_value=False)
        self.add(repeated, "duplicate", column, "")
        self._seen.add(keys[self.clean])

    @property
    def first_reasons(self) -> pd.Series:
        """The first reason that was noted, by row with any."""
        return pd.Series({row: reason for row, reason, *_ in reversed(self._found)}, dtype="str").sort_index()

    def set_aside(self) -> pd.DataFrame:
        """A line per problem, in file order; see `Batch.set_aside`."""
        lines = [
            ("", self._raw.row_numbers[row], reason, column, allowed, self._content(row))
            for row, reason, column, allowed in sorted(self._found, key=lambda problem: problem[0])
        ]
        frame = pd.DataFrame(lines, columns=COLUMNS)
        return frame.astype({name: "int64" if name == "row" else "str" for name in COLUMNS})

    def _content(self, row: int) -> str:
        """The whole row as header, text and what else the column is called: headers may be empty or doubled."""
        cells = zip_longest(self._raw.headers, self._raw.rows[row], fillvalue="")
        also = self._raw.also or ((),) * len(self._raw.headers)
        return json.dumps([[*cell, *more] for cell, more in zip_longest(cells, also, fillvalue=())], ensure_ascii=False)


def as_read(name: str, set_aside: pd.DataFrame) -> RawTable:
    """The rows that an import set aside, as they were read. set_aside: see `Batch.set_aside`; at least one row."""
    rows = set_aside.drop_duplicates("row").sort_values("row")
    cells = [json.loads(content) for content in rows["content"]]
    width = max(map(len, cells))
    widest = next(row for row in cells if len(row) == width)
    return RawTable(
        name,
        headers=tuple(header for header, *_ in widest),
        rows=tuple(tuple(text for _, text, *_ in row) + ("",) * (width - len(row)) for row in cells),
        row_numbers=tuple(int(row) for row in rows["row"]),
        blank_rows=0,
        also=tuple(tuple(more) for _, _, *more in widest),
    )
