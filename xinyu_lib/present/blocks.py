"""Blocks: what a report is made of. One frozen class per kind, shown as HTML, carried as JSON to exporters.

A block holds text only: numbers have gone through `present.numbers`, so a bare count cannot reach a page.
"""

import base64
from dataclasses import dataclass, fields
from html import escape
from typing import ClassVar

from xinyu_lib.errors import DisclosureError


class Block:
    """Base of all blocks. Raises DisclosureError when a field holds a bare number."""

    kind: ClassVar[str]
    not_text: ClassVar[frozenset[str]] = frozenset()

    def __post_init__(self):
        for field in fields(self):
            if field.name not in self.not_text:
                self._only_text(getattr(self, field.name))

    def _only_text(self, value: object) -> None:
        if isinstance(value, tuple):
            for part in value:
                self._only_text(part)
        elif not isinstance(value, str | bool):
            raise DisclosureError("present.not_text", block=self.kind, type=type(value).__name__)

    def to_json(self) -> dict:
        """Kind and fields as plain JSON values."""
        return {"kind": self.kind} | {f.name: _lists(getattr(self, f.name)) for f in fields(self)}

    def to_html(self) -> str:
        """Semantic HTML, escaped."""
        raise NotImplementedError


def from_json(data: dict) -> Block:
    """The block that `to_json` wrote. Raises KeyError for a kind that does not exist."""
    return KINDS[data["kind"]](**{name: _tuples(value) for name, value in data.items() if name != "kind"})


def _lists(value: object) -> object:
    return [_lists(part) for part in value] if isinstance(value, tuple) else value


def _tuples(value: object) -> object:
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Heading(Block):
    """A heading: level 1 opens a section, 2 and 3 its parts. The document's title is the cover's."""

    kind: ClassVar[str] = "heading"
    not_text: ClassVar[frozenset[str]] = frozenset({"level"})
    text: str
    level: int = 1

    def to_html(self, anchor: str = "") -> str:
        tag, target = f"h{self.level + 1}", f' id="{anchor}"' if anchor else ""
        return f"<{tag}{target}>{escape(self.text)}</{tag}>"


@dataclass(frozen=True)
class Paragraph(Block):
    """Running text."""

    kind: ClassVar[str] = "paragraph"
    text: str

    def to_html(self) -> str:
        return f"<p>{escape(self.text)}</p>"


@dataclass(frozen=True)
class Bullets(Block):
    """An unordered list of texts."""

    kind: ClassVar[str] = "bullets"
    items: tuple[str, ...]

    def to_html(self) -> str:
        return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in self.items)}</ul>"


@dataclass(frozen=True)
class Callout(Block):
    """A remark set apart; `style` is "note" or "caution"."""

    kind: ClassVar[str] = "callout"
    style: str
    title: str
    text: str

    def to_html(self) -> str:
        title = f'<p class="title">{escape(self.title)}</p>'
        return f'<aside class="callout {escape(self.style)}">{title}<p>{escape(self.text)}</p></aside>'


@dataclass(frozen=True)
class Facts(Block):
    """Pairs of label and text: control data of a document or a scale, never data about pupils."""

    kind: ClassVar[str] = "facts"
    rows: tuple[tuple[str, str], ...]

    def to_html(self) -> str:
        pairs = (f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in self.rows)
        return f'<dl class="facts">{"".join(pairs)}</dl>'


@dataclass(frozen=True)
class Table(Block):
    """A table of text. columns: headings, the first for the row names; align: "left" or "right" per column;

    masked: True where the mark stands; total: the last row is the total and is set apart.
    """

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    align: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    masked: tuple[tuple[bool, ...], ...]
    note: str = ""
    total: bool = False

    def to_html(self) -> str:
        rows = [self._row(number) for number in range(len(self.rows))]
        last = f'<tbody class="total">{rows.pop()}</tbody>' if self.total else ""
        note = f'<p class="note">{escape(self.note)}</p>' if self.note else ""
        caption = escape(self.caption)
        body = f"{self._head()}<tbody>{''.join(rows)}</tbody>{last}"
        table = f"<table><caption>{caption}</caption>{body}</table>{note}"
        return f'<div class="table" role="group" tabindex="0" aria-label="{caption}">{table}</div>'

    def _head(self) -> str:
        cells = zip(self.columns, self.align, strict=True)
        names = (f'<th scope="col" class="{escape(align)}">{escape(name)}</th>' for name, align in cells)
        return f"<thead><tr>{''.join(names)}</tr></thead>"

    def _row(self, number: int) -> str:
        cells = zip(self.rows[number], self.align, self.masked[number], strict=True)
        (name, align, _), *values = cells
        data = (f'<td class="{escape(a)}{" masked" * m}">{escape(text)}</td>' for text, a, m in values)
        return f'<tr><th scope="row" class="{escape(align)}">{escape(name)}</th>{"".join(data)}</tr>'


@dataclass(frozen=True)
class Figure(Block):
    """A drawing as SVG, with the text that stands for it (`alt`) and its caption."""

    kind: ClassVar[str] = "figure"
    svg: str
    alt: str
    caption: str

    def to_html(self) -> str:
        # as an image, so that nothing inside the drawing can run or be styled by the page
        data = base64.b64encode(self.svg.encode()).decode()
        image = f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(self.alt)}">'
        return f"<figure>{image}<figcaption>{escape(self.caption)}</figcaption></figure>"


@dataclass(frozen=True)
class Cover(Block):
    """Title page: title, subtitle and lines below it. The first one gives a document its title."""

    kind: ClassVar[str] = "cover"
    title: str
    subtitle: str
    lines: tuple[str, ...] = ()

    def to_html(self) -> str:
        lines = "".join(f"<li>{escape(line)}</li>" for line in self.lines)
        heading = f'<h1>{escape(self.title)}</h1><p class="subtitle">{escape(self.subtitle)}</p>'
        return f'<div class="cover">{heading}{f"<ul>{lines}</ul>" * bool(lines)}</div>'


@dataclass(frozen=True)
class Kpis(Block):
    """A strip of key figures: label, value, detail."""

    kind: ClassVar[str] = "kpis"
    items: tuple[tuple[str, str, str], ...]

    def to_html(self) -> str:
        return f'<ul class="kpis">{"".join(self._item(*item) for item in self.items)}</ul>'

    def _item(self, label: str, value: str, detail: str) -> str:
        parts = (("label", label), ("value", value), ("detail", detail))
        return "<li>" + " ".join(f'<span class="{name}">{escape(text)}</span>' for name, text in parts) + "</li>"


KINDS = {
    cls.kind: cls for cls in (Heading, Paragraph, Bullets, Callout, Facts, Table, Figure, Cover, Kpis)
}  # fmt: skip
