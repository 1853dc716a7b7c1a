"""Sheets and records the tests of this room are about, and what other processes do to the store meanwhile."""

import os
import signal
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from xinyu_lib.lake import Lake
from xinyu_lib.lake.vault import CommitRecord, Vault

KEY = "0123456789abcdef" * 4
WAVE = "2025-2026-autumn"
ANNA, BO = "a1" * 16, "b2" * 16
POINTS = ("one table written", "both tables written", "vault transaction open", "committed")
SPAWN = get_context("spawn")


def sheet(*pupils: str, school: str = "036011", **answers) -> pd.DataFrame:
    """Answers of some pupils to two items; the first item is unanswered by the last pupil."""
    first = pd.array([*range(len(pupils) - 1), None], dtype="Int8")
    return pd.DataFrame({"wave": WAVE, "school": school, "pupil_key": list(pupils), "phq9_1": first} | answers)


def introduce(vault: Vault, *rows: tuple[str, str | None], kind: str = "pupil") -> None:
    """Persons by number and name."""
    vault.introduce(kind, pd.DataFrame(rows, columns=["number", "name"], dtype="str"))


def record(import_id: str, source_digest: str = "d") -> CommitRecord:
    return CommitRecord(
        import_id=import_id, kind="file", source_digest=source_digest, tables=("response/phq9",), wave=WAVE, rows_in=3,
        rows_kept=2, rows_set_aside=1, valid_from="2025-10-01", detail={"file": "七年级.csv"},
    )  # fmt: skip


def run(*jobs: tuple) -> list[int]:
    """Run each (function, *arguments) in a process of its own, all at once; their exit codes."""
    processes = [SPAWN.Process(target=job[0], args=job[1:]) for job in jobs]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def import_and_die(folder: Path, point: str) -> None:
    """One import of two tables and a newcomer, killed at a point of it."""
    lake, vault = Lake(folder / "lake"), Vault.open(folder / "vault.db", KEY)
    lake.write("response/phq9", sheet(ANNA, BO), import_id="i1", valid_from="2025-10-01")
    _die_at(POINTS[0], point)
    lake.write(
        "administration", sheet(ANNA, BO)[["wave", "school", "pupil_key"]], import_id="i1", valid_from="2025-10-01"
    )
    _die_at(POINTS[1], point)
    vault._connection.set_trace_callback(
        lambda statement: "set_aside VALUES" in statement and _die_at(POINTS[2], point)
    )
    aside = pd.DataFrame({"row": [4], "reason": ["duplicate"], "column": [None], "allowed": [None], "content": ["{}"]})
    with vault.writing():
        introduce(vault, ("0001", "安娜"), ("0002", "博"))
        vault.commit(record("i1"), set_aside=aside)
    _die_at(POINTS[3], point)


def _die_at(here: str, point: str) -> None:
    if here == point:
        os.kill(os.getpid(), signal.SIGKILL)


def write_imports(root: Path, writer: str, count: int, start) -> None:
    """Write imports one after the other, each with a column no other has: every write changes the schema."""
    lake = Lake(root)
    start.wait()
    for number in range(count):
        mark = {f"{writer}_{number}": pd.array([number], dtype="Int8")}
        lake.write("response/phq9", sheet(ANNA, **mark), import_id=f"{writer}-{number}", valid_from="2025-10-01")


def log_entries(path: Path, who: str, count: int, start) -> None:
    """Add to the audit chain, again and again."""
    with Vault.open(path, KEY) as vault:
        start.wait()
        for number in range(count):
            vault.log("2025-10-01T08:00:00", who, f"entry {number} " + "x" * 3000)


def log_and_die(path: Path) -> None:
    """Killed while it has the vault for itself."""
    vault = Vault.open(path, KEY)
    with vault.writing():
        vault.log("2025-10-01T08:00:00", "x", "never finished")
        os.kill(os.getpid(), signal.SIGKILL)
