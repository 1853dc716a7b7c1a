"""HTML: text by blocks, attributes, drawings inside it, and what a page holds without showing it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from xinyu_lib.release.scan.finding import Inner, Mark, Part, Text, place
from xinyu_lib.release.scan.frames import cells, is_frame
from xinyu_lib.release.scan.readers.svg import with_namespaces
from xinyu_lib.release.scan.readers.texts import decoded
from xinyu_lib.release.scan.vocabulary import vocabulary

INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "big",
    "code",
    "em",
    "font",
    "i",
    "ins",
    "mark",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
    "wbr",
}
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
FOREIGN = {"script", "iframe", "object", "embed", "template", "applet", "form"}
MAKERS = {"author", "generator", "creator", "publisher"}
SVG = re.compile(r"<svg\b.*?</svg\s*>", re.DOTALL | re.IGNORECASE)
NAMED = re.compile(r"aria-label|<title\b|aria-hidden\s*=\s*[\"']?true", re.IGNORECASE)


def read_html(content: bytes) -> Iterator[Part]:
    """Parts of a page. Raises ValueError when its end is missing."""
    if not re.search(r"</html\s*>\s*$", decoded(content), re.IGNORECASE):
        raise ValueError("the end is missing")
    yield from read_fragment(content)


def read_fragment(content: bytes) -> Iterator[Part]:
    """Parts of a page or of a piece of one."""
    source = decoded(content)
    for drawing in SVG.finditer(source):
        where = place("line", number=source.count("\n", 0, drawing.start()) + 1)
        if not NAMED.search(drawing[0]):
            yield Mark(where, "release.scan.alt_text.missing")
        yield Inner(where, "svg", with_namespaces(drawing[0]).encode())
    page = _Page(_concealed(source))
    page.feed(SVG.sub(lambda drawing: "\n" * drawing[0].count("\n"), source))
    page.close()
    page.flush()
    yield from page.parts


def _concealed(source: str) -> set[str]:
    """Selectors of one word that a style sheet makes invisible, outside of rules for some media only."""
    sheets = " ".join(re.findall(r"<style\b[^>]*>(.*?)</style", source, re.DOTALL | re.IGNORECASE))
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"@[^{};]+\{(?:[^{}]|\{[^{}]*\})*\}", "", sheets))
    hidden = (names for names, style in rules if _invisible(style))
    return {name.strip() for names in hidden for name in names.split(",")}


def _invisible(style: str) -> bool:
    """White is invisible on white only: a ground of its own makes it legible."""
    found = vocabulary().invisible_style.search(style)
    return bool(found) and not ("color" in found[0] and "background" in style)


class _Page(HTMLParser):
    """Collects parts while the page is read."""

    def __init__(self, concealed: set[str]):
        super().__init__(convert_charrefs=True)
        self.concealed, self.parts, self.open, self.pieces, self.line = concealed, [], [], [], 1
        self.rows: list[list[str]] = []

    @property
    def where(self) -> str:
        return place("line", number=self.getpos()[0])

    def mark(self, what: str) -> None:
        self.parts.append(Mark(self.where, f"release.scan.{what}"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in INLINE:
            self.flush()
        self._element(tag, values)
        for name, value in values.items():
            self._attribute(tag, name, value)
        if tag not in EMPTY:
            self.open.append((tag, self._is_hidden(tag, values)))
        if tag == "table":
            self.rows = []
        if tag == "tr":
            self.rows.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("".join(self.pieces))
        if tag not in INLINE:
            self.flush()
        if tag == "table" and self.rows:
            self.parts += [Text(self.where, told) for _, told in cells(self.rows)]
        places = [number for number, (name, _) in enumerate(self.open) if name == tag]
        if places:
            del self.open[places[-1] :]

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
        if data.strip() and any(hidden for _, hidden in self.open):
            self.mark("hidden_part.invisible")

    def handle_comment(self, data: str) -> None:
        if data.strip():
            self.mark("hidden_part.comment")
            self.parts.append(Text(self.where, data))

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)

    def flush(self) -> None:
        """What was shown since the last block began becomes one text."""
        text, self.pieces = "".join(self.pieces), []
        if text.strip():
            self.parts.append(Text(self.where, text))
            # rules of a style sheet stand in lines alike
            if is_frame(text) and not any(tag == "style" for tag, _ in self.open):
                self.mark("data_frame.text")

    def _is_hidden(self, tag: str, values: dict[str, str]) -> bool:
        names = {tag, f"#{values.get('id', '')}", *(f".{name}" for name in values.get("class", "").split())}
        return "hidden" in values or _invisible(values.get("style", "")) or bool(names & self.concealed)

    def _element(self, tag: str, values: dict[str, str]) -> None:
        if tag in FOREIGN:
            self.mark("hidden_part.script")
        if tag == "input" and values.get("type") == "hidden":
            self.mark("hidden_part.invisible")
        if tag == "img" and not values.get("alt", "").strip():
            self.mark("alt_text.missing")
        if "dataframe" in values.get("class", "").lower():
            self.mark("data_frame.html")
        makes = tag == "meta" and values.get("name", "").lower() in MAKERS
        if makes and not vocabulary().tool.fullmatch(values.get("content", "").strip()):
            self.mark("metadata.property")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        self.parts.append(Text(self.where, value, alt=tag == "img" and name == "alt"))
        if name.startswith("on"):
            self.mark("hidden_part.script")
        if name.startswith("data-") and any(character.isdigit() for character in value):
            self.mark("point_data.attribute")
        if name == "title" and any(character.isdigit() for character in value):
            self.mark("point_data.tooltip")
