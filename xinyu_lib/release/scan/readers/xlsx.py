"""XLSX: cells of every sheet with their place, and what a workbook keeps without showing it."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from xinyu_lib.release.scan.finding import Mark, Part, Text, place
from xinyu_lib.release.scan.frames import cells, has_row_columns
from xinyu_lib.release.scan.readers.office import opened, package_parts
from xinyu_lib.release.scan.readers.svg import local, xml_tree

SHEET = re.compile(r"xl/(?:worksheets|chartsheets|dialogsheets|macrosheets)/[^/]+\.xml")
# other parts with text of their own
NOTES = re.compile(r"xl/(?:comments|threadedComments|drawings|charts|tables).*\.xml")
WIDEST = 100  # columns of a table that a person reads
WHITE = {"FFFFFFFF", "00FFFFFF", "FFFFFF"}


def read_xlsx(content: bytes) -> Iterator[Part]:
    """Parts of a workbook. Raises BadZipFile, ParseError or ValueError when it is not whole."""
    members = opened(content, "xl/workbook.xml")
    yield from package_parts(members)
    yield from _workbook(xml_tree(members["xl/workbook.xml"]))
    strings, unseen = _strings(members), _unseen(members)
    yield from (Text(place("strings"), text) for text in strings)
    for number, name in enumerate(filter(SHEET.fullmatch, members), 1):
        yield from _sheet(xml_tree(members[name]), number, strings, unseen)
    for number, (name, part) in enumerate(members.items(), 1):
        if NOTES.fullmatch(name):
            yield from _notes(name, xml_tree(part), place("part", number=number))


def _workbook(root: Element) -> Iterator[Part]:
    for number, sheet in enumerate((each for each in root.iter() if local(each) == "sheet"), 1):
        if sheet.get("state", "visible") != "visible":
            yield Mark(place("sheet", number=number), "release.scan.hidden_part.sheet")
    for name in (each for each in root.iter() if local(each) == "definedName"):
        yield Text(place("names"), name.text or "")
        if name.get("hidden") == "1":
            yield Mark(place("names"), "release.scan.hidden_part.custom")


def _strings(members: dict[str, bytes]) -> list[str]:
    """Shared strings by number, runs of one string together."""
    part = members.get("xl/sharedStrings.xml")
    return [_text(each) for each in xml_tree(part) if local(each) == "si"] if part else []


def _text(element: Element) -> str:
    return "".join(each.text or "" for each in element.iter() if local(each) in ("t", "v", "f"))


def _unseen(members: dict[str, bytes]) -> set[str]:
    """Numbers of the cell styles that make a value invisible: white on no ground, or a format that prints nothing."""
    if "xl/styles.xml" not in members:
        return set()
    root = xml_tree(members["xl/styles.xml"])
    parts = {local(each): list(each) for each in root}
    white = {str(n) for n, font in enumerate(parts.get("fonts", [])) if _white(font)}
    blank = {each.get("numFmtId") for each in parts.get("numFmts", []) if set(each.get("formatCode", "x")) == {";"}}
    styles = enumerate(parts.get("cellXfs", []))
    return {
        str(n)
        for n, xf in styles
        if (xf.get("fontId") in white and xf.get("fillId", "0") == "0") or xf.get("numFmtId") in blank
    }


def _white(font: Element) -> bool:
    return any(local(each) == "color" and each.get("rgb", "").upper() in WHITE for each in font)


def _sheet(root: Element, number: int, strings: list[str], unseen: set[str]) -> Iterator[Part]:
    sheet, rows = place("sheet", number=number), []
    for element in root.iter():
        if local(element) in ("row", "col") and _is_hidden(element):
            yield Mark(sheet, f"release.scan.hidden_part.{local(element)}")
        if local(element) in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
            yield Text(sheet, element.text or "")
    for row in (each for each in root.iter() if local(each) == "row"):
        found = [(_address(cell), _value(cell, strings), cell.get("s") in unseen) for cell in row if local(cell) == "c"]
        rows.append(_columns(found))
        for address, value, invisible in found:
            yield Text(place("sheet_cell", sheet=number, cell=address), value)
            if invisible and value.strip():
                yield Mark(place("sheet_cell", sheet=number, cell=address), "release.scan.hidden_part.invisible")
    yield from _rows(rows, sheet)


def _rows(rows: list[list[str]], sheet: str) -> Iterator[Part]:
    """Counts with the heading above them; a mark where a row of headings names pupils."""
    if any(has_row_columns(row) for row in rows):
        yield Mark(sheet, "release.scan.data_frame.rows")
    yield from (Text(sheet, told) for _, told in cells(rows))


def _columns(found: list[tuple[str, str, bool]]) -> list[str]:
    """Values of a row by column, where their addresses put them; columns beyond the hundredth as they come."""
    row: list[str] = []
    for address, value, _ in found:
        column = _number(address.rstrip("0123456789"))
        row += [""] * (min(column, WIDEST) - 1 - len(row))
        row.append(value)
    return row


def _number(letters: str) -> int:
    """1 for A, 27 for AA; 0 for anything else."""
    return (
        sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(letters)))
        if letters.isalpha()
        else 0
    )


def _is_hidden(element: Element) -> bool:
    return element.get("hidden") in ("1", "true") or element.get("width") == "0" or element.get("ht") == "0"


def _address(cell: Element) -> str:
    """The place of a cell, as far as it is one."""
    return cell.get("r", "") if re.fullmatch(r"[A-Z]{1,3}[1-9]\d{0,6}", cell.get("r", "")) else "?"


def _value(cell: Element, strings: list[str]) -> str:
    """What a cell holds: a shared string, text of its own, a number or a formula with its last result."""
    text = _text(cell)
    return strings[int(text)] if cell.get("t") == "s" else text


def _notes(name: str, root: Element, where: str) -> Iterator[Part]:
    if "omments" in name:
        yield Mark(where, "release.scan.hidden_part.comment")
    for element in root.iter():
        if local(element) in ("text", "si", "p", "v", "comment", "f") and "".join(element.itertext()).strip():
            yield Text(where, "".join(element.itertext()))
