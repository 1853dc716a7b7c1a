"""One leak is planted per kind and format; each is found, and nothing else is."""

import base64
import json
import re
from urllib.parse import quote

import pytest
from scan_files import (
    FILES,
    as_bytes,
    blocks,
    cell,
    chunk,
    docx,
    html,
    ipynb,
    jpeg,
    paragraph,
    pdf,
    png,
    sheet,
    story,
    svg,
    xlsx,
)
from scan_plants import PLANTS

from xinyu_lib.present import Paragraph
from xinyu_lib.release.scan import Context, Secrets, scan
from xinyu_lib.words import say

NAME, NUMBER, KEY, STAFF, TOLD = "司马九九", "G360102201501010011", "a3" * 16, "T0102001", "只说给老师听的话。别的没有"
SECRETS = Secrets(frozenset({NAME}), frozenset({NUMBER, STAFF}), frozenset({KEY}), frozenset({TOLD}))
CONTEXT = Context("school", 5)


def found(tmp_path, form: str, content: str | bytes, *, name: str = "report", context=CONTEXT, secrets=SECRETS) -> list:
    path = tmp_path / f"{name}.{form}"
    path.write_bytes(as_bytes(content))
    return scan([path], secrets, context, root=tmp_path)


def kinds(tmp_path, form: str, content: str | bytes) -> set[str]:
    return {each.kind for each in found(tmp_path, form, content)}


def words(form: str, text: str) -> str | bytes:
    """A file of a format that shows a text."""
    shown = {
        "html": lambda: html(f"<p>{text}</p>"),
        "pdf": lambda: pdf(text),
        "docx": lambda: docx(paragraph(text)),
        "xlsx": lambda: xlsx(sheet(f"<row>{cell('A1', text)}</row>")),
        "ipynb": lambda: ipynb(data=blocks(Paragraph(text))),
        "svg": lambda: svg(f"<text>{text}</text>"),
        "json": lambda: json.dumps({"reason": text}),
        "csv": lambda: f"备注\n{text}\n",
        "png": lambda: png(chunk(b"iTXt", b"Note\0\0\0\0\0" + text.encode())),
    }
    return shown.get(form, lambda: f"开始\n\n{text}\n")()


@pytest.mark.parametrize("form", FILES)
def test_a_file_that_is_right_has_no_finding(tmp_path, form):
    assert found(tmp_path, form, FILES[form]()) == []


@pytest.mark.parametrize(
    ("secret", "told"), [(NAME, "name"), (NUMBER, "number"), (STAFF, "number"), (KEY, "key"), (TOLD, "text")]
)
@pytest.mark.parametrize("form", FILES)
def test_a_secret_is_found_in_every_format(tmp_path, form, secret, told):
    identifiers = [each for each in found(tmp_path, form, words(form, secret)) if each.kind == "identifier"]
    assert identifiers
    assert {each.told for each in identifiers} == {
        say(f"release.scan.identifier.{told}", where=e.where) for e in identifiers
    }
    assert found(tmp_path, form, words(form, "没有什么可说")) == [] or form == "png"


UNITS = re.compile(r"(.{4})")
SPELLINGS = {
    "full width": lambda s: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in s),
    "blanks": " ".join,
    "line breaks": "\n".join,
    "zero width": "\u200b".join,
    "soft hyphens": "\u00ad".join,
    "upper case": str.upper,
    "decimal entities": lambda s: "".join(f"&#{ord(c)};" for c in s),
    "hexadecimal entities": lambda s: "".join(f"&#x{ord(c):x};" for c in s),
    "json": lambda s: UNITS.sub(r"\\u\1", s.encode("utf-16-be").hex()),
    "json in json": lambda s: UNITS.sub(r"\\\\u\1", s.encode("utf-16-be").hex()),
    "python bytes": lambda s: "".join(f"\\x{b:02x}" for b in s.encode()),
    "style sheet": lambda s: "".join(f"\\{ord(c):06x}" for c in s),
    "address": lambda s: "".join(f"%{b:02X}" for b in s.encode()),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64 behind letters": lambda s: "xy" + base64.b64encode(s.encode()).decode(),
    "base64 of addresses": lambda s: base64.urlsafe_b64encode(s.encode()).decode(),
    "hexadecimal": lambda s: s.encode().hex(),
    "upper hexadecimal": lambda s: s.encode().hex().upper(),
}


@pytest.mark.parametrize("secret", [NAME, "张三", "𠮷野", NUMBER, STAFF, KEY, TOLD])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_found_however_it_is_spelled(tmp_path, spelling, secret):
    secrets = Secrets(SECRETS.names | {"张三", "𠮷野"}, SECRETS.numbers, SECRETS.keys, SECRETS.texts)
    text = f"说明（{SPELLINGS[spelling](secret)}）"
    assert [each.kind for each in found(tmp_path, "txt", text, secrets=secrets)] == ["identifier"]


@pytest.mark.parametrize(("kind", "place"), PLANTS)
def test_a_planted_leak_is_found_and_nothing_else_is_told(tmp_path, kind, place):
    assert kinds(tmp_path, place.split()[0], PLANTS[kind, place]()) == {kind}


def test_a_picture_inside_a_document_is_read_too(tmp_path):
    for content, form in (
        (docx(more={"word/media/image1.jpeg": jpeg(b"\xff\xe1\x00\x08Exif\0\0")}), "docx"),
        (docx(more={"word/media/image1.png": png(chunk(b"tEXt", b"Author\0Li"))}), "docx"),
        (xlsx(more={"xl/media/image1.png": png(chunk(b"tEXt", b"Author\0Li"))}), "xlsx"),
    ):
        assert kinds(tmp_path, form, content) == {"metadata"}


@pytest.mark.parametrize("place", ["header1", "footer1", "footnotes", "endnotes", "comments"])
def test_a_name_in_runs_is_found_in_every_story_of_a_document(tmp_path, place):
    runs = "<w:p>" + "".join(f"<w:r><w:t>{c}</w:t></w:r>" for c in NAME) + "</w:p>"
    assert "identifier" in kinds(tmp_path, "docx", docx(more={f"word/{place}.xml": story(place.rstrip("1"), runs)}))


@pytest.mark.parametrize("name", [NAME, quote(NAME), f"x-{NUMBER}", TOLD[:8], f"{NAME}/report"])
def test_a_secret_in_a_file_name_is_found_and_blotted_out(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    told = found(tmp_path, "txt", "x", name=name)
    assert [each.kind for each in told] == ["file_name"]
    assert told[0].file == "＊1.txt"


def test_a_file_that_is_not_there_is_a_finding(tmp_path):
    assert [each.kind for each in scan([tmp_path / "gone.html"], SECRETS, CONTEXT, root=tmp_path)] == ["unreadable"]


def test_the_words_of_a_document_are_those_of_its_language(tmp_path, monkeypatch):
    monkeypatch.setenv("XINYU_LANG", "en")
    told = found(tmp_path, "html", html(f"<p>{NAME}</p>"))
    assert told[0].told == "There is the name of a pupil or of staff: line 5."
