"""The command line run in this process, and a small district to run it on."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cli_files import CLASSES, MAPPING, PUPILS, SCHOOLS, SECRETS, WAVE, WAVES, write_csv

from xinyu_lib.cli import main
from xinyu_lib.provenance import file_digest
from xinyu_lib.workspace import Workspace


@dataclass(frozen=True)
class Ran:
    """What a command returned and what it showed, line by line."""

    code: int
    out: list[str]
    err: list[str]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in ("XINYU_LANG", "XINYU_WORKSPACE", "XINYU_VAULT_KEY", "XINYU_VAULT_KEYFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def xinyu(capsys) -> Callable[..., Ran]:
    """Runs `xinyu ARGUMENTS`; whatever it shows, no pupil's name, number or odd answer may be in it."""

    def run(*arguments: object) -> Ran:
        code = main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        assert not [secret for secret in SECRETS if secret in shown.out + shown.err]
        return Ran(code, shown.out.splitlines(), shown.err.splitlines())

    return run


@pytest.fixture(scope="session")
def roster_only(tmp_path_factory) -> Path:
    """A workspace with two schools, one wave and six pupils, and without answers; not to be changed."""
    folder = tmp_path_factory.mktemp("district")
    ws = Workspace.create(folder / "ws", title="东湖区")
    tables = {"school": SCHOOLS, "wave": WAVES, "class": CLASSES, "pupil": PUPILS}
    for table, rows in tables.items():
        wave = WAVE if table in {"class", "pupil"} else None
        ws.import_file(write_csv(folder / f"{table}.csv", rows), table=table, wave=wave, as_of="2025-09-01")
    return ws.folder


@pytest.fixture
def district(roster_only, tmp_path) -> Path:
    """A copy of that workspace, to be changed at will."""
    return Path(shutil.copytree(roster_only, tmp_path / "ws"))


@pytest.fixture
def mapping(tmp_path) -> Path:
    path = tmp_path / "gad7.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


@pytest.fixture
def everything_in() -> Callable[[Path], tuple]:
    """All that a workspace holds: what is committed, pupils, rows set aside, and every file of the lake."""

    def look(folder: Path) -> tuple:
        with Workspace(folder).vault() as vault:
            held = vault.committed(), len(vault.people()), len(vault.set_aside())
        return *held, {path: file_digest(path) for path in (folder / "lake").rglob("*") if path.is_file()}

    return look
