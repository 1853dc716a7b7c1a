import pandas as pd
import pytest
from census_files import ROSTER, WAVE, pupil, write_csv, write_xlsx

from xinyu_lib.census import read_file, refusal, take_table
from xinyu_lib.errors import (
    DataError,
    DuplicatePupil,
    MissingColumn,
    RowsRefused,
    UnknownName,
    UnknownPupil,
    UnknownSchool,
)  # fmt: skip


def take(tmp_path, known, *rows, table="pupil", wave=WAVE, header=ROSTER):
    raw = read_file(write_csv(tmp_path / "a.csv", header, *rows))
    batch = take_table(raw, table, wave=wave, known=known)
    assert batch.rows_in == batch.rows_kept + batch.set_aside["row"].nunique()
    return batch


def reasons(batch) -> list[tuple]:
    return list(batch.set_aside[["row", "reason", "column"]].itertuples(index=False, name=None))


def test_a_roster_is_read_with_codes_types_and_wave(tmp_path, known):
    frame = take(tmp_path, known, pupil("G001"), pupil("0012", 学校代码="0103", 性别="1", 出生年月="2015/5/3")).frames[
        "pupil"
    ]
    left_blank = ["boarding", "class_number", "special_groups"]
    assert frame.drop(columns=left_blank).to_dict("records") == [
        {"wave": WAVE, "school": "0102", "class_id": "0401", "grade": 4, "number": "G001", "name": "甲",
         "sex": "girl", "birth_month": "2015-05"},
        {"wave": WAVE, "school": "0103", "class_id": "0401", "grade": 4, "number": "0012", "name": "甲",
         "sex": "boy", "birth_month": "2015-05"},
    ]  # fmt: skip
    assert frame[left_blank].isna().all(axis=None)
    assert str(frame["grade"].dtype) == "Int32"
    assert all(str(frame[c].dtype) == "str" for c in frame if c != "grade")


def test_columns_are_found_by_chinese_label_english_label_or_name(tmp_path, known):
    header = ["School code", "class_id", "年级", "PUPIL NUMBER", "Name", "sex", "备注"]
    batch = take(tmp_path, known, ["0102", "0401", "七年级", "G001", "甲", "F", "x"], header=header)
    assert batch.frames["pupil"].loc[0, ["class_id", "grade", "number", "sex"]].tolist() == [
        "0401",
        7,
        "G001",
        "girl",
    ]
    assert batch.unused_columns == ("备注",)


def test_a_roster_from_a_spreadsheet_reads_its_numbers_and_dates(tmp_path, known):
    path = write_xlsx(tmp_path / "a.xlsx", ["名册"], ROSTER, ["0102", "0401", 4, "G001", "甲", "男", "2015-05-03"])
    batch = take_table(read_file(path), "pupil", wave=WAVE, known=known)
    assert batch.frames["pupil"].loc[0, ["grade", "birth_month"]].tolist() == [4, "2015-05"]


def test_missing_columns_are_all_listed_and_optional_ones_may_lack(tmp_path, known):
    with pytest.raises(MissingColumn, match="缺少 2 列：班级代码、学籍号"):
        take(tmp_path, known, ["0102", "4"], header=["学校代码", "年级"])


def test_without_a_wave_the_file_must_say_it(tmp_path, known):
    with pytest.raises(MissingColumn, match="缺少 1 列：波次"):
        take(tmp_path, known, pupil("G001"), wave=None)
    batch = take(tmp_path, known, [*pupil("G001"), WAVE], header=[*ROSTER, "波次"], wave=None)
    assert batch.frames["pupil"]["wave"].tolist() == [WAVE]


def test_a_wave_that_is_none_is_refused(tmp_path, known):
    with pytest.raises(DataError, match="2025-2026-autumn"):
        take(tmp_path, known, pupil("G001"), wave="2025-2027-autumn")


