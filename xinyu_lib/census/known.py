"""What the rows of a file may refer to: pupils of the roster, staff, and rows of other tables."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from xinyu_lib.census.matching import Roster
from xinyu_lib.tables import Column, load_table

SCOPE = ("wave", "school")


class Directory:
    """Numbers of persons and the school of each; held as text columns, a million take some 40 MB."""

    def __init__(self, number: pa.Array | None = None, school: pa.Array | None = None):
        self.number = pa.array([], pa.string()) if number is None else number
        self.school = pa.nulls(len(self.number), pa.string()) if school is None else school

    @classmethod
    def of(cls, school_of: Mapping[str, str]) -> "Directory":
        """Out of pairs of number and school."""
        return cls(pa.array(list(school_of), pa.string()), pa.array(list(school_of.values()), pa.string()))

    def __len__(self) -> int:
        return len(self.number)

    def holds(self, numbers: pd.Series) -> pd.Series:
        """True where the number is somebody's."""
        return pd.Series(self._places(numbers) >= 0, index=numbers.index)

    def school_of(self, numbers: pd.Series) -> pd.Series:
        """School of each person as text; missing for nobody's number."""
        places = self._places(numbers)
        found = self.school.take(pa.array(places, mask=places < 0))
        return pd.Series(found.to_pylist(), index=numbers.index, dtype="str")

    def with_persons(self, numbers: pd.Series, schools: pd.Series) -> "Directory":
        """The same and some more persons; those who are known already keep their place."""
        new = ~self.holds(numbers)
        number, school = (_texts(each[new]) for each in (numbers, schools))
        return Directory(pa.concat_arrays([self.number, number]), pa.concat_arrays([self.school, school]))

    def _places(self, numbers: pd.Series) -> np.ndarray:
        """Place of each number, -1 for nobody's."""
        return pc.index_in(_texts(numbers), value_set=self.number, skip_nulls=True).fill_null(-1).to_numpy()


def _texts(values: pd.Series) -> pa.Array:
    """A text column in one piece; pandas may hold it in several."""
    return pa.array(values.to_numpy(object), pa.string(), from_pandas=True)


class Finding(NamedTuple):
    """Rows of a file that may not be kept (boolean), the reason, and the column that tells it."""

    where: pd.Series
    reason: str
    column: str
    allowed: str


Check = Callable[[pd.DataFrame, "Known"], Iterator[Finding]]


@dataclass(frozen=True)
class Known:
    """What rows may refer to.

    pupils: the roster of the wave, or everybody with the newest school where a table knows no wave. staff: their
    numbers. rows: table -> its rows. roster: the pupils by what a sheet may say of them, where sheets are matched so.
    checks: table -> what else its rows have to fulfil beside other rows, asked of those that are right by themselves.
    """

    pupils: Directory = field(default_factory=Directory)
    staff: Directory = field(default_factory=Directory)
    rows: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    roster: Roster | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)

    def lacks(self, column: Column, frame: pd.DataFrame) -> pd.Series:
        """True for rows of `frame` whose reference in a column leads nowhere.

        The target has to agree on wave and school, where both tables have them in their keys or columns. A row whose
        school is not known is that column's problem and not this one's.
        """
        values = frame[column.name]
        if column.identity:
            return values.notna() & ~(self.pupils if column.identity == "pupil" else self.staff).holds(values)
        target, _, name = (column.references or "").partition(".")
        shared = [key for key in SCOPE if key in load_table(target).key and key in frame and key != name]
        there = self._there(target, [*shared, name])
        mine = pd.MultiIndex.from_frame(frame[[*shared, column.name]])
        return values.notna() & self._in_place(frame, shared) & ~mine.isin(there)

    def with_rows(self, table: str, frame: pd.DataFrame) -> "Known":
        """The same and the rows that a sheet of the same workbook has brought."""
        rows = {**self.rows, table: pd.concat([self.rows[table], frame]) if table in self.rows else frame}
        pupils, staff = self.pupils, self.staff
        if table == "pupil":
            pupils = pupils.with_persons(frame["number"], frame["school"])
        if table == "staff":
            staff = staff.with_persons(frame["staff_number"], frame["school"])
        return replace(self, rows=rows, pupils=pupils, staff=staff)

    def _there(self, table: str, columns: list[str]) -> pd.MultiIndex:
        rows = self.rows.get(table)
        if rows is None or rows.empty:
            return pd.MultiIndex.from_arrays([[] for _ in columns])
        return pd.MultiIndex.from_frame(rows[columns].drop_duplicates())

    def _in_place(self, frame: pd.DataFrame, shared: list[str]) -> pd.Series:
        """True for rows whose wave and school are known; a blank school is the district."""
        fine = pd.Series(True, index=frame.index)
        if "wave" in shared:
            fine &= frame["wave"].notna()
        if "school" in shared and "school" in self.rows:
            fine &= frame["school"].isna() | frame["school"].isin(self.rows["school"]["school"])
        return fine
