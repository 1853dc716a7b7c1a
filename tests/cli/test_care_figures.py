"""Figures of the second stage on the terminal: counts as the library gives them, and nobody's key."""

import re

import pytest

from xinyu_lib.cli.figures import figures
from xinyu_lib.errors import WorkspaceError
from xinyu_lib.workspace.caring import duties_of
from xinyu_lib.workspace.yielding import yields_of

WAVE, AS_OF = "2025-2026-autumn", "2026-01-31"


@pytest.fixture
def told(demo, capsys) -> list[str]:
    figures(demo.district, WAVE, AS_OF)
    return capsys.readouterr().out.splitlines()


def numbers(line: str) -> list[int]:
    return [int(each) for each in re.findall(r"│ +(\d+) (?=│)", line)]


def row(told: list[str], name: str) -> list[int]:
    return numbers(next(line for line in told if line.startswith(f"│ {name}")))


def test_rows_of_rules_and_tiers_hold_the_counts_of_the_library(demo, told):
    table = yields_of(demo.district, WAVE, AS_OF).table.set_index("name")
    for name, label in {"all": "合计", "red": "初步等级：红", "T01": "规则 T01", "mht": "量表 mht"}.items():
        counts = table.loc[name, ["flagged", "interviewed", "confirmed_any", "confirmed_same"]]
        assert row(told, label) == counts.tolist()


def test_the_load_of_a_school_stands_in_its_row(demo, told):
    load = yields_of(demo.district, WAVE, AS_OF).load.iloc[0]
    counts = load[["due", "done", "talks", "hours_due", "hours_done", "days"]]
    assert row(told, load["school"])[1:] == counts.tolist()  # after the code of the school


def test_every_step_that_is_done_once_is_counted_in_one_column(demo, told):
    duties = duties_of(demo.district, AS_OF)
    contacts = duties[(duties["wave"] == WAVE) & (duties["step"] == "first_contact")]
    assert len(contacts) > 10
    assert sum(row(told, "首次面谈")) == len(contacts)
    assert not any(line.startswith("│ 跟进") for line in told)  # of repeated steps only the next one is known


def test_notes_and_the_warning_that_nothing_is_protected_are_printed(demo, told):
    assert all(note.text() in told for note in yields_of(demo.district, WAVE, AS_OF).notes)
    assert told[-1] == "以上数字未作保护，只供持有密钥的人核对，不得写入报告或转发。"


def test_no_key_of_a_pupil_is_printed(demo, told):
    keys = demo.district.read("pupil", wave=WAVE)["pupil_key"]
    assert not [key for key in keys if any(key in line for line in told)]


def test_a_wave_without_tiers_is_told_before_anything_is_printed(demo, capsys):
    with pytest.raises(WorkspaceError, match="2031-2032-autumn"):
        figures(demo.district, "2031-2032-autumn", AS_OF)
    assert capsys.readouterr().out == ""
