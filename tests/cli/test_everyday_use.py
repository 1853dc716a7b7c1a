"""Ordinary use: a district is set up, filled, scored and classified by commands alone, and every count adds up."""

import pandas as pd
import pytest
from cli_files import (
    CLASSES,
    HEADER,
    NUMBERS,
    PUPILS,
    SCHOOLS,
    WAVE,
    WAVES,
    sheet,
    write_csv,
    write_xlsx,
)

from xinyu_lib.workspace import Workspace

SHEETS = [HEADER, sheet(NUMBERS[0]), sheet(NUMBERS[1], "4"), sheet(NUMBERS[2], "")]
CONSENT = [["学籍号", "同意状态"], *[[number, "同意"] for number in NUMBERS[:5]], [NUMBERS[5], "不同意"]]
ABSENT = [["学籍号", "作答状态"], [NUMBERS[3], "缺席"]]


def test_a_district_is_set_up_filled_scored_and_classified_by_commands_alone(xinyu, tmp_path, mapping, monkeypatch):
    ws = tmp_path / "ws"
    made = xinyu("new", ws, "--title", "东湖区")
    assert made.code == 0
    assert f"已在 {ws} 新建工作区" in made.out[0]
    assert "XINYU_VAULT_KEYFILE" in made.out[0]
    monkeypatch.setenv("XINYU_WORKSPACE", str(ws))
    wave = ["--wave", WAVE]
    files = {
        "school": (write_xlsx(tmp_path / "school.xlsx", SCHOOLS), ["--table", "school"], 2),
        "wave": (write_csv(tmp_path / "wave.csv", WAVES), ["--table", "wave"], 1),
        "class": (write_csv(tmp_path / "class.csv", CLASSES), ["--table", "class", *wave], 2),
        "pupil": (write_csv(tmp_path / "pupil.csv", PUPILS, "gb18030"), ["--table", "pupil", *wave], 6),
        "consent": (write_csv(tmp_path / "consent.csv", CONSENT), ["--table", "consent", *wave], 6),
        "administration": (write_csv(tmp_path / "absent.csv", ABSENT), ["--table", "administration", *wave], 1),
        "response/gad7": (write_csv(tmp_path / "answers.csv", SHEETS), ["--mapping", mapping, *wave], 3),
    }
    for file, options, rows in files.values():
        ran = xinyu("import", file, *options)
        assert (ran.code, ran.err) == (0, [])
        assert ran.out == [f"{file.name}：{rows} 行 = 收录 {rows} + 待核 0（另有空行 0）"]
    rows_read = {table: len(Workspace(ws).read(table)) for table in files}
    # the list of absences has 1 row and the answer file 3: both are kept under `administration`
    assert rows_read == {table: rows for table, (_, _, rows) in files.items()} | {"administration": 1 + 3}
    # the GAD-7 has no total when an answer is missing
    assert xinyu("score", *wave).out == ["gad7：答卷 3 份，得出总分 2 份，可用 2 份"]
    told, *notes = xinyu("tiers", *wave).out
    assert told == f"{WAVE}：6 名学生已有初步分级（人数见报告，已作保护）"
    assert all(note.startswith("提示：本波次没有任何") for note in notes)  # scales of the battery that were not used
    # seven files, one scoring, one classification
    assert xinyu("check").out == [f"工作区完好：已提交 {7 + 1 + 1} 次导入，清除残留 0 行。"]


