"""No person in anything we write: every file is decoded and searched for every name, number and free text."""

import base64
import csv
import json
import re
import zlib
from pathlib import Path
from urllib.parse import quote, unquote

import pyarrow.parquet
import pytest
from pypdf import PdfReader

from xinyu_lib.lake import Lake
from xinyu_lib.tables import tables
from xinyu_lib.workspace import Workspace

SECRET = {"vault.db", "restricted", "raw", "truth"}  # the vault, worksheets with names, and what the demo was made from
TEXT = {".json", ".html", ".ipynb", ".toml", ".csv", ".txt", ".md", ".svg", ".log"}


def decoded(path: Path) -> str:
    """All that a file says: text, Parquet values, statistics and notes, PDF text and properties, embedded pictures."""
    if path.suffix == ".parquet":
        return _parquet(path)
    if path.suffix == ".pdf":
        return _pdf(path)
    text = path.read_bytes().decode("utf-8", errors="replace")
    return _with_embedded(_unescaped(text)) if path.suffix in TEXT else text


def _parquet(path: Path) -> str:
    file = pyarrow.parquet.ParquetFile(path)
    values, footer = file.read().to_pydict(), file.metadata
    groups = [footer.row_group(n) for n in range(footer.num_row_groups)]
    told = [group.column(n).statistics for group in groups for n in range(footer.num_columns)]
    ends = [(each.min, each.max) for each in told if each and each.has_min_max]
    notes = {key.decode(): value.decode(errors="replace") for key, value in (footer.metadata or {}).items()}
    return json.dumps([values, ends, notes], default=str, ensure_ascii=False) + str(file.schema_arrow)


def _pdf(path: Path) -> str:
    reader = PdfReader(path)
    pages = "\n".join(page.extract_text() for page in reader.pages)
    return "\n".join([pages, str(reader.metadata), str(reader.xmp_metadata and reader.xmp_metadata.stream.get_data())])


