"""A section: named blocks in one language, which a notebook shows as HTML and carries as JSON."""

from dataclasses import dataclass
from html import escape

from xinyu_lib.present.blocks import Block

BLOCKS_TYPE = "application/vnd.xinyu.blocks+json"
BLOCKS_VERSION = 1
LANG_TAGS = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Section:
    """One part of a report. name: id of the section; lang: zh or en.

    cells: what the section tells of protected counts, as (key, number); None is a hidden one.
    """

    name: str
    lang: str
    blocks: tuple[Block, ...]
    cells: tuple[tuple[tuple[str, ...], float | None], ...] = ()

    def to_json(self) -> dict:
        """Version, name, language, blocks and cells: what the exporters and the release check read."""
        blocks = [block.to_json() for block in self.blocks]
        cells = [[list(key), number] for key, number in self.cells]
        return {"version": BLOCKS_VERSION, "name": self.name, "lang": self.lang, "blocks": blocks, "cells": cells}

    def to_html(self) -> str:
        """The blocks in order, inside one element that names their language."""
        inner = "\n".join(block.to_html() for block in self.blocks)
        return f'<section lang="{LANG_TAGS[self.lang]}" data-name="{escape(self.name)}">\n{inner}\n</section>'

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:  # noqa: ARG002
        # IPython calls with both names and filters by itself
        return {"text/html": self.to_html(), BLOCKS_TYPE: self.to_json(), "text/plain": self.name}
