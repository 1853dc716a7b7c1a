"""The check of a finished run: each part finds what it is there for, and only what passed in all parts is recorded."""

import json

import pandas as pd
import pytest
from release_runs import (
    ATTENTION,
    COUNTS,
    DAY,
    SCHOOL,
    TOTAL,
    WAVE,
    cells,
    key,
    notebook,
    nothing_found,
    policy,
    prepared,
    released,
    shown,
)
from scan_files import html

from xinyu_lib.errors import DisclosureError, UnknownName
from xinyu_lib.provenance import file_digest
from xinyu_lib.release.cell_names import cell_name
from xinyu_lib.release.check import check
from xinyu_lib.release.finished import find_run, read_run, shown_cells
from xinyu_lib.release.scan import Finding
from xinyu_lib.release.scanning import context_of, secrets_of
from xinyu_lib.workspace import Workspace


@pytest.fixture
def ws(tmp_path, monkeypatch) -> Workspace:
    monkeypatch.setenv("XINYU_LANG", "en")
    return Workspace.create(tmp_path / "ws", title="东湖")


def problems(run, ws, scanner=nothing_found) -> dict[str, list[str]]:
    """Problems by part, of parts that have some; a check that has any must not be recorded."""
    found = check(read_run(run.folder), ws, policy(), as_of=DAY, scanner=scanner)
    assert [each.check for each in found.outcomes] == ["files", "cells", "corrections", "attack", "scan"]
    assert found.passed == (ws.releases.standing(run.run_id).day("checked") == DAY)
    return {each.check: list(each.problems) for each in found.outcomes if each.problems}


def test_a_run_that_is_right_passes_and_is_recorded_for_its_bytes(ws, tmp_path):
    run = prepared(ws, tmp_path / "reports", "r1", cells())
    found = check(run, ws, policy(), as_of=DAY, scanner=nothing_found)
    assert found.passed
    assert [each.examined for each in found.outcomes] == [3, 10, 10, 10, 3]
    standing = ws.releases.standing("r1")
    assert (standing.digest, standing.day("checked"), standing.state) == (run.digest, DAY, "checked")


def test_a_run_of_another_workspace_is_not_checked(ws, tmp_path):
    run = prepared(ws, tmp_path / "reports", "r1", cells())
    other = Workspace.create(tmp_path / "other", title="西湖")
    with pytest.raises(DisclosureError) as caught:
        check(run, other, policy(), as_of=DAY, scanner=nothing_found)
    assert caught.value.message_id == "workspace.release.unknown"


# (a) files

PAGE, PDF = f"report-school-{SCHOOL}.html", f"report-school-{SCHOOL}.pdf"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda f: (f / PDF).unlink(), f"{PDF}: on the list of the run and not in its folder."),
        (lambda f: (f / "draft.html").write_text("x"), "draft.html: not on the list of the run; take it away."),
        (lambda f: (f / ".x.partial").write_text("x"), ".x.partial: not on the list of the run; take it away."),
        (lambda f: (f / "more").mkdir(), "more: not on the list of the run; take it away."),
        (lambda f: (f / PAGE).write_text("x"), f"{PAGE}: changed since it was made; make the reports again."),
        (
            lambda f: (f / PAGE).symlink_to((f / PAGE).rename(f.parent / "elsewhere.html")),
            f"{PAGE}: changed since it was made; make the reports again.",
        ),
    ],
)
def test_the_folder_holds_what_the_manifest_lists_and_nothing_else(ws, tmp_path, spoil, told):
    run = prepared(ws, tmp_path / "reports", "r1", cells())
    spoil(run.folder)
    assert problems(run, ws) == {"files": [told]}
    assert read_run(run.folder).digest != run.digest


def change_manifest(folder, change) -> None:
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_a_manifest_for_another_audience_is_refused(ws, tmp_path):
    run = prepared(ws, tmp_path / "reports", "r1", cells())
    change_manifest(run.folder, lambda content: content.update(audience="district"))
    assert problems(run, ws) == {
        "files": ["manifest.json: names another audience than the release ledger; make the reports again."]
    }