FORMS = {
    "UTF-8": ("a.csv", lambda path: write_csv(path, SHEETS)),
    "UTF-8 with a mark": ("a.csv", lambda path: write_csv(path, SHEETS, "utf-8-sig")),
    "GB18030": ("a.csv", lambda path: write_csv(path, SHEETS, "gb18030")),
    "XLSX": ("a.xlsx", lambda path: write_xlsx(path, SHEETS)),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_answers_are_read_from_every_form_of_file(form, xinyu, district, tmp_path, mapping):
    name, write = FORMS[form]
    ran = xinyu("import", write(tmp_path / name), "--mapping", mapping, "--wave", WAVE, "-w", district)
    assert (ran.code, ran.err) == (0, [])
    assert ran.out == [f"{name}：3 行 = 收录 3 + 待核 0（另有空行 0）"]
    ws = Workspace(district)
    with ws.vault() as vault:
        keys = vault.keys()
    answers = ws.read("response/gad7").set_index("pupil_key").filter(like="gad7_").loc[[keys[n] for n in NUMBERS[:3]]]
    # option numbers 1 to 4 are the codes 0 to 3; a blank is no answer
    expected = [[0, 1, 2, 3, 0, 1, 2], [3, 1, 2, 3, 0, 1, 2], [pd.NA, 1, 2, 3, 0, 1, 2]]
    pd.testing.assert_frame_equal(answers, pd.DataFrame(expected, answers.index, answers.columns, dtype="Int8"))


def test_rows_blank_rows_and_columns_nobody_asked_for_are_told(xinyu, district, tmp_path):
    rows = [[*PUPILS[0], "爱好"], *[[*row, "足球"] for row in PUPILS[1:4]], [""] * 8, [*PUPILS[2], "重复"]]
    file = write_csv(tmp_path / "roster.csv", rows)
    ran = xinyu("import", file, "--table", "pupil", "--wave", WAVE, "-w", district)
    assert ran.out[:3] == ["roster.csv：4 行 = 收录 3 + 待核 1（另有空行 1）", "  重复：1 行", "  没有用到的列：爱好"]
    assert ran.out[3] == "  第 6 行，列“学籍号”：重复"
    assert ran.code == 32


def test_the_same_file_twice_says_so_and_adds_nothing(xinyu, district, tmp_path, mapping, everything_in):
    arguments = ["--mapping", mapping, "--wave", WAVE, "-w", district]
    file = write_csv(tmp_path / "a.csv", SHEETS)
    assert xinyu("import", file, *arguments).code == 0
    before = everything_in(district)
    again = xinyu("import", file, *arguments)
    assert (again.code, again.out, again.err) == (
        0,
        ["a.csv：已导入过，没有新增。要恢复到这一份或改生效日期，请加 --again。"],
        [],
    )
    assert everything_in(district) == before


def test_the_same_rows_in_another_file_replace_what_was_there(xinyu, district, tmp_path, mapping):
    arguments = ["--mapping", mapping, "--wave", WAVE, "-w", district]
    corrected = [HEADER, sheet(NUMBERS[0], "2"), *SHEETS[2:]]
    assert xinyu("import", write_csv(tmp_path / "a.csv", SHEETS), *arguments).code == 0
    assert xinyu("import", write_csv(tmp_path / "b.csv", corrected), *arguments).code == 0
    first = Workspace(district).read("response/gad7")["gad7_1"]
    assert sorted(first.dropna()) == [1, 3]
    assert first.isna().sum() == 1


def test_tiers_are_stored_and_their_counts_are_not_told(xinyu, district):
    ran = xinyu("tiers", "--wave", WAVE, "-w", district)
    assert ran.out[0] == f"{WAVE}：6 名学生已有初步分级（人数见报告，已作保护）"
    stored = Workspace(district).read("tier_provisional", wave=WAVE)
    assert len(stored) == 6
    assert not [tier for tier in ("red", "orange", "yellow", "红", "橙", "黄") if tier in "".join(ran.out)]


def test_check_removes_what_no_import_owns(xinyu, district):
    ws = Workspace(district)
    ws.lake.write("school", ws.read("school"), import_id="broken-off", valid_from="2025-09-01")
    assert xinyu("check", "-w", district).out == ["工作区完好：已提交 4 次导入，清除残留 2 行。"]
    assert ws.lake.import_ids("school") <= set(ws.committed)


def test_ordinary_messages_are_english_when_asked_for(xinyu, district, tmp_path, mapping, monkeypatch):
    monkeypatch.setenv("XINYU_LANG", "en")
    file = write_csv(tmp_path / "a.csv", SHEETS)
    ran = xinyu("import", file, "--mapping", mapping, "--wave", WAVE, "-w", district)
    assert ran.out == ["a.csv: 3 rows = 3 kept + 0 set aside (and 0 blank)"]
    assert xinyu("score", "--wave", WAVE, "-w", district).out == ["gad7: 3 sheets, 2 with a total, 2 usable"]
