"""Writing tables the way offices and survey tools send them: XLSX, CSV in UTF-8 with BOM, CSV in GB18030."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import xlsxwriter

from xinyu_lib.synth.setting import Encoding
from xinyu_lib.tables import Column, load_table
from xinyu_lib.tables.template import CREATED

SHEET = "Sheet1"
BETWEEN = "、"  # between several codes in one cell


def ending(form: Encoding) -> str:
    """File name ending of a form."""
    return ".xlsx" if form == "xlsx" else ".csv"


def write_table(path: Path, rows: pd.DataFrame, form: Encoding, *, title: str = "", numbers: bool = False) -> None:
    """Write text rows under their headers.

    XLSX only: title, a merged row above the header; numbers, numerals stored as numbers, as survey tools do.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if form == "xlsx":
        _write_workbook(path, rows, title, numbers)
    else:
        rows.to_csv(path, index=False, encoding=form, lineterminator="\r\n")


def _write_workbook(path: Path, rows: pd.DataFrame, title: str, numbers: bool) -> None:
    write_book(path, {SHEET: rows}, title=title, numbers=numbers)


def write_book(path: Path, sheets: Mapping[str, pd.DataFrame], *, title: str = "", numbers: bool = False) -> None:
    """Write a workbook of several sheets of text rows, all under the same title; see `write_table`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path, {"strings_to_numbers": numbers}) as book:
        book.set_properties({"created": CREATED})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if title:
                sheet.merge_range(0, 0, 0, rows.shape[1] - 1, title)
            write = sheet.write if numbers else sheet.write_string
            for line, cells in enumerate([list(rows.columns), *rows.to_numpy().tolist()], start=bool(title)):
                for place, cell in enumerate(cells):
                    if cell:
                        write(line, place, cell)


def labelled(frame: pd.DataFrame, table_id: str) -> pd.DataFrame:
    """A frame as an office writes it: Chinese headers and Chinese words for codes, all text, nothing for missing."""
    columns = [column for column in load_table(table_id).file_columns if column.name in frame]
    return pd.DataFrame({column.label.zh: _written(frame[column.name], column) for column in columns}, dtype="str")


def _written(values: pd.Series, column: Column) -> list[str]:
    """The cells of one column; several codes side by side."""
    words = {code.code: code.zh for code in column.codes}
    text = [str(value) for value in values.astype("object").where(values.notna(), "")]
    if column.type != "codes":
        return [words.get(cell, cell) for cell in text]
    return [BETWEEN.join(words[part] for part in cell.split(";") if part) for cell in text]


def write_toml(path: Path, lines: Sequence[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
