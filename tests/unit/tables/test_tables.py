from pathlib import Path

import pytest

from xinyu_lib.errors import DefinitionError, UnknownName
from xinyu_lib.registry import read
from xinyu_lib.tables import dictionary, layouts, load_layout, load_table, tables, written_forms
from xinyu_lib.tables.catalogue import TableFile
from xinyu_lib.words import LANGUAGES, catalogue

PROJECT = Path(__file__).parents[3]
COLUMNS = [(table_id, column) for table_id in tables() for column in load_table(table_id).columns]
IDS = [f"{table_id}.{column.name}" for table_id, column in COLUMNS]


def test_tables_are_found_by_id_and_an_unknown_one_lists_the_known():
    assert len(tables()) == 60
    assert {"pupil", "room", "interview", "response"} <= set(tables())
    with pytest.raises(UnknownName, match="pupil") as caught:
        load_table("pupils")
    assert "没有名为“pupils”的数据表" in caught.value.text("zh")


@pytest.mark.parametrize(("table_id", "column"), COLUMNS, ids=IDS)
def test_a_reference_names_a_declared_column(table_id, column):
    if column.references:
        table, name = column.references.split(".")
        assert table != table_id
        assert load_table(table).column(name).name == name
    if column.stands_for:
        assert column.privacy == "vault"
        assert load_table(table_id).column(column.stands_for).privacy == "restricted"


@pytest.mark.parametrize(("table_id", "column"), COLUMNS, ids=IDS)
def test_a_spelling_stands_for_one_code_only(table_id, column):
    spellings = [text for code in column.codes for text in {written.casefold() for written in code.written}]
    assert len(spellings) == len(set(spellings)), table_id


def test_headers_of_a_file_tell_its_columns_apart():
    for table_id in tables():
        titles = [t for c in load_table(table_id).file_columns for t in {title.casefold() for title in c.titles}]
        assert len(titles) == len(set(titles)), table_id


@pytest.mark.parametrize(("table_id", "column"), COLUMNS, ids=IDS)
def test_a_vault_column_is_never_stored_and_a_name_or_number_is_one(table_id, column):
    assert column.privacy != "vault" or column.name not in load_table(table_id).stored
    if column.identity or column.name in {"number", "words"} or column.name.endswith("_number"):
        assert column.privacy == "vault"


def test_every_row_carries_its_import_and_rows_about_a_pupil_their_school():
    for table_id in tables():
        stored = load_table(table_id).stored
        assert stored[-2:] == ("import_id", "valid_from")
        about_one = load_table(table_id).key[:2] in {("wave", "pupil_key"), ("pupil_key",)}
        assert not about_one or "school" in stored


def test_the_privacy_of_a_table_is_that_of_its_strictest_stored_column():
    classes = {table_id: load_table(table_id).privacy for table_id in ("school", "class", "pupil", "interview")}
    assert classes == {"school": "public", "class": "aggregate", "pupil": "restricted", "interview": "restricted"}


def test_in_a_file_the_number_stands_in_for_the_key():
    assert load_table("pupil").key == ("wave", "pupil_key")
    assert load_table("pupil").file_key == ("wave", "number")
    assert load_table("class").file_key == ("wave", "school", "class_id")


def test_school_types_are_those_of_the_domain():
    assert [(code.code, code.zh) for code in load_table("school").column("type").codes] == [
        ("primary", "小学"), ("junior", "初中"), ("nine_year", "九年一贯制"),
        ("complete_secondary", "完全中学"), ("senior", "高中"), ("twelve_year", "十二年一贯制"),
        ("teaching_point", "教学点"),
    ]  # fmt: skip


def test_a_table_with_an_unknown_shared_column_names_file_and_column(tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        'id = "wrong"\nlabel = { zh = "错", en = "Wrong" }\nnote = { zh = "错", en = "Wrong" }\n'
        'key = ["school"]\ncolumns = [{ use = "scool" }]\n',
        encoding="utf-8",
    )
    with pytest.raises(DefinitionError, match=r"wrong\.toml .* no shared column scool"):
        read(wrong, TableFile)


def test_a_key_must_be_among_the_columns(tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        'id = "wrong"\nlabel = { zh = "错", en = "Wrong" }\nnote = { zh = "错", en = "Wrong" }\n'
        'key = ["wave"]\ncolumns = [{ use = "school" }]\n',
        encoding="utf-8",
    )
    with pytest.raises(DefinitionError, match="the key must be among them"):
        read(wrong, TableFile)


def test_the_layout_of_wenjuanxing_reads_question_numbers_and_marks():
    layout = load_layout("wenjuanxing-number")
    assert [layout.question(header) for header in ("12、题干", "3、性别 ", "序号", "第6题(运动)")] == [
        12,
        3,
        None,
        None,
    ]
    assert {"", "-2", "(空)"} == set(layout.unanswered)
    assert {"-3", "(跳过)"} == set(layout.skipped)
    assert load_layout("plain").question("1、题干") is None
    assert layouts() == [
        "limesurvey", "plain", "qualtrics", "redcap", "spss", "wenjuanxing-number", "wenjuanxing-text",
    ]  # fmt: skip


def test_dates_are_written_first_in_the_form_in_which_they_are_stored():
    forms = written_forms()
    assert (forms.date[0], forms.month[0], forms.timestamp[0]) == ("%Y-%m-%d", "%Y-%m", "%Y-%m-%dT%H:%M:%S")


def test_the_data_dictionary_is_the_one_in_the_docs():
    assert (PROJECT / "docs" / "data-dictionary.md").read_text(encoding="utf-8") == dictionary("zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_data_dictionary_holds_every_table_and_column(lang):
    page = dictionary(lang)
    for table_id, column in COLUMNS:
        assert load_table(table_id).label.say(lang) in page
        assert f"| `{column.name}` | {column.label.zh} | {column.label.en} |" in page


def test_both_languages_have_the_same_messages():
    assert catalogue("tables", "zh").keys() == catalogue("tables", "en").keys()
