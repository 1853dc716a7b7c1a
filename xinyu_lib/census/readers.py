"""Files to raw tables: CSV, XLSX, XLS. Whatever a file holds, the answer is a table or one clear line."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from python_calamine import CalamineError, CalamineWorkbook

from xinyu_lib.census.cells import cell_text, tidy
from xinyu_lib.census.listing import Listing
from xinyu_lib.census.rawtable import RawTable, raw_table
from xinyu_lib.errors import EmptyFile, FileMissing, UnreadableFile, WrongEncoding, WrongSheet

T = TypeVar("T")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_file(path: str | Path, *, sheet: str | None = None) -> RawTable:
    """Read one file with every cell as text, so that identifiers keep their zeros.

    sheet: sheet of a spreadsheet, the first one if not given; without meaning for CSV.
    Raises FileMissing, EmptyFile, UnreadableFile, WrongEncoding, WrongSheet.
    """
    path = existing(Path(path))
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile("census.unknown_ending", file=path.name, known=" ".join(READERS))
    content = _bytes(path)
    if not content:
        raise EmptyFile("census.empty_file", file=path.name)
    return reader(path.name, content, sheet)


def existing(path: Path) -> Path:
    """The path itself. Raises FileMissing when there is nothing, or a folder."""
    if path.is_dir():
        raise FileMissing("census.is_folder", file=path.name)
    if not path.is_file():
        raise FileMissing("census.file_missing", file=path.name, folder=str(path.parent.resolve()))
    return path


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile("census.cannot_open", file=path.name) from error


def _read_csv(name: str, content: bytes, _: str | None) -> RawTable:
    if content.startswith((ZIP, OLE)):
        raise UnreadableFile("census.excel_named_csv", file=name)
    text, encoding = _decoded(name, content)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [[tidy(cell) for cell in line] for line in reader]
    except csv.Error as error:
        raise UnreadableFile("census.broken_csv", file=name, line=reader.line_num) from error
    return raw_table(name, lines, encoding=encoding)


def _decoded(name: str, content: bytes) -> tuple[str, str]:
    """Text and encoding. UTF-16 without a mark decodes as UTF-8 with zero bytes, which no table has."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not content.startswith(UTF16) and "\0" not in text:
            return text, encoding
    raise WrongEncoding("census.wrong_encoding", file=name)


def _read_excel(name: str, content: bytes, sheet: str | None, *, mark: bytes) -> RawTable:
    if not content.startswith(mark):
        raise UnreadableFile("census.not_excel", file=name)
    book = _guarded(name, lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)))
    if sheet is not None and sheet not in book.sheet_names:
        raise WrongSheet("census.wrong_sheet", file=name, sheet=sheet, sheets=Listing(tuple(book.sheet_names)))
    if not book.sheet_names:
        raise EmptyFile("census.empty_file", file=name)
    chosen = sheet or book.sheet_names[0]
    found = _guarded(name, lambda: book.get_sheet_by_name(chosen))
    lines = [[cell_text(cell) for cell in line] for line in _guarded(name, found.to_python)]
    # The library leaves out empty rows above the table; `start` says how many.
    return raw_table(name, lines, first_row=(found.start or (0, 0))[0] + 1, sheet=chosen)


def _read_xlsx(name: str, content: bytes, sheet: str | None) -> RawTable:
    return _read_excel(name, content, sheet, mark=ZIP)


def _read_xls(name: str, content: bytes, sheet: str | None) -> RawTable:
    return _read_excel(name, content, sheet, mark=OLE)


def _guarded(name: str, step: Callable[[], T]) -> T:
    """One step of the spreadsheet library, whose complaints about damaged files become ours."""
    try:
        return step()
    except CalamineError as error:
        raise UnreadableFile("census.broken_excel", file=name) from error
    except BaseException as error:
        # On some damaged XLS files the library panics: a BaseException of a class that cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableFile("census.broken_excel", file=name) from error


READERS = {".csv": _read_csv, ".xlsx": _read_xlsx, ".xlsm": _read_xlsx, ".xls": _read_xls}
