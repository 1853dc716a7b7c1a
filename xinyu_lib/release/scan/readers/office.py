"""What DOCX and XLSX share: a ZIP of XML with properties, pictures, embedded files and links."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from xinyu_lib.release.scan.finding import Inner, Mark, Part, Text, place
from xinyu_lib.release.scan.readers.svg import local, xml_tree
from xinyu_lib.release.scan.vocabulary import vocabulary

PERSONS = {"creator", "lastModifiedBy", "Company", "Manager", "contributor", "HyperlinkBase", "Template"}
PICTURES = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".svg": "svg"}
# folders and files of a package -> what it means that they are there
CARRIED = {
    "embeddings/": "data_frame.embedded", "customXml/": "hidden_part.custom", "vbaProject": "hidden_part.script",
    "activeX/": "hidden_part.script", "docProps/custom": "metadata.property", "externalLinks/": "data_frame.embedded",
    "pivotCache/": "data_frame.embedded", "connections.xml": "data_frame.embedded",
    "queryTables/": "data_frame.embedded",
    "thumbnail": "hidden_part.custom", "afchunk": "hidden_part.custom", "printerSettings": "metadata.property",
    "persons/": "metadata.property",
}  # fmt: skip
TEMPLATES = {"Normal.dotm", "Normal.dotx", "Normal"}


def opened(content: bytes, needed: str) -> dict[str, bytes]:
    """Every member of the package by name, in its order. Raises BadZipFile or ValueError when it is not whole."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if sum(member.file_size for member in package.infolist()) > vocabulary().limits.bytes:
            raise ValueError("too large when unpacked")
        members = {member.filename: package.read(member) for member in package.infolist() if not member.is_dir()}
    if needed not in members or "[Content_Types].xml" not in members:
        raise ValueError("parts are missing")
    return members


def package_parts(members: dict[str, bytes]) -> Iterator[Part]:
    """Properties, pictures, embedded files, links; of every XML part all that its attributes say."""
    for number, (name, content) in enumerate(members.items(), 1):
        where, ending = place("part", number=number), PurePosixPath(name).suffix
        yield Text(where, name)
        yield from (Mark(where, f"release.scan.{what}") for sign, what in CARRIED.items() if sign in name)
        if name.endswith((".xml", ".rels", ".vml")):
            yield from _xml(xml_tree(content), where)
        elif ending in PICTURES:
            yield Inner(where, PICTURES[ending], content)
        else:
            yield Mark(where, "release.scan.data_frame.embedded")
            yield Text(where, content.decode("utf-8", errors="replace"))


def _xml(root: Element, where: str) -> Iterator[Part]:
    said = (value for element in root.iter() for value in element.attrib.values())
    yield Text(where, " ; ".join(said))
    for element in root.iter():
        text = (element.text or "").strip()
        if not isinstance(element.tag, str) and text:
            yield Mark(where, "release.scan.hidden_part.comment")
            yield Text(where, text)
        if local(root) in ("coreProperties", "Properties"):
            yield from _property(element, text, where)
        if local(element) in ("docPr", "cNvPr"):
            yield from _alt(element, where)


def _property(element: Element, text: str, where: str) -> Iterator[Part]:
    if not text:
        return
    yield Text(where, text)
    tool = local(element) == "Application" and not vocabulary().tool.fullmatch(text)
    person = local(element) in PERSONS and text not in TEMPLATES and not vocabulary().tool.fullmatch(text)
    if tool or person:
        yield Mark(where, "release.scan.metadata.property")


def _alt(element: Element, where: str) -> Iterator[Part]:
    if not element.get("descr", "").strip():
        yield Mark(where, "release.scan.alt_text.missing")
    else:
        yield Text(where, element.get("descr"), alt=True)