def test_a_run_without_a_finished_report_does_not_pass(ws, tmp_path):
    run = prepared(ws, tmp_path / "reports", "r1", cells())
    change_manifest(run.folder, lambda content: content["reports"].pop(0))
    assert "There is no finished report." in problems(run, ws)["files"]


@pytest.mark.parametrize("file", ["manifest.json", f"report-school-{SCHOOL}.ipynb"])
@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"{}", b"[]"])
def test_what_cannot_be_read_is_one_clear_line(ws, tmp_path, file, content):
    run = prepared(ws, tmp_path / "reports", "r1", cells())
    (run.folder / file).write_bytes(content)
    with pytest.raises(DisclosureError) as caught:
        check(read_run(run.folder), ws, policy(), as_of=DAY, scanner=nothing_found)
    assert caught.value.text() == f"{file} cannot be read, the run folder is not whole: make the reports again."


def test_a_run_is_found_by_its_folder_or_by_its_id(ws, tmp_path):
    run = prepared(ws, tmp_path / "reports", "r1", cells())
    assert find_run("r1", tmp_path / "reports").folder == run.folder
    assert find_run(str(run.folder), tmp_path / "nowhere").digest == run.digest
    with pytest.raises(UnknownName) as caught:
        find_run("r2", tmp_path / "reports")
    assert caught.value.text() == "There is no run r2: give its folder, or one of these ids: r1."


# (b) cells


def test_shown_cells_are_read_from_all_outputs_and_may_be_missing():
    told = notebook([[list(key("4")), 8]])
    told["cells"] += [{"cell_type": "markdown"}, *notebook([[list(key("1")), None]])["cells"]]
    assert shown_cells(told) == {key("4"): 8, key("1"): None}
    del told["cells"][0]["outputs"][0]["data"]["application/vnd.xinyu.blocks+json"]["cells"]
    assert shown_cells(told) == {key("1"): None}


def test_one_cell_told_in_two_ways_is_refused(ws, tmp_path):
    told = shown(cells())
    run = prepared(ws, tmp_path / "reports", "r1", cells(), told=[*told, [list(key("4")), 9]])
    line = f"one cell is told in two ways: {WAVE}, school 036011, grade 4, to be talked to. Make the reports again."
    assert problems(run, ws) == {"cells": [f"report-school-{SCHOOL}.ipynb: {line}"]}


@pytest.mark.parametrize(
    ("cell", "number", "told"),
    [
        (key("5"), 12, "not listed by the policy for this audience: school 036011, grade 5, to be talked to."),
        (key("1"), 3, "shown though it has to be hidden: school 036011, grade 1, to be talked to."),
        (key("4"), None, "hidden here and not so in the ledger: {}, grade 4, to be talked to. Make the reports again."),
        (key("4"), 9, "another number than in the ledger: {}, grade 4, to be talked to. Make the reports again."),
        (key(TOTAL), 17.5, "another number than in the ledger: {}, to be talked to. Make the reports again."),
    ],
)
def test_a_report_shows_what_was_prepared_for_its_audience(ws, tmp_path, cell, number, told):
    report = [[list(cell), number], *(each for each in shown(cells()) if tuple(each[0]) != cell)]
    run = prepared(ws, tmp_path / "reports", "r1", cells(), told=report)
    assert problems(run, ws) == {"cells": [f"report-school-{SCHOOL}.ipynb: {told.format('school 036011')}"]}


def test_for_the_public_the_rounded_number_is_the_right_one(ws, tmp_path):
    frame = cells({TOTAL: 62}, ()).assign(value=[62, 160])
    rounded = [[list(key(TOTAL)), 60], [list(key(TOTAL, "eligible/scored")), 160]]
    run = prepared(ws, tmp_path / "reports", "r1", frame, "public", told=rounded)
    assert problems(run, ws) == {}
    run = prepared(ws, tmp_path / "reports", "r2", frame, "public")
    assert list(problems(run, ws)) == ["cells"]


