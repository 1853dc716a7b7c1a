"""Forms for those who fill the tables: read back as the importer reads them, and as Excel finds them in the XML."""

import re
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from xinyu_lib.census import Known, read_file, take_table
from xinyu_lib.errors import EmptyFile
from xinyu_lib.tables import Table, load_table, tables
from xinyu_lib.tables.entries import choices, hints
from xinyu_lib.tables.template import in_reference_order, write_template
from xinyu_lib.words import LANGUAGES, say

FROM_FILE = [table for table in map(load_table, tables()) if table.from_file]
PLACES = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
INVITING = {"id": "visit", "label": {"zh": "来访", "en": "Visits"}, "note": {"zh": "每次一行。", "en": "One row each."}}


def table_of(*columns: dict, name: str = "visit") -> Table:
    """A table made for one test: its first column is the key, its columns are public texts unless told otherwise."""
    usual = {"type": "text", "privacy": "public", "required": True}
    filled = [{**usual, "label": {"zh": f"{c['name']}列", "en": c["name"]}, **c} for c in columns]
    label = {"zh": name, "en": name}
    content = {**INVITING, "id": name, "label": label, "key": [filled[0]["name"]], "columns": filled, "every_row": []}
    return Table.model_validate(content)


@pytest.fixture(scope="module", params=LANGUAGES)
def everything(request, tmp_path_factory):
    """The workbook of all tables in one language."""
    path = tmp_path_factory.mktemp("forms") / f"all-{request.param}.xlsx"
    write_template(path, FROM_FILE, request.param)
    return request.param, path


@pytest.fixture
def form(tmp_path):
    """Writes a workbook of some tables; returns where it is."""

    def write(*some: Table, lang: str = "zh"):
        write_template(tmp_path / "form.xlsx", some, lang)
        return tmp_path / "form.xlsx"

    return write


def part(path, name: str) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read(f"xl/{name}").decode("utf-8")


def validations(path, sheet: int = 2) -> dict[str, ElementTree.Element]:
    """Validations of a worksheet by the letter of their column; the second worksheet is the first table."""
    found = ElementTree.fromstring(part(path, f"worksheets/sheet{sheet}.xml")).iterfind(".//s:dataValidation", PLACES)
    by_cells = {each.get("sqref"): each for each in found}
    assert all(re.fullmatch(r"([A-Z]+)3:\1(2002)", cells) for cells in by_cells)
    return {cells[: cells.index("3")]: each for cells, each in by_cells.items()}


def formulas(validation: ElementTree.Element) -> list[str]:
    return [each.text for each in validation]


def test_every_table_from_files_has_a_sheet_after_the_instructions(everything):
    lang, path = everything
    names = CalamineWorkbook.from_path(path).sheet_names
    assert names[0] == say("tables.template.how", lang)
    hidden = {say("tables.template.choices", lang)}
    assert sorted(set(names[1:]) - hidden) == sorted(table.label.say(lang) for table in FROM_FILE)


def test_headers_are_the_labels_and_nothing_stands_below_them(everything):
    lang, path = everything
    book = CalamineWorkbook.from_path(path)
    for table in FROM_FILE:
        title, headers, *below = book.get_sheet_by_name(table.label.say(lang)).to_python()
        assert title[0].startswith(table.label.say(lang))
        assert set(title[1:]) == {""}, "a second text in the title could be taken for a header"
        assert headers == [column.label.say(lang) for column in table.file_columns]
        assert below == []


def test_a_title_names_the_columns_that_must_be_filled(everything):
    lang, path = everything
    book = CalamineWorkbook.from_path(path)
    for table in FROM_FILE:
        title = book.get_sheet_by_name(table.label.say(lang)).to_python()[0][0]
        required = [column.label.say(lang) for column in table.file_columns if column.required]
        assert required
        assert say("tables.template.comma", lang).join(required) in title


