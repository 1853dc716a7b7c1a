"""A tiny synthetic district, written once, and an independent reader of its files."""

import csv
import json
import tomllib

import pytest
from ledger_door import taken_from
from python_calamine import CalamineWorkbook

from xinyu_lib.synth import load_setting, simulate, write_district

SEED = 7


def text(cell):
    """A cell as it was typed: whole numbers without the decimal point that a workbook gives them."""
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def sheets(path):
    """Number of sheets of a file."""
    return len(CalamineWorkbook.from_path(str(path)).sheet_names) if path.suffix == ".xlsx" else 1


def grid(path, sheet=0):
    """All rows of a file as lists of text, headers and empty rows included."""
    if path.suffix == ".xlsx":
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(sheet).to_python()
        return [[text(cell) for cell in row] for row in rows]
    content = path.read_bytes()
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030"
    return list(csv.reader(content.decode(encoding).splitlines()))


def records(path, sheet=0):
    """Rows below the header as dicts, empty rows left out; a title row has text in its first cell only."""
    rows = [row for row in grid(path, sheet) if any(row)]
    start = next(place for place, row in enumerate(rows) if all(row))
    header = [name.strip() for name in rows[start]]
    return [dict(zip(header, row, strict=True)) for row in rows[start + 1 :]]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    write_district(folder, seed=SEED, setting="tiny")
    return folder


@pytest.fixture(scope="session")
def truth(tiny):
    return json.loads((tiny / "truth" / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def imports(tiny):
    return tomllib.loads((tiny / "raw" / "imports.toml").read_text(encoding="utf-8"))["imports"]


@pytest.fixture(scope="session")
def district():
    """The same district in memory."""
    return simulate(load_setting("tiny"), SEED)


@pytest.fixture(scope="session")
def demo():
    return simulate(load_setting("demo"), SEED)


@pytest.fixture(scope="session")
def read_grid():
    return grid


@pytest.fixture(scope="session")
def read_records():
    return records


@pytest.fixture(scope="session")
def read_sheets():
    """Records of every sheet of a file."""
    return lambda path: [records(path, sheet) for sheet in range(sheets(path))]


@pytest.fixture(scope="session")
def taken(tiny):
    """Tables of the tiny district as the importer takes them, and what it set aside."""
    return taken_from(tiny)


@pytest.fixture(scope="session")
def demo_taken(tmp_path_factory):
    """The same of the demo district, and its truth."""
    folder = tmp_path_factory.mktemp("demo-ledgers")
    write_district(folder, seed=SEED)
    return *taken_from(folder), json.loads((folder / "truth" / "truth.json").read_text(encoding="utf-8"))
