from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from census_files import write_csv, write_xlsx

from xinyu_lib.census import read_file
from xinyu_lib.census.rawtable import RepeatedColumn
from xinyu_lib.errors import EmptyFile, FileMissing, UnreadableFile, WrongEncoding, WrongSheet

REAL = Path(__file__).parent / "files" / "wenjuanxing_by_number.xls"
ROWS = [["学籍号", "姓名"], ["0012", "甲"], ["0013", "乙"]]


def test_the_real_wenjuanxing_export_has_800_rows_and_36_columns():
    raw = read_file(REAL)
    assert (len(raw.rows), len(raw.headers), raw.sheet, raw.blank_rows) == (800, 36, "Sheet1", 0)
    assert raw.headers[:6] == ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")
    assert raw.headers[8] == "3、性别"
    assert raw.rows[0][:10] == ("1", "", "", "", "", "", "1", "7", "1", "5")
    assert raw.row_numbers[0] == 2
    assert raw.row_numbers[-1] == 801


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("gbk", "gb18030"), ("gb18030", "gb18030")],
)
def test_csv_is_read_in_utf8_and_gb18030_and_identifiers_keep_their_zeros(tmp_path, encoding, found):
    raw = read_file(write_csv(tmp_path / "a.csv", *ROWS, encoding=encoding))
    assert raw.headers == ("学籍号", "姓名")
    assert raw.rows == (("0012", "甲"), ("0013", "乙"))
    assert raw.encoding == found


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_refused(tmp_path, encoding):
    with pytest.raises(WrongEncoding, match=r"a\.csv：文字编码既不是 UTF-8 也不是 GB18030"):
        read_file(write_csv(tmp_path / "a.csv", ["a", "b"], ["1", "2"], encoding=encoding))


def test_text_cells_of_a_spreadsheet_keep_zeros_and_whole_numbers_have_no_point(tmp_path):
    raw = read_file(write_xlsx(tmp_path / "a.xlsx", ["编号", "班", "分"], ["0012", 3, 2.5]))
    assert raw.rows == (("0012", "3", "2.5"),)