def test_every_column_has_a_validation_with_a_message_and_a_comment_with_all_hints(everything):
    lang, path = everything
    names = CalamineWorkbook.from_path(path).sheet_names
    for table in FROM_FILE:
        sheet = names.index(table.label.say(lang)) + 1
        found = validations(path, sheet)
        assert len(found) == len(table.file_columns)
        assert all(each.get("prompt") and len(each.get("prompt")) <= 255 for each in found.values())
        comments = ElementTree.fromstring(part(path, f"comments{sheet - 1}.xml")).iterfind(".//s:comment", PLACES)
        told = ["".join(comment.itertext()) for comment in comments]
        assert told == ["\n".join(hints(column, lang)) for column in table.file_columns]


def test_every_example_is_something_that_excel_accepts():
    for table in FROM_FILE:
        for column in [column for column in table.file_columns if column.example]:
            offered = [str(choice) for choice in choices(column, "zh")]
            if offered:
                assert column.example in offered, (table.id, column.name)
            elif column.type in {"whole", "number"}:
                words = [code.zh for code in column.codes]
                assert column.example in words or float(column.example) >= (column.min or 0), (table.id, column.name)


def test_a_table_comes_after_those_it_refers_to(everything):
    lang, path = everything
    place = {name: at for at, name in enumerate(CalamineWorkbook.from_path(path).sheet_names)}
    assert place[load_table("school").label.say(lang)] < place[load_table("class").label.say(lang)]
    assert place[load_table("class").label.say(lang)] < place[load_table("pupil").label.say(lang)]
    assert place[load_table("pupil").label.say(lang)] < place[load_table("consent").label.say(lang)]


def test_the_order_given_is_kept_where_nothing_refers():
    first, second, third = (table_of({"name": "a"}, {"name": "b"}, name=name) for name in ("z", "m", "a"))
    assert [table.id for table in in_reference_order([first, second, third])] == ["z", "m", "a"]


def test_tables_that_refer_to_each_other_are_all_there_once():
    hen = table_of({"name": "a"}, {"name": "b", "references": "egg.a"}, name="hen")
    egg = table_of({"name": "a"}, {"name": "b", "references": "hen.a"}, name="egg")
    own = table_of({"name": "a"}, {"name": "b", "references": "own.a"}, name="own")
    assert [table.id for table in in_reference_order([hen, egg, own])] == ["egg", "hen", "own"]


def test_a_reference_to_a_table_that_is_not_in_the_workbook_is_left_alone():
    assert [table.id for table in in_reference_order([load_table("pupil")])] == ["pupil"]


def test_equal_tables_give_equal_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name, [load_table("school"), load_table("pupil")])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_form_holds_no_macro(everything):
    with zipfile.ZipFile(everything[1]) as book:
        assert not [name for name in book.namelist() if "vba" in name.lower()]


def test_codes_are_chosen_from_a_list_of_their_words(form):
    school = form(load_table("school"))
    assert formulas(validations(school)["C"]) == ['"小学,初中,九年一贯制,完全中学,高中,十二年一贯制,教学点"']
    assert validations(school)["C"].get("type") == "list"


def test_a_grade_may_be_chosen_as_a_word_or_as_a_number(form):
    grade = validations(form(load_table("pupil")))["D"]
    assert grade.get("type") == "list"
    assert formulas(grade)[0].startswith('"一年级,二年级,')
    assert formulas(grade)[0].endswith(',高三,1,2,3,4,5,6,7,8,9,10,11,12"')


def test_a_number_of_many_with_a_word_for_one_is_checked_by_a_formula(form):
    codes = [{"code": "0", "zh": "无情况", "en": "Nil"}]
    items = {"name": "items", "type": "whole", "min": 0, "max": 999, "codes": codes}
    found = validations(form(table_of({"name": "a"}, items)))["B"]
    assert found.get("type") == "custom"
    assert formulas(found) == ['OR(AND(ISNUMBER(B3),B3>=0,B3<=999,B3=INT(B3)),B3="无情况")']


def test_a_list_that_is_too_long_goes_to_a_hidden_sheet(form):
    codes = [{"code": f"c{n}", "zh": f"很长的选项第{n:03d}号", "en": f"choice {n}"} for n in range(30)]
    path = form(table_of({"name": "a"}, {"name": "kind", "type": "code", "codes": codes}))
    assert formulas(validations(path)["B"]) == ["list_visit_kind"]
    book = CalamineWorkbook.from_path(path)
    assert [sheet.name for sheet in book.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible] == ["选项"]
    assert [row[0] for row in book.get_sheet_by_name("选项").to_python()] == [code["zh"] for code in codes]
    assert "<definedName name=\"list_visit_kind\">'选项'!$A$1:$A$30</definedName>" in part(path, "workbook.xml")


