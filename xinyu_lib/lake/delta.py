"""Delta tables of one workspace. Rows of an import are invisible until the vault says that it is committed."""

import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
from pyarrow.fs import LocalFileSystem, SubTreeFileSystem

from xinyu_lib.errors import DataError, WorkspaceError
from xinyu_lib.lake.disk import on_disk, require_room

if TYPE_CHECKING:  # deltalake is imported where it is used: whoever needs the vault only shall not wait for it
    from deltalake import DeltaTable

IMPORT, SINCE = "import_id", "valid_from"
PARTITIONS = ("wave", "school")
WRITE_TRIES = 8
ASIDE = ".new-"
# Key columns get no statistics: the log would otherwise hold keys after their rows were erased.
STATISTICS = {"delta.dataSkippingStatsColumns": IMPORT}
NULLABLE = {
    pa.int8(): pd.Int8Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


class Lake:
    """One Delta table per name (`pupil`, `response/phq9`) under a folder, partitioned by wave and school.

    random: source of the pauses between tries, so that two writers do not clash again and again.
    """

    def __init__(self, root: Path, *, random: Random | None = None):
        self.root = Path(root)
        self.random = random or Random()

    def names(self) -> list[str]:
        """Names of the tables there are, sorted."""
        tables = {entry.parent.parent for entry in self.root.rglob("_delta_log/*.json")}
        names = sorted(table.relative_to(self.root).as_posix() for table in tables)
        return [name for name in names if not name.startswith(ASIDE)]

    def write(self, name: str, frame: pd.DataFrame, *, import_id: str, valid_from: str) -> None:
        """Append rows under an import id. A column new to the table is added; nothing is visible until committed.

        valid_from: ISO date from which the rows count.
        Raises DataError when a column does not fit the type that the table stores, and WorkspaceError when other
        writers were in the way at every try or the disk does not take the rows.
        """
        from deltalake.exceptions import CommitFailedError

        rows = frame.assign(**{IMPORT: import_id, SINCE: valid_from})
        content = _plain(pa.Table.from_pandas(rows, preserve_index=False))
        for attempt in range(WRITE_TRIES):
            time.sleep(self.random.uniform(0, 0.05 * attempt**2))
            with suppress(CommitFailedError), on_disk(name):
                return self._append(name, content)
        raise WorkspaceError("lake.table_busy", table=name)

    def _append(self, name: str, content: pa.Table) -> None:
        from deltalake import write_deltalake

        table = self._open(name) or self._made(name, content.schema)
        require_room(
            self.root, content.nbytes, name
        )  # a write that fails half-way makes deltalake panic on the terminal
        write_deltalake(table, _fitted(name, content, table), mode="append", schema_mode="merge")

    def _made(self, name: str, schema: pa.Schema) -> "DeltaTable":
        """A new, empty table: made aside and moved in whole.

        deltalake lets two writers create one table at once, and the columns of the first are lost.
        """
        from deltalake import DeltaTable

        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.root, prefix=ASIDE) as folder:
            aside = Path(folder) / "table"
            DeltaTable.create(aside, schema, partition_by=_partitions(schema.names), configuration=STATISTICS)
            try:
                aside.rename(self.root / name)
            except OSError:
                if self._open(name) is None:  # else another writer made it first
                    raise
        return self._open(name)

    def read(
        self, name: str, *, committed: Sequence[str], wave: str | None = None, school: str | None = None,
        columns: Sequence[str] | None = None, latest_by: Sequence[str] = (),
    ) -> pd.DataFrame:  # fmt: skip
        """Rows of committed imports, in nullable dtypes; an empty frame when there is no such table.

        wave, school: rows of these only, where the table has such a column. columns: these only, in this order.
        latest_by: the newest row per key, by `valid_from` and then by the order of `committed`, sorted by the key;
        without it rows come in the order of `committed`, wave and school.
        """
        content = self.dataset(name)
        if content is None:
            return pd.DataFrame()
        asked = {"wave": wave, "school": school}
        asked = {c: value for c, value in asked.items() if value is not None and c in content.schema.names}
        # A pupil's newest row may stand in another school: only columns of the key may be filtered before choosing.
        before = {c: value for c, value in asked.items() if not latest_by or c in latest_by}
        rows = _ordered(_taken(content, committed, before, columns, latest_by), committed, latest_by)
        for column in asked.keys() - before.keys():
            rows = rows[rows[column] == asked[column]]
        return rows[list(columns or content.schema.names)].reset_index(drop=True)

    def dataset(self, name: str) -> ds.Dataset | None:
        """A table for DuckDB and others, rows that are not committed included; None when there is no such table."""
        table = self._open(name)
        if table is None:
            return None
        # Arrow's own files, not deltalake's: those call Python from threads that a process ending meanwhile aborts on.
        folder = SubTreeFileSystem(str((self.root / name).resolve()), LocalFileSystem())
        return table.to_pyarrow_dataset(filesystem=folder)

    def values(self, name: str, column: str, *, committed: Sequence[str], wave: str | None = None) -> list[str]:
        """Different values of a column in the rows of committed imports, sorted; none when there is no such table."""
        content = self.dataset(name)
        if content is None:
            return []
        wanted = ds.field(IMPORT).isin(pa.array(list(committed), pa.string()))
        wanted = wanted if wave is None else wanted & (ds.field("wave") == wave)
        batches = content.scanner(columns=[column], filter=wanted).to_batches()
        return sorted({value for batch in batches for value in batch.column(0).unique().to_pylist()})

    def import_ids(self, name: str) -> set[str]:
        """Ids of all imports that have rows in a table, committed or not."""
        content = self.dataset(name)
        return set(content.to_table(columns=[IMPORT])[IMPORT].to_pylist()) if content else set()

    def sweep(self, committed: Sequence[str]) -> dict[str, int]:
        """Remove rows that no committed import owns, bytes and all. Returns rows removed per table.

        Only while holding the vault's write lock: rows and files of an import under way cannot be told from those of
        one that was broken off. Raises WorkspaceError when the disk does not let go of them.
        """
        with on_disk(self.root.name):
            for broken_off in self.root.glob(f"{ASIDE}*"):
                shutil.rmtree(broken_off)
            return {name: removed for name in self.names() if (removed := self._sweep(name, set(committed)))}

    def _sweep(self, name: str, committed: set[str]) -> int:
        table = self._open(name)
        orphans = sorted(self.import_ids(name) - committed)
        removed = 0
        if orphans:
            listed = ", ".join(f"'{import_id}'" for import_id in orphans)
            removed = table.delete(f"{IMPORT} in ({listed})")["num_deleted_rows"]
        # also files that were written but never entered the log
        table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False, full=True)
        return removed

    def _open(self, name: str) -> "DeltaTable | None":
        from deltalake import DeltaTable

        path = self.root / name
        return DeltaTable(path) if DeltaTable.is_deltatable(str(path)) else None


