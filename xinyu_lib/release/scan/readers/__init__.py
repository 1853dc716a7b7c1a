"""Readers: the bytes of one file in, its parts out: text with its place, files inside it, and what is wrong with it.

A reader raises ValueError (or what its parser raises) for a file that is not whole; the scan makes a finding of that.
"""

from collections.abc import Callable, Iterator

from xinyu_lib.release.scan.finding import Part
from xinyu_lib.release.scan.readers.docx import read_docx
from xinyu_lib.release.scan.readers.html import read_fragment, read_html
from xinyu_lib.release.scan.readers.notebook import read_notebook
from xinyu_lib.release.scan.readers.pdf import read_pdf
from xinyu_lib.release.scan.readers.pictures import read_jpeg, read_png, read_woff
from xinyu_lib.release.scan.readers.svg import read_svg
from xinyu_lib.release.scan.readers.texts import read_csv, read_json, read_text
from xinyu_lib.release.scan.readers.xlsx import read_xlsx

FILES = {
    "html": read_html, "pdf": read_pdf, "docx": read_docx, "xlsx": read_xlsx, "ipynb": read_notebook, "png": read_png,
    "svg": read_svg, "json": read_json, "log": read_text, "txt": read_text, "md": read_text, "csv": read_csv,
}  # fmt: skip
INSIDE = {"fragment": read_fragment, "woff": read_woff, "jpeg": read_jpeg, "jpg": read_jpeg}
READERS: dict[str, Callable[[bytes], Iterator[Part]]] = FILES | INSIDE