def test_dates_of_a_spreadsheet_become_iso_text(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["日期", "时间"])
        page.write_datetime(1, 0, date(2025, 9, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_datetime(
            1, 1, datetime(2025, 9, 5, 8, 3, 12), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        )
    assert read_file(tmp_path / "a.xlsx").rows == (("2025-09-05", "2025-09-05 08:03:12"),)


def test_a_number_too_long_for_excel_is_not_taken_for_an_identifier(tmp_path):
    raw = read_file(write_xlsx(tmp_path / "a.xlsx", ["学籍号"], [360102201001010011]))
    assert raw.rows == (("3.601022e+17",),)


def test_full_width_digits_letters_and_spaces_become_plain(tmp_path):
    raw = read_file(write_csv(tmp_path / "a.csv", ["学籍号", "备注"], ["Ｇ０１２　", "请假，病"]))
    assert raw.rows == (("G012", "请假，病"),)


def test_the_header_may_follow_title_rows_and_row_numbers_stay_those_of_the_file(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page = book.add_worksheet()
        page.merge_range("B2:E2", "某校花名册")
        page.write_row("B3", ["填表人：", "", "", ""])
        page.write_row("B4", ["学籍号", "姓名", "性别", "年级"])
        page.write_row("B5", ["0012", "甲", "男", 4])
    raw = read_file(tmp_path / "a.xlsx")
    assert raw.headers == ("学籍号", "姓名", "性别", "年级")
    assert raw.row_numbers == (5,)


def test_blank_rows_are_dropped_and_counted(tmp_path):
    raw = read_file(write_csv(tmp_path / "a.csv", ROWS[0], ["", ""], ROWS[1], ["　", ""], ROWS[2]))
    assert raw.rows == (("0012", "甲"), ("0013", "乙"))
    assert raw.row_numbers == (3, 5)
    assert raw.blank_rows == 2


def test_a_short_line_is_filled_with_blanks(tmp_path):
    raw = read_file(write_csv(tmp_path / "a.csv", ["a", "b", "c"], ["1"]))
    assert raw.rows == (("1", "", ""),)


@pytest.mark.parametrize("written", ["1、学籍号", "１、学籍号 ", "1、学 籍 号"])
def test_headers_are_the_same_whatever_their_width_and_blanks(tmp_path, written):
    assert read_file(write_csv(tmp_path / "a.csv", [written, "b"], ["1", "2"])).find("1、学籍号") == 0


def test_a_full_width_bracket_in_a_header_is_a_bracket(tmp_path):
    assert read_file(write_csv(tmp_path / "a.csv", ["用时（秒）", "b"], ["1", "2"])).find("用时(秒)") == 0


def test_two_columns_of_one_name_are_refused_when_it_is_asked_for(tmp_path):
    raw = read_file(write_csv(tmp_path / "a.csv", ["姓名", "学籍号", "姓名 "], ["甲", "1", "乙"]))
    assert raw.find("学籍号") == 1
    with pytest.raises(RepeatedColumn, match="叫“姓名”的列不止一列"):
        raw.find("姓名")


def test_a_missing_file_names_file_and_folder(tmp_path):
    with pytest.raises(FileMissing, match=r"找不到文件 a\.csv"):
        read_file(tmp_path / "a.csv")


def test_an_unknown_ending_lists_the_known_ones(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"x")
    with pytest.raises(UnreadableFile, match=r"可导入的有 \.csv \.xlsx \.xlsm \.xls"):
        read_file(tmp_path / "a.docx")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b",,,\r\n,,\r\n"])
def test_a_file_without_text_is_empty(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(EmptyFile):
        read_file(tmp_path / "a.csv")


def test_a_header_without_rows_is_empty(tmp_path):
    with pytest.raises(EmptyFile, match="只有表头"):
        read_file(write_csv(tmp_path / "a.csv", ROWS[0]))


def test_an_empty_sheet_is_empty(tmp_path):
    with pytest.raises(EmptyFile):
        read_file(write_xlsx(tmp_path / "a.xlsx"))


def test_a_csv_named_xlsx_is_unreadable(tmp_path):
    path = write_csv(tmp_path / "a.csv", *ROWS).rename(tmp_path / "a.xlsx")
    with pytest.raises(UnreadableFile, match="内容不是扩展名所说的 Excel 文件"):
        read_file(path)


def test_an_xlsx_named_csv_is_unreadable(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", *ROWS).rename(tmp_path / "a.csv")
    with pytest.raises(UnreadableFile, match=r"名字却以 \.csv 结尾"):
        read_file(path)


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_cut_xlsx_is_unreadable(tmp_path, kept):
    path = write_xlsx(tmp_path / "a.xlsx", *ROWS)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    with pytest.raises(UnreadableFile, match="已损坏"):
        read_file(path)


def test_a_cut_xls_on_which_the_reading_library_panics_is_unreadable(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(REAL.read_bytes()[:206_000])
    with pytest.raises(UnreadableFile, match="已损坏"):
        read_file(path)


def test_an_unclosed_quote_is_unreadable_rather_than_a_loss_of_rows(tmp_path):
    (tmp_path / "a.csv").write_bytes(b'a,b\r\n1,"2\r\n3,4\r\n')
    with pytest.raises(UnreadableFile, match="第 3 行附近的引号"):
        read_file(tmp_path / "a.csv")


def test_rows_without_a_header_above_are_unreadable(tmp_path):
    with pytest.raises(UnreadableFile, match="找不到表头行"):
        read_file(write_csv(tmp_path / "a.csv", ["1", "1", "1", "1"], ["2", "2", "2", "2"]))


def test_a_sheet_that_is_not_there_lists_those_that_are(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", *ROWS, sheet="名册")
    assert read_file(path, sheet="名册").rows[0] == ("0012", "甲")
    with pytest.raises(WrongSheet, match="没有名为“Sheet1”的工作表；现有：名册"):
        read_file(path, sheet="Sheet1")
