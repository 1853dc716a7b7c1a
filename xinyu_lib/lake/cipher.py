"""Opening an encrypted SQLCipher file: the key, and whether the file is whole."""

import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from xinyu_lib.errors import VaultError
from xinyu_lib.lake.disk import on_disk

KEY, KEY_FILE, DEFAULT_FILE = "XINYU_VAULT_KEY", "XINYU_VAULT_KEYFILE", "vault.key"
SECONDS_TO_WAIT = 60
VAULT = "vault.db"
REFUSALS = {
    sqlcipher.SQLITE_BUSY: "lake.vault_busy",
    sqlcipher.SQLITE_FULL: "lake.no_space",
    sqlcipher.SQLITE_READONLY: "lake.no_access",
    sqlcipher.SQLITE_PERM: "lake.no_access",
    sqlcipher.SQLITE_CANTOPEN: "lake.no_access",
    sqlcipher.SQLITE_IOERR: "lake.disk_failed",
}


def read_key(folder: Path) -> str:
    """The vault key: from `XINYU_VAULT_KEY`, else the file `XINYU_VAULT_KEYFILE`, else `vault.key` in the workspace.

    Raises VaultError when there is none, when others can read the file or we cannot, or when it holds no text.
    """
    if os.environ.get(KEY):
        return os.environ[KEY]
    return key_in(Path(os.environ.get(KEY_FILE) or folder / DEFAULT_FILE))


def key_in(path: Path) -> str:
    """The vault key in a file. Raises VaultError when there is none, when others can read it, or it holds no text."""
    if not path.is_file():
        raise VaultError("lake.no_key", file=path.name)
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise VaultError("lake.key_open_to_others", file=path.name)
    with on_disk(path.name, VaultError):
        key = path.read_text(encoding="utf-8", errors="replace").strip()
    if not key or "\ufffd" in key:
        raise VaultError("lake.key_not_text", file=path.name)
    return key


def new_key_file(path: Path) -> None:
    """Write a random 256-bit key that only the owner can read. Raises VaultError when there is a file already."""
    with on_disk(path.name, VaultError), os.fdopen(new_private_file(path), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")


def new_private_file(path: Path) -> int:
    """Handle of a new, empty file that only the owner can read.

    Raises VaultError when there is a file already, or the disk does not take another.
    """
    try:
        with on_disk(path.name, VaultError):
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise VaultError("lake.file_exists", file=path.name) from error


def connect(path: Path, key: str) -> sqlcipher.Connection:
    """A connection in autocommit. 64 hex digits are the key itself, anything else is a pass-phrase.

    Raises VaultError when this account may not open the file.
    """
    with answered():
        connection = sqlcipher.connect(str(path), isolation_level=None, timeout=SECONDS_TO_WAIT)
    raw = re.fullmatch("[0-9A-Fa-f]{64}", key)
    quoted = f"\"x'{key}'\"" if raw else "'" + key.replace("'", "''") + "'"
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = {quoted}")
    return connection


def require_whole(connection: sqlcipher.Connection, path: Path) -> None:
    """Raises VaultError for a wrong key, a file that is not a vault, cut short or changed.

    The cipher check alone misses a file that was cut at a page, so pages are counted against the size too. All of it
    in one transaction: a file that another import is making longer would look damaged.
    """
    try:
        with answered():
            connection.execute("BEGIN")
            sound = _sound(connection, path)
            connection.execute("COMMIT")
    except sqlcipher.DatabaseError as error:
        raise VaultError("lake.vault_damaged", file=path.name) from error
    if not sound:
        raise VaultError("lake.vault_damaged", file=path.name)


def _sound(connection: sqlcipher.Connection, path: Path) -> bool:
    connection.execute("SELECT 1 FROM import")
    # the size of a page comes as text in this build
    pages, size = (int(connection.execute(f"PRAGMA page_{what}").fetchone()[0]) for what in ("count", "size"))
    return (
        pages * size == path.stat().st_size
        and [row[0] for row in connection.execute("PRAGMA quick_check")] == ["ok"]
        and not connection.execute("PRAGMA cipher_integrity_check").fetchall()
    )


@contextmanager
def answered() -> Iterator[None]:
    """Raises VaultError when another process kept the vault for longer than we wait, or the disk refuses."""
    try:
        yield
    except sqlcipher.OperationalError as error:
        message_id = REFUSALS.get(error.sqlite_errorcode & 0xFF)  # the rest tells more of the same cause
        if message_id is None:
            raise
        raise VaultError(message_id, seconds=SECONDS_TO_WAIT, what=VAULT) from error


@contextmanager
def transaction(connection: sqlcipher.Connection) -> Iterator[None]:
    """All that is done within, or nothing; other writers wait meanwhile. Within another one it is a part of that."""
    if connection.in_transaction:
        yield
        return
    with answered():
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
