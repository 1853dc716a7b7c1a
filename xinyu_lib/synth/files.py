"""Writing tables the way offices and survey tools send them: XLSX, CSV in UTF-8 with BOM, CSV in GB18030."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter

from xinyu_lib.synth.setting import Encoding
from xinyu_lib.tables import load_table

CREATED = datetime(2025, 9, 1)  # a fixed date of creation makes equal workbooks equal bytes
SHEET = "Sheet1"


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
    with xlsxwriter.Workbook(path, {"strings_to_numbers": numbers}) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet(SHEET)
        if title:
            sheet.merge_range(0, 0, 0, rows.shape[1] - 1, title)
        for place, cells in enumerate([list(rows.columns), *rows.to_numpy().tolist()], start=bool(title)):
            sheet.write_row(place, 0, cells)


def labelled(frame: pd.DataFrame, table_id: str) -> pd.DataFrame:
    """A frame as an office writes it: Chinese headers and Chinese words for codes, all text."""
    table = load_table(table_id)
    found = {}
    for column in [column for column in table.file_columns if column.name in frame]:
        words = {code.code: code.zh for code in column.codes}
        found[column.label.zh] = frame[column.name].astype("str").replace(words)
    return pd.DataFrame(found)


def write_toml(path: Path, lines: Sequence[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
