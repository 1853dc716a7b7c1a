"""`xinyu care`: counts by school on the terminal, that they are not protected, and where the books with names are."""

import re

import pandas as pd
import pytest
from cli_files import NUMBERS, WAVE, write_csv

ORANGE, CALM, LEFT = NUMBERS[:3]
NOT_PROTECTED = "以上人数未作保护，只供持有密钥的人核对，不得写入报告或转发。"
STAFF = [["工号", "姓名", "学校代码", "岗位", "任职日期"], ["T01", "司徒老师", "0102", "心理教师", "2025-09-01"]]
TIERS = [
    ["波次", "学籍号", "确定日期", "确定等级", "确定人工号", "理由"],
    [WAVE, ORANGE, "2025-10-15", "橙", "T01", "约谈所见"],
    [WAVE, CALM, "2025-10-15", "黄", "T01", "约谈所见"],
    [WAVE, LEFT, "2025-10-15", "橙", "T01", "约谈所见"],
]
PLANS = [["学籍号", "启动日期", "负责人工号", "主要问题", "措施", "跟进频次"]] + [
    [number, "2025-10-16", "T01", "情绪", "个别辅导", "每周"] for number in (ORANGE, CALM)
]
CONTACTS = [["学籍号", "应完成日期", "方式"], [CALM, "2025-11-12", "谈心"]]
MOVES = [["学校代码", "学籍号", "变动", "变动日期"], ["0102", LEFT, "转出", "2025-10-20"]]


@pytest.fixture
def in_care(xinyu, district, tmp_path):
    """Three pupils in care: an orange and a yellow with a plan, an orange who left; a contact ahead for the yellow."""
    tables = {"staff": STAFF, "tier_confirmed": TIERS, "care_plan": PLANS, "contact": CONTACTS, "enrolment": MOVES}
    for table, rows in tables.items():
        ran = xinyu("import", write_csv(tmp_path / f"{table}.csv", rows), "--table", table, "-w", district)
        assert (ran.code, ran.err) == (0, [])
    return district


def numbers(ran, row: str) -> list[int]:
    line = next(line for line in ran.out if row in line)
    return [int(each) for each in re.findall(r"\d+", line)]


def test_the_register_is_counted_by_school_and_tier(xinyu, in_care):
    ran = xinyu("care", "register", "--as-of", "2025-10-22", "-w", in_care)
    assert (ran.code, ran.err) == (0, [])
    # school; red, orange, yellow, plan without a tier, in care; no next action, may be lowered, closed
    assert numbers(ran, "示范小学") == [102, 0, 2, 1, 0, 3, 2, 0, 0]
    assert numbers(ran, "全部") == [0, 2, 1, 0, 3, 2, 0, 0]
    folder = in_care / "restricted" / "register-2025-10-22"
    assert ran.out[-2:] == [
        NOT_PROTECTED, f"在册 3 人。台账含姓名，每校一个文件，只有本账户能打开：{folder}",
    ]  # fmt: skip
    sheet = pd.read_excel(folder / "0102.xlsx", sheet_name="在册", engine="calamine", dtype=str)
    assert sheet["负责人"].tolist()[:2] == ["司徒老师"] * 2


def test_what_is_overdue_is_counted_by_school_and_role(xinyu, in_care):
    ran = xinyu("care", "overdue", "--as-of", "2025-10-22T09:00", "-w", in_care)
    assert (ran.code, ran.err) == (0, [])
    # the guardians of two oranges by 20 October, three school days; and two without a next contact; told by now: the
    # principal, after one more school day
    # school; psychologist, class teacher, vice-principal, principal, bureau; steps
    assert numbers(ran, "示范小学") == [102, 4, 0, 0, 4, 0, 4]
    folder = in_care / "restricted" / "overdue-2025-10-22"
    assert ran.out[-2] == NOT_PROTECTED
    assert "逾期 4 项，涉及 2 名学生" in ran.out[-1]
    assert str(folder) in ran.out[-1]
    assert sorted(path.name for path in folder.iterdir()) == [
        "0102-principal.xlsx", "0102-psychology_teacher.xlsx", "bureau.xlsx",
    ]  # fmt: skip
    assert "每个文件只交给该岗位本人" in ran.out[-1]
    sheet = pd.read_excel(folder / "0102-psychology_teacher.xlsx", sheet_name="心理教师", engine="calamine", dtype=str)
    assert len(sheet) == 4


def test_handover_counts_reconcile(xinyu, in_care):
    ran = xinyu("care", "handover", "--as-of", "2025-10-22", "-w", in_care)
    assert (ran.code, ran.err) == (0, [])
    assert numbers(ran, "示范小学") == [102, 1, 0, 1, 2]
    assert ran.out[-1].startswith("在册红、橙级 2 人 = 仍在原校 1 + 已有回执 0 + 交接不明 1。")
    named = xinyu("care", "handover", "--wave", "2025-2026-spring", "--as-of", "2026-03-22", "-w", in_care)
    assert (named.code, named.out) == (14, [])
    assert "2025-2026-spring" in named.err[0]


@pytest.mark.parametrize("command", ["register", "overdue", "handover"])
def test_a_moment_that_is_none_is_one_clear_line(command, xinyu, district):
    ran = xinyu("care", command, "--as-of", "昨天", "-w", district)
    assert (ran.code, ran.out) == (40, [])
    assert "昨天" in ran.err[0]


@pytest.mark.parametrize("command", ["overdue", "register"])
def test_before_there_are_tiers_or_signals_it_is_said_what_to_run_first(xinyu, district, command):
    ran = xinyu("care", command, "--as-of", "2025-10-22", "-w", district)
    assert (ran.code, ran.out) == (14, [])
    assert "请先导入答卷并运行 xinyu score、xinyu tiers" in ran.err[0]


def test_where_nobody_is_in_care_yet_the_counts_are_nil(xinyu, district):
    xinyu("tiers", "--wave", WAVE, "-w", district, "--as-of", "2025-10-20")
    ran = xinyu("care", "register", "--as-of", "2025-10-22", "-w", district)
    assert ran.code == 0
    assert "在册 0 人" in ran.out[-1]
