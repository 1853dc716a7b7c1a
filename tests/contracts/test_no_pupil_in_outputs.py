"""No pupil in anything we write: every produced file is decoded and searched for every name and number."""

import base64
import json
import re
import zlib
from pathlib import Path

import pyarrow.parquet
import pytest
from pypdf import PdfReader

TEXT = {".json", ".html", ".ipynb", ".toml", ".csv", ".txt", ".md", ".svg", ".log"}


def decoded(path: Path) -> str:
    """Everything a file says: its name, text, Parquet values and schema, PDF text and properties, embedded pictures."""
    return path.name + "\n" + _content(path)


def _content(path: Path) -> str:
    if path.suffix == ".parquet":
        table = pyarrow.parquet.read_table(path)
        return json.dumps(table.to_pydict(), default=str, ensure_ascii=False) + str(table.schema.metadata)
    if path.suffix == ".pdf":
        return _pdf(path)
    text = path.read_bytes().decode("utf-8", errors="replace")
    return _with_embedded(_unescaped(text)) if path.suffix in TEXT else text


def _pdf(path: Path) -> str:
    reader = PdfReader(path)
    pages = "\n".join(page.extract_text() for page in reader.pages)
    return "\n".join([pages, str(reader.metadata), str(reader.xmp_metadata and reader.xmp_metadata.stream.get_data())])


def _unescaped(text: str) -> str:
    """JSON writes Chinese as escapes; what it means is searched as well."""
    return text + re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)


def _with_embedded(text: str) -> str:
    pictures = re.findall(r"data:[\w/+.-]+;base64,([A-Za-z0-9+/=]+)", text)
    return text + "".join(base64.b64decode(picture).decode("utf-8", errors="replace") for picture in pictures)


def leaks(folder: Path, secrets: set[str]) -> dict[str, int]:
    """Number of secrets found per file; secrets are searched as they are and in base64 and hex."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        text = decoded(path)
        hits = sum(any(form in text for form in _forms(secret)) for secret in secrets)
        if hits:
            found[path.relative_to(folder).as_posix()] = hits
    return found


def _forms(secret: str) -> tuple[str, ...]:
    raw = secret.encode()
    return secret, raw.hex(), base64.b64encode(raw).decode().rstrip("=")


@pytest.fixture(scope="module")
def secrets(demo) -> set[str]:
    """Names and numbers of every pupil of the demo, read from the vault."""
    with demo.district.vault() as vault:
        people = vault.people()
    assert (people["number"].str.len() == 19).all()
    return set(people["name"]) | set(people["number"])


def test_reports_hold_no_name_and_no_number(demo, secrets):
    assert len(secrets) > 100
    assert leaks(demo.reports, secrets) == {}


def test_the_lake_holds_no_name_and_no_number(demo, secrets):
    assert leaks(demo.district.folder / "lake", secrets) == {}


def test_the_vault_is_unreadable_without_its_key(demo, secrets):
    raw = (demo.district.folder / "vault.db").read_bytes()
    assert not [secret for secret in secrets if secret.encode() in raw]


@pytest.mark.parametrize("form", ["plain", "escaped", "embedded", "parquet", "pdf", "name"])
def test_a_planted_leak_is_found(tmp_path, secrets, form):
    secret = sorted(s for s in secrets if len(s) == 19)[0]
    PLANTS[form](tmp_path, secret)
    assert leaks(tmp_path, secrets)


def _plant_parquet(folder: Path, secret: str) -> None:
    table = pyarrow.table({"pupil": [secret]})
    pyarrow.parquet.write_table(table, folder / "x.parquet", compression="zstd")


def _plant_pdf(folder: Path, secret: str) -> None:
    stream = zlib.compress(f"BT /F1 12 Tf 20 100 Td ({secret}) Tj ET".encode())
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(body),
    )
    (folder / "x.pdf").write_bytes(body + trailer)


PLANTS = {
    "plain": lambda folder, secret: (folder / "x.html").write_text(f"<p title='{secret}'></p>", encoding="utf-8"),
    "escaped": lambda folder, secret: (folder / "x.ipynb").write_text(
        "".join(f"\\u{ord(c):04x}" for c in secret), encoding="utf-8"
    ),
    "embedded": lambda folder, secret: (folder / "x.html").write_text(
        "<img src='data:image/svg+xml;base64," + base64.b64encode(f"<svg>{secret}</svg>".encode()).decode() + "'>",
        encoding="utf-8",
    ),
    "parquet": _plant_parquet,
    "pdf": _plant_pdf,
    "name": lambda folder, secret: (folder / f"report-{secret}.txt").write_text("-", encoding="utf-8"),
}
