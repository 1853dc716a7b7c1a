"""The workspace folder: settings, lake and vault; and what may be read from it.

Readers see committed rows only. With the vault key the commit record is read from the vault; a report's kernel never
holds the key and gets the list of committed imports as a snapshot file instead.
"""

import json
import os
import tomllib
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pandas as pd

from xinyu_lib.errors import WorkspaceError
from xinyu_lib.lake import Lake
from xinyu_lib.lake.newest import Newest
from xinyu_lib.lake.vault import Vault, new_key_file, read_key
from xinyu_lib.scoring import SuspectKey
from xinyu_lib.tables import load_table
from xinyu_lib.workspace.importing import ImportResult, import_file, sweep
from xinyu_lib.workspace.keys import suspect_keys
from xinyu_lib.workspace.releases import Releases
from xinyu_lib.workspace.streams import Progress, score_wave
from xinyu_lib.workspace.tiering import tier_wave

SNAPSHOT = "XINYU_SNAPSHOT"
WORKSPACE = "XINYU_WORKSPACE"
DEFAULT = "data/demo"


class Workspace:
    """A district's workspace, e.g. `Workspace("data/demo")`. Raises WorkspaceError when the folder is not one."""

    def __init__(self, folder: str | Path, *, committed: tuple[str, ...] | None = None):
        self.folder = Path(folder)
        settings = self.folder / "workspace.toml"
        if not settings.is_file():
            raise WorkspaceError("workspace.not_one", folder=str(folder))
        self.settings = _settings(settings)
        self.lake = Lake(self.folder / "lake")
        self.known = None  # see `knowing.known_for`
        self.hidden_cells: dict[tuple[str, ...], bool] | None = None  # the plan of the run that a report belongs to
        if committed is not None:
            self.committed = committed

    @classmethod
    def create(cls, folder: str | Path, *, title: str, policy: str = "donghu-2025", demo: bool = False) -> "Workspace":
        """Make a new, empty workspace with a vault and a key file of its own. Never touches an existing one."""
        folder = Path(folder)
        if folder.exists() and not folder.is_dir():
            raise WorkspaceError("workspace.not_folder", folder=str(folder))
        if folder.exists() and any(folder.iterdir()):
            raise WorkspaceError("workspace.not_empty", folder=str(folder))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        (folder / "restricted").mkdir(mode=0o700)
        new_key_file(folder / "vault.key")
        Vault.create(folder / "vault.db", read_key(folder)).close()
        lines = [
            f"title = {json.dumps(title, ensure_ascii=False)}",
            f'policy = "{policy}"',
            f"demo = {str(demo).lower()}",
        ]
        (folder / "workspace.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return cls(folder)

    @classmethod
    def current(cls) -> "Workspace":
        """The workspace a notebook runs in: a report run's snapshot, `XINYU_WORKSPACE`, or `data/demo`."""
        if SNAPSHOT in os.environ:
            snapshot = json.loads(Path(os.environ[SNAPSHOT]).read_text(encoding="utf-8"))
            ws = cls(snapshot["folder"], committed=tuple(snapshot["committed"]))
            ws.hidden_cells = {tuple(key): hidden for key, hidden in snapshot.get("hidden_cells", [])}
            return ws
        return cls(os.environ.get(WORKSPACE) or _beside_here(DEFAULT))

    @contextmanager
    def vault(self):
        """The vault, open for the length of a `with` block. Raises WorkspaceError inside a report."""
        if SNAPSHOT in os.environ:
            raise WorkspaceError("workspace.no_vault_here")
        vault = Vault.open(self.folder / "vault.db", read_key(self.folder))
        try:
            yield vault
        finally:
            vault.close()

    @property
    def releases(self) -> Releases:
        """The release ledger; see `xinyu_lib.workspace.releases`."""
        return Releases(self.vault)

    @cached_property
    def committed(self) -> tuple[str, ...]:
        """Ids of committed imports in commit order."""
        with self.vault() as vault:
            return vault.committed()

    def inputs(self) -> list[str]:
        """Digest of every committed import that is read here, in commit order: what results rest on."""
        read = len(self.committed)
        with self.vault() as vault:
            return list(vault.imports()["source_digest"])[:read]  # what came later was not read

    def refresh(self) -> None:
        """Forget what was committed when it was last read."""
        self.__dict__.pop("committed", None)

    def snapshot(self) -> dict:
        """What a report's kernel needs to read this workspace without the key."""
        return {"folder": str(self.folder.resolve()), "committed": list(self.committed)}

    def read(self, name: str, *, wave: str | None = None, school: str | None = None) -> pd.DataFrame:
        """Committed rows of a table (`pupil`, `response/phq9`), the newest per key; if none, empty columns."""
        table = load_table(name.partition("/")[0])
        frame = self.lake.read(name, committed=self.committed, wave=wave, school=school, latest_by=table.key)
        return (
            frame if len(frame.columns) else pd.DataFrame({column: pd.Series(dtype="str") for column in table.stored})
        )

    def newest(self, name: str, *, wave: str) -> Newest:
        """Committed rows of one wave in a table of pupils, the newest per pupil, to be taken school by school."""
        return Newest(self.lake, name, committed=self.committed, wave=wave)

    def scales(self, kind: str = "response") -> list[str]:
        """Ids of the scales that have stored rows of this kind (`response` or `score`)."""
        return [name.partition("/")[2] for name in self.lake.names() if name.startswith(f"{kind}/")]

    def sql(self, query: str) -> pd.DataFrame:
        """Answer a question in DuckDB SQL over the committed rows; `response/phq9` is called `response_phq9`."""
        import duckdb

        with duckdb.connect() as connection:
            for name in self.lake.names():
                connection.register(name.replace("/", "_"), self.read(name))
            return connection.sql(query).df()

    def import_file(self, path: str | Path, **how) -> ImportResult:
        """Import one file; see `xinyu_lib.workspace.importing.import_file`."""
        return import_file(self, Path(path), **how)

    def sweep(self) -> dict[str, int]:
        """Remove what broken-off imports left behind; rows removed per table."""
        return sweep(self)

    def score_wave(self, wave: str, *, as_of: str, progress: Progress | None = None) -> pd.DataFrame:
        """Score every answer sheet of a wave; see `xinyu_lib.workspace.streams.score_wave`."""
        self.refresh()
        return score_wave(self, wave, as_of=as_of, progress=progress)

    def suspect_keys(self, wave: str | None = None) -> list[tuple[str, SuspectKey]]:
        """Scales that look already reversed or wrongly keyed, by wave; see `xinyu_lib.workspace.keys`."""
        self.refresh()
        return suspect_keys(self, wave)

    def tier_wave(self, wave: str, *, as_of: str, policy: str | None = None) -> pd.DataFrame:
        """Give every pupil of a wave a provisional tier; see `xinyu_lib.workspace.tiering.tier_wave`."""
        self.refresh()
        return tier_wave(self, wave, as_of=as_of, policy=policy or self.settings["policy"])


def _beside_here(folder: str) -> Path:
    """The folder under the working directory or the nearest directory above it that has one."""
    here = Path.cwd()
    return next((p / folder for p in [here, *here.parents] if (p / folder).is_dir()), Path(folder))


def _settings(path: Path) -> dict:
    """Title and policy of a workspace. Raises WorkspaceError for a file that is damaged."""
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorkspaceError("workspace.settings_damaged", folder=str(path.parent)) from error
    if not {"title", "policy"} <= settings.keys():
        raise WorkspaceError("workspace.settings_damaged", folder=str(path.parent))
    return settings
