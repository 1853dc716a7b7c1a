"""The tables of the vault, and how a vault of an earlier version gets them."""

from sqlcipher3 import dbapi2 as sqlcipher

from xinyu_lib.errors import VaultError
from xinyu_lib.lake.cipher import transaction

VERSION = 3

PERSON = """
CREATE TABLE person (kind TEXT NOT NULL, key TEXT PRIMARY KEY, number TEXT NOT NULL, name TEXT, UNIQUE (kind, number));
"""
WORDS = """
CREATE TABLE words (
    import_id TEXT NOT NULL, "table" TEXT NOT NULL, row_key TEXT NOT NULL, "column" TEXT NOT NULL, value TEXT NOT NULL
);
CREATE INDEX words_of_a_table ON words ("table");
"""
# What was prepared for an audience, what it told whom, and who said so; see `releases`.
RELEASES = """
CREATE TABLE IF NOT EXISTS release (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE, audience TEXT NOT NULL, wave TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS release_cell (
    run_id TEXT NOT NULL REFERENCES release (run_id), key TEXT NOT NULL, value INTEGER NOT NULL,
    hidden INTEGER NOT NULL, role TEXT NOT NULL, PRIMARY KEY (run_id, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS release_step (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL REFERENCES release (run_id), step TEXT NOT NULL,
    digest TEXT NOT NULL, person TEXT NOT NULL, day TEXT NOT NULL
);
"""
SCHEMA = f"""
BEGIN;
{PERSON}
{WORDS}
{RELEASES}
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
# The first version had pupils only and was not numbered.
AFTER_THE_FIRST = f"""
ALTER TABLE person RENAME TO pupil;
{PERSON}
INSERT INTO person SELECT 'pupil', pupil_key, number, name FROM pupil;
DROP TABLE pupil;
ALTER TABLE set_aside ADD COLUMN sheet TEXT NOT NULL DEFAULT '';
{WORDS}
"""
# What is done to a vault of each version, and the version that it has then.
STEPS = {0: (AFTER_THE_FIRST, 2), 2: (RELEASES, 3)}


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
        while (found := version_of(connection)) < VERSION:  # another process may have done it while we waited
            statements, after = STEPS[found]
            for statement in statements.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {after}")
