"""The vault: names, numbers and keys of pupils, rows set aside, the audit chain, and the only commit record."""

import json
import os
import secrets
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from xinyu_lib.errors import VaultError
from xinyu_lib.lake.cipher import connect, new_key_file, new_private_file, read_key, require_whole, transaction
from xinyu_lib.lake.releases import ReleaseTables
from xinyu_lib.lake.schema import SCHEMA, bring_up_to_date
from xinyu_lib.provenance import digest

__all__ = ["CommitRecord", "Vault", "new_import_id", "new_key_file", "new_person_key", "read_key", "row_key"]


def new_person_key() -> str:
    """A random 128-bit key (32 hex digits); never derived from the number, which could be tried out."""
    return secrets.token_hex(16)


def new_import_id() -> str:
    """A random id for one import."""
    return secrets.token_hex(8)


def row_key(values: Iterable[object]) -> str:
    """The key of a row as the vault knows it: JSON of its values as text, empty for what is missing."""
    return json.dumps(["" if pd.isna(value) else str(value) for value in values], ensure_ascii=False)


@dataclass(frozen=True)
class CommitRecord:
    """One committed import: what came in, what became of its rows, and from which date they count."""

    import_id: str
    kind: str
    source_digest: str
    tables: tuple[str, ...]
    wave: str | None
    rows_in: int
    rows_kept: int
    rows_set_aside: int
    valid_from: str
    detail: dict[str, object]

    def row(self) -> tuple:
        lists = json.dumps(self.tables), json.dumps(self.detail, ensure_ascii=False)
        return (
            self.import_id, self.kind, self.source_digest, lists[0], self.wave, self.rows_in, self.rows_kept,
            self.rows_set_aside, self.valid_from, lists[1],
        )  # fmt: skip


