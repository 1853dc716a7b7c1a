"""Bad input: one clear line that says what, where and what next, an exit code of its own, and nothing half-written."""

import io
import sys

import pytest
from cli_files import (
    CLASSES,
    HEADER,
    MAPPING,
    NAMES,
    NUMBERS,
    PUPILS,
    ROSTER,
    SCHOOLS,
    STRANGER,
    STRANGERS_NAME,
    WAVE,
    WRONG,
    pupil,
    sheet,
    write_csv,
    write_xlsx,
)

from xinyu_lib.cli import main
from xinyu_lib.workspace import Workspace

GOOD = [HEADER, sheet(NUMBERS[0]), sheet(NUMBERS[1])]
ELSEWHERE = pupil(STRANGER, STRANGERS_NAME, 学校代码="9999")
ANSWERS = ["--mapping", "gad7.toml", "--wave", WAVE]
ROSTERS = ["--table", "pupil", "--wave", WAVE]

# name of the file and how it is made; options; exit code; what the line says besides the file's name
REFUSED_FILES = {
    "wrong sheet": (
        lambda path: write_xlsx(path, PUPILS), "roster.xlsx", [*ROSTERS, "--sheet", "初二"],
        25, ["没有名为“初二”的工作表", "现有：名单"],
    ),
    "missing item column": (
        lambda path: write_csv(path, [row[:-1] for row in GOOD]), "a.csv", ANSWERS,
        26, ["缺少 1 列：8、…", "请检查表头或对照文件"],
    ),
    "no header at all": (
        lambda path: write_csv(path, PUPILS[1:]), "roster.csv", ROSTERS,
        26, ["学校代码、班级代码、年级、学籍号", "请检查表头"],
    ),
    "two columns of one name": (
        lambda path: write_csv(path, [[*row, row[3]] for row in PUPILS]), "roster.csv", ROSTERS,
        20, ["叫“学籍号”的列不止一列", "请只留一列"],
    ),
    "every answer out of range": (
        lambda path: write_csv(path, [HEADER, sheet(NUMBERS[0], WRONG), sheet(NUMBERS[1], WRONG)]), "a.csv", ANSWERS,
        31, ["2 行没有一行可以导入，什么也没有写入", "第 2、3 行", "“2、第1题”", "允许 1–4", "请核对"],
    ),
    "only unknown pupils": (
        lambda path: write_csv(path, [HEADER, sheet(STRANGER)]), "a.csv", ANSWERS,
        34, ["第 2 行", "“1、学籍号”", "不在本波次名册上", "请先导入名册或更正学籍号"],
    ),
    "only unknown schools": (
        lambda path: write_csv(path, [ROSTER, ELSEWHERE]), "roster.csv", ROSTERS,
        33, ["第 2 行", "“学校代码”", "学校没有登记", "请先导入学校表或更正代码"],
    ),
    "only blank numbers": (
        lambda path: write_csv(path, [ROSTER, pupil("", NAMES[0])]), "roster.csv", ROSTERS,
        30, ["第 2 行", "“学籍号”必填而空白", "请补填"],
    ),
    "empty": (lambda path: path.write_bytes(b""), "a.csv", ANSWERS, 22, ["文件是空的", "请重新导出"]),
    "only a header": (
        lambda path: write_csv(path, [HEADER]), "a.csv", ANSWERS, 22, ["只有表头，没有数据行", "请重新导出"],
    ),
    "another encoding": (
        lambda path: write_csv(path, GOOD, "utf-16"), "a.csv", ANSWERS,
        24, ["既不是 UTF-8 也不是 GB18030", "请另存为"],
    ),
    "damaged": (
        lambda path: path.write_bytes(write_xlsx(path, PUPILS).read_bytes()[:1500]), "roster.xlsx", ROSTERS,
        23, ["Excel 文件已损坏", "重新导出"],
    ),
    "a CSV file named .xlsx": (
        lambda path: write_csv(path, PUPILS), "roster.xlsx", ROSTERS, 23, ["不是扩展名所说的 Excel 文件", "另存为"],
    ),
    "an XLSX file named .csv": (
        lambda path: write_xlsx(path, PUPILS), "roster.csv", ROSTERS, 23, ["内容是 Excel 文件", "请改成 .xlsx"],
    ),
    "a folder": (lambda path: path.mkdir(), "roster", ROSTERS, 21, ["是文件夹", "请指明其中的一个文件"]),
    "no file": (lambda _: None, "roster.csv", ROSTERS, 21, ["找不到文件", "请检查路径"]),
    "unreadable ending": (
        lambda path: path.write_bytes(b"x"), "roster.docx", ROSTERS, 23, [".csv .xlsx", "请另存为其中一种"],
    ),
    "nothing said about the file": (
        lambda path: write_csv(path, PUPILS), "roster.csv", [], 20, ["请用 --table", "--mapping"],
    ),
    "answers without a wave": (
        lambda path: write_csv(path, GOOD), "a.csv", ANSWERS[:2], 20, ["要指明波次", "--wave 2025-2026-autumn"],
    ),
    "a name with brackets": (
        lambda path: write_csv(path, CLASSES), "a[b][red].csv", ["--table", "school"], 26, ["学校名称、学校类型"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED_FILES)
def test_a_file_that_cannot_be_imported_gets_one_line_and_changes_nothing(
    case, xinyu, roster_only, tmp_path, mapping, monkeypatch, everything_in
):
    make, name, options, code, words = REFUSED_FILES[case]
    make(tmp_path / name)
    monkeypatch.chdir(mapping.parent)
    before = everything_in(roster_only)
    ran = xinyu("import", tmp_path / name, *options, "-w", roster_only)
    assert ran.code == code
    assert len(ran.err) == 1
    assert [word for word in [name, *words] if word not in ran.err[0]] == []
    # of rows that were refused the terminal tells where and why; it never shows what stood there
    assert all(line.startswith(("  第 ", "  全部问题")) for line in ran.out)
    assert everything_in(roster_only) == before


REFUSED_MAPPINGS = {
    "a misspelt key": ("questions =", "question =", 11, ["gad7.toml", "scales.0.question"]),
    "an unknown scale": ('id = "gad7"', 'id = "gad77"', 12, ["“gad77”", "gad7, iadds"]),
    "an unknown layout": ("wenjuanxing-number", "wenjuan", 12, ["“wenjuan”", "wenjuanxing-number"]),
    "not TOML": ("questions = [2, 8]", "questions = 2 到 8", 11, ["gad7.toml", "line 9", "请按 TOML 格式改正"]),
    "too few questions": ("[2, 8]", "[2, 7]", 11, ["gad7.toml", "gad7 有 7 题", "指了 6 题"]),
    "a code of no answer": ("4 = 3", "4 = 4", 11, ["gad7.toml", "0 到 3 之间"]),
    "a header that is not there": ("1、学籍号", "1、学号", 26, ["a.csv", "缺少 1 列：1、学号"]),
}


@pytest.mark.parametrize("case", REFUSED_MAPPINGS)
def test_a_mapping_with_a_mistake_is_named_with_what_is_wrong(
    case, xinyu, roster_only, tmp_path, mapping, everything_in
):
    right, wrong, code, words = REFUSED_MAPPINGS[case]
    assert right in MAPPING
    mapping.write_text(MAPPING.replace(right, wrong), encoding="utf-8")
    before = everything_in(roster_only)
    file = write_csv(tmp_path / "a.csv", GOOD)
    ran = xinyu("import", file, "--mapping", mapping, "--wave", WAVE, "-w", roster_only)
    assert (ran.code, len(ran.err), ran.out) == (code, 1, [])
    assert [word for word in words if word not in ran.err[0]] == []
    assert everything_in(roster_only) == before


REFUSED_OPTIONS = {
    "a table that is not declared": (["import", "f.csv", "--table", "shcool"], 12, ["“shcool”", "consent 知情同意"]),
    "a table that we write": (["import", "f.csv", "--table", "score"], 12, ["“score”", "consent 知情同意"]),
    "a malformed wave of a roster": (
        ["import", "f.csv", "--table", "pupil", "--wave", "2025秋"], 13, ["“2025秋”", "2025-2026-autumn"],
    ),
    "a wave of two years": (["score", "--wave", "2025-2027-autumn"], 13, ["“2025-2027-autumn”", "2025-2026-autumn"]),
    "a date that is none": (
        ["import", "f.csv", "--table", "school", "--as-of", "2025-13-40"], 40, ["“2025-13-40”", "2026-01-31"],
    ),
    "scores as of no day": (["score", "--wave", WAVE, "--as-of", "昨天"], 40, ["“昨天”", "2026-01-31"]),
    "tiers as of no day": (["tiers", "--wave", WAVE, "--as-of", "31.1.2026"], 40, ["“31.1.2026”", "2026-01-31"]),
    "scores without answers": (["score", "--wave", WAVE], 14, [WAVE, "还没有答卷", "请先导入答卷"]),
    "tiers without a roster": (
        ["tiers", "--wave", "2024-2025-spring"], 14, ["2024-2025-spring", "还没有学生名册", "请先导入名册"],
    ),
    "an option left out": (["score"], 2, ["xinyu score", "--wave", "xinyu score --help"]),
    "an option that is none": (["check", "--fast"], 2, ["xinyu check", "--fast", "xinyu check --help"]),
    "a command that is none": (["imprt"], 2, ["imprt", "xinyu --help"]),
    "a seed that is no number": (["demo", "--seed", "abc"], 2, ["--seed", "xinyu demo --help"]),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED_OPTIONS)
def test_a_command_that_cannot_be_followed_gets_one_line_and_changes_nothing(
    case, xinyu, roster_only, tmp_path, monkeypatch, everything_in
):
    arguments, code, words = REFUSED_OPTIONS[case]
    write_csv(tmp_path / "f.csv", SCHOOLS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XINYU_WORKSPACE", str(roster_only))
    before = everything_in(roster_only)
    ran = xinyu(*arguments)
    assert (ran.code, len(ran.err), ran.out) == (code, 1, [])
    assert [word for word in words if word not in ran.err[0]] == []
    assert everything_in(roster_only) == before


REFUSED_REPORTS = {
    "an unknown school": (["--school", "9999"], 12, ["“9999”", "现有：0102"]),
    "an unknown reader": (["--reader", "king"], 12, ["“king”", "principal, psychologist"]),
    "an unknown format": (["--format", "doc"], 12, ["“doc”", "html, pdf"]),
    "an unknown language": (["--lang", "fr"], 12, ["“fr”", "zh, en"]),
    "an unknown notebook": (["--notebook", "report-class"], 12, ["“report-class”", "report-district, report-school"]),
    "an unknown parameter": (["-p", "shcool=0102"], 40, ["“shcool”", "school, wave, as_of", "没有启动任何报告"]),
    "a parameter without a value": (["-p", "school"], 40, ["“school”", "名=值"]),
    "a date that is none": (["--as-of", "31.1.2026"], 40, ["“31.1.2026”", "2026-01-31"]),
    "a wave without a roster": (["--wave", "2024-2025-spring"], 14, ["2024-2025-spring", "请先导入名册"]),
    "a malformed wave": (["--wave", "2025"], 13, ["“2025”", "2025-2026-autumn"]),
}


@pytest.mark.parametrize("case", REFUSED_REPORTS)
def test_a_report_that_cannot_be_made_gets_one_line_and_leaves_no_file(case, xinyu, roster_only, tmp_path):
    options, code, words = REFUSED_REPORTS[case]
    wave = [] if "--wave" in options else ["--wave", WAVE]
    ran = xinyu("report", *wave, *options, "--out", tmp_path / "reports", "-w", roster_only)
    assert (ran.code, len(ran.err)) == (code, 1)
    assert [word for word in words if word not in ran.err[0]] == []
    assert list(tmp_path.iterdir()) == []


SET_ASIDE = {
    "answers out of range": (
        [sheet(NUMBERS[0], WRONG), sheet(NUMBERS[1], WRONG), sheet(NUMBERS[2])], 1,
        31, ["第 2、3 行", "“2、第1题”", "允许 1–4", "共 2 行", "其余 1 行已导入"],
    ),
    "a pupil twice": (
        [sheet(NUMBERS[0]), sheet(NUMBERS[1]), sheet(NUMBERS[0], "4")], 2,
        32, ["第 4 行", "“1、学籍号”", "保留第一行", "共 1 行", "其余 2 行已导入"],
    ),
    "a pupil not on the roster": (
        [sheet(NUMBERS[0]), sheet(STRANGER)], 1,
        34, ["第 3 行", "“1、学籍号”", "请先导入名册", "其余 1 行已导入"],
    ),
    "several reasons": (
        [sheet(NUMBERS[0], WRONG), sheet(NUMBERS[1]), sheet(STRANGER)], 1,
        30, ["第 2、4 行", "不允许的选项或数值 1", "名册上没有的学生 1", "其余 1 行已导入"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SET_ASIDE)
def test_rows_that_do_not_fit_are_set_aside_and_the_rest_is_imported(case, xinyu, district, tmp_path, mapping):
    rows, kept, code, words = SET_ASIDE[case]
    file = write_csv(tmp_path / "a.csv", [HEADER, *rows])
    ran = xinyu("import", file, "--mapping", mapping, "--wave", WAVE, "-w", district)
    assert (ran.code, len(ran.err)) == (code, 1)
    assert [word for word in ["a.csv", *words] if word not in ran.err[0]] == []
    assert ran.out[0] == f"a.csv：{len(rows)} 行 = 收录 {kept} + 待核 {len(rows) - kept}（另有空行 0）"
    ws = Workspace(district)
    assert len(ws.read("response/gad7")) == len(ws.read("administration")) == kept
    with ws.vault() as vault:
        assert vault.set_aside()["row"].nunique() == len(rows) - kept


def test_a_school_that_is_not_registered_sets_only_its_rows_aside(xinyu, district, tmp_path):
    file = write_csv(tmp_path / "roster.csv", [*PUPILS, ELSEWHERE])
    ran = xinyu("import", file, *ROSTERS, "-w", district)
    assert ran.code == 33
    assert len(ran.err) == 1
    assert "第 8 行：列“学校代码”中的学校没有登记，共 1 行，已放入待核区；其余 6 行已导入" in ran.err[0]
    assert len(Workspace(district).read("pupil", wave=WAVE)) == 6


def test_a_folder_that_is_no_workspace_is_named_with_the_command_that_makes_one(xinyu, tmp_path):
    ran = xinyu("check", "-w", tmp_path / "none")
    assert (ran.code, len(ran.err), ran.out) == (14, 1, [])
    assert f"“{tmp_path / 'none'}”不是工作区" in ran.err[0]
    assert "xinyu new" in ran.err[0]
    assert not (tmp_path / "none").exists()


def test_a_workspace_is_never_made_over_another_one(xinyu, roster_only, everything_in):
    before = everything_in(roster_only)
    ran = xinyu("new", roster_only, "--title", "另一个区")
    assert (ran.code, len(ran.err), ran.out) == (14, 1, [])
    assert "请换一个文件夹" in ran.err[0]
    assert everything_in(roster_only) == before


def test_a_lost_key_is_asked_for_by_the_names_of_its_settings(xinyu, district):
    (district / "vault.key").unlink()
    ran = xinyu("check", "-w", district)
    assert (ran.code, len(ran.err), ran.out) == (15, 1, [])
    assert "XINYU_VAULT_KEYFILE" in ran.err[0]


ENGLISH = {
    "a file": (["import", "a.csv", *ANSWERS], 31, ["a.csv: none of 1 rows", "“2、第1题”", "allowed 1–4", "Check"]),
    "a command": (["score"], 2, ["Missing option '--wave'", "See xinyu score --help"]),
    "a date": (["tiers", "--wave", WAVE, "--as-of", "x"], 40, ["x", "2026-01-31"]),
    "a name": (["report", "--wave", WAVE, "--reader", "king"], 12, ['reader named "king"', "principal"]),
}


@pytest.mark.parametrize("case", ENGLISH)
def test_the_line_is_english_when_asked_for(case, xinyu, roster_only, tmp_path, mapping, monkeypatch):
    arguments, code, words = ENGLISH[case]
    write_csv(tmp_path / "a.csv", [HEADER, sheet(NUMBERS[0], WRONG)])
    monkeypatch.chdir(mapping.parent)
    monkeypatch.setenv("XINYU_LANG", "en")
    ran = xinyu(*arguments, *([] if arguments == ["score"] else ["-w", roster_only]))
    assert (ran.code, len(ran.err)) == (code, 1)
    assert [word for word in words if word not in ran.err[0]] == []


def test_ctrl_c_ends_with_130_and_one_line(xinyu, roster_only, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Workspace, "score_wave", interrupted)
    ran = xinyu("score", "--wave", WAVE, "-w", roster_only)
    assert (ran.code, ran.out) == (130, [])
    assert ran.err == ["× 已中断。没有做完的可以重新运行同一条命令。"]


def test_a_bug_stays_a_traceback(roster_only, monkeypatch):
    monkeypatch.setattr(Workspace, "score_wave", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["score", "--wave", WAVE, "-w", str(roster_only)])


def test_a_character_that_the_terminal_lacks_does_not_end_the_run(tmp_path, monkeypatch):
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", terminal)
    assert main(["new", str(tmp_path / "ws"), "--title", "东湖区"]) == 0
    terminal.seek(0)
    assert "vault.key" in terminal.read()