def test_a_row_of_another_wave_is_set_aside_and_a_blank_one_is_filled(tmp_path, known):
    rows = [[*pupil("G001"), "2025-2026-spring"], [*pupil("G002"), ""]]
    batch = take(tmp_path, known, *rows, header=[*ROSTER, "波次"])
    assert reasons(batch) == [(2, "bad_value", "波次")]
    assert batch.frames["pupil"]["wave"].tolist() == [WAVE]


def test_each_kind_of_wrong_row_is_set_aside_with_its_reason(tmp_path, known):
    rows = [
        pupil("G001"),
        pupil("G001", 姓名="乙"),
        pupil("G002", 学校代码="0199"),
        pupil("G003", 班级代码="0402"),
        pupil(""),
        pupil("G004", 性别="不详"),
        pupil("G005", 年级="13"),
        pupil("G006", 出生年月="五月"),
    ]
    batch = take(tmp_path, known, *rows)
    assert reasons(batch) == [
        (3, "duplicate", "学籍号"), (4, "unknown_school", "学校代码"), (5, "unknown_class", "班级代码"),
        (6, "missing_value", "学籍号"), (7, "bad_value", "性别"), (8, "out_of_range", "年级"),
        (9, "bad_value", "出生年月"),
    ]  # fmt: skip
    assert batch.set_aside["allowed"].tolist()[4:6] == ["男/女", "1–12"]
    assert (batch.rows_in, batch.rows_kept) == (8, 1)
    assert batch.frames["pupil"]["name"].tolist() == ["甲"]


def test_a_set_aside_row_keeps_its_whole_content_for_the_vault(tmp_path, known):
    batch = take(tmp_path, known, pupil("G001"), pupil("G002", 性别="不详"))
    assert batch.set_aside["content"].tolist() == [
        '[["学校代码", "0102"], ["班级代码", "0401"], ["年级", "4"], ["学籍号", "G002"], ["姓名", "甲"], '
        '["性别", "不详"], ["出生年月", "2015-05"]]'
    ]


def test_a_row_with_two_faults_is_one_row_and_two_lines(tmp_path, known):
    batch = take(tmp_path, known, pupil("G001"), pupil("G002", 性别="不详", 年级="13"))
    assert batch.rows_kept == 1
    assert batch.reasons == {"out_of_range": 1, "bad_value": 1}
    assert refusal(batch).exit_code == RowsRefused.exit_code
    assert "共 1 行" in refusal(batch).text("zh")


def test_a_second_row_stands_when_the_first_of_the_pupil_is_faulty(tmp_path, known):
    batch = take(tmp_path, known, pupil("G001", 性别="不详"), pupil("G001"), pupil("G001"))
    assert reasons(batch) == [(2, "bad_value", "性别"), (4, "duplicate", "学籍号")]


def test_a_line_with_more_cells_than_headers_is_set_aside(tmp_path, known):
    batch = take(tmp_path, known, pupil("G001"), [*pupil("G002"), "多"])
    assert reasons(batch) == [(3, "bad_value", "（表头之外）")]


def test_an_identifier_that_excel_has_rounded_is_set_aside(tmp_path, known):
    good, bad = pupil("G001"), pupil("G002")
    bad[3] = 360102201001010011
    batch = take_table(read_file(write_xlsx(tmp_path / "a.xlsx", ROSTER, good, bad)), "pupil", wave=WAVE, known=known)
    assert reasons(batch) == [(3, "bad_value", "学籍号")]


def test_schools_need_no_wave_and_their_own_codes_are_no_reference(tmp_path, known):
    header = ["学校代码", "学校名称", "学校类型", "隶属"]
    rows = [["0901", "新校", "完全中学", "区属"], ["0901", "又一校", "小学", ""]]
    batch = take(tmp_path, known, *rows, table="school", header=header)
    assert batch.frames["school"].to_dict("records") == [
        {"school": "0901", "name": "新校", "type": "complete_secondary", "owner": "district"}
    ]
    assert reasons(batch) == [(3, "duplicate", "学校代码")]


