"""Doctor: what is wrong with a workspace, told finding by finding; no damage ends the search.

Nothing is changed, but for what every opening does: a vault of an earlier version gets the tables of today.
"""

import json
import os
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from sqlcipher3 import dbapi2 as sqlcipher

from xinyu_lib.errors import VaultError, XinyuError
from xinyu_lib.lake import Lake
from xinyu_lib.lake.cipher import DEFAULT_FILE, read_key
from xinyu_lib.lake.schema import VERSION
from xinyu_lib.lake.vault import Vault
from xinyu_lib.policy import load_policy
from xinyu_lib.tables import tables
from xinyu_lib.words import say
from xinyu_lib.workspace.folder import Workspace

FINE, ATTENTION, FAULT = "fine", "attention", "fault"
# folders that a program copies to other people's machines by itself
SYNCED = (
    "onedrive",
    "dropbox",
    "google drive",
    "icloud",
    "nextcloud",
    "坚果云",
    "我的坚果云",
    "百度网盘",
    "baidunetdisk",
)
GIGABYTE = 10**9


@dataclass(frozen=True)
class Finding:
    """what: the thing looked at, in one word (`vault`); state: `fine`, `attention` or `fault`.

    detail: what was found; advice: what to do next, empty when all is fine; both in the user's language.
    """

    what: str
    state: str
    detail: str
    advice: str

    @property
    def label(self) -> str:
        """The thing looked at, in the user's language."""
        return say(f"workspace.doctor.{self.what}")


def fine(what: str, **fields: object) -> Finding:
    return Finding(what, FINE, say(f"workspace.doctor.{what}.fine", **fields), "")


def attention(what: str, case: str, **fields: object) -> Finding:
    return _told(what, ATTENTION, case, fields)


def fault(what: str, case: str, **fields: object) -> Finding:
    return _told(what, FAULT, case, fields)


def _told(what: str, state: str, case: str, fields: dict[str, object]) -> Finding:
    detail = say(f"workspace.doctor.{what}.{case}", **fields)
    return Finding(what, state, detail, say(f"workspace.doctor.{what}.{case}.advice", **fields))


def examine_workspace(folder: str | Path) -> list[Finding]:
    """Everything there is to say about a workspace: settings, key, vault, lake, who else gets in, room on the disk.

    Every data file that the lake's log names is read. An import under way is waited for.
    """
    folder = Path(folder)
    if not folder.is_dir():
        return [fault("settings", "damaged", why=say("workspace.not_folder", folder=str(folder)))]
    lake = Lake(folder / "lake")
    sound, damaged = _examined_lake(lake)
    return [
        *_settings(folder), *_key(folder), *damaged, *_vault(folder, lake, sound), *_modes(folder), *_place(folder),
        _disk(folder),
    ]  # fmt: skip


def _settings(folder: Path) -> list[Finding]:
    try:
        settings = Workspace(folder, committed=()).settings
    except XinyuError as error:
        return [fault("settings", "damaged", why=error.text())]
    try:
        load_policy(settings["policy"])
    except XinyuError as error:
        return [fine("settings"), fault("policy", "damaged", why=error.text())]
    return [fine("settings"), fine("policy", policy=settings["policy"])]


def _key(folder: Path) -> list[Finding]:
    try:
        read_key(folder)
    except VaultError as error:
        return [fault("key", "unusable", why=error.text())]
    return [attention("key", "beside", file=DEFAULT_FILE)] if (folder / DEFAULT_FILE).is_file() else [fine("key")]


def _examined_lake(lake: Lake) -> tuple[list[str], list[Finding]]:
    """Names of the tables whose data can all be read, and what there is to say of the lake."""
    sound, found, files = [], [], 0
    for name in lake.names():
        if name.partition("/")[0] not in tables():
            found.append(fault("lake", "undeclared", table=name))
        lost, read = _read_through(lake, name)
        files += read
        if lost:
            found.append(fault("lake", "damaged", table=name, files=lost))
        else:
            sound.append(name)
    return sound, found or [fine("lake", tables=len(sound), files=files)]


def _read_through(lake: Lake, name: str) -> tuple[int, int]:
    """How many files of a table cannot be read, and how many can; a log that cannot be read is one file."""
    from deltalake.exceptions import DeltaError

    try:
        content = lake.dataset(name)
    except (DeltaError, OSError, pa.ArrowException):
        return 1, 0
    if content is None:
        return 1, 0
    readable = [_readable(fragment) for fragment in content.get_fragments()]
    return readable.count(False), readable.count(True)


def _readable(fragment) -> bool:
    try:
        for _ in fragment.to_batches():  # some rows at a time: a whole file need not fit into memory
            pass
    except (OSError, pa.ArrowException):
        return False
    return True


def _vault(folder: Path, lake: Lake, sound: Iterable[str]) -> list[Finding]:
    try:
        with Vault.open(folder / "vault.db", read_key(folder)) as vault:
            whole = fine("vault", imports=len(vault.committed()), schema=VERSION)
            audit = fine("audit") if vault.audit_intact() else fault("audit", "broken")
            with vault.writing():
                stored = {name: lake.import_ids(name) for name in sound}
                imports = vault.imports()
    except VaultError as error:
        return [fault("vault", "unusable", why=error.text())]
    except sqlcipher.DatabaseError:
        return [fault("vault", "unusable", why=say("lake.vault_damaged", file="vault.db"))]
    recorded = dict(zip(imports["import_id"], map(json.loads, imports["tables"]), strict=True))
    return [whole, audit, *_rows(stored, recorded, lake.names())]


def _rows(stored: dict[str, set[str]], recorded: dict[str, list[str]], names: list[str]) -> list[Finding]:
    """Rows that no committed import owns, and committed imports whose rows are gone.

    stored: table -> ids of the imports that have rows in it; recorded: committed import -> tables it wrote.
    """
    orphans = {name: n for name, ids in stored.items() if (n := len(ids - recorded.keys()))}
    left = [attention("rows", "orphans", table=name, imports=n) for name, n in orphans.items()]
    # a table that could not be read is told as such, and says nothing of its rows
    gone = {name: set() for wrote in recorded.values() for name in wrote if name not in names}
    lost = {}
    for name, ids in {**stored, **gone}.items():
        missing = {import_id for import_id, wrote in recorded.items() if name in wrote} - ids
        lost |= {name: len(missing)} if missing else {}
    return [*left, *(fault("rows", "lost", table=name, imports=n) for name, n in lost.items())] or [fine("rows")]


def _modes(folder: Path) -> list[Finding]:
    """Only POSIX says with a mode who gets in."""
    if os.name != "posix":
        return []
    private = [path for path in (folder, folder / "restricted") if path.is_dir()]
    is_open = [path for path in private if stat.S_IMODE(path.stat().st_mode) & 0o077]
    return [fault("modes", "open", folder=str(path)) for path in is_open] or [fine("modes")]


def _place(folder: Path) -> list[Finding]:
    around = [folder.resolve(), *folder.resolve().parents]
    found = [attention("place", "git", folder=str(path)) for path in around if (path / ".git").exists()]
    synced = [path for path in around if path.name.casefold().startswith(SYNCED)]
    return [*found, *(attention("place", "synced", folder=str(path)) for path in synced)] or [fine("place")]


def _disk(folder: Path) -> Finding:
    """There should be room for as much again: scoring once more or a backup needs about that."""
    used = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    free = shutil.disk_usage(folder).free
    room = {"free": f"{free / GIGABYTE:.1f}", "used": f"{used / GIGABYTE:.1f}"}
    return fine("disk", **room) if free > used else attention("disk", "little", **room)
