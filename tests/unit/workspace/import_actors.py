"""Small files as schools send them, and what other processes do to the workspace meanwhile."""

import csv
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from secrets import token_hex
from time import sleep

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from xlsxwriter import Workbook

from xinyu_lib.census.problems import COLUMNS
from xinyu_lib.census.rawfile import RawFile
from xinyu_lib.cli import main
from xinyu_lib.lake.vault import CommitRecord, new_import_id
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


STAFF = ["工号", "姓名", "学校代码", "岗位", "折算人数", "任职日期", "离任日期"]
ROOMS = ["学校代码", "功能区编号", "功能", "面积（平方米）", "启用日期"]
INTERVIEWS = ["学籍号", "约谈日期", "约谈人工号", "约谈所见", "约谈结果", "约谈记录"]


def person_of_staff(number: str, name: str = "白露") -> list[str]:
    return [number, name, "0102", "心理教师、班主任", "0.5", "2025-09-01", ""]


def room(record: str) -> list[str]:
    return ["0102", record, "个别辅导", "12.5", "2025-09-01"]


def interview(number: str, staff: str, words: str = "谈了考试") -> list[str]:
    return [number, "2025-10-16", staff, "情绪困扰或轻度受损", "提出等级意见", words]


def write_ledger(path: Path, sheets: dict[str, list[list]]) -> Path:
    """A workbook with a sheet per table: label -> its rows, the header first."""
    with Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm:ss", "strings_to_urls": False}) as book:
        for label, rows in sheets.items():
            page = book.add_worksheet(label)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
    return path


def ledger(path: Path, pupils: list[str], *, staff: int = 4) -> Path:
    """Staff, a room for each and an interview with every pupil, with words about it."""
    numbers = [f"T{n:03d}" for n in range(staff)]
    talks = [interview(pupil, numbers[n % staff], f"谈话{n}") for n, pupil in enumerate(pupils)]
    sheets = {
        "约谈": [INTERVIEWS, *talks],
        "心理辅导室": [ROOMS, *map(room, numbers)],
        "心育人员": [STAFF, *map(person_of_staff, numbers)],
    }
    return write_ledger(path, sheets)


IN_THE_VAULT = {
    "pupil": "FROM person WHERE kind = 'pupil'",
    "staff": "FROM person WHERE kind = 'staff'",
    "words": "FROM words",
    "set aside": "FROM set_aside",
    "imports": "FROM import",
}


def held(ws: Workspace) -> dict[str, int]:
    """All that a workspace holds and a reader may see: committed rows by table, persons, words, rows set aside."""
    with ws.vault() as vault:
        committed = pa.array(vault.committed(), pa.string())
        kept = {f"vault: {name}": vault._connection.execute(f"SELECT count(*) {rows}").fetchone()[0]
                for name, rows in IN_THE_VAULT.items()}  # fmt: skip
    mine = ds.field("import_id").isin(committed)
    rows = {name: ws.lake.dataset(name).count_rows(filter=mine) for name in ws.lake.names()}
    return {name: n for name, n in (rows | kept).items() if n}


def import_ledger(ws: Path, path: Path) -> ImportResult:
    return Workspace(ws).import_file(path, as_of=DAY)


def check(ws: Path) -> dict[str, int]:
    """What `xinyu check` does: rows removed by table."""
    with Workspace(ws).vault() as vault:
        vault.require_intact_audit()
    return Workspace(ws).sweep()


def work(job: str, ws: Path, files: Path, events) -> None:
    """Do one of `JOBS`; says when it begins and when it is done."""
    _warm()
    events.send("ready")
    JOBS[job](ws, files)
    events.send("done")


def _import_in_stretches(ws: Path, files: Path) -> None:
    with pytest.MonkeyPatch.context() as short:
        short.setattr(RawFile.stretches, "__defaults__", (30,))
        import_roster(ws, files / "roster.csv")


def _write_vault(ws: Path, _: Path) -> None:
    """Twenty imports one after the other, each with ten new persons, ten words and one row set aside."""
    with Workspace(ws).vault() as vault:
        for _ in range(20):
            import_id, numbers = new_import_id(), [token_hex(8) for _ in range(10)]
            aside = pd.DataFrame([["", 2, "bad_value", "学籍号", "", "[]"]], columns=COLUMNS)
            words = {"table": "pupil", "row_key": numbers, "column": "class_number", "value": "07"}
            with vault.writing():
                vault.introduce("pupil", pd.DataFrame({"number": numbers, "name": "安娜"}))
                vault.keep_words(import_id, pd.DataFrame(words))
                vault.commit(CommitRecord(import_id, "file", import_id, (), WAVE, 1, 0, 1, DAY, {}), set_aside=aside)


JOBS = {
    "ledger": lambda ws, files: import_ledger(ws, files / "ledger.xlsx"),
    "stretches": _import_in_stretches,
    "check": lambda ws, _: check(ws),
    "vault": _write_vault,
    "score": lambda ws, _: Workspace(ws).score_wave(WAVE, as_of=DAY),
}


def told(arguments: list[str]) -> tuple[int, str]:
    """Exit code of a command and all that it shows."""
    with redirect_stderr(StringIO()) as lines, redirect_stdout(lines):
        lines.reconfigure = lambda **_: None
        return main(arguments), lines.getvalue()


def told_with_little_room(room: int, arguments: list[str]) -> tuple[int, str]:
    """The same while no file may grow beyond `room` bytes, which is how a quota is felt."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        return told(arguments)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
