"""Publication: finished formats of approved bytes and nothing else; what may have been seen always is in the ledger."""

from pathlib import Path

import pytest
from release_runs import COUNTS, DAY, LI, SCHOOL, TOTAL, WANG, cells, policy, prepared, released

from xinyu_lib.errors import DisclosureError
from xinyu_lib.release.finished import read_run
from xinyu_lib.release.publishing import publish
from xinyu_lib.workspace import Workspace

PAGE, PDF = f"report-school-{SCHOOL}.html", f"report-school-{SCHOOL}.pdf"


@pytest.fixture
def ws(tmp_path) -> Workspace:
    return Workspace.create(tmp_path / "ws", title="东湖")


@pytest.fixture
def to(tmp_path) -> Path:
    return tmp_path / "out" / "2026"


def approved(ws, folder: Path, run_id: str, frame, names=(WANG, LI)):
    run = prepared(ws, folder / "reports", run_id, frame)
    ws.releases.passed(run_id, run.digest, as_of=DAY)
    for name in names:
        ws.releases.approve(run_id, run.digest, name, as_of=DAY)
    return run


def state(ws, run_id: str = "r1") -> str:
    return ws.releases.standing(run_id).state


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def refused(run, ws, to) -> DisclosureError:
    """The error; nothing was recorded and nothing new can be seen."""
    before, mark = files(to), ws.releases.mark()
    with pytest.raises(DisclosureError) as caught:
        publish(run, ws, policy(), to, as_of=DAY)
    assert (files(to), ws.releases.mark()) == (before, mark)
    return caught.value


def test_finished_formats_are_copied_under_the_name_of_the_run_and_nothing_else(ws, tmp_path, to):
    run = approved(ws, tmp_path, "r1", cells())
    made = publish(run, ws, policy(), to, as_of=DAY)
    target = to / run.folder.name
    assert made == [target / PAGE, target / PDF]
    assert sorted(path.name for path in target.iterdir()) == [PAGE, PDF]
    assert [(target / name).read_bytes() for name in (PAGE, PDF)] == [
        (run.folder / name).read_bytes() for name in (PAGE, PDF)
    ]
    assert (state(ws), ws.releases.standing("r1").day("published")) == ("published", DAY)


@pytest.mark.parametrize(("names", "have"), [((), 0), ((WANG,), 1)])
def test_two_approvals_are_needed(ws, tmp_path, to, names, have):
    error = refused(approved(ws, tmp_path, "r1", cells(), names), ws, to)
    assert (error.message_id, error.fields["n"]) == ("workspace.release.not_approved", have)
    assert not to.exists()


def test_bytes_that_nobody_approved_are_not_published(ws, tmp_path, to):
    run = approved(ws, tmp_path, "r1", cells())
    (run.folder / PAGE).write_text("<p>other</p>", encoding="utf-8")
    assert refused(read_run(run.folder), ws, to).message_id == "workspace.release.not_checked"


def test_bytes_that_change_after_the_folder_was_read_are_not_published(ws, tmp_path, to):
    run = approved(ws, tmp_path, "r1", cells())
    (run.folder / PAGE).write_text("<p>other</p>", encoding="utf-8")
    assert refused(run, ws, to).message_id == "release.files.changed"
    assert list((to / run.folder.name).iterdir()) == []


def test_what_went_out_since_the_check_is_taken_into_account(ws, tmp_path, to):
    """16 in another report of yesterday, 17 in this one."""
    run = approved(ws, tmp_path, "r1", cells({TOTAL: 17}, ()))
    released(ws, prepared(ws, tmp_path / "reports", "r2", cells({TOTAL: 16}, ())))
    error = refused(run, ws, to)
    assert (error.message_id, error.fields["n"]) == ("release.check.failed", 1)


def test_a_run_that_opens_another_one_together_with_it_is_not_published(ws, tmp_path, to):
    grades = {grade: COUNTS[grade] for grade in ("1", "2", "3", "4")}
    run = approved(ws, tmp_path, "r1", cells({TOTAL: 17}, ()))
    released(ws, prepared(ws, tmp_path / "reports", "r2", cells(grades, ("1", "3"))))
    assert refused(run, ws, to).message_id == "release.check.failed"


