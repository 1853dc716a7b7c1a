"""The newest rows of one wave, school by school: what `Lake.read` gives of the whole wave, in memory for one school."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
from pandas.util import hash_array

from xinyu_lib.lake.delta import IMPORT, NULLABLE, SINCE, Lake

KEY = "pupil_key"


class Newest:
    """Rows of committed imports of one wave in a table of pupils, the newest per pupil.

    A pupil may have rows in several schools; pupils with more than one row are few, and only they are compared.
    schools: codes of the schools that have rows, sorted.
    """

    def __init__(self, lake: Lake, name: str, *, committed: Sequence[str], wave: str):
        self.schools = lake.values(name, "school", committed=committed, wave=wave)
        self._content = lake.dataset(name)
        self._mine = ds.field("wave") == wave
        self._mine &= ds.field(IMPORT).isin(pa.array(list(committed), pa.string()))
        self._superseded = self._older(committed) if self._content is not None else {}

    def of(self, school: str) -> pd.DataFrame:
        """The newest rows that stand in one school, sorted by pupil, in nullable dtypes."""
        if self._content is None:
            return pd.DataFrame()
        rows = self._frame(self._mine & (ds.field("school") == school), self._content.schema.names)
        old = self._superseded.get(school)
        if old is not None:
            marks = pd.MultiIndex.from_frame(rows[[KEY, IMPORT, SINCE]])
            rows = rows[~marks.isin(old)]
        return rows.sort_values(KEY, kind="stable").reset_index(drop=True)

    def _older(self, committed: Sequence[str]) -> dict[str, pd.MultiIndex]:
        """By school, the rows of pupils with several that are not their newest: (pupil, import, date)."""
        several = self._several()
        if not several:
            return {}
        wanted = self._mine & ds.field(KEY).isin(pa.array(several, pa.string()))
        rows = self._frame(wanted, ["school", KEY, IMPORT, SINCE])
        place = rows[IMPORT].map({import_id: place for place, import_id in enumerate(committed)})
        rows = rows.assign(_place=place).sort_values([KEY, SINCE, "_place"], kind="stable")
        older = rows[rows.duplicated(KEY, keep="last")]
        return {
            school: pd.MultiIndex.from_frame(part[[KEY, IMPORT, SINCE]]) for school, part in older.groupby("school")
        }

    def _several(self) -> list[str]:
        """Keys of the pupils with more than one row, found by hashes: eight bytes a pupil are held, not the keys."""
        hashes = np.sort(np.concatenate([np.empty(0, np.uint64), *(hash_array(keys) for keys in self._keys())]))
        twice = hashes[1:][hashes[1:] == hashes[:-1]]
        if not len(twice):
            return []
        return sorted({key for keys in self._keys() for key in keys[np.isin(hash_array(keys), twice)]})

    def _keys(self) -> Iterator[np.ndarray]:
        """The pupil keys of all rows, some at a time."""
        for batch in self._content.scanner(columns=[KEY], filter=self._mine).to_batches():
            yield batch.column(0).to_numpy(zero_copy_only=False)

    def _frame(self, wanted: ds.Expression, columns: list[str]) -> pd.DataFrame:
        return self._content.to_table(filter=wanted, columns=columns).to_pandas(types_mapper=NULLABLE.get)
