"""Work that is killed at any moment is done in full or not at all, leaves nothing behind and can be done again."""

import shutil
from pathlib import Path
from random import Random
from time import perf_counter, sleep

import pytest
from import_actors import (
    ANSWERS,
    DAY,
    JOBS,
    ROSTER,
    SPAWN,
    WAVE,
    held,
    import_answers,
    import_roster,
    ledger,
    pupil,
    sheet,
    work,
    write_csv,
)

from xinyu_lib.workspace import Workspace
from xinyu_lib.workspace.doctor import FAULT, FINE, examine_workspace

pytestmark = pytest.mark.trials
N = 120
NUMBERS = [f"G{n:04d}" for n in range(N)]
FEW, FULL = 1, 30


@pytest.fixture
def prepared(ws, tmp_path):
    """A district with a roster and answers, a new roster and a ledger, and rows that broken-off imports left.

    Gives a fresh copy of the workspace for every call.
    """
    write_csv(tmp_path / "old.csv", ROSTER, *map(pupil, NUMBERS))
    import_roster(ws, tmp_path / "old.csv")
    answers = [sheet(number, f"{n % 4 + 1}1213{n % 3 + 1}4") for n, number in enumerate(NUMBERS)]
    import_answers(ws, write_csv(tmp_path / "answers.csv", ANSWERS, *answers))
    newcomers = [[*pupil(f"N{n:04d}"), str(n)] for n in range(N)]
    write_csv(tmp_path / "roster.csv", [*ROSTER, "班内学号"], *newcomers)
    ledger(tmp_path / "ledger.xlsx", NUMBERS)
    return lambda name: Workspace(shutil.copytree(ws.folder, tmp_path / name))


def begun(job: str, ws: Workspace, files: Path):
    """A process that begins to work now, and the end of the pipe where it says so."""
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=work, args=(job, ws.folder, files, theirs))
    process.start()
    assert ours.recv() == "ready"
    return process, ours


def seconds_of(job: str, ws: Workspace, files: Path) -> float:
    process, events = begun(job, ws, files)
    start = perf_counter()
    assert events.recv() == "done"
    seconds = perf_counter() - start
    process.join()
    return seconds


def killed(job: str, ws: Workspace, files: Path, after: float) -> None:
    process, _ = begun(job, ws, files)
    sleep(after)
    process.kill()
    process.join()


def require_sound(ws: Workspace) -> None:
    """What `xinyu check` and `xinyu doctor` look at: nothing lost, and after the check nothing left behind."""
    left = held(ws)
    assert [each for each in examine_workspace(ws.folder) if each.state == FAULT] == []
    with ws.vault() as vault:
        vault.require_intact_audit()
    ws.sweep()
    assert ws.suspect_keys() == []
    assert held(ws) == left
    rows = [each.state for each in examine_workspace(ws.folder) if each.what in ("rows", "lake", "vault", "audit")]
    assert set(rows) == {FINE}
    assert unnamed(ws) == set()


def unnamed(ws: Workspace) -> set[Path]:
    """Files of the lake that no table names: remains of writing."""
    lake, names = ws.lake, ws.lake.names()
    named = {lake.root / name / file for name in names for file in lake.dataset(name).files}
    named |= {file for name in names for file in (lake.root / name / "_delta_log").glob("*.json")}
    return {file for file in lake.root.rglob("*") if file.is_file()} - named


@pytest.mark.parametrize("job", ["ledger", "stretches", "score"])
def test_what_is_killed_is_done_in_full_or_not_at_all_and_can_be_done_again(prepared, tmp_path, trial_count, job):
    whole, random = prepared("whole"), Random(20251015)
    nothing = held(whole)
    seconds = seconds_of(job, whole, tmp_path)
    done = held(whole)
    require_sound(whole)
    for trial in range(trial_count(FEW, FULL)):
        ws = prepared(f"killed-{trial}")
        killed(job, ws, tmp_path, random.uniform(0, 1.3 * seconds))
        assert held(ws) in (nothing, done)
        require_sound(ws)
        if held(ws) == nothing:
            JOBS[job](ws.folder, tmp_path)
        assert held(ws) == done
        require_sound(ws)


def test_a_check_that_is_killed_takes_away_nothing_that_counts(prepared, tmp_path, trial_count):
    random = Random(20251016)
    first = with_remains(prepared("whole"))
    seconds = seconds_of("check", first, tmp_path)
    kept = held(first)
    for trial in range(trial_count(FEW, FULL)):
        ws = with_remains(prepared(f"killed-{trial}"))
        killed("check", ws, tmp_path, random.uniform(0, 1.2 * seconds))
        assert held(ws) == kept
        require_sound(ws)


def with_remains(ws: Workspace) -> Workspace:
    """Rows of imports that never were committed, beside those of two tables and in one of their own."""
    for name in ("pupil", "response/gad7"):
        rows = ws.read(name, wave=WAVE).drop(columns=["import_id", "valid_from"])
        for n in range(3):
            ws.lake.write(name, rows, import_id=f"broken off {n}", valid_from=DAY)
    ws.lake.write("signal", rows, import_id="broken off", valid_from=DAY)
    return ws


def test_a_vault_that_is_killed_in_writing_holds_whole_imports(prepared, tmp_path, trial_count):
    random, before = Random(20251017), held(prepared("untouched"))
    seconds = seconds_of("vault", prepared("whole"), tmp_path)
    for trial in range(trial_count(FEW, FULL)):
        ws = prepared(f"killed-{trial}")
        killed("vault", ws, tmp_path, random.uniform(0, 1.2 * seconds))
        now = held(ws)
        grown = {name: n - before.get(name, 0) for name, n in now.items() if n != before.get(name, 0)}
        imports = grown.get("vault: imports", 0)
        counted = {"pupil": 10 * imports, "words": 10 * imports, "imports": imports, "set aside": imports}
        assert grown == {f"vault: {name}": n for name, n in counted.items() if n}
        require_sound(ws)
