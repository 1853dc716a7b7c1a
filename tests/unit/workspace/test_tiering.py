"""Tiers of a wave: safety items of sheets set aside, scales that were not given, and no lowering in silence."""

import pandas as pd
import pytest

from xinyu_lib.workspace import Workspace
from xinyu_lib.workspace.streams import store
from xinyu_lib.workspace.tiering import not_given, out_of_window

WAVE, DAY = "2025-2026-autumn", "2025-11-30"
MAPPING = """
layout = "plain"
[columns]
number = "学籍号"
[[scales]]
id = "phq9"
headers = "p{item}"
[[scales]]
id = "gad7"
headers = "g{item}"
codes = { 0 = 0, 1 = 1, 2 = 2, 3 = 3 }
"""
CALM = {**{f"p{i}": "0" for i in range(1, 10)}, **{f"g{i}": "0" for i in range(1, 8)}}


@pytest.fixture
def ws(tmp_path) -> Workspace:
    """Three pupils of grade 8 on the roster: 801, 802, 803."""
    ws = Workspace.create(tmp_path / "ws", title="某区")
    school, classes, pupils = tmp_path / "s.csv", tmp_path / "c.csv", tmp_path / "p.csv"
    school.write_text("学校代码,学校名称,学校类型\n001,甲校,初中\n", encoding="utf-8")
    classes.write_text("学校代码,班级代码,年级,班级名称\n001,0801,8,八1班\n", encoding="utf-8")
    rows = "".join(f"001,0801,8,{number},某某,2012-01\n" for number in (801, 802, 803))
    pupils.write_text("学校代码,班级代码,年级,学籍号,姓名,出生年月\n" + rows, encoding="utf-8")
    ws.import_file(school, table="school", as_of=DAY)
    ws.import_file(classes, table="class", wave=WAVE, as_of=DAY)
    ws.import_file(pupils, table="pupil", wave=WAVE, as_of=DAY)
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    return ws


def answers(ws, name: str, *rows: dict, as_of: str = DAY):
    """Import a file of answers and classify the wave."""
    path = ws.folder.parent / name
    pd.DataFrame(rows).to_csv(path, index=False)
    result = ws.import_file(path, mapping=ws.folder.parent / "m.toml", wave=WAVE, as_of=as_of)
    ws.score_wave(WAVE, as_of=as_of)
    ws.tier_wave(WAVE, as_of=as_of)
    return result


def tier_of(ws, number: str) -> pd.Series:
    with ws.vault() as vault:
        key = vault.keys()[number]
    return ws.read("tier_provisional", wave=WAVE).set_index("pupil_key").loc[key]


def test_a_positive_safety_item_on_a_second_sheet_is_heard(ws):
    result = answers(ws, "a.csv", {"学籍号": "801", **CALM}, {"学籍号": "801", **CALM, "p9": "1"})
    assert result.reasons == {"duplicate": 1}
    assert tier_of(ws, "801")[["tier", "safety_signal"]].tolist() == ["orange", "yes"]


def test_a_positive_safety_item_beside_an_answer_out_of_range_is_heard(ws):
    answers(ws, "a.csv", {"学籍号": "802", **CALM}, {"学籍号": "801", **CALM, "p1": "7", "p9": "2"})
    assert tier_of(ws, "801")[["tier", "safety_signal"]].tolist() == ["red", "yes"]
    assert tier_of(ws, "802")["tier"] == "none"


def test_a_positive_sheet_of_nobody_known_is_reported_at_once(ws):
    result = answers(ws, "a.csv", {"学籍号": "801", **CALM}, {"学籍号": "999", **CALM, "p9": "1"})
    assert result.unclaimed == 1


def test_a_calm_sheet_set_aside_adds_nothing(ws):
    answers(ws, "a.csv", {"学籍号": "801", **CALM}, {"学籍号": "801", **CALM})
    assert ws.read("safety_answer", wave=WAVE).empty
    assert tier_of(ws, "801")["tier"] == "none"


