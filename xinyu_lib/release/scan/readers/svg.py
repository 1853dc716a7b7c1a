"""Drawings: text, comments and attributes, and what a chart of pupils leaves behind."""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Comment, Element, ProcessingInstruction

from xinyu_lib.release.scan.finding import Mark, Part, Text, place
from xinyu_lib.release.scan.vocabulary import vocabulary

# outlines and places: numbers for drawing, which hold no text
GEOMETRY = {"d", "points", "transform", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "viewBox"}
MARKS = {"circle": ("cx", "cy"), "ellipse": ("cx", "cy"), "use": ("x", "y")}
HARMLESS = {"image/svg+xml"}


def xml_tree(content: bytes) -> Element:
    """The root, comments kept. Raises ParseError for broken XML, ValueError for XML that defines entities."""
    if b"<!ENTITY" in content:
        raise ValueError("entities")
    builder = ElementTree.TreeBuilder(insert_comments=True, insert_pis=True)
    return ElementTree.fromstring(content, ElementTree.XMLParser(target=builder))


def local(element: Element) -> str:
    """Name of an element without its namespace; empty for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def read_svg(content: bytes) -> Iterator[Part]:
    """Parts of a drawing."""
    root = xml_tree(content)
    if local(root) != "svg":
        raise ValueError("not a drawing")
    for number, parent in enumerate(root.iter(), 1):
        where = place("element", number=number)
        yield from _element(parent, where, parent is root)
        yield from _comments(parent, where)
    if _free_marks(root) > vocabulary().limits.free_marks:
        yield Mark(place("whole"), "release.scan.point_data.marks")


def _element(element: Element, where: str, is_root: bool) -> Iterator[Part]:
    if element.tag in (Comment, ProcessingInstruction):
        return
    yield from _attributes(element, where)
    name = local(element)
    if name in ("script", "foreignObject"):
        yield Mark(where, "release.scan.hidden_part.script")
    if name == "metadata" and any(text.strip() not in HARMLESS for text in element.itertext() if text.strip()):
        yield Mark(where, "release.scan.metadata.drawing")
    if vocabulary().invisible_style.search(element.get("style", "")) and "".join(element.itertext()).strip():
        yield Mark(where, "release.scan.hidden_part.invisible")
    yield from _children(element, where, is_root)
    if name == "text" or (element.text or "").strip():
        yield Text(where, "".join(element.itertext()))
    if (element.tail or "").strip():
        yield Text(where, element.tail)


def _children(element: Element, where: str, is_root: bool) -> Iterator[Part]:
    """Titles and descriptions: of the drawing, or shown when a reader points at a mark."""
    for child in element:
        if local(child) in ("title", "desc") and (child.text or "").strip():
            yield Mark(where, f"release.scan.{'metadata.title' if is_root else 'point_data.tooltip'}")


def _attributes(element: Element, where: str) -> Iterator[Part]:
    values = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    told = [value for name, value in values.items() if name not in GEOMETRY and not name.startswith("data-")]
    if told:
        yield Text(where, " ; ".join(told), alt="aria-label" in values)
    for name, value in values.items():
        if name.startswith("data-") and value.strip():
            yield Mark(where, "release.scan.point_data.attribute")
            yield Text(where, value)
        if name.startswith("on"):
            yield Mark(where, "release.scan.hidden_part.script")


def _comments(parent: Element, where: str) -> Iterator[Part]:
    """A comment right before outlines of letters says what they spell (matplotlib); any other is hidden text."""
    children = list(parent)
    for number, child in enumerate(children):
        if child.tag in (Comment, ProcessingInstruction) and (child.text or "").strip():
            yield Text(where, child.text)
            following = children[number + 1] if number + 1 < len(children) else None
            if child.tag is ProcessingInstruction or following is None or not _outlines(following):
                yield Mark(where, "release.scan.hidden_part.comment")


def _outlines(element: Element) -> bool:
    return local(element) == "g" and any(local(each) in ("use", "path") for each in element.iter())


def _free_marks(root: Element) -> int:
    """Marks that do not stand on one full grid; dots of a share do (rows and columns all filled), pupils never."""
    places = {_place(each) for each in root.iter() if local(each) in MARKS and _place(each) != ("", "")}
    columns, rows = (Counter(p[axis] for p in places) for axis in (0, 1))
    shared = {p for p in places if columns[p[0]] > 1 and rows[p[1]] > 1}
    full = len(shared) == len({p[0] for p in shared}) * len({p[1] for p in shared})
    return len(places - shared) if full else len(places)


def _place(element: Element) -> tuple[str, str]:
    across, down = MARKS[local(element)]
    return element.get(across, ""), element.get(down, "")


def with_namespaces(source: str) -> str:
    """A drawing out of a page, where prefixes need no declaration."""
    wanted = {"xlink": "http://www.w3.org/1999/xlink"}
    missing = (f' xmlns:{p}="{uri}"' for p, uri in wanted.items() if f"{p}:" in source and f"xmlns:{p}" not in source)
    return re.sub(r"^<svg\b", f"<svg{''.join(missing)}", source, count=1)
