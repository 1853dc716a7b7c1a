"""The check list on the terminal: from answers to a list by counts; names stand in `restricted/` and nowhere else."""

import pandas as pd
import pytest
from cli_files import HEADER, NUMBERS, WAVE, sheet, write_csv

DAY = "2025-10-16"
# GAD-7, options 1-4 score 0-3: a first answer and 1+2+3+0+1+2 make 9, with a first answer of 3 it is 12: yellow.
SHEETS = [HEADER, sheet(NUMBERS[0]), sheet(NUMBERS[1], "4"), sheet(NUMBERS[2], "")]
SIGNALS = [
    ["学校代码", "信号编号", "来源", "问题类别", "紧急程度", "发出时间", "接收时间", "接收人工号", "学籍号"],
    ["0102", "X1", "家长", "情绪", "一般", "2025-10-15 08:10", "2025-10-15 08:40", "T001", NUMBERS[4]],
    ["0102", "X2", "朋辈", "情绪", "一般", "2025-10-15 08:10", "2025-10-15 08:40", "T001", ""],
]
STAFF = [
    ["工号", "姓名", "学校代码", "岗位", "折算人数", "任职日期", "离任日期"],
    ["T001", "白露", "0102", "心理教师", "1", "2025-09-01", ""],
]


@pytest.fixture
def tiered(xinyu, district, tmp_path, mapping):
    """Six pupils: 9 and 12 points, one with a gap, three who did not answer, one of them named by a parent."""
    where = ["-w", district, "--as-of", "2025-10-15"]
    for name, rows, how in [
        ("staff", STAFF, ["--table", "staff"]),
        ("signal", SIGNALS, ["--table", "signal"]),
        ("answers", SHEETS, ["--mapping", mapping, "--wave", WAVE]),
    ]:
        assert xinyu("import", write_csv(tmp_path / f"{name}.csv", rows), *how, *where).code == 0
    for command in ("score", "tiers"):
        assert xinyu(command, "--wave", WAVE, *where).code == 0
    return district


@pytest.fixture
def shown(xinyu, tiered):
    """What `xinyu tiers --checklist` shows as of a day, line by line; the fixture `xinyu` looks for names in it."""

    def run(as_of: str) -> list[str]:
        ran = xinyu("tiers", "--checklist", "--wave", WAVE, "-w", tiered, "--as-of", as_of)
        assert (ran.code, ran.err) == (0, [])
        return ran.out

    return run


def test_from_answers_to_a_list_that_is_told_by_counts(shown, tiered):
    """12 points and a parent's word; a gap and two who did not answer; 9 points alone call for no look."""
    lines = shown(DAY)
    folder = tiered / "restricted" / f"checklist-{WAVE}-{DAY}"
    assert lines == [
        "普查，初步等级：2 条，新列入 2，提前 0，已完成 0，超期 0",
        "普查，待定需重测：3 条，新列入 3，提前 0，已完成 0，超期 0",
        "家长，教师等提出关注：1 条，新列入 1，提前 0，已完成 0，超期 0",
        "排查名单共 6 条、5 名学生，新列入 6，提前 0，已完成 0，超期 0。",
        "另有 1 条信号没有填学籍号（1 所学校），等接收的教师补填，补填之前无法列入名单。",
        f"名单含姓名，供心理教师填写后用 xinyu import 文件 --table check_list 导回，只有本账户能打开：{folder}",
        "以上人数未作保护，只供持有密钥的人核对，不得写入报告或转发。",
    ]
    book = pd.read_excel(folder / "0102.xlsx", engine="calamine", dtype=str)
    assert NUMBERS[4] in set(book["学籍号"])


def test_weeks_later_nothing_is_new_and_what_was_not_done_is_overdue(shown):
    shown(DAY)
    lines = shown("2025-12-01")
    assert lines[3] == "排查名单共 6 条、5 名学生，新列入 0，提前 0，已完成 0，超期 6。"


def test_a_list_that_was_filled_in_is_done(xinyu, shown, tiered, tmp_path):
    shown(DAY)
    path = tiered / "restricted" / f"checklist-{WAVE}-{DAY}" / "0102.xlsx"
    book = pd.read_excel(path, engine="calamine", dtype=str, keep_default_na=False)
    book["排查结果"], book["完成日期"], book["排查人工号"] = "已约谈", "2025-10-17", "T001"
    filled = tmp_path / "filled.csv"
    book.to_csv(filled, index=False)
    assert xinyu("import", filled, "--table", "check_list", "-w", tiered, "--as-of", "2025-10-17").code == 0
    lines = shown("2025-12-01")
    assert lines[3] == "排查名单共 6 条、5 名学生，新列入 0，提前 0，已完成 6，超期 0。"
