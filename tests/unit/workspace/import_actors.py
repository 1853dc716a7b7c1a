"""Small files as schools send them, and what other processes do to the workspace meanwhile."""

import csv
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import sleep

from xinyu_lib.workspace import ImportResult, Workspace

WAVE = "2025-2026-autumn"
DAY = "2025-10-01"
SPAWN = get_context("spawn")
ROSTER = ["学校代码", "班级代码", "年级", "学籍号", "姓名", "性别"]
ANSWERS = ["序号", "提交答卷时间", "所用时间", "1、学籍号", *[f"{n}、第{n - 1}题" for n in range(2, 9)]]
MAPPING = """
layout = "wenjuanxing-number"
[columns]
number = "1、学籍号"
submitted_at = "提交答卷时间"
seconds = "所用时间"
[[scales]]
id = "gad7"
questions = [2, 8]
codes = { 1 = 0, 2 = 1, 3 = 2, 4 = 3 }
"""


def pupil(number: str, name: str = "安娜", *, school: str = "0102", class_id: str = "0401") -> list[str]:
    return [school, class_id, "4", number, name, "女"]


def sheet(number: str, answers: str = "1111111") -> list[str]:
    """One row of an answer file: an answer per character, `_` for a blank."""
    return ["1", "2025/10/15 9:30:05", "60秒", number, *["" if each == "_" else each for each in answers]]


def write_csv(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def new_workspace(folder: Path) -> Workspace:
    """A workspace with two schools of two classes each, and the mapping of GAD-7 beside it."""
    (folder / "gad7.toml").write_text(MAPPING, encoding="utf-8")
    schools = [["学校代码", "学校名称", "学校类型"], ["0102", "示范小学", "小学"], ["0103", "东湖小学", "小学"]]
    places = [(school, class_id) for school in ("0102", "0103") for class_id in ("0401", "0402")]
    classes = [["学校代码", "班级代码", "年级"], *[[*place, "4"] for place in places]]
    ws = Workspace.create(folder / "ws", title="东湖")
    ws.import_file(write_csv(folder / "schools.csv", *schools), table="school", as_of=DAY)
    ws.import_file(write_csv(folder / "classes.csv", *classes), table="class", wave=WAVE, as_of=DAY)
    return ws


def import_roster(ws: Workspace | Path, path: Path, *rows: list[str], as_of: str = DAY) -> ImportResult:
    """Write a roster and import it; without rows, import the one that is there."""
    if rows:
        write_csv(path, ROSTER, *rows)
    return _opened(ws).import_file(path, table="pupil", wave=WAVE, as_of=as_of)


def import_answers(ws: Workspace | Path, path: Path, *rows: list[str]) -> ImportResult:
    """Write answers to GAD-7 and import them; without rows, import those that are there."""
    if rows:
        write_csv(path, ANSWERS, *rows)
    return _opened(ws).import_file(path, mapping=path.parent / "gad7.toml", wave=WAVE, as_of=DAY)


def _opened(ws: Workspace | Path) -> Workspace:
    return Workspace(ws) if isinstance(ws, Path) else ws


def import_both(ws: Path, files: Path, events) -> None:
    """Import `roster.csv` and then `answers.csv`; says when it begins and when it is done."""
    _warm()
    events.send("ready")
    import_roster(ws, files / "roster.csv")
    import_answers(ws, files / "answers.csv")
    events.send("done")


def two_processes() -> ProcessPoolExecutor:
    """A pool of two processes that have all they need imported, so that what they are given begins at once."""
    pool = ProcessPoolExecutor(2, mp_context=SPAWN)
    for started in [pool.submit(_warm) for _ in range(2)]:
        started.result()
    return pool


def _warm() -> None:
    import deltalake
    import python_calamine

    assert deltalake.__version__
    assert python_calamine.CalamineWorkbook
    sleep(0.2)  # long enough that the other one is not given to the same process
