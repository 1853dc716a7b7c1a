"""An import under way: its rows go to the lake under keys, its persons and words to the vault; then it is committed.

Nobody sees any of it before the commit.
"""

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from xinyu_lib.lake.vault import CommitRecord, Vault, new_import_id, row_key
from xinyu_lib.tables import Table, load_table


class Entry:
    """One import, while the vault's write lock is held.

    valid_from: ISO date from which its rows count.
    """

    def __init__(self, ws, vault: Vault, valid_from: str):
        self.import_id, self.valid_from = new_import_id(), valid_from
        self.rows: Counter[str] = Counter()
        self._ws, self._vault = ws, vault

    def enter_all(self, waiting: list[dict[str, pd.DataFrame]]) -> None:
        """`enter` what is waiting, in order; nothing waits afterwards."""
        while waiting:
            self.enter(waiting.pop(0))

    def enter(self, frames: dict[str, pd.DataFrame]) -> None:
        """Write rows of several tables, in which persons stand by their numbers."""
        for name, frame in frames.items():
            if len(frame):
                self._enter(name, load_table(name.partition("/")[0]), frame)

    def commit(self, *, kind: str, source: str, wave: str | None, account, detail: dict[str, object]) -> None:
        """Make the import visible. account: a `census.Batch` with the rows in, kept and set aside."""
        record = CommitRecord(
            import_id=self.import_id, kind=kind, source_digest=source, tables=tuple(self.rows), wave=wave,
            rows_in=account.rows_in, rows_kept=account.rows_kept, rows_set_aside=account.rows_in - account.rows_kept,
            valid_from=self.valid_from, detail=detail | {"rows": dict(self.rows)},
        )  # fmt: skip
        self._vault.commit(record, set_aside=account.set_aside)

    def _enter(self, name: str, table: Table, frame: pd.DataFrame) -> None:
        keyed = self._keyed(table, frame)
        self._vault.keep_words(self.import_id, _words(table, keyed))
        unstored = [column.name for column in table.columns if column.privacy == "vault"]
        stored = keyed.drop(columns=[*unstored, "number"], errors="ignore")
        self._ws.lake.write(name, stored, import_id=self.import_id, valid_from=self.valid_from)
        self.rows[name] += len(stored)

    def _keyed(self, table: Table, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with the key of every person beside the number; persons whom the table introduces get theirs."""
        if table.introduces:
            column = table.introduces
            people = pd.DataFrame({"number": frame[column.name], "name": frame.get("name")}, dtype="str")
            # a roster of several waves names a pupil in each
            self._vault.introduce(column.identity, people.drop_duplicates("number", keep="last"))
        for number, kind, key in _persons(table):
            if number in frame:
                keys = self._vault.keys(kind, frame[number].dropna().unique())
                frame = frame.assign(**{key: frame[number].map(keys).astype("str")})
        return frame


def _persons(table: Table) -> Iterable[tuple[str, str, str]]:
    """Column of the number, kind of person and column of the key; answers are a pupil's by `number`."""
    declared = [(c.name, c.identity, c.stands_for) for c in table.columns if c.identity]
    return declared or [("number", "pupil", "pupil_key")]


def _words(table: Table, keyed: pd.DataFrame) -> pd.DataFrame:
    """What people wrote about the rows: table, row_key, column, value; a person's name is kept with the person."""
    named = {"name"} if table.introduces else set()
    columns = [c.name for c in table.texts if c.name in keyed and c.name not in named]
    told = keyed[keyed[columns].notna().any(axis=1)]
    key = [row_key(values) for values in told[list(table.key)].itertuples(index=False)]
    parts = [pd.DataFrame({"row_key": key, "column": c, "value": told[c].to_numpy()}).dropna() for c in columns]
    empty = pd.DataFrame({"row_key": [], "column": [], "value": []}, dtype="str")
    return pd.concat([empty, *parts]).assign(table=table.id)
