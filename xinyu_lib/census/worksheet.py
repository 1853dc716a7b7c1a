"""The worksheet on which a person assigns sheets to pupils: written for `restricted/`, read back when filled in."""

import io
import os
import re
from pathlib import Path

import pandas as pd
import xlsxwriter

from xinyu_lib.census.cells import tidy
from xinyu_lib.census.listing import Listing
from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.census.readers import read_file
from xinyu_lib.census.values import allowed, whole
from xinyu_lib.errors import RowsRefused, WorkspaceError
from xinyu_lib.tables import load_table
from xinyu_lib.tables.template import CREATED
from xinyu_lib.words import LANGUAGES, say

SAID = ("school", "class_id", "class_number", "number", "name", "submitted_at")
CANDIDATES = tuple(f"candidate_{n}" for n in range(1, 6))
# `place` repeats the row out of sight: where rows were sorted by halves or typed over, the two differ.
HIDDEN = ("import_id", "place")
COLUMNS = ("row", *SAID, "why", "confirmed", *CANDIDATES, *HIDDEN)
WIDTHS = {"why": 28, "confirmed": 24, "number": 24, "submitted_at": 20} | dict.fromkeys(CANDIDATES, 40)
TEXT = 49  # the text format that every spreadsheet has built in


def write_worksheet(path: Path, unresolved: pd.DataFrame, roster: pd.DataFrame | None = None) -> None:
    """Write a new XLSX file that only its owner can read, a row per sheet whose pupil could not be told.

    unresolved: `import_id`, `row` of the file, `why` and `candidates` as `match` gives them, and what the sheet said
    in `SAID`; missing cells and columns stay blank. roster: number, name, school, class and number in class of the
    candidates. Equal input gives equal bytes. Raises WorkspaceError when there is a file already: it may be filled in.
    """
    people = _people(roster) if roster is not None else {}
    content = io.BytesIO()
    # In memory: the library would otherwise leave names in the temporary folder if it were interrupted.
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        _fill(book, unresolved.sort_values(["import_id", "row"], kind="stable"), people)
        _explain(book)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError as error:
        raise WorkspaceError("census.worksheet_exists", file=Path(path).name) from error
    with os.fdopen(handle, "wb") as file:
        file.write(content.getvalue())


def read_worksheet(path: Path) -> pd.DataFrame:
    """What a person has decided: `import_id`, `row` (int64) and `number`, a row per confirmed sheet, in their order.

    Rows left blank stay unresolved and do not come back. Whether the number is on the roster is for the import to say.
    Raises MissingColumn without a column of the worksheet, RowsRefused for a number that cannot be one and for rows
    that were changed or doubled; what `read_file` raises.
    """
    raw = read_file(path)
    places = raw.find_all({name: titles(name) for name in ("row", "confirmed", *HIDDEN)})
    text = pd.DataFrame({name: raw.column(place).map(tidy) for name, place in places.items()})
    row, place = (text[name].map(whole).astype("Int64") for name in ("row", "place"))
    _refuse(raw, row.isna() | (row != place).fillna(True) | (text["import_id"] == ""), "row_changed")
    _refuse(raw, text.duplicated(["import_id", "place"], keep=False), "row_doubled")
    column = load_table("pupil").column("number")
    valid = text["confirmed"].map(lambda cell: re.fullmatch(column.pattern or ".*", cell, re.ASCII) is not None)
    _refuse(raw, (text["confirmed"] != "") & ~valid, "bad_number", allowed=allowed(column))
    found = pd.DataFrame({"import_id": text["import_id"], "row": row, "number": text["confirmed"]})
    found = found[text["confirmed"] != ""].astype({"row": "int64", "import_id": "str", "number": "str"})
    return found.sort_values(["import_id", "row"], ignore_index=True)


def titles(name: str) -> tuple[str, ...]:
    """Headers of a column in all languages: a worksheet may be read in another one than it was written in."""
    return (name,) if name in HIDDEN else tuple(_title(name, lang) for lang in LANGUAGES)


def _title(name: str, lang: str | None = None) -> str:
    if name in HIDDEN:
        return name
    kind, _, number = name.partition("_") if name in CANDIDATES else (name, "", "")
    return say(f"census.worksheet.{kind}", lang, n=number)


def _refuse(raw: RawTable, where: pd.Series, what: str, **fields: object) -> None:
    if where.any():
        rows = Listing(tuple(number for number, bad in zip(raw.row_numbers, where, strict=True) if bad))
        raise RowsRefused(f"census.worksheet_{what}", file=raw.name, rows=rows, n=int(where.sum()), **fields)


def _people(roster: pd.DataFrame) -> dict[str, str]:
    """Number -> how the pupil is written on the worksheet: name, number, class, number in class."""
    known = roster.reindex(columns=["number", "name", "school", "class_id", "class_name", "class_number"])
    known["class_name"] = known["class_name"].fillna(known["class_id"])
    shown = ["name", "number", *(["school"] if known["school"].nunique() > 1 else []), "class_name", "class_number"]
    cells = known[shown].astype("object").fillna("").astype("str")
    return dict(zip(known["number"], cells.agg(" ".join, axis=1).str.split().str.join(" "), strict=True))


def _fill(book: xlsxwriter.Workbook, unresolved: pd.DataFrame, people: dict[str, str]) -> None:
    """The worksheet itself. Only the column to fill in is open; text format keeps long numbers whole."""
    sheet = book.add_worksheet(say("census.worksheet.sheet"))
    sheet.protect("", {"format_columns": True, "format_rows": True})
    head, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": TEXT})
    opened = book.add_format({"num_format": TEXT, "locked": False, "bg_color": "#FFF2CC"})
    for at, name in enumerate(COLUMNS):
        sheet.set_column(at, at, WIDTHS.get(name, 12), text, {"hidden": name in HIDDEN})
        sheet.write_string(0, at, _title(name), head)
    sheet.freeze_panes(1, 1)
    rows = unresolved.reindex(columns=["import_id", "row", *SAID, "why", "candidates"]).to_dict("records")
    for line, row in enumerate(rows, 1):
        cells = _cells(row, people)
        for at, name in enumerate(COLUMNS):
            # Always as text: what a pupil typed must not become a formula.
            sheet.write_string(line, at, cells.get(name, ""), opened if name == "confirmed" else text)
        if row["candidates"]:
            choice = {"validate": "list", "source": list(row["candidates"]), "show_error": False}
            sheet.data_validation(line, COLUMNS.index("confirmed"), line, COLUMNS.index("confirmed"), choice)


def _cells(row: dict[str, object], people: dict[str, str]) -> dict[str, str]:
    said = {name: "" if pd.isna(row[name]) else str(row[name]) for name in SAID}
    why = "" if pd.isna(row["why"]) else say(f"census.unmatched.{row['why']}")
    candidates = (people.get(number, number) for number in row["candidates"])
    place = str(row["row"])
    return {
        **said, "row": place, "place": place, "import_id": str(row["import_id"]), "why": why,
        **dict(zip(CANDIDATES, candidates, strict=False)),
    }  # fmt: skip


def _explain(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet(say("census.worksheet.how"))
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    for line, sentence in enumerate(say("census.worksheet.note").splitlines()):
        sheet.write_string(line, 0, sentence)
