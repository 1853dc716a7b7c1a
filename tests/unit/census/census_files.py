"""Files as schools send them, made small: a plain module beside the tests, which import it."""

from pathlib import Path

import pandas as pd
import xlsxwriter

from xinyu_lib.census import Directory, Known

WAVE = "2025-2026-autumn"
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
HEADER = ["序号", "提交答卷时间", "所用时间", "1、学籍号", *[f"{n}、第{n - 1}题" for n in range(2, 9)]]
ROSTER = ["学校代码", "班级代码", "年级", "学籍号", "姓名", "性别", "出生年月"]


def sheet(number: str, answers: str = "1111111", time: str = "2025/10/15 9:30:05", seconds: str = "60秒") -> list[str]:
    """One row of an answer file: an answer per character, `_` for a blank."""
    return ["1", time, seconds, number, *["" if answer == "_" else answer for answer in answers]]


def known_of(schools: set[str], classes: set[tuple[str, str]], roster: dict[str, str], wave: str = WAVE) -> Known:
    """What rows may refer to, out of codes of schools, (school, class) pairs and number -> school."""
    rows = {
        "school": pd.DataFrame({"school": sorted(schools)}),
        "class": pd.DataFrame([(wave, *each) for each in sorted(classes)], columns=["wave", "school", "class_id"]),
    }
    return Known(pupils=Directory.of(roster), rows=rows)


def pupil(number: str, **other: str) -> list[str]:
    """One row of a roster, right unless `other` says something else for a column."""
    right = dict(zip(ROSTER, ["0102", "0401", "4", number, "甲", "女", "2015-05"], strict=True))
    return list((right | other).values())


def write_csv(path: Path, *rows: list[str], encoding: str = "utf-8-sig") -> Path:
    text = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)
    path.write_bytes(text.encode(encoding))
    return path


def write_xlsx(path: Path, *rows: list[object], sheet: str = "Sheet1") -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return path
