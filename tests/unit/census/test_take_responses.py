from pathlib import Path

import pandas as pd
import pytest
from census_files import HEADER, MAPPING, WAVE, known_of, sheet, write_csv, write_xlsx

from xinyu_lib.census import load_mapping, read_file, refusal, take_responses, take_table
from xinyu_lib.census.rawtable import RepeatedColumn
from xinyu_lib.errors import (
    AnswerOutOfRange,
    DefinitionError,
    FileMissing,
    ImportRefused,
    MissingColumn,
    UnknownName,
    UnknownPupil,
)  # fmt: skip

KENG = Path(__file__).parents[3] / "data" / "keng"
ITEMS = [f"gad7_{n}" for n in range(1, 8)]


def take(tmp_path, known, mapping, *rows, header=HEADER):
    raw = read_file(write_csv(tmp_path / "a.csv", header, *rows))
    batch = take_responses(raw, mapping, wave=WAVE, known=known)
    assert batch.rows_in == batch.rows_kept + batch.set_aside["row"].nunique()
    return batch


def test_option_numbers_become_codes_of_the_scale(tmp_path, known, mapping):
    batch = take(tmp_path, known, mapping, sheet("G001", "1234123"), sheet("0012", "4_4_444"))
    frame = batch.frames["response/gad7"]
    assert frame[["wave", "number", "school"]].values.tolist() == [
        [WAVE, "G001", "0102"],
        [WAVE, "0012", "0103"],
    ]
    assert frame[ITEMS].iloc[0].tolist() == [0, 1, 2, 3, 0, 1, 2]
    assert frame[ITEMS].iloc[1].isna().tolist() == [False, True, False, True, False, False, False]
    assert {str(dtype) for dtype in frame[ITEMS].dtypes} == {"Int8"}


def test_every_kept_sheet_is_recorded_as_finished_with_time_and_seconds(tmp_path, known, mapping):
    frame = take(tmp_path, known, mapping, sheet("G001"), sheet("G002", time="", seconds="75")).frames["administration"]
    assert frame.iloc[0].tolist() == [WAVE, "G001", "0102", "finished", "2025-10-15T09:30:05", 60]
    assert frame["seconds"].tolist() == [60, 75]
    assert pd.isna(frame["submitted_at"].iloc[1])


@pytest.mark.parametrize("mark", ["", "-2", "(空)", "(跳过)", "-3"])
def test_marks_of_a_blank_are_unanswered_never_zero(tmp_path, known, mapping, mark):
    row = sheet("G001")
    row[4] = mark
    answers = take(tmp_path, known, mapping, row).frames["response/gad7"]
    assert answers[ITEMS].iloc[0].isna().tolist() == [True] + [False] * 6


def test_a_scale_that_the_survey_skipped_was_not_given(tmp_path, known, mapping):
    rows = [sheet("G001"), sheet("G002")[:4] + ["(跳过)"] * 7, sheet("G003", "_______")]
    batch = take(tmp_path, known, mapping, *rows)
    assert batch.frames["response/gad7"]["number"].tolist() == ["G001", "G003"]
    assert batch.frames["administration"]["number"].tolist() == ["G001", "G002", "G003"]


def test_a_whole_number_with_a_point_is_that_number(tmp_path, known, mapping):
    row = [*sheet("G001")[:4], "1.0", "2.0", "3.00", "4", "04", "1", "１"]
    assert take(tmp_path, known, mapping, row).frames["response/gad7"][ITEMS].iloc[0].tolist() == [
        0,
        1,
        2,
        3,
        3,
        0,
        0,
    ]


@pytest.mark.parametrize("answer", ["0", "5", "7", "1.5", "A", "-1"])
def test_an_answer_outside_the_codes_sets_the_sheet_aside(tmp_path, known, mapping, answer):
    row = sheet("G002")
    row[5] = answer
    batch = take(tmp_path, known, mapping, sheet("G001"), row)
    assert batch.set_aside[["row", "reason", "column", "allowed"]].values.tolist() == [
        [3, "out_of_range", "3、第2题", "1–4"]
    ]
    assert batch.frames["response/gad7"]["number"].tolist() == ["G001"]
    assert batch.frames["administration"]["number"].tolist() == ["G001"]
    error = refusal(batch)
    assert type(error) is AnswerOutOfRange
    assert "第 3 行：列“3、第2题”填了不允许的选项（允许 1–4），共 1 行，已放入待核区" in error.text("zh")


def test_sheets_sent_twice_strangers_and_nameless_ones_are_set_aside(tmp_path, known, mapping):
    batch = take(tmp_path, known, mapping, sheet("G001", "1111111"), sheet("G001", "4444444"), sheet("G999"), sheet(""))
    assert batch.set_aside["reason"].tolist() == ["duplicate", "unknown_pupil", "missing_value"]
    assert batch.frames["response/gad7"]["gad7_1"].tolist() == [0]


def test_a_time_that_cannot_be_read_sets_the_sheet_aside(tmp_path, known, mapping):
    batch = take(
        tmp_path, known, mapping, sheet("G001"), sheet("G002", time="昨天"), sheet("G003", seconds="两分钟")
    )  # fmt: skip
    assert batch.set_aside[["reason", "column"]].values.tolist() == [
        ["bad_value", "提交答卷时间"],
        ["bad_value", "所用时间"],
    ]


def test_columns_nobody_mapped_are_reported_but_not_those_of_the_tool(tmp_path, known, mapping):
    header = [*HEADER, "9、爱好", "来自IP", "uid"]
    assert take(tmp_path, known, mapping, [*sheet("G001"), "a", "b", "c"], header=header).unused_columns == (
        "9、爱好",
        "uid",
    )


