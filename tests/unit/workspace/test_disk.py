"""No key, no room, no right to write: one clear line with an exit code, nothing damaged, and it works again later."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from ctypes import CDLL
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
from import_actors import (
    ANSWERS,
    DAY,
    ROSTER,
    SPAWN,
    WAVE,
    held,
    import_answers,
    import_roster,
    pupil,
    sheet,
    told_with_little_room,
    write_csv,
)

from xinyu_lib.cli import main
from xinyu_lib.errors import VaultError, WorkspaceError
from xinyu_lib.lake.disk import on_disk
from xinyu_lib.provenance import file_digest
from xinyu_lib.words import say
from xinyu_lib.workspace import Workspace
from xinyu_lib.workspace.doctor import FAULT, examine_workspace

NUMBERS = [f"G{n:04d}" for n in range(300)]
REFUSED = {14: "WorkspaceError", 15: "VaultError"}
LINE = re.compile(r"^× .+[。.]$", re.M)
XINYU = [sys.executable, "-c", "import sys; from xinyu_lib.cli import main; sys.exit(main())"]


@pytest.fixture
def district(ws, tmp_path) -> Workspace:
    """A roster, its answers, rows that a broken-off import left, and a second roster that is yet to come."""
    import_roster(ws, tmp_path / "old.csv", *map(pupil, NUMBERS[:20]))
    import_answers(ws, write_csv(tmp_path / "answers.csv", ANSWERS, *map(sheet, NUMBERS[:20])))
    write_csv(tmp_path / "new.csv", ROSTER, *map(pupil, NUMBERS[20:]))
    rows = ws.read("pupil", wave=WAVE).drop(columns=["import_id", "valid_from"])
    ws.lake.write("pupil", rows, import_id="broken off", valid_from=DAY)
    return ws


def command(name: str, ws: Workspace) -> list[str]:
    """A command that writes, as it is typed."""
    typed = {
        "import": ["import", ws.folder.parent / "new.csv", "--table", "pupil", "--wave", WAVE, "--as-of", DAY],
        "score": ["score", "--wave", WAVE, "--as-of", DAY],
        "check": ["check"],
    }
    return [*map(str, typed[name]), "-w", str(ws.folder)]


COMMANDS = ("import", "score", "check")


def is_one_line(code: int, told: str) -> bool:
    return code in REFUSED and len(LINE.findall(told)) == 1 and "Traceback" not in told


def require_unharmed(folder: Path, before: dict[str, int]) -> None:
    """Nothing that counts is lost or new, `xinyu check` finds all whole, and what failed can be done."""
    ws = Workspace(folder)
    assert held(ws) == before
    assert [each for each in examine_workspace(folder) if each.state == FAULT] == []
    with ws.vault() as vault:
        vault.require_intact_audit()
    ws.sweep()
    assert held(ws) == before
    assert all(ws.lake.import_ids(name) <= {*ws.committed} for name in ws.lake.names())
    assert import_roster(ws, folder.parent / "new.csv").rows_kept == 280
    assert ws.score_wave(WAVE, as_of=DAY)["sheets"].tolist() == [20]


@pytest.mark.trials
@pytest.mark.skipif(os.name != "posix", reason="only POSIX limits the size of files")
def test_files_that_may_not_grow_end_in_one_line_and_harm_nothing(district, tmp_path, trial_count):
    before, random, outcomes = held(district), Random(20251018), set()
    with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        for trial in range(trial_count(few=6, full=60)):
            folder = tmp_path / f"{trial}" / "ws"
            shutil.copytree(district.folder, folder)
            shutil.copy(tmp_path / "new.csv", folder.parent)
            name = COMMANDS[trial % 3]
            room = int(2 ** random.uniform(8, 18))
            code, told = pool.submit(told_with_little_room, room, command(name, Workspace(folder))).result()
            outcomes.add(code)
            if code:
                assert is_one_line(code, told), told
                require_unharmed(folder, before)
            shutil.rmtree(folder.parent)
    assert outcomes & {*REFUSED}


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 2 MB; only who may mount has one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", place], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a small disk has to be mounted, which this account may not: " + mounted.stderr.decode().strip())
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.mark.trials
def test_a_full_disk_ends_in_one_line_and_harms_nothing(district, small_disk, trial_count):
    before, random, outcomes = held(district), Random(20251019), set()
    for trial in range(trial_count(few=3, full=40)):
        folder = Path(shutil.copytree(district.folder, small_disk / "ws"))
        shutil.copy(district.folder.parent / "new.csv", small_disk)
        name = COMMANDS[trial % 3]
        room = random.choice([0, 4096, random.randrange(300_000)])
        filler = small_disk / "filler"
        filler.write_bytes(bytes(max(0, shutil.disk_usage(small_disk).free - room)))
        ran = subprocess.run([*XINYU, *command(name, Workspace(folder))], capture_output=True, text=True, check=False)
        filler.unlink()
        outcomes.add(ran.returncode)
        if ran.returncode:
            assert ran.returncode in REFUSED
            assert LINE.fullmatch(ran.stderr.strip()), ran.stderr
            require_unharmed(folder, before)
        shutil.rmtree(folder)
    assert outcomes & {*REFUSED}


def without_override() -> None:
    """Root may write where nobody may: the right to do so is given up for what is started from here."""
    prctl, drop_from_bounding_set, overrides = CDLL(None).prctl, 24, (1, 2)
    for capability in overrides:
        prctl(drop_from_bounding_set, capability, 0, 0, 0)


def tree(folder: Path) -> dict[Path, str]:
    return {path: file_digest(path) for path in folder.rglob("*") if path.is_file()}


CLOSED: dict[str, Callable[[Path], list[Path]]] = {
    "everything": lambda folder: [folder, *folder.rglob("*")],
    "folder": lambda folder: [folder],
    "lake": lambda folder: [path for path in [folder / "lake", *(folder / "lake").rglob("*")] if path.is_dir()],
    "vault": lambda folder: [folder / "vault.db"],
}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere root cannot give up its right to write everywhere")
@pytest.mark.parametrize(
    ("closed", "name"),
    [("everything", "import"), ("folder", "score"), ("lake", "check"), ("vault", "import")],
)
def test_what_may_not_be_written_ends_in_one_line_and_is_as_it_was(district, closed, name):
    before, content = held(district), tree(district.folder)
    modes = {path: path.stat().st_mode for path in CLOSED[closed](district.folder)}
    for path in modes:
        path.chmod(0o500 if path.is_dir() else 0o400)
    ran = subprocess.run(
        [*XINYU, *command(name, district)], capture_output=True, text=True, check=False, preexec_fn=without_override
    )
    for path, mode in modes.items():
        path.chmod(mode)
    assert ran.returncode in REFUSED, ran.stderr
    assert LINE.findall(ran.stderr) == ran.stderr.splitlines()[-1:]
    assert "没有读写" in ran.stderr
    if closed == "everything":
        assert tree(district.folder) == content
    require_unharmed(district.folder, before)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere root cannot give up its right to read everywhere")
def test_a_workspace_that_may_only_be_read_is_read(district):
    for path in CLOSED["everything"](district.folder):
        path.chmod(0o500 if path.is_dir() else 0o400)
    reads = f"from xinyu_lib.workspace import Workspace as W; print(len(W({str(district.folder)!r}).read('pupil')))"
    ran = subprocess.run(
        [sys.executable, "-c", reads], capture_output=True, text=True, check=True, preexec_fn=without_override
    )
    assert ran.stdout.split() == ["20"]


def with_another_key(folder: Path) -> None:
    (folder / "vault.key").write_text("ab" * 32)


def with_a_page_less(folder: Path) -> None:
    os.truncate(folder / "vault.db", (folder / "vault.db").stat().st_size - 4096)


def with_half_the_vault(folder: Path) -> None:
    os.truncate(folder / "vault.db", (folder / "vault.db").stat().st_size // 2 + 7)


def with_an_open_key(folder: Path) -> None:
    (folder / "vault.key").chmod(0o644)


SPOILT = {
    with_another_key: "lake.vault_damaged",
    with_a_page_less: "lake.vault_damaged",
    with_half_the_vault: "lake.vault_damaged",
    with_an_open_key: "lake.key_open_to_others",
}


@pytest.mark.parametrize("spoilt", SPOILT, ids=lambda spoilt: spoilt.__name__)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_key_or_vault_that_is_not_right_ends_in_one_line_and_touches_nothing(district, capsys, spoilt, name):
    spoilt(district.folder)
    content = tree(district.folder)
    assert main(command(name, district)) == VaultError.exit_code
    file = "vault.key" if spoilt is with_an_open_key else "vault.db"
    assert capsys.readouterr().err == f"× {say(SPOILT[spoilt], file=file)}\n"
    assert tree(district.folder) == content


@pytest.mark.parametrize("spoilt", [with_another_key, with_an_open_key], ids=lambda spoilt: spoilt.__name__)
def test_with_the_right_key_all_is_there_again(district, spoilt):
    key, before = (district.folder / "vault.key").read_text(), held(district)
    spoilt(district.folder)
    (district.folder / "vault.key").write_text(key)
    (district.folder / "vault.key").chmod(0o600)
    require_unharmed(district.folder, before)


@pytest.mark.parametrize(
    ("error", "message_id"),
    [
        (OSError(28, "No space left on device"), "lake.no_space"),
        (OSError(122, "Disk quota exceeded"), "lake.no_space"),
        (OSError(13, "Permission denied"), "lake.no_access"),
        (OSError(30, "Read-only file system"), "lake.no_access"),
        (OSError(5, "Input/output error"), "lake.disk_failed"),
        (OSError("Generic LocalFileSystem error: Permission denied (os error 13)"), "lake.no_access"),
        (RuntimeError("Unable to copy data to file: No space left on device (os error 28)"), "lake.no_space"),
    ],
    ids=str,
)
@pytest.mark.skipif(sys.platform != "linux", reason="these are the numbers of Linux")
def test_what_a_disk_refuses_is_told_by_the_number_of_the_error(error, message_id):
    with pytest.raises(WorkspaceError) as caught, on_disk("pupil"):
        raise error
    assert (caught.value.message_id, caught.value.fields["what"]) == (message_id, "pupil")


@pytest.mark.parametrize("error", [FileNotFoundError(2, "No such file"), KeyError("x"), ValueError("(os error)")])
def test_a_bug_is_not_taken_for_a_full_disk(error):
    with pytest.raises(type(error)), on_disk("pupil"):
        raise error


def test_rows_for_which_there_is_no_room_are_not_begun(ws, monkeypatch):
    rows = ws.read("class", wave=WAVE).drop(columns=["import_id", "valid_from"])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(WorkspaceError) as caught:
        ws.lake.write("class", rows, import_id="i", valid_from=DAY)
    assert caught.value.message_id == "lake.no_space"
    assert "i" not in ws.lake.import_ids("class")
