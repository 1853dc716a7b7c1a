"""HTML report: one self-contained page that needs no network, no script and no installed font."""

import json
from importlib.resources import files
from itertools import count

from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode
from traitlets import default

from xinyu_lib.present.blocks import Heading
from xinyu_lib.present.section import LANG_TAGS
from xinyu_lib.present.webfont import font_faces
from xinyu_lib.reporting.cells import Document, read_document
from xinyu_lib.words import say

TEMPLATES = files("xinyu_lib.reporting") / "templates"
CONTENTS_LEVEL = 2  # deepest heading in the table of contents


class HTMLReportExporter(TemplateExporter):
    """Render the blocks of an executed notebook as HTML; also `jupyter nbconvert --to xinyu-html FILE`."""

    export_from_notebook = "Xinyu report (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "report"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    def from_notebook_node(self, nb: NotebookNode, resources: dict | None = None, **kw) -> tuple[str, dict]:
        """The page and nbconvert's resources. Raises DisclosureError for output that is not blocks."""
        document = read_document(nb, (resources or {}).get("report", {}))
        page = {**(resources or {}), "page": page_of(document)}
        return super().from_notebook_node(nb, page, **kw)


def page_of(document: Document) -> dict:
    """What the template needs: rendered parts, contents, header and words."""
    words = {name: say(f"present.{name}", document.lang) for name in ("contents", "skip")}
    about = [(say(f"present.about.{name}", document.lang), value) for name, value in document.about.items()]
    page = {
        "lang": LANG_TAGS[document.lang],
        "title": document.cover.title,
        "cover": document.cover.to_html(),
        "front": [block.to_html() for block in document.front],
        "about": about,
        "words": words,
        "sections": _sections(document),
    }
    return {**page, "fonts": font_faces(json.dumps(page, ensure_ascii=False))}


def _sections(document: Document) -> list[dict]:
    """The body in parts that start at headings of level 1, each with the headings that the contents list."""
    sections, anchors = [], (f"part-{number}" for number in count(1))
    for block in document.body:
        if not isinstance(block, Heading):
            sections[-1]["html"].append(block.to_html())
            continue
        anchor = next(anchors)
        if block.level == 1:
            sections.append({"anchor": anchor, "title": block.text, "html": [], "parts": []})
        elif block.level <= CONTENTS_LEVEL:
            sections[-1]["parts"].append({"anchor": anchor, "title": block.text})
        sections[-1]["html"].append(block.to_html(anchor))
    return sections
