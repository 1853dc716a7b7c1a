"""The tables of the vault, and how a vault of an earlier version gets them."""

from sqlcipher3 import dbapi2 as sqlcipher

from xinyu_lib.errors import VaultError
from xinyu_lib.lake.cipher import transaction

VERSION = 2

PERSON = """
CREATE TABLE person (kind TEXT NOT NULL, key TEXT PRIMARY KEY, number TEXT NOT NULL, name TEXT, UNIQUE (kind, number));
"""
WORDS = """
CREATE TABLE words (
    import_id TEXT NOT NULL, "table" TEXT NOT NULL, row_key TEXT NOT NULL, "column" TEXT NOT NULL, value TEXT NOT NULL
);
CREATE INDEX words_of_a_table ON words ("table");
"""
SCHEMA = f"""
BEGIN;
{PERSON}
{WORDS}
CREATE TABLE import (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, import_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    source_digest TEXT NOT NULL, tables TEXT NOT NULL, wave TEXT, rows_in INTEGER NOT NULL,
    rows_kept INTEGER NOT NULL, rows_set_aside INTEGER NOT NULL, valid_from TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE TABLE set_aside (
    import_id TEXT NOT NULL REFERENCES import (import_id), "row" INTEGER NOT NULL, reason TEXT NOT NULL,
    "column" TEXT, allowed TEXT, content TEXT NOT NULL, sheet TEXT NOT NULL DEFAULT ''
);
CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
    previous TEXT NOT NULL, hash TEXT NOT NULL
);
PRAGMA user_version = {VERSION};
COMMIT;
"""
# What each version adds to the one before. The first had pupils only and was not numbered.
STEPS = {
    0: f"""
    ALTER TABLE person RENAME TO pupil;
    {PERSON}
    INSERT INTO person SELECT 'pupil', pupil_key, number, name FROM pupil;
    DROP TABLE pupil;
    ALTER TABLE set_aside ADD COLUMN sheet TEXT NOT NULL DEFAULT '';
    {WORDS}
    """,
}


def version_of(connection: sqlcipher.Connection) -> int:
    """Version of a vault's tables, 0 for the first."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def bring_up_to_date(connection: sqlcipher.Connection, file: str) -> None:
    """Give an older vault the tables of today, all of them or none. Raises VaultError for one of a newer library."""
    found = version_of(connection)
    if found > VERSION:
        raise VaultError("lake.vault_newer", file=file)
    if found == VERSION:
        return
    with transaction(connection):
        if version_of(connection) == found:  # else another process did it while we waited
            for statement in STEPS[found].split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
