"""The file of a backup: a SQLCipher database of files in pieces, each with its digest, and a manifest.

Every page of it carries a code that only the key can make: a page that was changed cannot be read.
"""

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from sqlcipher3 import dbapi2 as sqlcipher

from xinyu_lib.errors import VaultError, WorkspaceError
from xinyu_lib.lake.cipher import connect, new_private_file

SETTINGS, VAULT = "workspace.toml", "vault.db"
FOLDERS = ("lake", "restricted")
FORMAT = 1
PIECE = 1 << 20  # bytes that are held in memory at a time
SCHEMA = """
CREATE TABLE manifest (content TEXT NOT NULL);
CREATE TABLE file (id INTEGER PRIMARY KEY, path BLOB NOT NULL, size INTEGER NOT NULL, digest TEXT NOT NULL);
CREATE TABLE piece (
    file INTEGER NOT NULL, number INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (file, number)
) WITHOUT ROWID;
"""
DISK = {sqlcipher.SQLITE_FULL, sqlcipher.SQLITE_IOERR, sqlcipher.SQLITE_CANTOPEN, sqlcipher.SQLITE_READONLY}


class BackupWriter:
    """Fills a new, empty backup file; made by `writing`."""

    def __init__(self, content: sqlcipher.Connection):
        self._content = content
        self.files = self.size = 0

    def put(self, name: str, source: BinaryIO) -> Iterator[int]:
        """Store one file under its path in the workspace; yields the bytes written so far, of all files."""
        hashed, before, count = sha256(), self.size, 0
        while piece := source.read(PIECE):
            self._content.execute("INSERT INTO piece VALUES (?, ?, ?)", (self.files, count, piece))
            hashed.update(piece)
            self.size, count = self.size + len(piece), count + 1
            yield self.size
        # a name in another encoding than UTF-8 is kept as it is
        row = self.files, name.encode(errors="surrogateescape"), self.size - before, hashed.hexdigest()
        self._content.execute("INSERT INTO file VALUES (?, ?, ?, ?)", row)
        self.files += 1

    def close(self, manifest: dict) -> None:
        """The last thing to be written; without it the file is no backup."""
        self._content.execute("INSERT INTO manifest VALUES (?)", (json.dumps(manifest),))
        self._content.execute("COMMIT")


@contextmanager
def writing(file: Path, key: str) -> Iterator[BackupWriter]:
    """A writer for the length of a `with` block. Raises OSError when the disk does not take it."""
    with closing(connect(file, key)) as content:
        try:
            # an unfinished file is thrown away, so nothing is ever rolled back; it is synced once, when it is whole
            for setting in ("journal_mode = OFF", "synchronous = OFF", f"user_version = {FORMAT}"):
                content.execute(f"PRAGMA {setting}")
            content.executescript(SCHEMA)
            content.execute("BEGIN")
            yield BackupWriter(content)
        except sqlcipher.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in DISK:
                raise
            raise OSError(errno.EIO, str(error)) from error


class BackupReader:
    """A backup that its key has opened; made by `reading`. manifest: what `BackupWriter.close` was given."""

    def __init__(self, content: sqlcipher.Connection, manifest: dict):
        self._content = content
        self.manifest = manifest

    def take_out(self, folder: Path, progress: Callable[[int], None], *, only: str | None = None) -> None:
        """Hold every file against its digest and write it, or `only` this one, into a folder for its owner alone.

        progress: called with the bytes read so far. Raises VaultError when a file is not what it was.
        """
        done = 0
        for number, path, size, digest in self._content.execute("SELECT * FROM file ORDER BY id"):
            name, hashed, before = path.decode(errors="surrogateescape"), sha256(), done
            with _sink(folder, name if only in (None, name) else None) as handle:
                for piece in self._pieces(number):
                    handle.write(piece)
                    hashed.update(piece)
                    done += len(piece)
                    progress(done)
            if (done - before, hashed.hexdigest()) != (size, digest):
                raise VaultError("workspace.backup_changed")

    def _pieces(self, number: int) -> Iterator[bytes]:
        for (piece,) in self._content.execute("SELECT content FROM piece WHERE file = ? ORDER BY number", (number,)):
            yield piece


@contextmanager
def reading(file: Path, key: str) -> Iterator[BackupReader]:
    """A reader for the length of a `with` block.

    Raises WorkspaceError when there is no such file, VaultError when the key does not open it, when it is something
    else, and, then or in the course of reading, when it was cut or changed.
    """
    if not file.is_file():
        raise WorkspaceError("workspace.backup_missing", file=str(file))
    with closing(connect(file, key)) as content:
        try:
            manifest = json.loads(content.execute("SELECT content FROM manifest").fetchone()[0])
            pages, size, made = (_number(content, what) for what in ("page_count", "page_size", "user_version"))
            if made != FORMAT:
                raise WorkspaceError("workspace.backup_other_format", file=file.name, library=manifest["library"])
            if pages * size != file.stat().st_size:
                raise VaultError("workspace.backup_unreadable", file=file.name)
            yield BackupReader(content, manifest)
        except sqlcipher.DatabaseError as error:
            raise VaultError("workspace.backup_unreadable", file=file.name) from error


def _number(content: sqlcipher.Connection, what: str) -> int:
    return int(content.execute(f"PRAGMA {what}").fetchone()[0])


def _sink(folder: Path, name: str | None) -> BinaryIO:
    """A new private file in private folders; without a name, what is written is only held against its digest."""
    if name is None:
        return Path(os.devnull).open("wb")
    parts = PurePosixPath(name).parts
    if parts[0] not in (SETTINGS, VAULT, *FOLDERS) or ".." in parts:
        raise VaultError("workspace.backup_changed")
    for depth in range(1, len(parts)):  # one by one: `parents=True` would leave those between open to others
        folder.joinpath(*parts[:depth]).mkdir(mode=0o700, exist_ok=True)
    return os.fdopen(new_private_file(folder.joinpath(*parts)), "wb")
