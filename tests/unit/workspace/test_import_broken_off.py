"""An import that fails or is killed anywhere is there in full or not at all, and can be made again."""

import shutil
from random import Random
from time import perf_counter, sleep

import pytest
from import_actors import (
    ANSWERS,
    DAY,
    INTERVIEWS,
    ROSTER,
    SPAWN,
    STAFF,
    WAVE,
    held,
    import_answers,
    import_both,
    import_roster,
    person_of_staff,
    pupil,
    sheet,
    write_csv,
    write_ledger,
)

from xinyu_lib.census.rawfile import RawFile
from xinyu_lib.errors import ImportRefused
from xinyu_lib.lake import Lake
from xinyu_lib.lake.vault import Vault
from xinyu_lib.workspace import Workspace
from xinyu_lib.workspace.importing import sweep

N = 200
TABLES = ("pupil", "administration", "response/gad7")


def visible(ws) -> list[int]:
    """Rows that a reader sees, by table, and pupils in the vault."""
    with ws.vault() as vault:
        return [*(len(ws.read(name, wave=WAVE)) for name in TABLES), len(vault.people())]


def test_an_import_that_fails_before_its_commit_never_was(ws, tmp_path, monkeypatch):
    def disk_full(*_, **__):
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(Vault, "commit", disk_full)
        with pytest.raises(OSError, match="disk full"):
            import_roster(ws, tmp_path / "roster.csv", pupil("G001"), pupil("G002", "博"))
    (orphan,) = ws.lake.import_ids("pupil")
    assert visible(ws) == [0, 0, 0, 0]
    assert sweep(ws) == {"pupil": 2}
    assert not any(orphan.encode() in path.read_bytes() for path in ws.lake.root.rglob("pupil/**/*.parquet"))
    assert import_roster(ws, tmp_path / "roster.csv").status == "imported"
    assert visible(ws) == [2, 0, 0, 2]
    assert sweep(ws) == {}


def test_an_import_that_fails_at_its_second_table_never_was(ws, tmp_path, monkeypatch):
    import_roster(ws, tmp_path / "roster.csv", pupil("G001"))
    write = Lake.write

    def fail_at_answers(lake, name, frame, **how):
        if name == "response/gad7":
            raise OSError("disk full")
        write(lake, name, frame, **how)

    with monkeypatch.context() as broken:
        broken.setattr(Lake, "write", fail_at_answers)
        with pytest.raises(OSError, match="disk full"):
            import_answers(ws, tmp_path / "answers.csv", sheet("G001"))
    assert visible(ws) == [1, 0, 0, 1]
    assert sweep(ws) == {"administration": 1}
    import_answers(ws, tmp_path / "answers.csv")
    assert visible(ws) == [1, 1, 1, 1]


def refused_at_its_second_sheet(ws, folder):
    sheets = {"心育人员": [STAFF, person_of_staff("T001")], "约谈": [INTERVIEWS[:2], ["G001", "2025-10-16"]]}
    ws.import_file(write_ledger(folder / "ledger.xlsx", sheets), as_of=DAY)


def refused_at_its_second_stretch(ws, folder):
    (folder / "roster.csv").write_text(f"{','.join(ROSTER)}\n" + f"{','.join(pupil('G001'))}\n" * 99 + '"torn', "utf-8")
    import_roster(ws, folder / "roster.csv")


@pytest.mark.parametrize("refused", [refused_at_its_second_sheet, refused_at_its_second_stretch])
def test_a_file_that_is_refused_half_way_leaves_nothing(ws, tmp_path, monkeypatch, refused):
    monkeypatch.setattr(RawFile.stretches, "__defaults__", (4,))
    before = held(ws)
    with pytest.raises(ImportRefused):
        refused(ws, tmp_path)
    assert held(ws) == before
    assert sweep(ws) == {}


@pytest.fixture
def prepared(ws, tmp_path):
    """A roster and its answers, ready to be imported, and a fresh copy of the workspace for every call."""
    numbers = [f"G{n:04d}" for n in range(N)]
    write_csv(tmp_path / "roster.csv", ROSTER, *map(pupil, numbers))
    write_csv(tmp_path / "answers.csv", ANSWERS, *map(sheet, numbers))
    return lambda name: Workspace(shutil.copytree(ws.folder, tmp_path / name))


def begun(ws, files):
    """A process that begins to import now, and the end of the pipe where it says so."""
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=import_both, args=(ws.folder, files, theirs))
    process.start()
    assert ours.recv() == "ready"
    return process, ours


def seconds_of_an_import(ws, files) -> float:
    process, events = begun(ws, files)
    start = perf_counter()
    assert events.recv() == "done"
    seconds = perf_counter() - start
    process.join()
    return seconds


@pytest.mark.trials
def test_an_import_killed_at_any_moment_is_there_in_full_or_not_at_all(prepared, tmp_path, trial_count):
    whole, random = prepared("whole"), Random(20251015)
    seconds = seconds_of_an_import(whole, tmp_path)
    assert visible(whole) == [N, N, N, N]
    for trial in range(trial_count(few=2, full=40)):
        ws = prepared(f"killed-{trial}")
        process, _ = begun(ws, tmp_path)
        sleep(random.uniform(0, 1.5 * seconds))  # now and then after the end: not every run is as fast
        process.kill()
        process.join()
        left = visible(ws)
        assert left in ([0, 0, 0, 0], [N, 0, 0, N], [N, N, N, N])
        sweep(ws)
        assert visible(ws) == left
        import_roster(ws, tmp_path / "roster.csv")
        import_answers(ws, tmp_path / "answers.csv")
        assert visible(ws) == [N, N, N, N]
        assert all(ws.lake.import_ids(name) <= {*ws.committed} for name in TABLES)
        assert sweep(ws) == {}
