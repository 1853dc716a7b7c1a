import os
import re
import stat
import zipfile

import pandas as pd
import pytest
from census_files import write_xlsx
from python_calamine import CalamineWorkbook

from xinyu_lib.census.worksheet import COLUMNS, HIDDEN, read_worksheet, titles, write_worksheet
from xinyu_lib.errors import MissingColumn, RowsRefused, WorkspaceError
from xinyu_lib.words import LANGUAGES

UNRESOLVED = pd.DataFrame(
    {
        "import_id": "i-1",
        "row": [3, 12],
        "school": ["0102", ""],
        "class_id": ["四年级一班", None],
        "class_number": ["7", None],
        "number": ["G101", None],
        "name": ["张伟", "=1+1"],
        "submitted_at": ["2025-10-15 09:30:00", None],
        "why": ["unknown_number", "too_little"],
        "candidates": [("G001", "G003"), ()],
    }
)
ROSTER = pd.DataFrame(
    {
        "number": ["G001", "G003"],
        "school": "0102",
        "class_id": ["0401", "0402"],
        "class_name": ["四年级1班", None],
        "class_number": ["07", None],
        "name": ["张伟", "张偉"],
    }
)


@pytest.fixture
def path(tmp_path):
    """The worksheet of two sheets."""
    write_worksheet(tmp_path / "a.xlsx", UNRESOLVED, ROSTER)
    return tmp_path / "a.xlsx"


def lines(path) -> list[list[str]]:
    return [
        [str(cell) for cell in line] for line in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    ]


def filled(path, *changes: tuple[int, str, object], drop: str | None = None, double: int | None = None):
    """The worksheet as it comes back: cells changed (line, column, text), a column dropped, a line doubled."""
    table: list[list[object]] = [*lines(path)]
    for line, column, cell in changes:
        table[line][COLUMNS.index(column)] = cell
    if double is not None:
        table.append(table[double])
    if drop is not None:
        table = [[cell for cell, name in zip(line, COLUMNS, strict=True) if name != drop] for line in table]
    return write_xlsx(path.with_name("back.xlsx"), *table)


def test_a_row_shows_what_was_said_why_and_who_might_be_meant(path):
    head, first, second = lines(path)
    assert head[:4] == ["文件中的行", "所填学校", "所填班级", "所填班内学号"]
    assert first == [
        "3", "0102", "四年级一班", "7", "G101", "张伟", "2025-10-15 09:30:00", "名册上没有这个学籍号", "",
        "张伟 G001 四年级1班 07", "张偉 G003 0402", "", "", "", "i-1", "3",
    ]  # fmt: skip
    assert second[COLUMNS.index("name")] == "=1+1"
    assert second[COLUMNS.index("candidate_1")] == ""


def test_a_candidate_is_named_with_the_school_where_there_are_several(tmp_path):
    write_worksheet(tmp_path / "a.xlsx", UNRESOLVED, ROSTER.assign(school=["0102", "0103"]))
    assert lines(tmp_path / "a.xlsx")[1][COLUMNS.index("candidate_2")] == "张偉 G003 0103 0402"


def test_nothing_typed_becomes_a_formula_and_long_numbers_can_be_typed_whole(path):
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert "<f>" not in sheet
    formats = re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs")[1])
    confirmed = re.search(r'<c r="I2" s="(\d+)"', sheet)
    assert formats[int(confirmed[1])] == "49"  # 49 is the text format of every spreadsheet


def test_the_numbers_of_the_candidates_can_be_chosen_and_others_typed(path):
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    (rule,) = re.findall(r"<dataValidation .*?</dataValidation>", sheet)
    assert '<formula1>"G001,G003"</formula1>' in rule
    assert 'sqref="I2"' in rule
    assert "showErrorMessage" not in rule


def test_how_to_fill_it_in_stands_on_a_sheet_of_its_own(path):
    note = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(1).to_python()
    assert len(note) == 5
    assert "不要猜" in note[2][0]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights another way")
