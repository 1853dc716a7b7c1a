"""Approval: two different persons stand for the same bytes, and their names are in the vault alone."""

import pytest
from release_runs import DAY, LI, SCHOOL, WANG, cells, nothing_found, policy, prepared

from xinyu_lib.errors import DisclosureError
from xinyu_lib.release.approving import approve
from xinyu_lib.release.check import check
from xinyu_lib.release.finished import read_run
from xinyu_lib.workspace import Workspace


@pytest.fixture
def ws(tmp_path) -> Workspace:
    return Workspace.create(tmp_path / "ws", title="东湖")


@pytest.fixture
def run(ws, tmp_path):
    """A run that passed its check."""
    made = prepared(ws, tmp_path / "reports", "r1", cells())
    assert check(made, ws, policy(), as_of=DAY, scanner=nothing_found).passed
    return made


def test_two_persons_approve_one_after_the_other(ws, run):
    assert [approve(run, ws, name, as_of=DAY) for name in (WANG, LI)] == [1, 2]


def test_a_run_that_was_not_checked_is_not_approved(ws, tmp_path):
    made = prepared(ws, tmp_path / "reports", "r2", cells())
    with pytest.raises(DisclosureError) as caught:
        approve(made, ws, WANG, as_of=DAY)
    assert caught.value.message_id == "workspace.release.not_checked"


def test_a_run_that_did_not_pass_is_not_approved(ws, tmp_path):
    made = prepared(ws, tmp_path / "reports", "r2", cells(hidden=("1", "3")))
    assert not check(made, ws, policy(), as_of=DAY, scanner=nothing_found).passed
    with pytest.raises(DisclosureError):
        approve(made, ws, WANG, as_of=DAY)


@pytest.mark.parametrize("form", ["html", "pdf", "ipynb"])
def test_one_changed_byte_takes_check_and_approval_away_and_the_old_bytes_give_them_back(ws, run, form):
    approve(run, ws, WANG, as_of=DAY)
    file = run.folder / f"report-school-{SCHOOL}.{form}"
    before = file.read_bytes()
    file.write_bytes(before + b" ")
    with pytest.raises(DisclosureError) as caught:
        approve(read_run(run.folder), ws, LI, as_of=DAY)
    assert caught.value.message_id == "workspace.release.not_checked"
    file.write_bytes(before)
    assert approve(read_run(run.folder), ws, LI, as_of=DAY) == 2


def test_no_name_is_written_into_the_run_folder(ws, run):
    approve(run, ws, WANG, as_of=DAY)
    assert not [path for path in run.folder.iterdir() if WANG.encode() in path.read_bytes()]
    assert read_run(run.folder).digest == run.digest
