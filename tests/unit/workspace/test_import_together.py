"""Two imports at once: both land, none is taken for the remains of another."""

from threading import Thread
from time import sleep

import pytest
from import_actors import (
    ROSTER,
    STAFF,
    WAVE,
    check,
    held,
    import_ledger,
    import_roster,
    ledger,
    person_of_staff,
    pupil,
    two_processes,
    write_csv,
    write_ledger,
)

from xinyu_lib.lake import Lake
from xinyu_lib.lake.vault import Vault
from xinyu_lib.workspace import Workspace
from xinyu_lib.workspace.importing import sweep


@pytest.fixture(scope="module")
def pool():
    with two_processes() as pool:
        yield pool


def at_once(pool, ws, *files) -> list[str]:
    """Status of each roster, imported by a process of its own, all begun together."""
    return [each.result().status for each in [pool.submit(import_roster, ws.folder, file) for file in files]]


@pytest.mark.trials
def test_rosters_of_two_schools_imported_at_once_both_land(ws, tmp_path, pool, trial_count):
    rounds = trial_count(few=5, full=50)
    for turn in range(rounds):
        files = [
            write_csv(
                tmp_path / f"{school}-{turn}.csv",
                ROSTER,
                *[pupil(f"{school}{turn:02}{n}", school=school) for n in range(9)],
            )
            for school in ("0102", "0103")
        ]
        assert at_once(pool, ws, *files) == ["imported", "imported"]
    ws.refresh()
    roster = ws.read("pupil", wave=WAVE)
    assert roster["school"].value_counts().to_dict() == {"0102": 9 * rounds, "0103": 9 * rounds}
    with ws.vault() as vault:
        assert set(vault.keys().values()) == set(roster["pupil_key"])
    assert len(ws.committed) == 2 + 2 * rounds


def test_one_file_imported_twice_at_once_lands_once(ws, tmp_path, pool):
    for turn in range(4):
        file = write_csv(tmp_path / f"{turn}.csv", ROSTER, *[pupil(f"G{turn}{n}") for n in range(9)])
        assert sorted(at_once(pool, ws, file, file)) == ["already_imported", "imported"]
    ws.refresh()
    assert len(ws.lake.read("pupil", committed=ws.committed)) == 4 * 9


def test_a_pupil_whom_another_import_registered_meanwhile_keeps_that_key(ws, tmp_path, monkeypatch):
    writing, theirs = Vault.writing, []

    def after_another_import(vault):
        if not theirs:
            theirs.append("begun")
            import_roster(Workspace(ws.folder), tmp_path / "theirs.csv", pupil("G001"), pupil("G002"))
        return writing(vault)

    monkeypatch.setattr(Vault, "writing", after_another_import)
    import_roster(ws, tmp_path / "ours.csv", pupil("G001", school="0103"), pupil("G003", school="0103"))
    with ws.vault() as vault:
        keys = vault.keys()
    schools = ws.read("pupil", wave=WAVE).set_index("pupil_key")["school"].to_dict()
    assert schools == {keys["G001"]: "0103", keys["G002"]: "0102", keys["G003"]: "0103"}


def test_sweeping_waits_for_an_import_under_way_and_leaves_its_rows(ws, tmp_path, monkeypatch):
    write, removed = Lake.write, []
    sweeper = Thread(target=lambda: removed.append(sweep(Workspace(ws.folder))))

    def write_while_another_sweeps(lake, name, frame, **how):
        write(lake, name, frame, **how)
        sweeper.start()
        sleep(0.5)
        assert sweeper.is_alive()

    monkeypatch.setattr(Lake, "write", write_while_another_sweeps)
    import_roster(ws, tmp_path / "roster.csv", pupil("G001"))
    sweeper.join()
    assert removed == [{}]
    assert len(ws.read("pupil", wave=WAVE)) == 1


@pytest.mark.trials
def test_two_ledgers_at_once_both_land_and_nobody_of_staff_is_two_persons(ws, tmp_path, pool, trial_count):
    pupils = [f"G{n}" for n in range(9)]
    import_roster(ws, tmp_path / "roster.csv", *map(pupil, pupils))
    for turn in range(1, 1 + trial_count(few=4, full=40)):
        theirs = [[f"T{n:03d}", "白露", "0103", *person_of_staff("")[3:]] for n in range(turn)]
        files = [
            ledger(tmp_path / f"a{turn}.xlsx", pupils, staff=turn),
            write_ledger(tmp_path / f"b{turn}.xlsx", {"心育人员": [STAFF, *theirs]}),
        ]
        before = held(ws)
        landed = [each.result() for each in [pool.submit(import_ledger, ws.folder, file) for file in files]]
        assert [each.status for each in landed] == ["imported", "imported"]
        now = held(ws)
        assert now["staff"] - before.get("staff", 0) == 2 * turn
        assert (now["interview"], now["vault: words"], now["vault: staff"]) == (9 * turn, 9 * turn, turn)
        ws.refresh()
        staff = ws.read("staff")
        assert staff["school"].value_counts().to_dict() == {"0102": turn, "0103": turn}
        assert staff["staff_key"].nunique() == turn


@pytest.mark.trials
def test_one_ledger_imported_twice_at_once_lands_once(ws, tmp_path, pool, trial_count):
    import_roster(ws, tmp_path / "roster.csv", *[pupil(f"G{n}") for n in range(9)])
    for turn in range(1, 1 + trial_count(few=3, full=30)):
        file = ledger(tmp_path / f"{turn}.xlsx", [f"G{n}" for n in range(9)], staff=turn)
        landed = [each.result() for each in [pool.submit(import_ledger, ws.folder, file) for _ in range(2)]]
        assert sorted(each.status for each in landed) == ["already_imported", "imported"]
        now = held(ws)
        assert (now["interview"], now["vault: words"], now["vault: staff"]) == (9 * turn, 9 * turn, turn)


@pytest.mark.trials
def test_an_import_beside_a_check_lands_whole_and_only_remains_are_removed(ws, tmp_path, pool, trial_count):
    rounds = trial_count(few=4, full=40)
    for turn in range(rounds):
        rows = ws.read("class", wave=WAVE).drop(columns=["import_id", "valid_from"])
        ws.lake.write("class", rows, import_id=f"broken off {turn}", valid_from="2025-10-01")
        file = write_csv(tmp_path / f"{turn}.csv", ROSTER, *[pupil(f"G{turn}-{n}") for n in range(9)])
        imported, removed = pool.submit(import_roster, ws.folder, file), pool.submit(check, ws.folder)
        assert imported.result().status == "imported"
        assert removed.result() == {"class": 4}
        now = held(ws)
        assert (now["pupil"], now["vault: pupil"], now["class"]) == (9 * (turn + 1), 9 * (turn + 1), 4)
