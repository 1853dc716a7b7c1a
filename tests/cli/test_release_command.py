"""`xinyu release`: check, two approvals, publication and the ledger, as typed; each refusal is one clear line."""

import json
import re

import pandas as pd
import pytest

from xinyu_lib.present.section import BLOCKS_TYPE
from xinyu_lib.provenance import file_digest
from xinyu_lib.workspace import Workspace

WAVE, TOTAL, DAY = "2025-2026-autumn", "total", "2026-01-31"
WANG, LI = "王小芳", "李小雷"
PLACE = (WAVE, "0102", TOTAL, TOTAL, TOTAL, TOTAL)
NUMBERS = re.compile(r"│ *(\d+) +│ *(\d+) +│")


def a_run(ws: Workspace, reports, run_id: str, n: int) -> str:
    """A run with one report, of 160 valid sheets n to be talked to; stands in the ledger. Its id."""
    cells = [((*PLACE, "eligible/scored"), 160), ((*PLACE, "eligible/scored/attention"), n)]
    rows = [(json.dumps(key), value, False, "open") for key, value in cells]
    frame = pd.DataFrame(rows, columns=["key", "value", "hidden", "role"])
    ws.releases.prepare(run_id, audience="school", wave=WAVE, cells=frame)
    bundle = {"version": 1, "name": "tiers", "lang": "zh", "blocks": [], "cells": [[list(k), v] for k, v in cells]}
    output = {"output_type": "display_data", "metadata": {}, "data": {BLOCKS_TYPE: bundle}}
    code = {"cell_type": "code", "id": "cell-1", "metadata": {}, "source": "", "outputs": [output]}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [code | {"execution_count": 1}]}
    folder = reports / f"report-school-{WAVE}-{run_id}"
    folder.mkdir(parents=True)
    (folder / "r.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    page = f'<!DOCTYPE html>\n<html lang="zh-CN"><head></head><body><p>{n}</p></body></html>\n'
    (folder / "r.html").write_text(page, encoding="utf-8")
    files = {form: f"r.{form}" for form in ("ipynb", "html")}
    report = {"subject": "0102", "title": "示范小学", "files": files}
    report["digests"] = {form: file_digest(folder / name) for form, name in files.items()}
    about = {"run_id": run_id, "notebook": "report-school", "audience": "school", "identity": {"notebook": "0"}}
    (folder / "manifest.json").write_text(json.dumps(about | {"reports": [report]}), encoding="utf-8")
    return run_id


@pytest.fixture
def release(xinyu, district, tmp_path):
    """Runs `xinyu release STEP ...` on that district; no name of a person who approves may be shown."""

    def run(step: str, *arguments):
        where = [] if step == "ledger" else ["--reports", tmp_path / "reports", "--as-of", DAY]
        ran = xinyu("release", step, *arguments, *where, "-w", district)
        assert not [line for line in [*ran.out, *ran.err] if WANG in line or LI in line]
        return ran

    return run


@pytest.fixture
def run(district, tmp_path) -> str:
    return a_run(Workspace(district), tmp_path / "reports", "aaaa1111", 16)


def row(ran, run_id: str) -> list[str]:
    line = next(line for line in ran.out if run_id in line)
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_a_run_on_its_way_to_its_readers(release, run, tmp_path):
    assert release("ledger").out[-2].count("aaaa1111") == 1
    checked = release("check", run)
    assert (checked.code, checked.err) == (0, [])
    assert checked.out[-1].startswith("aaaa1111 通过检查")
    examined = [tuple(map(int, found.groups())) for line in checked.out if (found := NUMBERS.search(line))]
    assert examined == [(2, 0), (2, 0), (2, 0), (2, 0), (2, 0)]
    assert release("approve", run, "--by", WANG).out == ["aaaa1111：已批准 1/2，还须由另一人批准。"]
    assert row(release("ledger"), run)[5] == "已批准 1/2"
    assert release("approve", run, "--by", LI).out[0].startswith("aaaa1111：已批准 2/2，可以发布")
    published = release("publish", run, "--to", tmp_path / "out")
    assert (published.code, published.out[0].split("：")[0]) == (0, "aaaa1111 已发布")
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == ["r.html"]
    assert row(release("ledger"), run) == ["aaaa1111", "校内", WAVE, "2", "0", "已发布", DAY, DAY, DAY, ""]
    assert release("ledger", "--audience", "public").out == ["发布台账里没有记录。"]


def test_a_run_that_does_not_pass_is_told_in_a_table_in_lines_and_in_the_exit_code(release, run, district, tmp_path):
    for step in (["check"], ["approve", "--by", WANG], ["approve", "--by", LI], ["publish", "--to", tmp_path / "out"]):
        assert release(step[0], run, *step[1:]).code == 0
    later = a_run(Workspace(district), tmp_path / "reports", "bbbb2222", 17)
    ran = release("check", later)
    assert (ran.code, ran.err) == (42, ["× bbbb2222 没有通过检查，有 1 处问题（见上），不能发布。"])
    told = "学校 0102，需要当面谈：已经发布过相近的数，两数之差会透露个别学生，请留到下一波次发布。"
    assert ran.out[-1] == f"  {told}"
    assert [line for line in ran.out if "没有通过" in line and "更正" in line]
    refused = release("approve", later, "--by", WANG)
    assert (refused.code, len(refused.err)) == (42, 1)
    assert "xinyu release check bbbb2222" in refused.err[0]


def test_publishing_without_the_second_person_says_who_is_missing(release, run, tmp_path):
    release("check", run)
    release("approve", run, "--by", WANG)
    again = release("approve", run, "--by", f" {WANG} ")
    assert (again.code, again.err) == (42, ["× aaaa1111 已由同一人批准过，批准 1/2：还须由另一人批准。"])
    ran = release("publish", run, "--to", tmp_path / "out")
    assert (ran.code, len(ran.err)) == (42, 1)
    assert "1/2" in ran.err[0]
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("step", [["check"], ["approve", "--by", "x"], ["publish", "--to", "out"]])
def test_a_run_that_is_not_there_is_one_line_that_lists_those_that_are(release, step):
    ran = release(step[0], "cccc3333", *step[1:])
    assert (ran.code, ran.err) == (12, ["× 找不到报告 cccc3333：请给出报告文件夹，或下列编号之一：aaaa1111。"])


def test_a_secret_of_the_vault_on_a_page_is_told_without_it(release, run, tmp_path):
    page = next((tmp_path / "reports").rglob("r.html"))
    page.write_text(page.read_text(encoding="utf-8").replace("<p>", "<p>欧阳一一 "), encoding="utf-8")
    ran = release("check", run)
    assert ran.code == 42
    assert [line for line in ran.out if line.startswith("  r.html：") and "姓名" in line]
    assert "  r.html：生成之后有改动，请重新生成报告。" in ran.out


def test_an_unknown_audience_is_refused(release):
    assert release("ledger", "--audience", "everybody").code == 2
