"""PDF report, set by Typst: tagged for screen readers (PDF/UA-1), both faces of our type embedded."""

import json
from importlib.resources import files

import typst
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from xinyu_lib.present import fonts
from xinyu_lib.reporting.cells import Document, read_document
from xinyu_lib.words import say

TEMPLATE = files("xinyu_lib.reporting") / "templates" / "report.typ"


class PDFReportExporter(Exporter):
    """Render the blocks of an executed notebook as PDF; also `jupyter nbconvert --to xinyu-pdf FILE`."""

    export_from_notebook = "Xinyu report (PDF)"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(self, nb: NotebookNode, resources: dict | None = None, **kw) -> tuple[bytes, dict]:
        """The PDF and nbconvert's resources. Raises DisclosureError for output that is not blocks."""
        nb_copy, resources = super().from_notebook_node(nb, resources, **kw)
        return typeset(read_document(nb_copy, resources.get("report", {}))), resources


def typeset(document: Document) -> bytes:
    """The document as PDF. Raises DefinitionError for a character that our type does not have."""
    content = _content(document)
    fonts.require_glyphs(_printed(content))
    # data go in as one string that the template parses: in Typst source they would be read as markup
    return typst.compile(
        str(TEMPLATE),
        format="pdf",
        sys_inputs={"report": json.dumps(content, ensure_ascii=False)},
        font_paths=[str(fonts.FOLDER)],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )


def _content(document: Document) -> dict:
    header = (document.cover.title, document.cover.subtitle, document.about.get("run_id", ""))
    words = {"contents": say("present.contents", document.lang)}
    words["page"] = say("present.page", document.lang, page="{page}", pages="{pages}")
    return {
        "lang": document.lang,
        "cover": document.cover.to_json(),
        "header": [text for text in header if text],
        "date": [int(part) for part in document.as_of.split("-")] if document.as_of else [],
        "words": words,
        "front": [block.to_json() for block in document.front],
        "body": [block.to_json() for block in document.body],
    }


def _printed(value: object) -> str:
    """All text that is printed; a drawing brings its own outlines."""
    if isinstance(value, dict):
        return "".join(_printed(part) for name, part in value.items() if name != "svg")
    if isinstance(value, list):
        return "".join(_printed(part) for part in value)
    return value if isinstance(value, str) else ""