def test_publishing_again_changes_nothing_and_brings_back_a_lost_file(ws, tmp_path, to):
    run = approved(ws, tmp_path, "r1", cells())
    first = publish(run, ws, policy(), to, as_of=DAY)
    first[0].unlink()
    mark = ws.releases.mark()
    assert publish(run, ws, policy(), to, as_of="2026-06-01") == first
    assert first[0].read_bytes() == (run.folder / PAGE).read_bytes()
    assert (ws.releases.mark(), ws.releases.standing("r1").day("published")) == (mark, DAY)


def test_what_is_out_is_finished_whatever_went_out_after_it(ws, tmp_path, to):
    run = approved(ws, tmp_path, "r1", cells())
    first = publish(run, ws, policy(), to, as_of=DAY)
    first[0].unlink()
    released(ws, prepared(ws, tmp_path / "reports", "r2", cells({TOTAL: 16}, ())))
    assert publish(run, ws, policy(), to, as_of=DAY) == first
    assert first[0].is_file()


@pytest.mark.parametrize("broken_at", [0, 1])
def test_what_was_broken_off_while_files_appeared_is_in_the_ledger_and_is_finished_later(
    ws, tmp_path, to, monkeypatch, broken_at
):
    run = approved(ws, tmp_path, "r1", cells())
    rename, done = Path.replace, []

    def broken_off(path, target):
        if len(done) == broken_at:
            raise KeyboardInterrupt
        done.append(target)
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", broken_off)
    with pytest.raises(KeyboardInterrupt):
        publish(run, ws, policy(), to, as_of=DAY)
    monkeypatch.undo()
    target = to / run.folder.name
    assert (state(ws), len(list(target.iterdir()))) == ("published", broken_at)
    publish(run, ws, policy(), to, as_of=DAY)
    assert sorted(path.name for path in target.iterdir()) == [PAGE, PDF]


def test_what_was_broken_off_before_it_was_recorded_cannot_be_seen(ws, tmp_path, to, monkeypatch):
    run = approved(ws, tmp_path, "r1", cells())

    def broken_off(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("xinyu_lib.workspace.releases.Releases.publish", broken_off)
    with pytest.raises(KeyboardInterrupt):
        publish(run, ws, policy(), to, as_of=DAY)
    monkeypatch.undo()
    assert (state(ws), list((to / run.folder.name).iterdir())) == ("approved", [])
    assert len(publish(run, ws, policy(), to, as_of=DAY)) == 2


def test_other_content_is_never_overwritten(ws, tmp_path, to):
    run = approved(ws, tmp_path, "r1", cells())
    target = to / run.folder.name
    target.mkdir(parents=True)
    (target / PAGE).write_text("<p>somebody's</p>", encoding="utf-8")
    assert refused(run, ws, to).message_id == "release.publish.other_content"
    assert (target / PAGE).read_text(encoding="utf-8") == "<p>somebody's</p>"
    assert [path.name for path in target.iterdir()] == [PAGE]


def test_the_folder_of_the_run_itself_is_no_place_to_publish_to(ws, tmp_path):
    run = approved(ws, tmp_path, "r1", cells())
    assert refused(run, ws, run.folder.parent).message_id == "release.publish.same_folder"


def test_a_file_in_place_of_the_folder_is_one_clear_line(ws, tmp_path, to):
    run = approved(ws, tmp_path, "r1", cells())
    to.parent.write_text("x", encoding="utf-8")
    assert refused(run, ws, to).message_id == "release.publish.no_folder"


def test_a_disk_that_is_full_leaves_nothing_to_be_seen(ws, tmp_path, to, monkeypatch):
    run = approved(ws, tmp_path, "r1", cells())

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert refused(run, ws, to).message_id == "lake.no_space"
    assert (state(ws), list((to / run.folder.name).iterdir())) == ("approved", [])


def test_a_correction_replaces_and_the_replaced_run_is_not_published_again(ws, tmp_path, to):
    first = approved(ws, tmp_path, "r1", cells({TOTAL: 17}, ()))
    publish(first, ws, policy(), to, as_of=DAY)
    publish(approved(ws, tmp_path, "r2", cells({TOTAL: 25}, ())), ws, policy(), to, as_of=DAY)
    assert (state(ws, "r1"), state(ws, "r2")) == ("replaced", "published")
    assert refused(first, ws, to).message_id == "workspace.release.replaced"