def test_a_word_with_a_comma_is_not_parted_in_the_list(form):
    codes = [{"code": "a", "zh": "甲", "en": "One, or more"}, {"code": "b", "zh": "乙", "en": "None"}]
    kind = {"name": "kind", "type": "code", "codes": codes}
    assert formulas(validations(form(table_of({"name": "a"}, kind), lang="en"))["B"]) == ["list_visit_kind"]
    assert formulas(validations(form(table_of({"name": "a"}, kind), lang="zh"))["B"]) == ['"甲,乙"']


def test_several_codes_are_told_with_their_separator_and_not_checked(form):
    codes = [{"code": "a", "zh": "甲", "en": "One"}, {"code": "b", "zh": "乙", "en": "Two"}]
    found = validations(form(table_of({"name": "a"}, {"name": "kinds", "type": "codes", "codes": codes})))["B"]
    assert found.get("type") is None
    assert "各项之间用“、”隔开：甲、乙" in found.get("prompt")


def test_days_numbers_and_texts_are_checked_and_formatted_as_what_they_are(form):
    count = {"name": "count", "type": "whole", "min": 1, "max": 60}
    hours = {"name": "hours", "type": "number", "min": 0}
    path = form(table_of({"name": "id"}, {"name": "on", "type": "date"}, count, hours, {"name": "m", "type": "month"}))
    found = validations(path)
    assert [found[letter].get("type") for letter in "ABCDE"] == [None, "date", "whole", "decimal", None]
    assert found["B"].get("operator") == "greaterThanOrEqual"
    assert formulas(found["B"]) == ["32874"]  # 1990-01-01 as Excel counts days
    assert formulas(found["C"]) == ["1", "60"]
    assert formulas(found["D"])[0] == "0"
    assert number_formats(path) == ["@", "yyyy-mm-dd", "General", "General", "@"]


def number_formats(path) -> list[str]:
    """Number format of each column of the first table."""
    styles = ElementTree.fromstring(part(path, "styles.xml"))
    names = {"0": "General", "49": "@"}
    names |= {each.get("numFmtId"): each.get("formatCode") for each in styles.iterfind(".//s:numFmt", PLACES)}
    used = [each.get("numFmtId") for each in styles.iterfind("./s:cellXfs/s:xf", PLACES)]
    columns = ElementTree.fromstring(part(path, "worksheets/sheet2.xml")).iterfind(".//s:col", PLACES)
    return [name for c in columns for name in [names[used[int(c.get("style", 0))]]] * span(c)]


def span(column: ElementTree.Element) -> int:
    return int(column.get("max")) - int(column.get("min")) + 1


def test_required_columns_and_words_about_people_are_marked_by_looks(form):
    words = {"name": "words", "privacy": "vault", "required": False}
    path = form(table_of({"name": "a"}, {"name": "b", "required": False}, words))
    xml, styles = part(path, "worksheets/sheet2.xml"), ElementTree.fromstring(part(path, "styles.xml"))
    used = styles.findall("./s:cellXfs/s:xf", PLACES)
    looks = [used[int(re.search(rf'<c r="{cell}" s="(\d+)"', xml)[1])] for cell in ("A2", "B2", "C2")]
    fonts = [styles.findall("./s:fonts/s:font", PLACES)[int(look.get("fontId"))] for look in looks]
    assert [font.find("s:b", PLACES) is not None for font in fonts] == [True, False, False]
    fills = [look.get("fillId") for look in looks]
    assert fills[0] == fills[1] != fills[2]


def test_header_and_title_stay_in_sight(form):
    assert '<pane ySplit="2" topLeftCell="A3"' in part(form(load_table("school")), "worksheets/sheet2.xml")


