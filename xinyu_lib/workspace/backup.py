"""Backup: the whole workspace as one encrypted file, and the way back.

The vault's key opens the file, for the lake holds pupils' answers in clear; the key is neither in it nor beside it. A
backup is read back before it gets its name; a restored folder is held against its manifest before it gets its own.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, mkstemp

from xinyu_lib.errors import VaultError, WorkspaceError
from xinyu_lib.lake.cipher import DEFAULT_FILE, key_in, new_private_file, read_key
from xinyu_lib.lake.schema import VERSION
from xinyu_lib.lake.vault import Vault
from xinyu_lib.provenance import code_version
from xinyu_lib.workspace.backup_file import FOLDERS, SETTINGS, VAULT, reading, writing

Progress = Callable[[int, int], None]
UNFINISHED = ".part"
LABEL = "xinyu vault key:"


@dataclass(frozen=True)
class Backup:
    """What a backup file holds. size: bytes of the files in it; imports: how many are committed.

    fingerprint: 8 hex digits that tell which key opens it, and not the key.
    """

    file: Path
    files: int
    size: int
    imports: int
    fingerprint: str


def backup(ws, file: str | Path, *, progress: Progress | None = None) -> Backup:
    """Write settings, lake, vault and `restricted/` into one new encrypted file; the key file is left out.

    Imports wait meanwhile, for it holds the vault's write lock. The file is read back in full before it gets its name;
    what is broken off ends in `.part`. progress: called with the bytes done and the bytes of all, written and read.
    Raises WorkspaceError when there is such a file, when it would lie in the workspace itself, or the disk is full.
    """
    file, tell = Path(file), progress or _quiet
    _require_place(file, ws.folder)
    with _disk("workspace.backup_failed", file), _under_another_name(file) as part:
        key = read_key(ws.folder)
        size = _write(ws, part, key, tell)
        aside = TemporaryDirectory(dir=file.parent, prefix=f"{file.name}.", suffix=UNFINISHED)
        with reading(part, key) as content, aside as folder:
            content.take_out(Path(folder), lambda read: tell(size + read, 2 * size), only=VAULT)
            _require_same(Path(folder) / VAULT, key, content.manifest)
    return _described(file, content.manifest)


def restore(
    file: str | Path, folder: str | Path, *, key_file: str | Path | None = None, progress: Progress | None = None
) -> Backup:
    """Make the workspace of a backup anew in a folder that is new or empty, for its owner alone.

    key_file: the key to use, which is then copied to `vault.key`; without it the key comes from the environment.
    progress: called with the bytes done and the bytes of all.
    Raises VaultError when the key does not open the file or the file was cut or changed, WorkspaceError when the folder
    is in use or the disk full; nothing is left then.
    """
    file, folder, tell = Path(file), Path(folder).resolve(), progress or _quiet
    _require_empty(folder)
    key = key_in(Path(key_file)) if key_file else read_key(folder)
    with reading(file, key) as content, _disk("workspace.restore_failed", folder), _beside(folder) as whole:
        content.take_out(whole, lambda read: tell(read, content.manifest["size"]))
        _require_same(whole / VAULT, key, content.manifest)
        if key_file:
            with os.fdopen(new_private_file(whole / DEFAULT_FILE), "w", encoding="utf-8") as handle:
                handle.write(key + "\n")
        _move_in(whole, folder)
    return _described(file, content.manifest)


def fingerprint(key: str) -> str:
    """8 hex digits by which two keys are told apart; a raw key has the same in capitals."""
    same = key.lower() if re.fullmatch("[0-9A-Fa-f]{64}", key) else key
    return sha256((LABEL + same).encode()).hexdigest()[:8]


def _quiet(_: int, __: int) -> None:
    pass


def _described(file: Path, manifest: dict) -> Backup:
    return Backup(file, manifest["files"], manifest["size"], len(manifest["imports"]), manifest["key"])


def _require_place(file: Path, workspace: Path) -> None:
    if file.exists():
        raise WorkspaceError("workspace.backup_exists", file=str(file))
    if not file.parent.is_dir():
        raise WorkspaceError("workspace.not_folder", folder=str(file.parent))
    if file.resolve().is_relative_to(workspace.resolve()):
        raise WorkspaceError("workspace.backup_inside", folder=str(workspace))


def _require_empty(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise WorkspaceError("workspace.not_folder", folder=str(folder))
    if folder.exists() and any(folder.iterdir()):
        raise WorkspaceError("workspace.restore_not_empty", folder=str(folder))


@contextmanager
def _disk(message_id: str, place: Path) -> Iterator[None]:
    """What a disk refuses, in one line that names no file within: a worksheet may be named after a pupil."""
    try:
        yield
    except OSError as error:
        raise WorkspaceError(message_id, place=str(place), why=error.strerror) from error


@contextmanager
def _under_another_name(file: Path) -> Iterator[Path]:
    """A private file beside the wanted one, which gets its name when all went well and is on the disk."""
    handle, name = mkstemp(dir=file.parent, prefix=f"{file.name}.", suffix=UNFINISHED)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        if file.exists():
            raise WorkspaceError("workspace.backup_exists", file=str(file))
        part.rename(file)
        _sync_folder(file.parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A workspace folder to be filled, on the disk where the wanted one will be; what is left in it goes at the end."""
    near = next(parent for parent in folder.parents if parent.is_dir())
    with TemporaryDirectory(dir=near, prefix=f"{folder.name}.", suffix=UNFINISHED) as aside:
        whole = Path(aside) / folder.name
        for path in (whole, *(whole / name for name in FOLDERS)):
            path.mkdir(mode=0o700)
        yield whole


