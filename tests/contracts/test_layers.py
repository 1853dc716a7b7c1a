"""The house has one direction: a room imports only from rooms of lower rows, never from one beside it."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "xinyu_lib"
ROWS = [
    "words",
    "errors",
    "columns waves provenance registry",
    "scales tables numerics",
    "policy disclosure",
    "scoring tiers synth psychometrics lake",
    "compare",
    "census care archive schools",
    "workspace",
    "present",
    "sections",
    "reporting",
    "release",
    "bootstrap",
    "cli __init__",
    "__main__",
]
ROW = {room: number for number, row in enumerate(ROWS) for room in row.split()}
MODULES = sorted(PACKAGE.rglob("*.py"))
SEPARATED = {("synth", "scoring"), ("synth", "psychometrics")}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(source: str) -> set[str]:
    """Rooms that a module imports anywhere in it, inside functions too; `__init__` stands for the root package."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "absolute imports only"
            found |= {f"{node.module}.{a.name}" for a in node.names} if node.module == "xinyu_lib" else {node.module}
    ours = [name.split(".") for name in found]
    return {parts[1] if len(parts) > 1 else "__init__" for parts in ours if parts[0] == "xinyu_lib"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_rows_below_its_own(path):
    room = room_of(path)
    for other in imported_rooms(path.read_text(encoding="utf-8")) - {room}:
        assert ROW[other] < ROW[room], f"{path.name} ({room}) must not import {other}"


def test_every_room_has_a_row():
    rooms = {room_of(path) for path in MODULES}
    assert rooms <= set(ROW)


@pytest.mark.parametrize(("room", "other"), sorted(SEPARATED))
def test_synthetic_data_know_nothing_of_what_they_test(room, other):
    sources = [p.read_text(encoding="utf-8") for p in MODULES if room_of(p) == room]
    assert sources
    assert not any(other in imported_rooms(source) for source in sources)


def test_only_the_command_line_makes_synthetic_data():
    users = {room_of(p) for p in MODULES if "synth" in imported_rooms(p.read_text(encoding="utf-8"))}
    assert users <= {"synth", "cli"}


def test_nothing_below_the_command_line_asks_for_the_time():
    for path in MODULES:
        if room_of(path) in {"cli", "bootstrap"}:
            continue
        names = {n.attr for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Attribute)}
        assert not names & {"now", "today", "utcnow"}, path.name


def test_the_reader_of_imports_sees_them_inside_functions_and_from_the_root():
    source = (
        "def f():\n    from xinyu_lib.lake import Lake\nimport xinyu_lib.census.readers\nfrom xinyu_lib import words\n"
    )
    assert imported_rooms(source) == {"lake", "census", "words"}