def test_consent_takes_the_school_from_the_roster(tmp_path, known):
    rows = [["G001", "同意", "2025年9月10日"], ["0012", "拒绝", ""], ["G999", "同意", ""]]
    batch = take(tmp_path, known, *rows, table="consent", header=["学籍号", "同意状态", "日期"])
    frame = batch.frames["consent"]
    assert frame[["number", "school", "state"]].values.tolist() == [
        ["G001", "0102", "consented"], ["0012", "0103", "refused"],
    ]  # fmt: skip
    assert frame["on"].tolist()[0] == "2025-09-10"
    assert pd.isna(frame["on"].tolist()[1])
    assert reasons(batch) == [(4, "unknown_pupil", "学籍号")]


def test_a_date_of_no_calendar_or_century_is_set_aside(tmp_path, known):
    rows = [["G001", "同意", "2025-09-10"], ["G002", "同意", "2025-02-30"], ["G003", "同意", "0205-09-10"]]
    batch = take(tmp_path, known, *rows, table="consent", header=["学籍号", "同意状态", "日期"])
    assert reasons(batch) == [(3, "bad_value", "日期"), (4, "bad_value", "日期")]


def test_tables_that_the_library_writes_are_not_imported(tmp_path, known):
    with pytest.raises(UnknownName, match=r"可导入的有：activity 心育活动、.*、pupil 学生名册、.*、wave 波次"):
        take(tmp_path, known, pupil("G001"), table="score")


def test_a_file_of_unknown_schools_is_refused_with_its_counts(tmp_path, known):
    words = "的 2 行没有一行可以导入，什么也没有写入。第 2、3 行：列“学校代码”中的学校没有登记，共 2 行"
    with pytest.raises(UnknownSchool, match=words):
        take(tmp_path, known, pupil("G001", 学校代码="0199"), pupil("G002", 学校代码="0199"))


def test_a_file_without_a_good_row_is_refused_by_the_commonest_reason(tmp_path, known):
    with pytest.raises(RowsRefused, match="第 2、3 行：列“学籍号”必填而空白，共 2 行") as caught:
        take(tmp_path, known, pupil("", 性别="不详"), pupil(""))
    assert type(caught.value) is RowsRefused


def test_a_consent_list_of_strangers_is_refused_as_unknown_pupils(tmp_path, known):
    with pytest.raises(UnknownPupil, match="请先导入名册"):
        take(tmp_path, known, ["G999", "同意"], table="consent", header=["学籍号", "同意状态"])


def test_one_reason_gives_its_error_with_at_most_five_row_numbers(tmp_path, known):
    batch = take(tmp_path, known, *[pupil("G001")] * 8)
    error = refusal(batch)
    assert type(error) is DuplicatePupil
    assert error.text("zh") == (
        "a.csv 第 3、4、5、6、7 等 行：列“学籍号”与前面的行重复（保留第一行），共 7 行，已放入待核区；"
        "其余 1 行已导入。请核对后重新导入。"
    )
    assert "rows 3, 4, 5, 6, 7, ...: “学籍号” repeats" in error.text("en")


def test_several_reasons_are_counted_in_one_line(tmp_path, known):
    batch = take(tmp_path, known, pupil("G001"), pupil("G001"), pupil("G001"), pupil("G002", 性别="不详"))
    assert refusal(batch).text("zh") == (
        "a.csv 第 3、4、5 行没有通过检查，共 3 行，已放入待核区（重复 2、写法不对 1）；"
        "其余 1 行已导入。请核对后重新导入。"
    )


def test_a_clean_file_has_nothing_to_report(tmp_path, known):
    batch = take(tmp_path, known, pupil("G001"))
    assert refusal(batch) is None
    assert batch.set_aside.columns.tolist() == ["sheet", "row", "reason", "column", "allowed", "content"]