def _unescaped(text: str) -> str:
    """JSON writes Chinese as escapes, and JSON within JSON escapes them again; what it means is searched as well."""
    return text + re.sub(r"\\+u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)


def _with_embedded(text: str) -> str:
    pictures = re.findall(r"data:[\w/+.-]+;base64,([A-Za-z0-9+/=]+)", text)
    return text + "".join(base64.b64decode(picture).decode("utf-8", errors="replace") for picture in pictures)


def leaks(folder: Path, secrets: set[str], *, without: set[str] = frozenset()) -> dict[str, int]:
    """Number of secrets found per file and its path; secrets are searched as they are and in base64 and hex.

    without: files and folders right under `folder` that are left out.
    """
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        place = path.relative_to(folder)
        if place.parts[0] in without:
            continue
        text = f"{unquote(place.as_posix())}\n{decoded(path)}"
        hits = sum(any(form in text for form in _forms(secret)) for secret in secrets)
        if hits:
            found[place.as_posix()] = hits
    return found


def _forms(secret: str) -> tuple[str, ...]:
    raw = secret.encode()
    return secret, raw.hex(), base64.b64encode(raw).decode().rstrip("=")


def secrets_of(ws: Workspace) -> dict[str, set[str]]:
    """All that only the vault may hold: names and numbers of pupils and staff, and what people wrote."""
    with ws.vault() as vault:
        people = {kind: vault.people(kind) for kind in ("pupil", "staff")}
        words = set().union(*(vault.words(table)["value"] for table in tables()))
    told = {kind: set(each["name"].dropna()) | set(each["number"]) for kind, each in people.items()}
    return told | {"words": words}


@pytest.fixture(scope="module")
def secrets(demo) -> set[str]:
    """Everything secret of the demo, read from its vault."""
    found = secrets_of(demo.district)
    assert sum(len(each) == 19 for each in found["pupil"]) > 100
    assert len(found["staff"]) > 10
    assert len(found["words"]) > 10
    return set().union(*found.values())


def test_reports_hold_no_person_and_no_free_text(demo, secrets):
    assert leaks(demo.reports, secrets) == {}


def test_the_workspace_holds_no_person_and_no_free_text_outside_the_vault(demo, secrets):
    assert leaks(demo.district.folder, secrets, without=SECRET) == {}


def test_the_terminal_of_the_demo_shows_no_person_and_no_free_text(demo, secrets):
    assert not [secret for secret in secrets if secret in demo.output]


def test_the_vault_is_unreadable_without_its_key(demo, secrets):
    raw = (demo.district.folder / "vault.db").read_bytes()
    assert not [secret for secret in secrets if secret.encode() in raw]


WAVE, DAY = "2025-2026-autumn", "2025-10-01"
FILES = {
    "school": [["学校代码", "学校名称", "学校类型"], ["0102", "示范小学", "小学"]],
    "class": [["波次", "学校代码", "班级代码", "年级"], [WAVE, "0102", "0401", "4"]],
    "pupil": [
        ["波次", "学校代码", "班级代码", "年级", "学籍号", "姓名", "班内学号"],
        [WAVE, "0102", "0401", "4", "G36010220150101", "司马九九", "KZ7Q"],
    ],
    "staff": [["工号", "姓名", "岗位", "任职日期"], ["T0102XQ", "欧阳白露", "心理教师", "2025-09-01"]],
    "interview": [
        ["学籍号", "约谈日期", "约谈人工号", "约谈结果", "约谈记录"],
        ["G36010220150101", "2025-10-16", "T0102XQ", "提出等级意见", "只说给老师听的话"],
    ],
}
TYPED = {"G36010220150101", "司马九九", "KZ7Q", "T0102XQ", "欧阳白露", "只说给老师听的话"}


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Workspace:
    """A workspace with a pupil and the number in class, one of staff and what was said in an interview."""
    folder = tmp_path_factory.mktemp("small")
    ws = Workspace.create(folder / "ws", title="东湖")
    for table, rows in FILES.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        assert ws.import_file(folder / f"{table}.csv", table=table, as_of=DAY).rows_kept == 1
    return ws


def test_names_numbers_and_words_of_a_small_workspace_are_in_its_vault_alone(small):
    assert set().union(*secrets_of(small).values()) == TYPED
    assert len(small.read("interview")) == 1
    assert leaks(small.folder, TYPED, without=SECRET) == {}
    assert not [secret for secret in TYPED if secret.encode() in (small.folder / "vault.db").read_bytes()]


@pytest.mark.parametrize(("column", "endings"), [("import_id", {".json", ".parquet"}), ("state", {".parquet"})])
def test_what_leaks_into_the_lake_is_found_in_its_data_and_its_log(small, tmp_path, column, endings):
    rows = small.read("pupil").drop(columns=["valid_from"]).assign(**{column: "司马九九"})
    import_id = rows.pop("import_id")[0]
    Lake(tmp_path).write("pupil", rows, import_id=import_id, valid_from=DAY)
    assert {Path(file).suffix for file in leaks(tmp_path, TYPED)} == endings


def _plant_parquet(folder: Path, secret: str) -> None:
    table = pyarrow.table({"pupil": [secret]})
    pyarrow.parquet.write_table(table, folder / "x.parquet", compression="zstd")


def _plant_statistics(folder: Path, secret: str) -> None:
    """A file whose footer tells the ends of a column that its rows do not hold."""
    path = folder / "x.parquet"
    how = {"compression": "none", "use_dictionary": False, "store_schema": False}
    pyarrow.parquet.write_table(pyarrow.table({"pupil": [secret]}), path, **how)
    content = path.read_bytes()
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    raw = secret.encode()
    path.write_bytes(content[:footer].replace(raw, b"-" * len(raw)) + content[footer:])
    assert secret not in str(pyarrow.parquet.read_table(path).to_pydict())


def _plant_notes(folder: Path, secret: str) -> None:
    table = pyarrow.table({"pupil": ["-"]}).replace_schema_metadata({"note": secret})
    pyarrow.parquet.write_table(table, folder / "x.parquet")


def _plant_log(folder: Path, secret: str) -> None:
    """Statistics in the log of a Delta table: JSON within JSON."""
    (folder / "_delta_log").mkdir()
    stats = json.dumps({"numRecords": 1, "maxValues": {"pupil": secret}})
    line = json.dumps({"add": {"path": "part-0.parquet", "stats": stats}})
    (folder / "_delta_log" / "0.json").write_text(line, encoding="utf-8")


def _plant_partition(folder: Path, secret: str) -> None:
    (folder / f"school={quote(secret)}").mkdir()
    (folder / f"school={quote(secret)}" / "x.txt").write_text("-", encoding="utf-8")


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
    "statistics": _plant_statistics,
    "notes": _plant_notes,
    "delta log": _plant_log,
    "partition": _plant_partition,
    "settings": lambda folder, secret: (folder / "workspace.toml").write_text(f'title = "{secret}"', encoding="utf-8"),
    "pdf": _plant_pdf,
    "name": lambda folder, secret: (folder / f"report-{secret}.txt").write_text("-", encoding="utf-8"),
}


SECRETS = ["G360102201501010011", "T0102001", "只说给老师听的话"]
# the PDF that is planted has a font of Latin letters only
LEAKS = [(form, secret) for form in sorted(PLANTS) for secret in SECRETS if form != "pdf" or secret.isascii()]


@pytest.mark.parametrize(("form", "secret"), LEAKS)
def test_a_planted_leak_is_found(tmp_path, form, secret):
    PLANTS[form](tmp_path, secret)
    assert set(leaks(tmp_path, {secret, "something else"}).values()) == {1}
    assert leaks(tmp_path, {"something else"}) == {}
