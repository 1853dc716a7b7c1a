"""Small finished files of every format, right in all respects; a test adds the one thing that is wrong."""

import base64
import io
import json
import struct
import zipfile
import zlib
from functools import cache

import typst
from nbformat import v4, writes

from xinyu_lib.present import Cover, Figure, Heading, Paragraph, Section, fonts
from xinyu_lib.present.webfont import font_faces

DRAWING = '<rect width="50" height="9"/>'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">{}</cp:coreProperties>'
)


def svg(inside: str = DRAWING) -> str:
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {space} width="90" height="20">{inside}</svg>'


@cache
def typeface() -> str:
    return font_faces("应测人")


def html(inside: str = "<p>应测 239 人</p>", head: str = "") -> str:
    style = f"<style>{typeface()}</style>"
    return f'<!DOCTYPE html>\n<html lang="zh-CN"><head>{style}{head}</head>\n<body>\n{inside}\n</body></html>\n'


def picture(content: bytes | str, kind: str = "image/svg+xml", alt: str = "横条图") -> str:
    data = base64.b64encode(content.encode() if isinstance(content, str) else content).decode()
    return f'<img src="data:{kind};base64,{data}" alt="{alt}">'


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*more: bytes) -> bytes:
    """One black dot, with more chunks before its end."""
    dot = (chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), chunk(b"IDAT", zlib.compress(b"\0\0")))
    return b"\x89PNG\r\n\x1a\n" + b"".join([*dot, *more, chunk(b"IEND", b"")])


def jpeg(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + b"\xff\xda\x00\x02\x00\xff\xd9"


@cache
def pdf(source: str = "应测 239 人") -> bytes:
    """What Typst sets of the source."""
    page = '#set text(font: "Noto Sans SC")\n#set page(width: 300pt, height: 200pt)\n#set document(title: "报告")\n'
    return typst.compile((page + source).encode(), font_paths=[str(fonts.FOLDER)], ignore_system_fonts=True)


def package(members: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": TYPES, **members}.items():
            archive.writestr(name, content)
    return target.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def docx(body: str = paragraph("应测 239 人"), more: dict[str, str | bytes] | None = None) -> bytes:
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return package({"word/document.xml": document, "docProps/core.xml": CORE.format(""), **(more or {})})


def story(name: str, inside: str) -> str:
    return f'<w:{name} xmlns:w="{WORD}">{inside}</w:{name}>'


def cell(place: str, text: str, more: str = "") -> str:
    return f'<c r="{place}" t="inlineStr"{more}><is><t>{text}</t></is></c>'


ROW = f'<row r="1">{cell("A1", "应测")}<c r="B1"><v>239</v></c></row>'


def sheet(rows: str = ROW, more: str = "") -> str:
    return f'<worksheet xmlns="{SHEET}">{more}<sheetData>{rows}</sheetData></worksheet>'


def xlsx(content: str | None = None, state: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    workbook = f'<workbook xmlns="{SHEET}"><sheets><sheet name="表" sheetId="1"{state}/></sheets></workbook>'
    members = {"xl/workbook.xml": workbook, "xl/worksheets/sheet1.xml": content or sheet()}
    return package({**members, "docProps/core.xml": CORE.format(""), **(more or {})})


def blocks(*more) -> dict:
    """What a section shows."""
    shown = (Cover("报告", "秋季"), Heading("摘要"), Paragraph("应测 239 人"), Figure(svg(), "横条图", "去向"), *more)
    return Section("any", "zh", shown)._repr_mimebundle_()


def ipynb(*cells, data: dict | None = None, metadata: dict | None = None) -> str:
    shown = v4.new_code_cell("ev.any()", outputs=[v4.new_output("execute_result", data=data or blocks())])
    return writes(v4.new_notebook(cells=[shown, *cells], metadata=metadata or {}))


FILES = {
    "html": html, "pdf": pdf, "docx": docx, "xlsx": xlsx, "ipynb": ipynb, "png": png, "svg": svg,
    "json": lambda: json.dumps({"run_id": "fb9bfc8eb5f3", "parameters": {"wave": "2025-2026-spring"}}),
    "log": lambda: "started\nfinished\n", "txt": lambda: "应测 239 人\n", "md": lambda: "# 报告\n\n应测 239 人\n",
    "csv": lambda: "类别,人数\n有效答卷,212\n",
}  # fmt: skip


def as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
