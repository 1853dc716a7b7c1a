"""`xinyu waterfall` and `xinyu lists`: counts that add up on the terminal, lists in `restricted/` and nowhere else."""

import re

import pandas as pd
import pytest
from cli_files import HEADER, NUMBERS, SECRETS, WAVE, sheet, write_csv

STEPS = ["在籍", "应测", "已征求", "同意", "开始作答", "完成", "有效", "得出分数"]
CONSENT = [["学籍号", "同意状态"], *[[number, "同意"] for number in NUMBERS[:5]], [NUMBERS[5], "不同意"]]
ABSENT = [["学籍号", "作答状态"], [NUMBERS[3], "缺席"]]
# Two whole sheets and one with a gap; the GAD-7 has no total when an answer is missing.
SHEETS = [HEADER, sheet(NUMBERS[0]), sheet(NUMBERS[1], "4"), sheet(NUMBERS[2], "")]


@pytest.fixture
def scored(xinyu, district, tmp_path, mapping):
    """Six pupils of school 0102: two scored, one with a gap, one absent, one without any record, one refused."""
    where = ["--wave", WAVE, "-w", district]
    for name, rows, how in [
        ("consent", CONSENT, ["--table", "consent"]),
        ("absent", ABSENT, ["--table", "administration"]),
        ("answers", SHEETS, ["--mapping", mapping]),
    ]:
        assert xinyu("import", write_csv(tmp_path / f"{name}.csv", rows), *how, *where).code == 0
    assert xinyu("score", *where).code == 0
    return district


def numbers(line: str) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", line)]


def test_counts_by_school_and_the_losses_add_up_to_the_roster(xinyu, scored):
    ran = xinyu("waterfall", "--wave", WAVE, "-w", scored)
    assert (ran.code, ran.err) == (0, [])
    assert [step for step in STEPS if not any(step in line for line in ran.out)] == []
    school = next(line for line in ran.out if "示范小学" in line)
    assert numbers(school) == [102, 6, 6, 6, 5, 3, 3, 3, 2]
    whole = next(line for line in ran.out if "全部" in line and "│" in line)
    assert numbers(whole) == [6, 6, 6, 5, 3, 3, 3, 2]
    losses = dict(re.findall(r"：(\S+) (\d+) 人", "\n".join(ran.out)))
    assert {reason: int(n) for reason, n in losses.items() if n != "0"} == {
        "不同意": 1, "缺席": 1, "无记录": 1, "漏答，缺主要分数": 1,
    }  # fmt: skip
    assert ran.out[-1] == "以上人数未作保护，只供持有密钥的人核对，不得写入报告或转发。"


@pytest.mark.parametrize(("by", "row"), [("grade", "四年级"), ("class", "0401")])
def test_a_row_stands_for_what_was_asked(by, row, xinyu, scored):
    ran = xinyu("waterfall", "--wave", WAVE, "--by", by, "-w", scored)
    line = next(line for line in ran.out if row in line)
    assert numbers(line)[-8:] == [6, 6, 6, 5, 3, 3, 3, 2]


def test_where_consent_was_not_reported_the_command_says_so(xinyu, district):
    ran = xinyu("waterfall", "--wave", WAVE, "-w", district)
    assert "本波次没有上报知情同意：应测的学生都算作已征求、已同意。" in ran.out
    assert numbers(next(line for line in ran.out if "示范小学" in line)) == [102, 6, 6, 6, 6, 0, 0, 0, 0]


def test_the_whole_table_goes_into_restricted_and_is_never_written_over(xinyu, scored):
    arguments = ["waterfall", "--wave", WAVE, "--out", "w.xlsx", "-w", scored]
    ran = xinyu(*arguments)
    path = scored / "restricted" / "w.xlsx"
    assert ran.out[-1] == f"完整表格：{path}"
    book = pd.read_excel(path, sheet_name=None, engine="calamine")
    assert book["按班级"].loc[0, STEPS].tolist() == [6, 6, 6, 5, 3, 3, 3, 2]
    again = xinyu(*arguments)
    assert (again.code, again.err) == (10, [f"× {path} 已经存在，没有覆盖；请换一个文件名。"])


def test_a_table_named_with_a_folder_goes_there(xinyu, scored, tmp_path):
    assert xinyu("waterfall", "--wave", WAVE, "--out", tmp_path / "out" / "w.xlsx", "-w", scored).code == 0
    assert (tmp_path / "out" / "w.xlsx").is_file()


def test_a_wave_without_a_roster_is_one_clear_line(xinyu, district):
    for command in ("waterfall", "lists"):
        ran = xinyu(command, "--wave", "2025-2026-spring", "-w", district)
        assert (ran.code, ran.out) == (14, [])
        assert "2025-2026-spring" in ran.err[0]


def test_the_lists_are_written_and_told_by_their_counts(xinyu, scored):
    ran = xinyu("lists", "--wave", WAVE, "--as-of", "2025-11-20", "-w", scored)
    folder = scored / "restricted" / f"lists-{WAVE}-2025-11-20"
    assert (ran.code, ran.err) == (0, [])
    # absent and without any record; the gap
    assert ran.out == [
        "补测：2 人，1 所学校",
        "重测：1 人，1 所学校",
        f"名单含姓名，每校一个文件，只有本账户能打开：{folder}",
    ]
    book = pd.read_excel(folder / "0102.xlsx", sheet_name=None, engine="calamine", dtype=str)
    assert book["补测"]["学籍号"].tolist() == [NUMBERS[3], NUMBERS[4]]
    assert book["重测"]["学籍号"].tolist() == [NUMBERS[2]]
    named = [path.name for path in scored.rglob("*.xlsx") if any(secret in path.name for secret in SECRETS)]
    assert named == []