def _write(ws, part: Path, key: str, tell: Progress) -> int:
    """Write the backup while nobody else can change the workspace; returns the bytes of its files."""
    # The vault's file is closed after the lock is given back: closing it drops every lock that this process has on it.
    with ws.vault() as vault, (ws.folder / VAULT).open("rb") as vault_file, vault.writing():
        names = _names(ws.folder)
        expected = 2 * sum((ws.folder / name).stat().st_size for name in names)
        with writing(part, key) as writer:
            for name in names:
                for done in _pieces(writer, ws.folder, name, vault_file):
                    tell(done, expected)
            writer.close({
                "library": code_version(), "vault_schema": VERSION, "key": fingerprint(key),
                "files": writer.files, "size": writer.size, "imports": vault.committed(), "audit_head": vault.head(),
            })  # fmt: skip
            return writer.size


def _names(folder: Path) -> list[str]:
    """All files of a backup, relative to the workspace. Raises WorkspaceError for a link, which leads elsewhere."""
    found = [path for top in FOLDERS for path in sorted((folder / top).rglob("*"))]
    for path in found:
        if path.is_symlink():
            raise WorkspaceError("workspace.backup_link", folder=path.relative_to(folder).parts[0])
    return [SETTINGS, VAULT, *(path.relative_to(folder).as_posix() for path in found if path.is_file())]


def _pieces(writer, folder: Path, name: str, vault_file) -> Iterator[int]:
    if name == VAULT:
        yield from writer.put(name, vault_file)
    else:
        with (folder / name).open("rb") as handle:
            yield from writer.put(name, handle)


def _require_same(vault: Path, key: str, manifest: dict) -> None:
    """Raises VaultError unless the vault opens, is whole and says what the manifest says."""
    with Vault.open(vault, key) as opened:
        if (list(opened.committed()), opened.head()) != (manifest["imports"], manifest["audit_head"]):
            raise VaultError("workspace.backup_changed")


def _move_in(whole: Path, folder: Path) -> None:
    if hasattr(os, "sync"):
        os.sync()
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        folder.rmdir()  # it is empty; not every system renames over it
    whole.rename(folder)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """A new name lasts through a power cut once its folder is on the disk; only POSIX lets us ask for that."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