class Vault:
    """An encrypted file, opened with its key, closed by `close` or at the end of a `with` block."""

    def __init__(self, connection):
        self._connection = connection

    @classmethod
    def create(cls, path: Path, key: str) -> "Vault":
        """A new vault, readable by its owner only. Raises VaultError when there is a file already."""
        os.close(new_private_file(path))
        connection = connect(path, key)
        connection.executescript(SCHEMA)
        return cls(connection)

    @classmethod
    def open(cls, path: Path, key: str) -> "Vault":
        """An existing vault. Raises VaultError when it is missing, empty, damaged, or not opened by this key."""
        if not path.is_file() or path.stat().st_size == 0:
            raise VaultError("lake.vault_missing", file=path.name)
        connection = connect(path, key)
        try:
            require_whole(connection, path)
            bring_up_to_date(connection, path.name)
        except VaultError:
            connection.close()
            raise
        return cls(connection)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> "Vault":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def writing(self) -> AbstractContextManager[None]:
        """The workspace for oneself: who else writes rows, commits or sweeps waits until the end of the `with` block.

        What is done to the vault within is done in one transaction. The lock ends with its process.
        Raises VaultError when another process kept it for too long.
        """
        return transaction(self._connection)

    @property
    def releases(self) -> ReleaseTables:
        """The release ledger: cells of runs, and what was done with them."""
        return ReleaseTables(self._connection, self.log)

    def commit(self, record: CommitRecord, *, set_aside: pd.DataFrame | None = None) -> None:
        """Record an import: the rows set aside and the import itself in one transaction, or nothing.

        set_aside: row, reason, column, allowed, content. This is the only commit point of the store; persons and words
        that belong to the import are given within the same `writing`.
        """
        with transaction(self._connection):
            insert = f"INSERT INTO import ({IMPORT_COLUMNS}) VALUES ({', '.join('?' * 10)})"
            self._connection.execute(insert, record.row())
            self._write_set_aside(record.import_id, set_aside)
            self.log(record.valid_from, record.kind, record.import_id)

    def introduce(self, kind: str, people: pd.DataFrame) -> None:
        """Persons of a kind (`pupil`, `staff`) by number and name: newcomers get a random key, the known the new name.

        A missing name changes nothing.
        """
        rows = [(kind, new_person_key(), number, name) for number, name in _plain(people, ["number", "name"])]
        self._connection.executemany(
            "INSERT INTO person VALUES (?, ?, ?, ?) ON CONFLICT (kind, number) "
            "DO UPDATE SET name = coalesce(excluded.name, name)",
            rows,
        )

    def keep_words(self, import_id: str, words: pd.DataFrame) -> None:
        """What people wrote about rows: table, row_key (JSON of the row's key), column, value."""
        rows = _plain(words, ["table", "row_key", "column", "value"])
        self._connection.executemany("INSERT INTO words VALUES (?, ?, ?, ?, ?)", [(import_id, *row) for row in rows])

    def words(self, table: str) -> pd.DataFrame:
        """What people wrote about the rows of a table, in commit order.

        Columns: import_id, valid_from, row_key, column, value.
        """
        return self._frame(
            'SELECT import_id, valid_from, row_key, "column", value FROM words JOIN import USING (import_id) '
            'WHERE "table" = ? ORDER BY sequence',
            (table,),
        )

    def _write_set_aside(self, import_id: str, rows: pd.DataFrame | None) -> None:
        if rows is not None:
            insert = "INSERT INTO set_aside VALUES (?, ?, ?, ?, ?, ?, ?)"
            values = _plain(rows.assign(sheet=rows.get("sheet", "")), [*SET_ASIDE, "sheet"])
            self._connection.executemany(insert, [(import_id, int(row), *rest) for row, *rest in values])

    def keys(self, kind: str = "pupil", numbers: Iterable[str] | None = None) -> dict[str, str]:
        """Number -> key, of these persons or of all of a kind."""
        query, values = "SELECT number, key FROM person WHERE kind = ?", [kind]
        if numbers is not None:
            query += " AND number IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(list(numbers), ensure_ascii=False))
        return dict(self._connection.execute(query, values).fetchall())

    def numbers(self, kind: str) -> pa.Table:
        """Number and key of all persons of a kind, as text columns: some 60 bytes a person."""
        cursor = self._connection.execute("SELECT number, key FROM person WHERE kind = ?", (kind,))
        schema = pa.schema({"number": pa.string(), "key": pa.string()})
        parts = iter(lambda: cursor.fetchmany(MANY), [])
        columns = [[pa.array(column, pa.string()) for column in zip(*part, strict=True)] for part in parts]
        return pa.Table.from_batches([pa.record_batch(part, schema) for part in columns], schema)

    def people(self, kind: str = "pupil") -> pd.DataFrame:
        """All persons of a kind: pupil_key (or staff_key), number, name."""
        query = f'SELECT key AS "{kind}_key", number, name FROM person WHERE kind = ? ORDER BY number'
        return self._frame(query, (kind,))

    def committed(self) -> tuple[str, ...]:
        """Ids of all committed imports in commit order."""
        rows = self._connection.execute("SELECT import_id FROM import ORDER BY sequence")
        return tuple(row[0] for row in rows)

    def imports(self) -> pd.DataFrame:
        """The commit record, in commit order."""
        return self._frame("SELECT * FROM import ORDER BY sequence")

    def set_aside(self, import_id: str | None = None) -> pd.DataFrame:
        """Rows set aside, of one import or of all."""
        where, values = ("WHERE import_id = ?", (import_id,)) if import_id else ("", ())
        return self._frame(f'SELECT * FROM set_aside {where} ORDER BY import_id, sheet, "row"', values)

    def find_digest(self, source_digest: str) -> str | None:
        """Id of the last import that had this source, if there was one."""
        query = "SELECT import_id FROM import WHERE source_digest = ? ORDER BY sequence DESC"
        found = self._connection.execute(query, (source_digest,)).fetchone()
        return found[0] if found else None

    def log(self, at: str, who: str, what: str) -> None:
        """Append to the audit chain: when (ISO time), by whom, what; each entry holds the hash of the one before."""
        with transaction(self._connection):
            previous = self.head()
            entry = digest([at, who, what, previous])
            insert = "INSERT INTO audit (at, who, what, previous, hash) VALUES (?, ?, ?, ?, ?)"
            self._connection.execute(insert, (at, who, what, previous, entry))

    def head(self) -> str:
        """Hash of the newest audit entry; empty before the first."""
        found = self._connection.execute("SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1").fetchone()
        return found[0] if found else ""

    def audit_intact(self) -> bool:
        """True when no entry of the audit chain was changed, removed from the middle or put in between.

        A chain cut at its end is whole in itself: compare `head` with the one written down elsewhere.
        """
        previous = ""
        chain = self._connection.execute("SELECT at, who, what, previous, hash FROM audit ORDER BY sequence")
        for at, who, what, before, entry in chain:
            if before != previous or digest([at, who, what, previous]) != entry:
                return False
            previous = entry
        return True

    def require_intact_audit(self) -> None:
        """Raises VaultError when the audit chain was changed."""
        if not self.audit_intact():
            raise VaultError("lake.audit_broken")

    def _frame(self, query: str, values: tuple = ()) -> pd.DataFrame:
        cursor = self._connection.execute(query, values)
        names = [column[0] for column in cursor.description]
        frame = pd.DataFrame(cursor.fetchall(), columns=names)
        return frame.astype({name: "int64" if name in WHOLE else "str" for name in names})


def _plain(frame: pd.DataFrame, columns: list[str]) -> Iterable[tuple]:
    """Rows as SQLite takes them: None for what is missing."""
    rows = frame[columns]
    return rows.astype(object).where(rows.notna(), None).itertuples(index=False, name=None)


IMPORT_COLUMNS = "import_id, kind, source_digest, tables, wave, rows_in, rows_kept, rows_set_aside, valid_from, detail"
SET_ASIDE = ["row", "reason", "column", "allowed", "content"]
MANY = 50_000  # rows that are fetched at a time
WHOLE = {"sequence", "row", "rows_in", "rows_kept", "rows_set_aside"}
