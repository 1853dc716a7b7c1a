"""What every declared table has to keep, so that a file of it can be filled in, read, stored and reported on."""

import pandas as pd
import pytest

from xinyu_lib.census.cells import header_key
from xinyu_lib.census.problems import Problems
from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.census.values import take_column
from xinyu_lib.tables import Column, load_table, tables

MANAGEMENT = {
    "org_unit", "role_grant", "leadership_group", "meeting", "regulation", "plan_doc", "review_meeting", "issue",
    "assessment", "budget", "room", "room_log", "staff", "qualification", "training", "attendance", "supervision",
    "partner", "course", "timetable", "lesson", "five_open", "lesson_feedback", "activity", "honour", "programme",
    "brand", "event", "event_attendance", "publication", "team_member", "station",
}  # fmt: skip
PUPILS = {
    "enrolment", "archive", "archive_entry", "tier_confirmed", "check_list", "interview", "care_plan", "contact",
    "guardian_contact", "referral", "network_member", "network_report", "signal", "crisis_plan", "drill",
    "crisis_event", "station_case", "sheet_set_aside",
}  # fmt: skip
CENSUS = {
    "school", "class", "wave", "pupil", "consent", "administration", "response", "score", "safety_answer",
    "tier_provisional",
}  # fmt: skip
# S35 speaks of effects, which are derived, and S36 of the document itself.
PROMISES = {f"S{number}" for number in range(1, 35)}
NOT_IN_A_SHEET_NAME = set(r"[]:*?/\'")

each_table = pytest.mark.parametrize("table", [load_table(table_id) for table_id in tables()], ids=tables())


def taken(cell: str, column: Column) -> tuple[object, list[str]]:
    """The stored value of one cell, and the reasons for which it is refused."""
    raw = RawTable("example", (column.label.zh,), ((cell,),), (2,), 0)
    problems = Problems(raw)
    values = take_column(pd.Series([cell], dtype="str"), column, column.label.zh, problems)
    return values[0], list(problems.set_aside()["reason"])


def refused(cell: str, column: Column) -> list[str]:
    return taken(cell, column)[1]


def test_every_table_of_the_work_is_declared():
    assert set(tables()) == MANAGEMENT | PUPILS | CENSUS


def test_every_promise_of_the_founding_document_rests_on_a_table():
    kept = {promise for table_id in tables() for promise in load_table(table_id).promises}
    assert kept == PROMISES


@each_table
def test_a_table_of_the_work_says_what_it_was_promised_for(table):
    assert set(table.promises) & PROMISES


@each_table
def test_the_example_of_a_column_is_one_that_it_accepts(table):
    found = {c.name: refused(c.example, c) for c in table.columns if c.example}
    assert {name: why for name, why in found.items() if why} == {}


@each_table
def test_a_clerk_finds_an_example_for_all_but_free_words(table):
    free = {c.name for c in table.texts if not c.pattern}
    assert [c.name for c in table.file_columns if table.from_file and not c.example and c.name not in free] == []


@each_table
def test_what_a_blank_cell_stands_for_is_a_value_of_the_column(table):
    assert [c.name for c in table.columns if c.default and refused(c.default, c)] == []
    assert [c.name for c in table.columns if c.default and c.required] == []


@each_table
def test_a_day_that_may_not_precede_another_does_not_do_so_in_the_examples(table):
    later = [c for c in table.columns if c.not_before]
    for column in later:
        first = table.column(column.not_before)
        assert first.type == column.type
        assert taken(first.example, first)[0] <= taken(column.example, column)[0], column.name


@each_table
def test_free_text_of_a_file_is_in_the_vault_or_meant_to_be_published(table):
    free = [c for c in table.file_columns if table.from_file and c.type == "text" and not c.pattern]
    assert [c.name for c in free if c.privacy not in {"vault", "public"}] == []


@each_table
def test_a_closed_form_is_said_in_words(table):
    assert [c.name for c in table.file_columns if c.type == "text" and c.pattern and not c.form] == []


@each_table
def test_a_reference_names_a_key_column_of_another_table(table):
    for column in table.columns:
        if column.references:
            target, name = column.references.split(".")
            assert target in tables(), column.name
            assert target != table.id, column.name
            assert name in load_table(target).file_key, column.name
            assert load_table(target).column(name).type == column.type, column.name


@each_table
def test_a_part_of_the_key_is_never_blank_except_where_no_school_means_something(table):
    for column in (table.column(name) for name in table.key):
        filled = column.required or column.default or not column.from_file
        assert filled or (column.name == "school" and "空 = " in column.note.zh), column.name


@each_table
def test_no_key_rests_on_what_is_kept_in_the_vault(table):
    assert [name for name in table.key if table.column(name).privacy == "vault"] == []


@each_table
def test_the_number_of_a_person_stands_for_a_random_key_of_the_same_table(table):
    numbers = {c.stands_for: c for c in table.columns if c.identity}
    keys = {c.name: c for c in table.columns if c.name.endswith("_key")}
    assert set(numbers) <= set(keys)
    assert [c.name for c in keys.values() if c.from_file or c.privacy != "restricted" or c.references] == []
    if table.from_file:
        assert set(numbers) == set(keys)
        assert [c.name for key, c in numbers.items() if key in table.key and not c.required] == []


@each_table
def test_the_name_of_a_person_is_in_the_vault(table):
    persons = any(c.identity for c in table.columns)
    assert [c.name for c in table.columns if persons and c.name.endswith("name") and c.privacy != "vault"] == []


@each_table
def test_a_header_belongs_to_one_column(table):
    titles = [title for c in table.file_columns for title in {header_key(title) for title in c.titles}]
    assert sorted(titles) == sorted(set(titles))


@each_table
def test_labels_of_a_table_are_told_apart_in_both_languages(table):
    for lang in ("zh", "en"):
        labels = [c.label.say(lang) for c in table.columns]
        assert sorted(labels) == sorted(set(labels))


@each_table
def test_a_spelling_stands_for_one_code(table):
    for column in table.columns:
        spellings = [each for code in column.codes for each in {header_key(written) for written in code.written}]
        assert sorted(spellings) == sorted(set(spellings)), column.name


@each_table
def test_every_spelling_is_read_as_its_code(table):
    for column in table.columns:
        read = {written: code.code for code in column.codes for written in code.written}
        assert {written: str(taken(written, column)[0]) for written in read} == read, column.name


def test_a_sheet_of_a_ledger_is_found_by_the_label_of_its_table():
    for lang in ("zh", "en"):
        labels = [header_key(load_table(table_id).label.say(lang)) for table_id in tables()]
        assert sorted(labels) == sorted(set(labels))


@each_table
def test_the_label_of_a_table_can_be_the_name_of_a_sheet(table):
    assert len(table.label.zh) <= 31
    assert not set(table.label.zh) & NOT_IN_A_SHEET_NAME
