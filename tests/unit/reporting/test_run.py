"""A run: one failing school does not stop the others, equal inputs give equal bytes, and nothing secret gets in."""

import json
import re
import subprocess
import sys

import nbformat
import pytest
from pypdf import PdfReader

from xinyu_lib.errors import ParameterError, ReportsFailed, UnknownName
from xinyu_lib.reporting.plan import find_notebook, make_plan
from xinyu_lib.reporting.run import build_reports

HOW = {"wave": "2025-2026-spring", "as_of": "2026-05-15", "reader": "principal"}


def with_cell(tmp_path, source: str):
    """The shipped school report with one more cell at its end."""
    notebook = nbformat.read(find_notebook("report-school"), as_version=4)
    notebook.cells = [*notebook.cells[:4], nbformat.v4.new_code_cell(source)]
    path = tmp_path / "report-odd.ipynb"
    nbformat.write(notebook, path)
    return path


@pytest.fixture(scope="module")
def first_school(demo) -> str:
    return min(demo.district.read("school")["school"])


@pytest.fixture(scope="module")
def manifest(demo) -> dict:
    page = next(page for page in demo.pages if "report-school-2025" in page.parent.name)
    return json.loads((page.parent / "manifest.json").read_text(encoding="utf-8"))


def test_every_school_has_a_report_in_every_format(demo, manifest):
    schools = sorted(demo.district.read("school")["school"])
    assert [report["subject"] for report in manifest["reports"]] == schools
    assert all(
        report["status"] == "done" and set(report["files"]) == {"ipynb", "html", "pdf"}
        for report in manifest["reports"]
    )


def test_the_index_page_lists_every_school_with_its_files(demo, manifest):
    page = next(page for page in demo.pages if "report-school-2025" in page.parent.name).read_text(encoding="utf-8")
    for report in manifest["reports"]:
        assert report["title"] in page
        assert f'href="{report["files"]["html"]}"' in page


def test_reports_are_of_a_readable_length(demo):
    for path in demo.reports.rglob("*.pdf"):
        assert 5 <= len(PdfReader(path).pages) <= 12


def test_one_failing_school_does_not_stop_the_others_and_is_listed_with_its_reason(demo, tmp_path):
    schools = sorted(demo.district.read("school")["school"])
    odd = with_cell(tmp_path, f"1 / (school != '{schools[0]}')\nev.cover()")
    run = build_reports(odd, demo.district, out=tmp_path, formats=["html"], **HOW)
    assert list(run.table["status"]) == ["failed"] + ["done"] * (len(schools) - 1)
    assert "ZeroDivisionError" in run.table["reason"][0]
    assert "ZeroDivisionError" in (run.folder / "index.html").read_text(encoding="utf-8")
    assert not list(run.folder.glob(f"*{schools[0]}*"))
    with pytest.raises(ReportsFailed, match=f"{len(schools)} 份报告中有 1 份"):
        run.raise_if_failed()


def test_the_reason_of_a_failure_holds_no_data(demo, tmp_path, first_school):
    odd = with_cell(tmp_path, "raise ValueError('pupil G970000000000000001')")
    run = build_reports(odd, demo.district, schools=[first_school], out=tmp_path, formats=["html"], **HOW)
    written = "".join(path.read_text(encoding="utf-8") for path in run.folder.iterdir())
    assert "G97" not in written + run.table["reason"][0]


def test_output_that_is_no_block_is_refused(demo, tmp_path, first_school):
    odd = with_cell(tmp_path, "ev.material.roster")
    run = build_reports(odd, demo.district, schools=[first_school], out=tmp_path, formats=["html"], **HOW)
    assert list(run.table["status"]) == ["failed"]
    assert sorted(path.name for path in run.folder.iterdir()) == ["index.html", "manifest.json"]


def test_a_kernel_never_holds_the_vault_key(demo, tmp_path, monkeypatch, first_school):
    key = (demo.district.folder / "vault.key").read_text(encoding="ascii").strip()
    monkeypatch.setenv("XINYU_VAULT_KEY", key)
    odd = with_cell(tmp_path, "import os\nassert not [n for n in os.environ if 'VAULT' in n]\nev.cover()")
    run = build_reports(odd, demo.district, schools=[first_school], out=tmp_path, formats=["html"], **HOW)
    assert list(run.table["status"]) == ["done"]


def test_equal_inputs_give_equal_bytes(demo, tmp_path, manifest):
    run = build_reports("report-school", demo.district, out=tmp_path, **HOW)
    again = json.loads((run.folder / "manifest.json").read_text(encoding="utf-8"))
    assert run.run_id == manifest["run_id"]
    assert [report["digests"] for report in again["reports"]] == [report["digests"] for report in manifest["reports"]]


def test_the_run_id_changes_with_the_day_and_the_reader(demo):
    ids = {
        make_plan("report-school", demo.district, **{**HOW, **change}).run_id
        for change in ({}, {"as_of": "2026-05-16"}, {"reader": "bureau"}, {"lang": "en"})
    }
    assert len(ids) == 4


def test_produced_notebooks_hold_no_path_no_time_and_no_machine(demo):
    for path in demo.reports.rglob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/tmp/|/home/|\\\\Users|start_time|papermill\"", text)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"parameters": {"schol": "1"}}, ParameterError),
        ({"as_of": "31.01.2026"}, ParameterError),
        ({"schools": ["999999"]}, UnknownName),
        ({"reader": "neighbour"}, UnknownName),
        ({"formats": ["docx"]}, UnknownName),
    ],
)
def test_a_run_that_cannot_succeed_starts_no_kernel_and_writes_nothing(demo, tmp_path, change, error):
    with pytest.raises(error):
        build_reports("report-school", demo.district, out=tmp_path, **{**HOW, **change})
    assert not list(tmp_path.iterdir())


PLAIN_SCRIPT = """
import sys
import xinyu_lib as xy
folder, school, out = sys.argv[1:]
run = xy.build_reports(
    "report-school", xy.Workspace(folder), wave="2025-2026-spring", schools=[school], as_of="2026-05-15",
    formats=["html"], out=out,
)
print(list(run.table["status"]))
"""


def test_a_plain_script_can_build_reports_without_a_guard(demo, tmp_path, first_school):
    script = tmp_path / "plain.py"
    script.write_text(PLAIN_SCRIPT, encoding="utf-8")
    command = [sys.executable, script, demo.district.folder, first_school, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "['done']", done.stderr
