"""DOCX: paragraphs of every part, and what Word keeps without showing it."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from xinyu_lib.release.scan.finding import Mark, Part, Text, place
from xinyu_lib.release.scan.frames import cells, is_frame
from xinyu_lib.release.scan.readers.office import opened, package_parts
from xinyu_lib.release.scan.readers.svg import local, xml_tree

# elements of WordprocessingML -> what it means that they are there with text
KEPT = {
    "ins": "hidden_part.revision", "del": "hidden_part.revision", "moveFrom": "hidden_part.revision",
    "moveTo": "hidden_part.revision", "comment": "hidden_part.comment", "vanish": "hidden_part.invisible",
    "webHidden": "hidden_part.invisible", "specVanish": "hidden_part.invisible", "altChunk": "hidden_part.custom",
    "docVar": "hidden_part.custom", "OLEObject": "data_frame.embedded", "attachedTemplate": "metadata.property",
}  # fmt: skip
OFF = {"0", "false", "off", "none"}


def read_docx(content: bytes) -> Iterator[Part]:
    """Parts of a document. Raises BadZipFile, ParseError or ValueError when it is not whole."""
    members = opened(content, "word/document.xml")
    yield from package_parts(members)
    for number, (name, part) in enumerate(members.items(), 1):
        if name.startswith("word/") and name.endswith(".xml"):
            yield from _story(xml_tree(part), place("part", number=number))


def _story(root: Element, part: str) -> Iterator[Part]:
    """Paragraphs, tables and kept elements of one part (body, header, notes, comments)."""
    for number, paragraph in enumerate((each for each in root.iter() if local(each) == "p"), 1):
        text = _text(paragraph)
        if text.strip():
            where = place("paragraph", part=part, number=number)
            yield Text(where, text)
            if is_frame(text):
                yield Mark(where, "release.scan.data_frame.text")
    for table in (each for each in root.iter() if local(each) == "tbl"):
        rows = [[_text(cell) for cell in row if local(cell) == "tc"] for row in table if local(row) == "tr"]
        yield from (Text(part, told) for _, told in cells(rows))
    for element in root.iter():
        if local(element) in KEPT and _value(element) not in OFF and local(root) != "styles":
            yield Mark(part, f"release.scan.{KEPT[local(element)]}")
        if local(element) == "color" and _value(element).upper() == "FFFFFF" and local(root) == "document":
            yield Mark(part, "release.scan.hidden_part.invisible")


def _text(element: Element) -> str:
    """All text in document order, deleted text and field codes too; breaks and tabs as blanks."""
    return "".join(_said(each) for each in element.iter())


def _said(element: Element) -> str:
    if local(element) in ("br", "tab", "cr"):
        return " "
    return (element.text or "") if local(element) in ("t", "delText", "instrText", "delInstrText") else ""


def _value(element: Element) -> str:
    return next((value for name, value in element.attrib.items() if name.endswith("}val")), "")
