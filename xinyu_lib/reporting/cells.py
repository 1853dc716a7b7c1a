"""An executed notebook as one document: blocks in order, figures and tables numbered, and control data.

Whatever is not a block is refused, so that a forgotten `print` cannot carry a pupil into a report.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, pairwise

from nbformat import NotebookNode

from xinyu_lib.errors import DefinitionError, DisclosureError
from xinyu_lib.present.blocks import Block, Cover, Figure, Heading, Paragraph, Table, from_json
from xinyu_lib.present.section import BLOCKS_TYPE, BLOCKS_VERSION
from xinyu_lib.words import say

LAB_ONLY = "lab-only"
ABOUT = ("school", "wave", "reader", "run_id")
HEADING = re.compile(r"(#{1,3}) (.+)")
# marks of Markdown that a plain paragraph does not have: at the start of a line, or inside it
MARKUP = re.compile(r"^\s*([-*+>|<#]|\d+\. |```)|\*\*|`|\]\(", re.MULTILINE)
CAPTIONS = {Figure: "present.figure_caption", Table: "present.table_caption"}


@dataclass(frozen=True)
class Document:
    """What every exporter renders. lang: zh or en; about: control data by name; as_of: ISO date or empty."""

    cover: Cover
    lang: str
    about: dict[str, str]
    as_of: str
    blocks: tuple[Block, ...]

    @property
    def front(self) -> tuple[Block, ...]:
        """What stands before the first heading, without the cover."""
        return self.blocks[: self._start]

    @property
    def body(self) -> tuple[Block, ...]:
        """Everything from the first heading on."""
        return self.blocks[self._start :]

    @property
    def _start(self) -> int:
        places = (place for place, block in enumerate(self.blocks) if isinstance(block, Heading))
        return next(places, len(self.blocks))


def read_document(nb: NotebookNode, report: dict[str, str]) -> Document:
    """The document in an executed notebook.

    report: school, wave, reader, run_id, as_of as text, each optional; goes before the metadata `xinyu`.
    Raises DisclosureError for output that is not blocks; DefinitionError for text that is more than headings
    and plain paragraphs, for a missing cover and for a heading that skips a level.
    """
    facts = {**nb.metadata.get("xinyu", {}), **report}
    about = {name: facts[name] for name in ABOUT if facts.get(name)}
    blocks = [block for number, cell in enumerate(nb.cells, 1) for block in _blocks(cell, number)]
    cover = _take_cover(blocks)
    _check_levels(blocks)
    lang = next(bundle["lang"] for number, cell in enumerate(nb.cells, 1) for bundle in _bundles(cell, number))
    return Document(cover, lang, about, facts.get("as_of", ""), tuple(_numbered(blocks, lang)))


def told_cells(nb: NotebookNode) -> dict[tuple[str, ...], float | None]:
    """Protected cells that an executed notebook tells, by key; None is a hidden one."""
    bundles = (bundle for number, cell in enumerate(nb.cells, 1) for bundle in _bundles(cell, number))
    return {tuple(key): number for bundle in bundles for key, number in bundle.get("cells", [])}


def _blocks(cell: NotebookNode, number: int) -> list[Block]:
    if cell.cell_type == "markdown" and LAB_ONLY not in cell.metadata.get("tags", []):
        return [_prose(chunk, number) for chunk in re.split(r"\n\s*\n", cell.source.strip()) if chunk]
    return [from_json(data) for bundle in _bundles(cell, number) for data in bundle["blocks"]]


def _prose(chunk: str, number: int) -> Block:
    """A heading or a paragraph; lines of Chinese are joined without a blank."""
    heading = HEADING.fullmatch(chunk.strip())
    if heading:
        return Heading(heading[2], len(heading[1]))
    if MARKUP.search(chunk):
        raise DefinitionError("present.markdown_refused", cell=str(number))
    return Paragraph(re.sub(r"(?<=[!-~])\s*\n\s*", " ", chunk.strip()).replace("\n", ""))


def _bundles(cell: NotebookNode, number: int) -> Iterator[dict]:
    """What the sections of a code cell put out. Raises DisclosureError for any other output."""
    for output in cell.get("outputs", []):
        bundle = output.get("data", {}).get(BLOCKS_TYPE)
        if bundle is None:
            raise DisclosureError("present.output_refused", cell=str(number), kind=output.output_type)
        if bundle["version"] != BLOCKS_VERSION:
            versions = {"found": str(bundle["version"]), "known": str(BLOCKS_VERSION)}
            raise DefinitionError("present.blocks_version", cell=str(number), **versions)
        yield bundle


def _take_cover(blocks: list[Block]) -> Cover:
    """Remove the first cover from the blocks and return it."""
    for place, block in enumerate(blocks):
        if isinstance(block, Cover):
            return blocks.pop(place)
    raise DefinitionError("present.no_cover")


def _check_levels(blocks: list[Block]) -> None:
    headings = [block for block in blocks if isinstance(block, Heading)]
    for before, heading in pairwise([Heading("", 0), *headings]):
        if heading.level > before.level + 1:
            raise DefinitionError("present.heading_skips", heading=heading.text)


def _numbered(blocks: list[Block], lang: str) -> Iterator[Block]:
    """The blocks, with the numbers of figures and tables in their captions."""
    numbers = {kind: count(1) for kind in CAPTIONS}
    for block in blocks:
        if type(block) in CAPTIONS:
            number = str(next(numbers[type(block)]))
            caption = say(CAPTIONS[type(block)], lang, number=number, caption=block.caption)
            yield replace(block, caption=caption)
        else:
            yield block
