"""What is wrong with the rows of one file, collected while they are read."""

import json
from itertools import zip_longest

import pandas as pd

from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.words import say

COLUMNS = ["row", "reason", "column", "allowed", "content"]


class Problems:
    """Collects problems by row and column; a row with any of them is set aside, not corrected."""

    def __init__(self, raw: RawTable):
        self._raw = raw
        self._found: list[tuple[int, str, str, str]] = []
        self.clean = pd.Series(True, index=range(len(raw.rows)))
        self.add(raw.overlong, "bad_value", say("census.beyond_header"), "")

    def add(self, where: pd.Series, reason: str, column: str, allowed: str) -> None:
        """Note the rows for which `where` is true; `column` is a header of the file."""
        self._found += [(row, reason, column, allowed) for row in where.index[where]]
        self.clean &= ~where

    def add_repeats(self, keys: pd.DataFrame, column: str) -> None:
        """Note rows whose key an earlier row without problems has: the first one is kept."""
        repeated = keys[self.clean].duplicated().reindex(keys.index, fill_value=False)
        self.add(repeated, "duplicate", column, "")

    def set_aside(self) -> pd.DataFrame:
        """A line per problem, in file order; see `Batch.set_aside`."""
        lines = [
            (self._raw.row_numbers[row], reason, column, allowed, self._content(row))
            for row, reason, column, allowed in sorted(self._found, key=lambda problem: problem[0])
        ]
        frame = pd.DataFrame(lines, columns=COLUMNS)
        return frame.astype({"row": "int64", **dict.fromkeys(COLUMNS[1:], "str")})

    def _content(self, row: int) -> str:
        """The whole row as pairs of header and text: headers may be empty or doubled."""
        pairs = zip_longest(self._raw.headers, self._raw.rows[row], fillvalue="")
        return json.dumps(list(pairs), ensure_ascii=False)