def test_a_later_calm_sheet_does_not_lower_a_tier_in_silence(ws):
    answers(ws, "a.csv", {"学籍号": "801", **CALM, "p9": "2"}, {"学籍号": "802", **CALM})
    assert tier_of(ws, "801")["tier"] == "red"
    answers(ws, "b.csv", {"学籍号": "801", **CALM}, as_of="2025-12-01")
    assert tier_of(ws, "801")[["tier", "held"]].tolist() == ["red", True]
    assert tier_of(ws, "802")[["tier", "held"]].tolist() == ["none", False]


def test_a_worse_second_result_raises_the_tier(ws):
    answers(ws, "a.csv", {"学籍号": "801", **CALM})
    answers(ws, "b.csv", {"学籍号": "801", **CALM, "p9": "2"}, as_of="2025-12-01")
    assert tier_of(ws, "801")[["tier", "held"]].tolist() == ["red", False]


def test_a_pupil_who_was_not_given_a_scale_of_the_battery_is_not_none(ws):
    phq9_only = MAPPING[: MAPPING.index('[[scales]]\nid = "gad7"')]
    answers(ws, "a.csv", {"学籍号": "801", **CALM})
    (ws.folder.parent / "m.toml").write_text(phq9_only, encoding="utf-8")
    answers(ws, "b.csv", {"学籍号": "802", **{k: v for k, v in CALM.items() if k.startswith("p")}})
    assert tier_of(ws, "801")["tier"] == "none"
    assert tier_of(ws, "802")[["tier", "undetermined_why"]].tolist() == ["undetermined", "missing"]


def test_a_scale_of_the_battery_that_nobody_was_given_is_told_once_and_marks_nobody(ws):
    answers(ws, "a.csv", {"学籍号": "801", **CALM})
    assert tier_of(ws, "801")["tier"] == "none"
    assert not_given(ws, WAVE, "donghu-2025").to_dict() == {"mssmhs": [8]}


@pytest.mark.parametrize(
    ("submitted", "late"), [("2025-11-30 17:00", 0), ("2025-12-01 08:00", 1), ("2025-09-14 08:00", 1)]
)
def test_sheets_outside_the_census_window_are_counted(ws, submitted, late):
    plan = (ws.folder.parent / "m.toml").read_text(encoding="utf-8")
    (ws.folder.parent / "m.toml").write_text(
        plan.replace('number = "学籍号"', 'number = "学籍号"\nsubmitted_at = "提交"'), encoding="utf-8"
    )
    answers(ws, "a.csv", {"学籍号": "801", "提交": submitted, **CALM})
    assert out_of_window(ws, WAVE, "donghu-2025") == late


def test_what_is_held_keeps_its_tier_and_hears_the_louder_signal(ws):
    """Red by a report that turned out unfounded, then a yes to the safety item: the tier is held, the signal is new."""
    answers(ws, "a.csv", {"学籍号": "801", **CALM})
    stored = ws.read("tier_provisional", wave=WAVE)
    red = stored["pupil_key"] == tier_of(ws, "801").name
    told = stored.assign(
        tier=stored["tier"].mask(red, "red"), reasons=stored["reasons"].mask(red, '[["T12",null,"danger",1,1]]'),
        safety_signal=stored["safety_signal"].mask(red, "not_asked"),
    )  # fmt: skip
    store(ws, [("tier_provisional", told.drop(columns=["import_id", "valid_from"]))], "tier", WAVE, "2025-11-30")
    answers(ws, "b.csv", {"学籍号": "801", **CALM, "p9": "1"}, as_of="2025-12-02")
    row = tier_of(ws, "801")
    assert row[["tier", "safety_signal", "held", "since"]].tolist() == ["red", "yes", True, "2025-12-02"]


def test_making_tiers_again_without_a_change_leaves_the_day_on_which_they_were_given(ws):
    answers(ws, "a.csv", {"学籍号": "801", **CALM, "p9": "2"}, as_of="2025-11-20")
    ws.tier_wave(WAVE, as_of="2025-12-10")
    assert tier_of(ws, "801")["since"] == "2025-11-20"
    assert tier_of(ws, "802")["since"] == "2025-11-20"  # absent, as before
