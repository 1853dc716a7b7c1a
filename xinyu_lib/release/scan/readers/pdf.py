"""PDF: text by page, properties, and every object that carries more than a page shows."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, NameObject, StreamObject, TextStringObject

from xinyu_lib.release.scan.finding import Inner, Mark, Part, Text, place
from xinyu_lib.release.scan.readers.svg import local, xml_tree
from xinyu_lib.release.scan.vocabulary import vocabulary

# keys of an object -> what it means that it is there
KEYS = {
    "/JS": "hidden_part.script", "/JavaScript": "hidden_part.script", "/AA": "hidden_part.script",
    "/EF": "data_frame.embedded", "/EmbeddedFiles": "data_frame.embedded", "/AF": "data_frame.embedded",
    "/OCGs": "hidden_part.layer", "/XFA": "hidden_part.form", "/AcroForm": "hidden_part.form",
    "/PieceInfo": "metadata.property",
}  # fmt: skip
ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"}
TOOLS = {"/Creator", "/Producer"}
PERSONS = {"creator", "Author", "contributor", "publisher", "Company", "Manager"}
FILLS = {b"g", b"rg", b"k", b"sc", b"scn"}
SHOWS = {b"Tj", b"TJ", b"'", b'"'}


def read_pdf(content: bytes) -> Iterator[Part]:
    """Parts of a PDF. Raises ValueError when it is encrypted or its end is missing."""
    if b"%%EOF" not in content[-64:]:
        raise ValueError("the end is missing")
    if content.count(b"%%EOF") > 1:
        yield Mark(place("whole"), "release.scan.hidden_part.revision")
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise ValueError("encrypted")
    yield from _properties(reader)
    for number, page in enumerate(reader.pages, 1):
        yield from _page(page, place("page", number=number))
    for number in range(1, int(reader.trailer["/Size"])):
        yield from _object(reader.get_object(IndirectObject(number, 0, reader)), place("object", number=number))


def _properties(reader: PdfReader) -> Iterator[Part]:
    for name, value in (reader.metadata or {}).items():
        yield Text(place("properties"), f"{name} ; {value}")
        strange = name[1:] not in vocabulary().document_properties
        if str(value).strip() and (strange or (name in TOOLS and not vocabulary().tool.fullmatch(str(value).strip()))):
            yield Mark(place("properties"), "release.scan.metadata.property")


def _page(page: PageObject, where: str) -> Iterator[Part]:
    seen = _Seen(page)
    yield Text(where, page.extract_text(visitor_text=seen.text, visitor_operand_before=seen.operator))
    if seen.outside:
        yield Mark(where, "release.scan.hidden_part.outside")
    if seen.invisible:
        yield Mark(where, "release.scan.hidden_part.invisible")


class _Seen:
    """What the text of a page looks like: whether any is off the page, white or not painted at all."""

    def __init__(self, page: PageObject):
        self.box, self.outside, self.invisible = page.cropbox, False, False
        self.fill, self.mode, self.saved = False, 0, []

    def text(self, text: str, cm: list, tm: list, _font: Any, _size: float) -> None:
        across = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        down = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        inside = self.box.left <= across <= self.box.right and self.box.bottom <= down <= self.box.top
        self.outside |= bool(text.strip()) and not inside

    def operator(self, name: bytes, values: list, _cm: list, _tm: list) -> None:
        if name == b"q":
            self.saved.append((self.fill, self.mode))
        elif name == b"Q" and self.saved:
            self.fill, self.mode = self.saved.pop()
        elif name in FILLS:
            white = 0 if name == b"k" or len(values) == 4 else 1
            self.fill = bool(values) and all(not isinstance(v, NameObject) and float(v) == white for v in values)
        elif name == b"Tr":
            self.mode = int(values[0])
        elif name in SHOWS:
            self.invisible |= self.fill or self.mode in (3, 7)


def _object(value: Any, where: str) -> Iterator[Part]:
    """Strings and marks of one object and of the dictionaries in it; streams by what they are."""
    dictionaries = list(_dictionaries(value))
    for each in dictionaries:
        yield from (Mark(where, f"release.scan.{KEYS[name]}") for name in KEYS.keys() & each.keys())
        yield from _kind(each, where)
        told = [str(text) for name, text in each.items() if isinstance(text, TextStringObject) and name != "/Alt"]
        if told:
            yield Text(where, " ; ".join(told))
    if isinstance(value, StreamObject):
        yield from _stream(value, where)


def _dictionaries(value: Any) -> Iterator[DictionaryObject]:
    """The dictionaries that stand in an object itself, not those it points to."""
    if isinstance(value, DictionaryObject):
        yield value
        yield from (each for inner in dict.values(value) for each in _dictionaries(inner))
    elif isinstance(value, list):
        yield from (each for inner in list.__iter__(value) for each in _dictionaries(inner))


def _kind(value: DictionaryObject, where: str) -> Iterator[Part]:
    kind, subtype, does = (str(value.get(name, "")) for name in ("/Type", "/Subtype", "/S"))
    if subtype and "/Rect" in value and subtype != "/Link":
        yield Mark(where, "release.scan.hidden_part.annotation")
    if kind == "/OCG":
        yield Mark(where, "release.scan.hidden_part.layer")
    if does in ACTIONS and kind != "/StructElem":
        yield Mark(where, "release.scan.hidden_part.script")
    if kind == "/StructElem" and does == "/Figure" and not str(value.get("/Alt", "")).strip():
        yield Mark(where, "release.scan.alt_text.missing")
    if "/Alt" in value:
        yield Text(where, str(value["/Alt"]), alt=True)


def _stream(stream: StreamObject, where: str) -> Iterator[Part]:
    kind = str(stream.get("/Type", ""))
    if kind == "/EmbeddedFile":
        yield Text(where, stream.get_data().decode("utf-8", errors="replace"))
    if kind == "/Metadata":
        yield from _xmp(stream.get_data(), where)
    if "/DCTDecode" in str(stream.get("/Filter", "")):
        yield Inner(where, "jpeg", stream.get_data())


def _xmp(packet: bytes, where: str) -> Iterator[Part]:
    """Texts of an XMP packet; persons and tools in it."""
    for element in xml_tree(packet).iter():
        text = "".join(element.itertext()).strip()
        yield Text(where, " ; ".join([*element.attrib.values(), element.text or ""]))
        tool = local(element) in ("CreatorTool", "Producer") and not vocabulary().tool.fullmatch(text)
        if text and (tool or local(element) in PERSONS):
            yield Mark(where, "release.scan.metadata.property")
