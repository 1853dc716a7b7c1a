"""Importing a census: 42,000 pupils with 120 answers from 45 workbooks, and a million rows of CSV in flat memory.

    python benchmarks/importing.py [FOLDER]

The floor is what the spreadsheet library needs to hand over the cells of the same workbooks. Every step runs in a
process of its own. The last line is one JSON object of ratios.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from xinyu_lib.workspace import Workspace

WAVE, DAY = "2026-2027-autumn", "2026-11-30"
SCHOOLS, PUPILS, ITEMS = 45, 42_000, 120
MANY, FEW = 1_000_000, 100_000
SYSTEM = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
MAPPINGS = {
    "census": """
layout = "wenjuanxing-number"
[columns]
number = "1、学籍号"
submitted_at = "提交答卷时间"
seconds = "所用时间"
[[scales]]
id = "mht"
questions = [2, 101]
codes = { 1 = 1, 2 = 0 }
[[scales]]
id = "cesd"
questions = [102, 121]
positions = true
""",
    "phq9": 'layout = "plain"\n[columns]\nnumber = "学籍号"\n[[scales]]\nid = "phq9"\nheaders = "phq9_{item}"\n',
}


def number(school: int, pupil: int) -> str:
    return f"G36{school:05d}{pupil:011d}"


def write_base(folder: Path, schools: int, pupils: int) -> Workspace:
    """A workspace that knows schools, one class each, and the roster."""
    folder.mkdir(parents=True)
    codes = [f"{school:05d}" for school in range(schools)]
    tables = {
        "school": pd.DataFrame({"学校代码": codes, "学校名称": codes, "学校类型": "初中"}),
        "class": pd.DataFrame({"学校代码": codes, "班级代码": "0701", "年级": 7}),
        "pupil": pd.DataFrame(
            [(codes[n % schools], "0701", 7, number(n % schools, n), "甲") for n in range(pupils)],
            columns=["学校代码", "班级代码", "年级", "学籍号", "姓名"],
        ),
    }
    ws = Workspace.create(folder / "ws", title="benchmark")
    for name, rows in tables.items():
        rows.to_csv(folder / f"{name}.csv", index=False)
        ws.import_file(folder / f"{name}.csv", table=name, wave=None if name == "school" else WAVE, as_of=DAY)
    for name, text in MAPPINGS.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return ws


def write_workbooks(folder: Path) -> None:
    """One export per school: answers as numbers, as the tool writes them."""
    headers = [*SYSTEM, "1、学籍号", *[f"{n}、" for n in range(2, ITEMS + 2)]]
    for school in range(SCHOOLS):
        rng = np.random.default_rng(school)
        pupils = range(school, PUPILS, SCHOOLS)
        answers = np.hstack([rng.integers(1, 3, (len(pupils), 100)), rng.integers(1, 5, (len(pupils), 20))]).tolist()
        with xlsxwriter.Workbook(folder / f"answers-{school:02d}.xlsx") as book:
            sheet = book.add_worksheet("Sheet1")
            sheet.write_row(0, 0, headers)
            for row, (pupil, given) in enumerate(zip(pupils, answers, strict=True), 1):
                who = [row, "2026/10/15 9:30:05", "600秒", "链接", "直接", "192.0.2.1", number(school, pupil)]
                sheet.write_row(row, 0, [*who, *given])


def write_csv(path: Path, rows: int) -> None:
    rng = np.random.default_rng(rows)
    answers = pd.DataFrame(rng.integers(0, 4, (rows, 9)), columns=[f"phq9_{n}" for n in range(1, 10)])
    answers.insert(0, "学籍号", [number(n % SCHOOLS, n) for n in range(rows)])
    answers.to_csv(path, index=False)


def import_workbooks(folder: Path) -> int:
    ws, kept = Workspace(folder / "ws"), 0
    for path in sorted(folder.glob("answers-*.xlsx")):
        kept += ws.import_file(path, mapping=folder / "census.toml", wave=WAVE, as_of=DAY).rows_kept
    return kept


def read_workbooks(folder: Path) -> int:
    books = [CalamineWorkbook.from_path(str(path)) for path in sorted(folder.glob("answers-*.xlsx"))]
    return sum(len(book.get_sheet_by_index(0).to_python()) - 1 for book in books)


def import_few(folder: Path) -> int:
    return Workspace(folder / "ws").import_file(folder / "few.csv", **_csv_how(folder)).rows_kept


def import_many(folder: Path) -> int:
    return Workspace(folder / "ws").import_file(folder / "many.csv", **_csv_how(folder)).rows_kept


def _csv_how(folder: Path) -> dict:
    return {"mapping": folder / "phq9.toml", "wave": WAVE, "as_of": DAY}


STEPS: dict[str, Callable[[Path], int]] = {
    step.__name__: step for step in (import_workbooks, read_workbooks, import_few, import_many)
}


def measured(step: str, folder: Path) -> dict[str, float]:
    """Seconds, peak megabytes and rows of one step in a process of its own; the start of Python is not counted."""
    command = [sys.executable, __file__, "--step", step, str(folder)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    print(f"{step}: {found['rows']:,} rows, {found['seconds']:.1f} s, peak {found['megabytes']:.0f} MB", flush=True)
    return found


def run_step(step: str, folder: Path) -> None:
    start = time.perf_counter()
    rows = STEPS[step](folder)
    seconds, peak = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak, "rows": rows}))


def main() -> None:
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        census, province = Path(name) / "census", Path(name) / "province"
        write_base(census, SCHOOLS, PUPILS)
        write_workbooks(census)
        write_base(province, SCHOOLS, MANY)
        write_csv(province / "few.csv", FEW)
        write_csv(province / "many.csv", MANY)
        floor, whole = measured("read_workbooks", census), measured("import_workbooks", census)
        few, many = measured("import_few", province), measured("import_many", province)
    assert (whole["rows"], many["rows"]) == (PUPILS, MANY)
    print(
        json.dumps(
            {
                "import of 45 workbooks against reading their cells": round(whole["seconds"] / floor["seconds"], 2),
                "share of reading in the import": round(floor["seconds"] / whole["seconds"], 2),
                "peak memory, a million rows of CSV against 100,000": round(many["megabytes"] / few["megabytes"], 2),
                "seconds per row, a million against 100,000": round(many["seconds"] / few["seconds"] * FEW / MANY, 2),
            }
        )
    )


if __name__ == "__main__":
    run_step(sys.argv[2], Path(sys.argv[3])) if sys.argv[1:2] == ["--step"] else main()
