"""Files as lines of text: CSV, XLSX, XLS. Whatever a file holds, the answer is a table or one clear line."""

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from python_calamine import CalamineError, CalamineWorkbook

from xinyu_lib.census.cells import cell_text, tidy
from xinyu_lib.census.listing import Listing
from xinyu_lib.census.rawfile import Lines, RawFile, raw_file
from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.census.spss import sav_lines
from xinyu_lib.errors import EmptyFile, FileMissing, UnreadableFile, WrongEncoding, WrongSheet

T = TypeVar("T")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
PIECE = 1 << 20  # bytes that are decoded at a time


def open_file(
    path: str | Path, *, sheet: str | None = None, titles: Iterable[str] = (), header_rows: int | None = None
) -> RawFile:
    """Open one file for reading, every cell as text, so that identifiers keep their zeros.

    sheet: sheet of a spreadsheet, the first one if not given; without meaning for CSV. titles: headers by which the
    header line is known; header_rows: how many lines are the header, where that is known; see `raw_file`.
    Raises FileMissing, EmptyFile, UnreadableFile, WrongEncoding, WrongSheet; while rows are walked UnreadableFile.
    """
    path = existing(Path(path))
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile("census.unknown_ending", file=path.name, known=" ".join(READERS))
    if not _start(path):
        raise EmptyFile("census.empty_file", file=path.name)
    found = reader(path, sheet)
    return raw_file(path.name, replace(found, header_rows=header_rows or found.header_rows), titles=titles)


def read_file(path: str | Path, **how) -> RawTable:
    """All rows of one file; see `open_file`."""
    return open_file(path, **how).whole()


def sheet_names(path: str | Path) -> list[str]:
    """Names of the sheets of a workbook, in order; none for a file without sheets. Raises as `open_file`."""
    path = existing(Path(path))
    return _book(path).sheet_names if path.suffix.lower() in BOOKS else []


def existing(path: Path) -> Path:
    """The path itself. Raises FileMissing when there is nothing, or a folder."""
    if path.is_dir():
        raise FileMissing("census.is_folder", file=path.name)
    if not path.is_file():
        raise FileMissing("census.file_missing", file=path.name, folder=str(path.parent.resolve()))
    return path


def _start(path: Path) -> bytes:
    """The first bytes of a file, by which its kind is known."""
    try:
        with path.open("rb") as file:
            return file.read(8)
    except OSError as error:
        raise UnreadableFile("census.cannot_open", file=path.name) from error


def _csv_lines(path: Path, _: str | None) -> Lines:
    if _start(path).startswith((ZIP, OLE)):
        raise UnreadableFile("census.excel_named_csv", file=path.name)
    encoding = _encoding(path)
    return Lines(_walked(path, encoding), encoding=encoding)


def _walked(path: Path, encoding: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            for line in reader:
                yield [tidy(cell) for cell in line]
        except csv.Error as error:
            raise UnreadableFile("census.broken_csv", file=path.name, line=reader.line_num) from error


def _encoding(path: Path) -> str:
    """UTF-8 if the whole file is, else GB18030. UTF-16 without a mark decodes as UTF-8 with zero bytes."""
    if not _start(path).startswith(UTF16):
        for encoding in ("utf-8-sig", "gb18030"):
            if _decodes(path, encoding):
                return encoding
    raise WrongEncoding("census.wrong_encoding", file=path.name)


def _decodes(path: Path, encoding: str) -> bool:
    """True when the file is text in this encoding, without a zero byte, which no table has."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while piece := file.read(PIECE):
                if "\0" in decoder.decode(piece):
                    return False
            return "\0" not in decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False


def _book_lines(path: Path, sheet: str | None) -> Lines:
    book = _book(path)
    if sheet is not None and sheet not in book.sheet_names:
        raise WrongSheet("census.wrong_sheet", file=path.name, sheet=sheet, sheets=Listing(tuple(book.sheet_names)))
    if not book.sheet_names:
        raise EmptyFile("census.empty_file", file=path.name)
    chosen = sheet or book.sheet_names[0]
    found = _guarded(path.name, lambda: book.get_sheet_by_name(chosen))
    rows = _guarded(path.name, found.to_python)
    lines = ([cell_text(cell) for cell in row] for row in rows)
    # The library leaves out empty rows above the table; `start` says how many.
    return Lines(lines, first_row=(found.start or (0, 0))[0] + 1, sheet=chosen)


def _book(path: Path) -> CalamineWorkbook:
    if not _start(path):
        raise EmptyFile("census.empty_file", file=path.name)
    if not _start(path).startswith(BOOKS[path.suffix.lower()]):
        raise UnreadableFile("census.not_excel", file=path.name)
    return _guarded(path.name, lambda: CalamineWorkbook.from_path(str(path)))


def _guarded(name: str, step: Callable[[], T]) -> T:
    """One step of the spreadsheet library, whose complaints about damaged files become ours."""
    try:
        return step()
    except (CalamineError, OSError) as error:
        raise UnreadableFile("census.broken_excel", file=name) from error
    except BaseException as error:
        # On some damaged XLS files the library panics: a BaseException of a class that cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableFile("census.broken_excel", file=name) from error


BOOKS = {".xlsx": ZIP, ".xlsm": ZIP, ".xls": OLE}
READERS: dict[str, Callable[[Path, str | None], Lines]] = {".csv": _csv_lines, **dict.fromkeys(BOOKS, _book_lines)}
READERS |= dict.fromkeys((".sav", ".zsav"), sav_lines)
