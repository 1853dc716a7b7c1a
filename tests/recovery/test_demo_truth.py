"""The demo against the truth that was planted: every row of every raw file is kept or set aside, as planted."""

import json
import re

import pytest

REASON_OF_DIRT = {"duplicate": "twice", "unknown_pupil": "mistyped", "out_of_range": "out_of_range"}


@pytest.fixture(scope="module")
def truth(demo) -> dict:
    return json.loads((demo.district.folder / "truth" / "truth.json").read_text(encoding="utf-8"))


def test_rows_in_are_rows_kept_and_rows_set_aside(demo):
    with demo.district.vault() as vault:
        files = vault.imports().query("kind == 'file'")
        aside = vault.set_aside()
    assert (files["rows_in"] == files["rows_kept"] + files["rows_set_aside"]).all()
    assert files["rows_set_aside"].sum() == len(aside[["import_id", "row"]].drop_duplicates()) > 0


def test_the_terminal_prints_counts_that_reconcile(demo):
    total, kept, aside = map(int, re.search(r"(\d+) 行 = 收录 (\d+) \+ 待核 (\d+)", demo.output).groups())
    assert total == kept + aside


def test_pupils_in_the_lake_are_those_enrolled(demo, truth):
    for wave, planted in truth["waves"].items():
        roster = demo.district.read("pupil", wave=wave)
        found = roster["school"].value_counts().to_dict()
        assert found == {school: counts["enrolled"] for school, counts in planted.items()}


def test_every_row_set_aside_was_planted_and_every_planted_one_was_found(demo, truth):
    with demo.district.vault() as vault:
        found = vault.set_aside().drop_duplicates(["import_id", "row"])["reason"].value_counts().to_dict()
    planted = {
        reason: sum(file["dirt"].get(dirt, 0) for file in truth["files"]) for reason, dirt in REASON_OF_DIRT.items()
    }
    assert found == {reason: count for reason, count in planted.items() if count}


def test_every_file_lost_exactly_the_rows_that_were_planted_in_it(demo, truth):
    with demo.district.vault() as vault:
        files = vault.imports().query("kind == 'file'")
    assert list(files["rows_kept"]) == [file["kept"] for file in truth["files"]]
    assert list(files["rows_set_aside"]) == [file["set_aside"] for file in truth["files"]]
