"""Delta tables of one workspace. Rows of an import are invisible until the vault says that it is committed."""

import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError

IMPORT, SINCE = "import_id", "valid_from"
PARTITIONS = ("wave", "school")
WRITE_TRIES = 8
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
    """One Delta table per name (`pupil`, `response/phq9`) under a folder, partitioned by wave and school."""

    def __init__(self, root: Path):
        self.root = Path(root)

    def names(self) -> list[str]:
        """Names of the tables there are, sorted."""
        logs = self.root.rglob("_delta_log")
        return sorted(log.parent.relative_to(self.root).as_posix() for log in logs)

    def write(self, name: str, frame: pd.DataFrame, *, import_id: str, valid_from: str) -> None:
        """Append rows under an import id. A column new to the table is added; nothing is visible until committed.

        valid_from: ISO date from which the rows count. A clash with another writer is retried with growing pauses.
        """
        rows = frame.assign(**{IMPORT: import_id, SINCE: valid_from})
        content = pa.Table.from_pandas(rows, preserve_index=False).replace_schema_metadata(None)
        for attempt in range(WRITE_TRIES):
            try:
                return self._append(name, content)
            except CommitFailedError:
                if attempt == WRITE_TRIES - 1:
                    raise
                time.sleep(0.05 * 2**attempt)

    def _append(self, name: str, content: pa.Table) -> None:
        partitions = [column for column in PARTITIONS if column in content.column_names]
        write_deltalake(
            self.root / name, content, mode="append", schema_mode="merge", partition_by=partitions or None,
            configuration=STATISTICS,
        )  # fmt: skip

    def read(
        self, name: str, *, committed: Sequence[str], wave: str | None = None, school: str | None = None,
        latest_by: Sequence[str] = (),
    ) -> pd.DataFrame:  # fmt: skip
        """Rows of committed imports, in nullable dtypes; an empty frame when there is no such table.

        latest_by: keep the newest row per key, by `valid_from` and then by the order of `committed`; rows come
        sorted by the key.
        """
        table = self._open(name)
        if table is None:
            return pd.DataFrame()
        wanted = ds.field(IMPORT).isin(list(committed))
        for column, value in (("wave", wave), ("school", school)):
            if value is not None and column in table.schema().to_arrow().names:
                wanted &= ds.field(column) == value
        rows = table.to_pyarrow_dataset().to_table(filter=wanted).to_pandas(types_mapper=NULLABLE.get)
        return _latest(rows, list(latest_by), committed) if latest_by else rows

    def import_ids(self, name: str) -> set[str]:
        """Ids of all imports that have rows in a table, committed or not."""
        table = self._open(name)
        if table is None:
            return set()
        return set(table.to_pyarrow_dataset().to_table(columns=[IMPORT])[IMPORT].to_pylist())

    def sweep(self, committed: Sequence[str]) -> dict[str, int]:
        """Remove rows that no committed import owns, bytes and all. Returns rows removed per table."""
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

    def _open(self, name: str) -> DeltaTable | None:
        path = self.root / name
        return DeltaTable(path) if DeltaTable.is_deltatable(str(path)) else None


def _latest(rows: pd.DataFrame, key: list[str], committed: Sequence[str]) -> pd.DataFrame:
    order = rows[IMPORT].map({import_id: place for place, import_id in enumerate(committed)})
    newest = rows.assign(_order=order).sort_values([*key, SINCE, "_order"], kind="stable")
    return newest.drop_duplicates(key, keep="last").drop(columns="_order").reset_index(drop=True)