def test_only_the_owner_can_read_it(path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_equal_input_gives_equal_bytes(path):
    write_worksheet(path.with_name("b.xlsx"), UNRESOLVED[::-1], ROSTER)
    assert path.with_name("b.xlsx").read_bytes() == path.read_bytes()


def test_a_worksheet_that_may_be_filled_in_is_not_overwritten(path):
    before = path.read_bytes()
    with pytest.raises(WorkspaceError, match=r"a\.xlsx 已经存在"):
        write_worksheet(path, UNRESOLVED[:1], ROSTER)
    assert path.read_bytes() == before


def test_only_confirmed_rows_come_back(path):
    found = read_worksheet(filled(path, (2, "confirmed", "G007")))
    assert found.to_dict("records") == [{"import_id": "i-1", "row": 12, "number": "G007"}]
    assert found["row"].dtype == "int64"


def test_a_worksheet_as_it_was_written_decides_nothing(path):
    assert len(read_worksheet(path)) == 0


def test_full_width_digits_and_numbers_kept_as_numbers_are_tidied(path):
    found = read_worksheet(filled(path, (1, "confirmed", " Ｇ００１ "), (2, "confirmed", 360102), (2, "row", 12)))
    assert list(found["number"]) == ["G001", "360102"]


def test_whole_rows_may_be_sorted_and_deleted(path):
    head, first, second = lines(path)
    second[COLUMNS.index("confirmed")] = "G007"
    for table in ([head, second, first], [head, second]):
        found = read_worksheet(write_xlsx(path.with_name("back.xlsx"), *table))
        assert list(found["row"]) == [12]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_worksheet_is_read_in_either_language(tmp_path, monkeypatch, lang):
    monkeypatch.setenv("XINYU_LANG", lang)
    write_worksheet(tmp_path / "a.xlsx", UNRESOLVED, ROSTER)
    back = filled(tmp_path / "a.xlsx", (1, "confirmed", "G001"))
    monkeypatch.setenv("XINYU_LANG", "en" if lang == "zh" else "zh")
    assert list(read_worksheet(back)["number"]) == ["G001"]


# 360102201001010011 has more digits than a spreadsheet keeps of a number: what comes back is not what was typed.
@pytest.mark.parametrize("number", ["张伟", "G 001", "G" * 31, 360102201001010011.0])
def test_a_number_that_cannot_be_one_is_refused_and_not_told(path, number):
    with pytest.raises(RowsRefused, match=r"back\.xlsx 第 2 行：“确认学籍号”的写法不对.*共 1 行") as refused:
        read_worksheet(filled(path, (1, "confirmed", number)))
    assert str(number) not in str(refused.value)


@pytest.mark.parametrize(
    ("column", "cell"), [("row", "4"), ("row", ""), ("row", "x"), ("place", "4"), ("place", ""), ("import_id", "")]
)
def test_a_changed_row_is_refused(path, column, cell):
    with pytest.raises(RowsRefused, match=r"第 2 行：行号或导入编号被改动，共 1 行"):
        read_worksheet(filled(path, (1, column, cell)))


def test_a_doubled_row_is_refused(path):
    with pytest.raises(RowsRefused, match=r"第 3、4 行：同一份答卷出现了不止一次，共 2 行"):
        read_worksheet(filled(path, double=2))


def test_the_same_row_of_two_imports_is_two_sheets(tmp_path):
    write_worksheet(tmp_path / "a.xlsx", pd.concat([UNRESOLVED[:1], UNRESOLVED[:1].assign(import_id="i-2")]), ROSTER)
    back = filled(tmp_path / "a.xlsx", (1, "confirmed", "G001"), (2, "confirmed", "G003"))
    assert read_worksheet(back).to_dict("list") == {
        "import_id": ["i-1", "i-2"],
        "row": [3, 3],
        "number": ["G001", "G003"],
    }


@pytest.mark.parametrize("column", ["row", "confirmed", *HIDDEN])
def test_a_missing_column_is_named(path, column):
    with pytest.raises(MissingColumn, match=titles(column)[0]):
        read_worksheet(filled(path, drop=column))


def test_without_roster_and_details_the_numbers_alone_are_shown(tmp_path):
    write_worksheet(tmp_path / "a.xlsx", UNRESOLVED[["import_id", "row", "why", "candidates"]])
    assert lines(tmp_path / "a.xlsx")[1][COLUMNS.index("candidate_1")] == "G001"