# (c) corrections


def whole(n: int) -> dict[str, int]:
    return {TOTAL: n}


@pytest.mark.parametrize(
    ("now", "blocked"), [(17, True), (15, True), (20, True), (12, True), (16, False), (21, False), (11, False)]
)
def test_if_the_brief_of_last_week_showed_16_a_number_nearer_than_5_waits_for_the_next_wave(ws, tmp_path, now, blocked):
    released(ws, prepared(ws, tmp_path / "reports", "r1", cells(whole(16), ())))
    run = prepared(ws, tmp_path / "reports", "r2", cells(whole(now), ()))
    line = (
        "school 036011, to be talked to: a number close to it is out already and the difference would tell of single "
        "pupils; publish it at the next wave."
    )
    assert problems(run, ws) == ({"corrections": [line]} if blocked else {})


def test_what_was_replaced_is_still_known(ws, tmp_path):
    for run_id, n in (("r1", 16), ("r2", 25)):
        released(ws, prepared(ws, tmp_path / "reports", run_id, cells(whole(n), ())))
    assert ws.releases.standing("r1").state == "replaced"
    assert list(problems(prepared(ws, tmp_path / "reports", "r3", cells(whole(17), ())), ws)) == ["corrections"]


def test_another_audience_does_not_know_the_brief_but_everybody_knows_what_is_public(ws, tmp_path):
    released(ws, prepared(ws, tmp_path / "reports", "r1", cells(whole(66), ()), "district"))
    assert problems(prepared(ws, tmp_path / "reports", "r2", cells(whole(67), ())), ws) == {}
    released(ws, prepared(ws, tmp_path / "reports", "r3", cells(whole(66), ()), "public"))
    assert list(problems(prepared(ws, tmp_path / "reports", "r4", cells(whole(67), ())), ws)) == ["corrections"]


def test_a_public_report_is_held_against_what_schools_know(ws, tmp_path):
    released(ws, prepared(ws, tmp_path / "reports", "r1", cells(whole(66), ())))
    told = [[list(key(TOTAL)), 65], [list(key(TOTAL, "eligible/scored")), 160]]
    run = prepared(ws, tmp_path / "reports", "r2", cells(whole(67), ()), "public", told=told)
    assert list(problems(run, ws)) == ["corrections"]


# (d) attack


def test_hiding_only_3_and_0_leaves_3_for_two_cells(ws, tmp_path):
    run = prepared(ws, tmp_path / "reports", "r1", cells(hidden=("1", "3")))
    line = "{}: can be worked out by adding and subtracting what is out; make the reports again or publish at the next "
    names = [f"school 036011, grade {grade}, to be talked to" for grade in ("1", "3")]
    assert problems(run, ws) == {"attack": [line.format(name) + "wave." for name in names]}


def test_two_reports_that_are_safe_by_themselves_are_attacked_together(ws, tmp_path):
    """One tells grades without their sum and hides two of them, the other tells the sum: 17 - 6 - 8 = 3."""
    first = cells({grade: COUNTS[grade] for grade in ("1", "2", "3", "4")}, ("1", "3"))
    run = prepared(ws, tmp_path / "reports", "r1", first)
    assert problems(run, ws) == {}
    released(ws, run)
    second = prepared(ws, tmp_path / "reports", "r2", cells(whole(17), ()))
    assert list(problems(second, ws)) == ["attack"]
    assert not [line for line in problems(second, ws)["attack"] if "17" in line]


def test_a_public_report_must_not_open_what_is_hidden_inside_a_school(ws, tmp_path):
    first = cells({grade: COUNTS[grade] for grade in ("1", "2", "3", "4")}, ("1", "3"))
    released(ws, prepared(ws, tmp_path / "reports", "r1", first))
    told = [[list(key(TOTAL)), 15], [list(key(TOTAL, "eligible/scored")), 160]]
    run = prepared(ws, tmp_path / "reports", "r2", cells(whole(17), ()), "public", told=told)
    assert list(problems(run, ws)) == ["attack"]