def _plain(content: pa.Table) -> pa.Table:
    """Without what only pandas reads: its notes, and categories, which are stored as the words they stand for."""
    for place, field in enumerate(content.schema):
        if pa.types.is_dictionary(field.type):
            content = content.set_column(place, field.name, content[field.name].cast(field.type.value_type))
    return content.replace_schema_metadata(None)


def _fitted(name: str, content: pa.Table, table: "DeltaTable") -> pa.Table:
    """The rows in the types that the table stores; only what loses nothing is converted."""
    stored = pa.schema(table.schema().to_arrow())
    for place, field in enumerate(content.schema):
        if field.name in stored.names:
            kind = stored.field(field.name).type
            try:
                content = content.set_column(place, field.name, content[field.name].cast(kind))
            except pa.ArrowInvalid as error:
                raise DataError("lake.column_changed", table=name, column=field.name, kind=str(kind)) from error
    return content


def _taken(
    content: ds.Dataset, committed: Sequence[str], equal: dict[str, str], columns: Sequence[str] | None,
    key: Sequence[str],
) -> pd.DataFrame:  # fmt: skip
    wanted = ds.field(IMPORT).isin(pa.array(list(committed), pa.string()))
    for column, value in equal.items():
        wanted &= ds.field(column) == value
    needed = [*(columns or content.schema.names), *key, *_partitions(content.schema.names), IMPORT, SINCE]
    rows = content.to_table(filter=wanted, columns=list(dict.fromkeys(needed)))
    return rows.to_pandas(types_mapper=NULLABLE.get)


def _ordered(rows: pd.DataFrame, committed: Sequence[str], key: Sequence[str]) -> pd.DataFrame:
    """Rows by commit and partition, or the newest per key; the order of files in the log means nothing."""
    place = rows[IMPORT].map({import_id: place for place, import_id in enumerate(committed)})
    rows = rows.assign(_place=place)
    if not key:
        return rows.sort_values(["_place", *_partitions(rows.columns)], kind="stable")
    return rows.sort_values([*key, SINCE, "_place"], kind="stable").drop_duplicates(list(key), keep="last")


def _partitions(columns: Sequence[str]) -> list[str]:
    return [column for column in PARTITIONS if column in columns]
