"""Opening an encrypted SQLCipher file: the key, and whether the file is whole."""

import os
import secrets
import stat
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from xinyu_lib.errors import VaultError

KEY, KEY_FILE, DEFAULT_FILE = "XINYU_VAULT_KEY", "XINYU_VAULT_KEYFILE", "vault.key"
SECONDS_TO_WAIT = 60


def read_key(folder: Path) -> str:
    """The vault key: from `XINYU_VAULT_KEY`, else the file `XINYU_VAULT_KEYFILE`, else `vault.key` in the workspace.

    Raises VaultError when there is none, or when others can read the file.
    """
    if os.environ.get(KEY):
        return os.environ[KEY]
    path = Path(os.environ.get(KEY_FILE) or folder / DEFAULT_FILE)
    if not path.is_file():
        raise VaultError("lake.no_key", file=path.name)
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise VaultError("lake.key_open_to_others", file=path.name)
    return path.read_text(encoding="ascii").strip()


def new_key_file(path: Path) -> None:
    """Write a random 256-bit key that only the owner can read; never over an existing file."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")


def connect(path: Path, key: str) -> sqlcipher.Connection:
    """A connection in autocommit. 64 hex digits are the key itself, anything else is a pass-phrase."""
    connection = sqlcipher.connect(str(path), isolation_level=None, timeout=SECONDS_TO_WAIT)
    raw = len(key) == 64 and all(c in "0123456789abcdef" for c in key)
    quoted = f"\"x'{key}'\"" if raw else "'" + key.replace("'", "''") + "'"
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = {quoted}")
    connection.row_factory = sqlcipher.Row
    return connection


def require_whole(connection: sqlcipher.Connection, path: Path) -> None:
    """Raises VaultError for a wrong key, a file that is not a vault, cut short or changed.

    The cipher check alone misses a file that was cut at a page, so pages are counted against the size too.
    """
    try:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        size = int(connection.execute("PRAGMA page_size").fetchone()[0])  # text in this build
        sound = [row[0] for row in connection.execute("PRAGMA quick_check")] == ["ok"]
        sound = sound and not connection.execute("PRAGMA cipher_integrity_check").fetchall()
    except sqlcipher.DatabaseError as error:
        raise VaultError("lake.vault_damaged", file=path.name) from error
    if not sound or pages == 0 or pages * size != path.stat().st_size:
        raise VaultError("lake.vault_damaged", file=path.name)
