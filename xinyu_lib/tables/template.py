"""Forms that a clerk fills in Excel or WPS: one workbook, a worksheet per table, made of the declarations alone."""

import math
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from xinyu_lib.tables.entries import check, choices, hints, messages
from xinyu_lib.tables.table import Column, Table
from xinyu_lib.words import say

CREATED = datetime(2025, 9, 1)  # a fixed date of creation makes equal workbooks equal bytes
TITLE, HEADER, FIRST, LAST = 0, 1, 2, 2001  # rows counted from 0: 2,000 to be filled below title and header
LONGEST_LIST = 255  # characters of a drop-down that Excel keeps with the cells
STEPS = ("fill", "headers", "required", "text", "dates", "lists", "words", "send")
NUMBERS = {"date": "yyyy-mm-dd", "timestamp": "yyyy-mm-dd hh:mm:ss", "whole": "General", "number": "General"}
WRAPPED = {"text_wrap": True, "valign": "top"}
HEAD = {"bg_color": "#E8EEF4", "border": 1, "border_color": "#8A96A3", "text_wrap": True, "valign": "vcenter"}
REQUIRED = {"bold": True, "font_color": "#B00020"}
WORDS = {"bg_color": "#E4D7F2"}
INSTRUCTIONS = (26, 64, 48)  # widths of the first worksheet
NARROWEST, WIDEST, COMMENT = 10, 30, 42  # widths in halves of a Chinese character
LINE = 18  # height of a line of text


def write_template(path: Path, tables: Sequence[Table], lang: str = "zh") -> None:
    """Write one workbook: how to fill it, then a worksheet per table, the tables in `in_reference_order`.

    A worksheet bears the table's label. Row 1 is a title, row 2 holds the labels of the columns that a file carries,
    rows 3 to 2,002 are to be filled; a form sent back empty holds no row. Equal tables give equal bytes.
    Raises OSError when the path cannot be written.
    """
    content = BytesIO()
    ordered = in_reference_order(tables)
    lists: dict[str, list[str | int]] = {}
    with Workbook(content) as book:
        book.set_properties({"created": CREATED})
        _add_instructions(book, ordered, lang)
        for table in ordered:
            _add_table(book, table, lists, lang)
        if lists:
            _add_lists(book, lists, lang)
    path.write_bytes(content.getvalue())


def in_reference_order(tables: Sequence[Table]) -> list[Table]:
    """The tables, each after those it refers to, else in the order given; a circle begins where it is met first."""
    given = {table.id: table for table in tables}
    met: set[str] = set()
    ordered: list[Table] = []

    def take(table: Table) -> None:
        if table.id in met:
            return
        met.add(table.id)
        targets = [column.references.partition(".")[0] for column in table.columns if column.references]
        for target in [given[target] for target in targets if target in given]:
            take(target)
        ordered.append(table)

    for table in tables:
        take(table)
    return ordered


def _add_instructions(book: Workbook, tables: Sequence[Table], lang: str) -> None:
    sheet = book.add_worksheet(say("tables.template.how", lang))
    for place, width in enumerate(INSTRUCTIONS):
        sheet.set_column(place, place, width)
    sheet.write(TITLE, 0, say("tables.template.how", lang), book.add_format({"bold": True, "font_size": 14}))
    for row, step in enumerate(STEPS, start=1):
        _write_across(book, sheet, row, f"{row}. {say(f'tables.template.step.{step}', lang)}", INSTRUCTIONS)
    _write_looks(book, sheet, len(STEPS) + 2, lang)
    _write_contents(book, sheet, len(STEPS) + 6, tables, lang)
    set_up_printing(sheet)


def _write_looks(book: Workbook, sheet: Worksheet, row: int, lang: str) -> None:
    """What the looks of a header mean, each shown in its own looks."""
    for at, (name, looks) in enumerate({"required": REQUIRED, "optional": {}, "words": WORDS}.items(), start=row):
        sheet.write(at, 0, say(f"tables.template.looks.{name}", lang), book.add_format({**HEAD, **looks}))
        sheet.write(at, 1, say(f"tables.template.means.{name}", lang))


