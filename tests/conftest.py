"""The demo, made once for all tests that look at finished work, and the size of trials."""

import os
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

FULL = os.environ.get("XINYU_TRIALS") == "full"


@pytest.fixture
def trial_count(request):
    """`trial_count(few, full)`: how often a check marked `trials` runs here, or by `make trials`."""

    def count(few: int, full: int) -> int:
        chosen = full if FULL else few
        request.node.user_properties.append(("trials", chosen))
        return chosen

    return count


def pytest_terminal_summary(terminalreporter):
    """One table of the trials that were run."""
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.stats.get(kind, [])]
    rows = [(r, dict(r.user_properties)["trials"]) for r in reports if "trials" in dict(r.user_properties)]
    if FULL and rows:
        terminalreporter.write_line("| check | runs | outcome | seconds |\n|---|---|---|---|")
        for report, runs in rows:
            name = report.nodeid.split("::")[-1].removeprefix("test_").replace("_", " ")
            terminalreporter.write_line(f"| {name} | {runs} | {report.outcome} | {report.duration:.0f} |")


@dataclass(frozen=True)
class Demo:
    """Both workspaces of the demo, the folder of its reports, and what the terminal showed."""

    district: object
    keng: object
    reports: Path
    pages: list[Path]
    output: str


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Demo:
    from rich.console import Console

    from xinyu_lib.cli.demo import run_demo
    from xinyu_lib.workspace import Workspace

    folder = tmp_path_factory.mktemp("demo")
    terminal = StringIO()
    pages = run_demo(folder / "data", folder / "reports", 1, Console(file=terminal, width=200), setting="tiny")
    return Demo(
        Workspace(folder / "data" / "demo"), Workspace(folder / "data" / "demo-keng"), folder / "reports", pages,
        terminal.getvalue(),
    )  # fmt: skip


def pytest_collection_modifyitems(items):
    """Tests that look at the demo run in one worker, so that it is made once."""
    for item in items:
        if "demo" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("demo"))
