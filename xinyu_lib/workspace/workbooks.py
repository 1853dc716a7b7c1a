"""Workbooks with names or with counts that are not protected: readable by their owner only, for `restricted/`."""

import os
from io import BytesIO
from pathlib import Path

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xinyu_lib.lake.cipher import new_private_file
from xinyu_lib.lake.disk import on_disk
from xinyu_lib.tables.template import CREATED, halves, set_up_printing

WIDEST = 60  # half characters
# A name that begins with "=" is a name; and no part of a sheet with names passes through a temporary file.
PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def write_private(path: Path, sheets: dict[str, pd.DataFrame]) -> None:
    """A new workbook that only its owner can read, a frame per sheet. Raises VaultError when the file is there."""
    content = BytesIO()
    with Workbook(content, PLAIN) as book:
        book.set_properties({"created": CREATED})
        bold = book.add_format({"bold": True})
        for title, frame in sheets.items():
            page = book.add_worksheet(title)
            page.write_row(0, 0, list(frame), bold)
            cells = frame.astype(object).where(frame.notna(), "")
            for place, row in enumerate(cells.itertuples(index=False, name=None), start=1):
                page.write_row(place, 0, row)
            page.freeze_panes(1, 2)  # a pupil's number and name, or a school's, stay in view
            _set_widths(page, cells, book.add_format({"text_wrap": True, "valign": "top"}))
            set_up_printing(page)
    with on_disk(path.name), os.fdopen(new_private_file(path), "wb") as file:
        file.write(content.getvalue())


def _set_widths(page: Worksheet, cells: pd.DataFrame, wrapped: Format) -> None:
    """Columns as wide as what stands in them, the widest in lines; Excel's own measure takes Chinese for narrow."""
    for place, heading in enumerate(cells):
        widest = max(map(halves, [heading, *cells.iloc[:, place].astype("str")]))
        page.set_column(place, place, min(widest + 2, WIDEST), wrapped if widest > WIDEST else None)
