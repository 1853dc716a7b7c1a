"""A small district as its schools would send it: a plain module beside the tests, which import it."""

from pathlib import Path

import xlsxwriter

WAVE = "2025-2026-autumn"
SCHOOLS = [["学校代码", "学校名称", "学校类型"], ["0102", "示范小学", "小学"], ["0103", "实验小学", "小学"]]
WAVES = [["波次", "开始日期", "结束日期"], [WAVE, "2025-09-15", "2025-11-30"]]
CLASSES = [["学校代码", "班级代码", "年级"], ["0102", "0401", "4"], ["0103", "0401", "4"]]
ROSTER = ["学校代码", "班级代码", "年级", "学籍号", "姓名", "性别", "出生年月"]
NUMBERS = [f"G36010220150101{n:04d}" for n in range(1, 7)]
NAMES = ["欧阳一一", "欧阳二二", "欧阳三三", "欧阳四四", "欧阳五五", "欧阳六六"]
STRANGER, STRANGERS_NAME = "G360999201501019999", "司马九九"
WRONG = "不知道啊"
# What a message must never show: numbers, names, and an answer that stands nowhere else.
SECRETS = {*NUMBERS, *NAMES, STRANGER, STRANGERS_NAME, WRONG}

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


def pupil(number: str, name: str, **other: str) -> list[str]:
    """One row of the roster, right unless `other` says something else for a column."""
    right = dict(zip(ROSTER, ["0102", "0401", "4", number, name, "女", "2015-05"], strict=True))
    return list((right | other).values())


PUPILS = [ROSTER, *[pupil(number, name) for number, name in zip(NUMBERS, NAMES, strict=True)]]


def sheet(number: str, first: str = "1") -> list[str]:
    """One row of an answer file: option numbers `first`, 2, 3, 4, 1, 2, 3."""
    return ["1", "2025/10/15 9:30:05", "60秒", number, first, *"234123"]


def write_csv(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> Path:
    path.write_bytes("".join(",".join(row) + "\r\n" for row in rows).encode(encoding))
    return path


def write_xlsx(path: Path, rows: list[list[str]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("名单")
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return path