def test_what_a_public_report_hides_may_be_known_inside_a_school(ws, tmp_path):
    """Whoever was told 7 and 9 knows the 16 that the public is not told; below 5 is none of them."""
    released(ws, prepared(ws, tmp_path / "reports", "r1", cells({"1": 7, "2": 9}, ())))
    assert problems(prepared(ws, tmp_path / "reports", "r2", cells({TOTAL: 16}, (TOTAL,)), "public"), ws) == {}


# (e) scan


def test_what_the_scan_finds_is_told_with_its_file(ws, tmp_path):
    run = prepared(ws, tmp_path / "reports", "r1", cells())
    asked = {}

    def scanner(files, _, context, *, root):
        asked.update(files=[path.name for path in files], audience=context.audience, root=root, shown=context.shown)
        return [Finding(PAGE, "line 3", "path", "There is a file path of a machine: line 3.")]

    assert problems(run, ws, scanner) == {"scan": [f"{PAGE}: There is a file path of a machine: line 3."]}
    numbers = {"8", "17", "40", "160"}
    names = [f"report-school-{SCHOOL}.{form}" for form in ("ipynb", "html", "pdf")]
    assert asked == {"files": names, "audience": "school", "root": run.folder, "shown": dict.fromkeys(names, numbers)}


def test_a_name_of_the_vault_on_a_page_is_found(ws, tmp_path):
    with ws.vault() as vault:
        vault.introduce("pupil", pd.DataFrame({"number": ["G36010220150101"], "name": ["司马九九"]}))
        vault.introduce("staff", pd.DataFrame({"number": ["T0102XQ"], "name": ["欧阳白露"]}))
    secrets = secrets_of(ws)
    assert (secrets.names, secrets.numbers) == ({"司马九九", "欧阳白露"}, {"G36010220150101", "T0102XQ"})
    assert len(secrets.keys) == 2
    run = prepared(ws, tmp_path / "reports", "r1", cells())
    (run.folder / PDF).unlink()
    (run.folder / PAGE).write_text(html("<p>司马九九</p>"), encoding="utf-8")

    def page_only(content):
        content["reports"][0]["files"].pop("pdf")
        content["reports"][0]["digests"]["html"] = file_digest(run.folder / PAGE)

    change_manifest(run.folder, page_only)
    found = check(read_run(run.folder), ws, policy(), as_of=DAY).outcomes[-1]
    assert any(line.startswith(f"{PAGE}: There is the name of a pupil or of staff") for line in found.problems)
    assert not [line for line in found.problems if "司马" in line]


def test_the_scan_knows_the_wording_of_the_run(ws, tmp_path):
    run = prepared(ws, tmp_path / "reports", "r1", cells())
    assert {"东湖", "示例小学", "失败小学"} <= context_of(run, ws, policy(), "school").wording
    assert context_of(run, ws, policy(), "public").threshold == 10


# names of cells


@pytest.mark.parametrize(
    ("cell", "wave", "name"),
    [
        ((WAVE, SCHOOL, "7", TOTAL, TOTAL, TOTAL, f"{ATTENTION}/coloured"), WAVE, "school 036011, grade 7, any tier"),
        ((WAVE, TOTAL, TOTAL, TOTAL, "girl", "yes", "eligible"), WAVE, "Girl, boarding: Yes, eligible"),
        (
            (f"{WAVE}*", SCHOOL, "7", "0701", TOTAL, TOTAL, "a/b"),
            "",
            f"{WAVE}, school 036011, grade 7, class 0701, a/b",
        ),
        (("a", "b"), WAVE, "a/b"),
    ],
)
def test_a_cell_is_called_by_its_coordinates(cell, wave, name, monkeypatch):
    monkeypatch.setenv("XINYU_LANG", "en")
    assert cell_name(cell, wave) == name