def _write_contents(book: Workbook, sheet: Worksheet, row: int, tables: Sequence[Table], lang: str) -> None:
    """The worksheets with their notes and the columns that must be filled."""
    plain, link = book.add_format(WRAPPED), book.add_format({**WRAPPED, "underline": 1, "font_color": "#1A5FB4"})
    heads = [say(f"tables.template.contents.{name}", lang) for name in ("sheet", "note", "required")]
    sheet.write_row(row, 0, heads, book.add_format({**HEAD, "bold": True}))
    for at, table in enumerate(tables, start=row + 1):
        label, texts = table.label.say(lang), [table.note.say(lang), _required(table, lang)]
        sheet.write_url(at, 0, f"internal:'{label}'!A{FIRST + 1}", link, label)
        sheet.write_row(at, 1, texts, plain)
        sheet.set_row(at, max(_height(text, width) for text, width in zip(texts, INSTRUCTIONS[1:], strict=True)))


def _add_table(book: Workbook, table: Table, lists: dict[str, list[str | int]], lang: str) -> None:
    sheet = book.add_worksheet(table.label.say(lang))
    widths = [_width(column, lang) for column in table.file_columns]
    title = say("tables.template.title", lang, label=table.label.say(lang), note=table.note.say(lang))
    required = say("tables.template.title_required", lang, columns=_required(table, lang))
    _write_across(book, sheet, TITLE, f"{title}\n{required}", widths)
    for place, (column, width) in enumerate(zip(table.file_columns, widths, strict=True)):
        sheet.set_column(place, place, width, book.add_format({"num_format": NUMBERS.get(column.type, "@")}))
        looks = HEAD | (REQUIRED if column.required else {}) | (WORDS if column in table.texts else {})
        _write_header(sheet, place, column, lang, book.add_format(looks))
        rule = _drop_down(f"list_{table.id}_{column.name}", choices(column, lang), lists)
        rule = rule or check(column, xl_rowcol_to_cell(FIRST, place), lang)
        sheet.data_validation(FIRST, place, LAST, place, rule | messages(column, lang))
    sheet.freeze_panes(FIRST, 0)
    sheet.ignore_errors({"number_stored_as_text": xl_range(FIRST, 0, LAST, len(widths) - 1)})
    sheet.repeat_rows(TITLE, HEADER)
    set_up_printing(sheet)


def _write_header(sheet: Worksheet, place: int, column: Column, lang: str, looks: Format) -> None:
    """The label and nothing else: the importer knows a column by it. All there is to say stands in a comment."""
    text = "\n".join(hints(column, lang))
    size = {"width": 300, "height": _height(text, COMMENT) + LINE, "font_size": 10}
    sheet.write(HEADER, place, column.label.say(lang), looks)
    sheet.write_comment(HEADER, place, text, size)


def _drop_down(name: str, offered: list[str | int], lists: dict[str, list[str | int]]) -> dict[str, object]:
    """The validation of a column with a drop-down; a list too long to stay with the cells, or with the comma
    that would part it, is put among `lists` under its name."""
    if not offered:
        return {}
    words = [str(each) for each in offered]
    if len(",".join(words)) <= LONGEST_LIST and not any("," in word for word in words):
        return {"validate": "list", "source": words}
    lists[name] = offered
    return {"validate": "list", "source": f"={name}"}


def _add_lists(book: Workbook, lists: dict[str, list[str | int]], lang: str) -> None:
    """The hidden worksheet with the long lists, a column each."""
    title = say("tables.template.choices", lang)
    sheet = book.add_worksheet(title)
    sheet.hide()
    for place, (name, offered) in enumerate(lists.items()):
        sheet.write_column(0, place, offered)
        book.define_name(name, f"='{title}'!{xl_range_abs(0, place, len(offered) - 1, place)}")


def _write_across(book: Workbook, sheet: Worksheet, row: int, text: str, widths: Sequence[int]) -> None:
    sheet.merge_range(row, 0, row, len(widths) - 1, text, book.add_format(WRAPPED))
    sheet.set_row(row, _height(text, sum(widths)))


def set_up_printing(sheet: Worksheet) -> None:
    """Pages across on A4, as wide as the table."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _required(table: Table, lang: str) -> str:
    names = [column.label.say(lang) for column in table.file_columns if column.required]
    return say("tables.template.comma", lang).join(names)


def _width(column: Column, lang: str) -> int:
    """Wide enough for the label, the example and every choice, within bounds."""
    texts = [column.label.say(lang), column.example or "", *map(str, choices(column, lang))]
    return min(max(NARROWEST, *(halves(text) + 3 for text in texts)), WIDEST)


def _height(text: str, width: int) -> int:
    """Height of a text that is wrapped at a width."""
    return LINE * sum(max(1, math.ceil(halves(line) / (width - 2))) for line in text.splitlines())


def halves(text: str) -> int:
    """Width of a text: a Chinese character counts double."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)