def test_a_missing_question_is_named_by_its_number(tmp_path, known, mapping):
    with pytest.raises(MissingColumn, match="缺少 2 列：7、…、8、…"):
        take(tmp_path, known, mapping, sheet("G001")[:9], header=HEADER[:9])


def test_a_question_in_two_columns_is_refused(tmp_path, known, mapping):
    with pytest.raises(RepeatedColumn, match="叫“5、…”的列不止一列"):
        take(tmp_path, known, mapping, [*sheet("G001"), "1"], header=[*HEADER, "5、又一题"])


def test_a_file_of_strangers_is_refused(tmp_path, known, mapping):
    with pytest.raises(UnknownPupil, match="的 2 行没有一行可以导入，什么也没有写入。第 2、3 行"):
        take(tmp_path, known, mapping, sheet("G998"), sheet("G999"))


def test_answers_need_a_wave(tmp_path, known, mapping):
    raw = read_file(write_csv(tmp_path / "a.csv", HEADER, sheet("G001")))
    with pytest.raises(ImportRefused, match="导入答卷要指明波次"):
        take_responses(raw, mapping, wave=None, known=known)


def test_a_spreadsheet_gives_the_same_rows_as_a_csv_file(tmp_path, known, mapping):
    rows = [sheet("G001", "1234123"), sheet("0012", "4_4_444"), sheet("G999")]
    numbers = [[int(cell) if cell in "1234" and cell else cell for cell in row] for row in rows]
    one = take(tmp_path, known, mapping, *rows)
    other = take_responses(
        read_file(write_xlsx(tmp_path / "a.xlsx", HEADER, *numbers)), mapping, wave=WAVE, known=known
    )
    for name, frame in one.frames.items():
        pd.testing.assert_frame_equal(frame, other.frames[name])
    assert one.set_aside["reason"].tolist() == other.set_aside["reason"].tolist()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("questions = [2, 8]", "questions = [2, 9]"), "量表 gad7 有 7 题，questions 却指了 8 题"),
        (("questions = [2, 8]", ""), "应在 questions 与 headers 中只给一个"),
        (
            ("questions = [2, 8]", 'questions = [2, 8]\nheaders = "g{item}"'),
            "应在 questions 与 headers 中只给一个",
        ),
        (("questions = [2, 8]", 'headers = "g{n}"'), "headers 应含题号，例如 depr{item:02d}"),
        (("questions = [2, 8]", 'headers = "gad"'), "headers 应含题号"),
        (("4 = 3 }", "4 = 4 }"), "codes 右边应在 0 到 3 之间"),
        (("wenjuanxing-number", "plain"), "这种格式的表头没有题号"),
        (('id = "gad7"', 'id = "gad7"\nquestion = [2, 8]'), "scales.0.question"),
        (("[[scales]]", '[[scales]]\nid = "gad7"\nquestions = [2, 8]\n[[scales]]'), "与前面的量表重复"),
    ],
)
def test_a_wrong_mapping_names_file_scale_and_what_is_allowed(tmp_path, change, words):
    path = tmp_path / "wrong.toml"
    path.write_text(MAPPING.replace(*change), encoding="utf-8")
    with pytest.raises(DefinitionError, match=words) as caught:
        load_mapping(path)
    assert "wrong.toml" in caught.value.text("en")


def test_a_mapping_that_is_not_there_or_names_an_unknown_scale_or_layout(tmp_path):
    with pytest.raises(FileMissing):
        load_mapping(tmp_path / "none.toml")
    for change in (("gad7", "gad8"), ("wenjuanxing-number", "wenjuanxing")):
        (tmp_path / "wrong.toml").write_text(MAPPING.replace(*change), encoding="utf-8")
        with pytest.raises(UnknownName):
            load_mapping(tmp_path / "wrong.toml")


def keng(wave: int) -> tuple:
    places = {"keng"}, {("keng", str(number)) for number in range(1, 5)}
    name = f"2000-2001-autumn-{wave}"
    nobody = known_of(*places, {}, wave=name)
    roster = take_table(read_file(KENG / "roster.csv"), "pupil", wave=name, known=nobody)
    pupils = roster.frames["pupil"]
    known = known_of(*places, dict(zip(pupils["number"], pupils["school"], strict=True)))
    raw, mapping = read_file(KENG / f"keng_d_wave{wave}_raw.csv"), load_mapping(KENG / "keng-sds.toml")
    return pupils, take_responses(raw, mapping, wave=f"2000-2001-autumn-{wave}", known=known)


@pytest.mark.parametrize(("wave", "sheets", "blanks"), [(1, 174, 10), (2, 173, 14)])
def test_the_keng_files_come_in_whole_with_their_empty_cells(wave, sheets, blanks):
    pupils, batch = keng(wave)
    frame = batch.frames["response/sds"]
    assert len(pupils) == 168 + 6 + 5
    assert (batch.rows_in, batch.rows_kept, batch.unused_columns) == (sheets, sheets, ())
    assert int(frame.filter(like="sds_").isna().sum().sum()) == blanks
    assert set(frame["number"]) <= set(pupils["number"])


def test_pupils_only_in_the_second_keng_wave_have_no_sex():
    pupils, first = keng(1)
    only_second = ~pupils["number"].isin(first.frames["administration"]["number"])
    assert only_second.sum() == 5
    assert pupils.loc[only_second, "sex"].isna().all()
    assert pupils.loc[~only_second, "sex"].notna().all()