def test_instructions_list_the_sheets_with_their_notes_and_say_how_to_send(form):
    tables = [load_table("school"), load_table("pupil")]
    rows = CalamineWorkbook.from_path(form(*tables)).get_sheet_by_name("填表说明").to_python()
    text = "\n".join("\t".join(map(str, row)) for row in rows)
    for table in tables:
        assert f"{table.label.zh}\t{table.note.zh}\t" in text
    assert text.index("1. ") < text.index("2025-09-10") < text.index("交回") < text.index("必填的列")


def test_hints_say_what_a_blank_means_and_where_a_value_must_stand():
    kind = {"name": "n", "type": "whole", "min": 1, "max": 99, "required": False, "default": "1", "example": "2"}
    column = table_of({"name": "a"}, kind).columns[1]
    assert hints(column, "zh") == ["可不填。", "整数、1–99", "不填就是：1。", "例：2。"]
    school = load_table("pupil").column("school")
    assert "须先见于“学校”表的“学校代码”列。" in hints(school, "zh")


def test_a_long_column_of_codes_never_breaks_a_message(form):
    codes = [{"code": f"c{n}", "zh": f"很长的选项第{n:03d}号", "en": f"choice {n}"} for n in range(30)]
    found = validations(form(table_of({"name": "a"}, {"name": "kind", "type": "codes", "codes": codes})))["B"]
    assert len(found.get("prompt")) == 255
    assert found.get("prompt").endswith("…")


def test_labels_of_tables_can_be_names_of_worksheets():
    for lang in LANGUAGES:
        own = [say("tables.template.how", lang), say("tables.template.choices", lang)]
        names = [table.label.say(lang) for table in FROM_FILE] + own
        assert len({name.casefold() for name in names}) == len(names)
        assert not [name for name in names if len(name) > 31 or re.search(r"[\[\]:*?/\\']", name)]


def test_columns_are_wide_enough_for_their_labels(form):
    label = {"zh": "六个字的列名", "en": "six"}
    path = form(table_of({"name": "a", "label": label}, {"name": "b", "example": "A-2025-013-0001"}))
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', part(path, "worksheets/sheet2.xml"))]
    assert widths[0] >= 6 * 2
    assert widths[1] >= 15


def filled(path, table: Table) -> None:
    """Put every example into row 3 as Excel does: a day becomes a number in the format of its column."""
    xml = part(path, "worksheets/sheet2.xml")
    styles = {int(found[1]): found[2] for found in re.finditer(r'<col min="(\d+)"[^>]* style="(\d+)"', xml)}
    cells = [_cell(f"{chr(65 + at)}3", column, styles.get(at + 1)) for at, column in enumerate(table.file_columns)]
    grown = xml.replace("</sheetData>", f'<row r="3">{"".join(cells)}</row></sheetData>')
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, content in (parts | {"xl/worksheets/sheet2.xml": grown.encode("utf-8")}).items():
            book.writestr(name, content)


def _cell(place: str, column, style: str | None) -> str:
    if column.type == "date":
        days = (date.fromisoformat(column.example) - date(1899, 12, 30)).days
        return f'<c r="{place}" s="{style}"><v>{days}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{column.example}</t></is></c>'


SCHOOL = {"school": "0102", "name": "示范小学", "type": "primary", "owner": "district"}
ROUND = {"starts": "2025-09-15", "ends": "2025-11-30", "wave": "2025-2026-autumn"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("table_id", "row"), [("school", SCHOOL), ("wave", ROUND)])
def test_a_form_with_its_first_row_filled_is_imported_as_that_row(form, table_id, row, lang):
    table = load_table(table_id)
    path = form(table, lang=lang)
    filled(path, table)
    batch = take_table(read_file(path, sheet=table.label.say(lang)), table_id, wave=None, known=Known())
    assert (batch.rows_in, batch.rows_kept, batch.unused_columns) == (1, 1, ())
    found = batch.frames[table_id].iloc[0].to_dict()
    assert {name: found[name] for name in row} == row


def test_an_empty_form_holds_no_row(everything):
    lang, path = everything
    for table in FROM_FILE:
        with pytest.raises(EmptyFile):
            read_file(path, sheet=table.label.say(lang))
