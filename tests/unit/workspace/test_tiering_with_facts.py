"""Tiers of a wave with all that is known beside its answers: signals, ledgers, earlier care, ages, exactness."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from care_actors import stored

from xinyu_lib.policy import load_policy
from xinyu_lib.psychometrics import conditional_errors
from xinyu_lib.scales import load_scale
from xinyu_lib.tiers import explain
from xinyu_lib.workspace import Workspace
from xinyu_lib.workspace.exactness import errors_of
from xinyu_lib.workspace.facts import facts_of

POLICY = load_policy("donghu-2025")
LAST, WAVE, DAY = "2024-2025-spring", "2025-2026-autumn", "2025-11-30"
MAPPING = """
layout = "plain"
[columns]
number = "学籍号"
submitted_at = "提交"
seconds = "用时"
[[scales]]
id = "phq9"
headers = "p{item}"
[[scales]]
id = "gad7"
headers = "g{item}"
codes = { 0 = 0, 1 = 1, 2 = 2, 3 = 3 }
"""
CALM = {
    "提交": "2025-10-15 09:00",
    "用时": 120,
    **{f"p{i}": 0 for i in range(1, 10)},
    **{f"g{i}": 0 for i in range(1, 8)},
}
SIGNAL = {
    "school": "001", "record": "X-1", "source_level": "peer", "categories": "emotion", "urgency": "at_once",
    "at": "2025-11-20T08:00:00", "received_at": "2025-11-20T09:00:00",
}  # fmt: skip
CONFIRMED = {"school": "001", "sequence": 1, "reason": "interview", "staff_key": "a", "stage": "confirmed"}
ORANGE = CONFIRMED | {"wave": LAST, "on": "2025-04-10", "tier": "orange"}
CALMED = CONFIRMED | {"tier": "none", "second_key": "b", "reason": "resolved"}
TALK = {"school": "001", "sequence": 1, "outcome": "tier_proposed", "staff_key": "a"}
LISTED = {"school": "001", "source": "teacher", "reason": "concern", "on": "2025-11-01"}


def new_census(folder: Path, *pupils: tuple[str, str, dict]) -> Workspace:
    """A school with one class of grade 8; pupils: number, month of birth, answers."""
    ws = Workspace.create(folder / "ws", title="某区")
    files = {
        "school": "学校代码,学校名称,学校类型\n001,甲校,初中\n",
        "class": "学校代码,班级代码,年级,班级名称\n001,0801,8,八1班\n",
        "pupil": "学校代码,班级代码,年级,学籍号,姓名,出生年月\n"
        + "".join(f"001,0801,8,{number},某某,{born}\n" for number, born, _ in pupils),
    }
    for table, text in files.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
        ws.import_file(folder / f"{table}.csv", table=table, wave=None if table == "school" else WAVE, as_of=DAY)
    (folder / "m.toml").write_text(MAPPING, encoding="utf-8")
    rows = [{"学籍号": number, **answers} for number, _, answers in pupils]
    pd.DataFrame(rows).to_csv(folder / "answers.csv", index=False)
    ws.import_file(folder / "answers.csv", mapping=folder / "m.toml", wave=WAVE, as_of=DAY)
    ws.score_wave(WAVE, as_of=DAY)
    return ws


@pytest.fixture(scope="module")
def scored_once(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("facts")
    new_census(folder, ("801", "2012-01", CALM), ("802", "2012-01", CALM))
    return folder


@pytest.fixture
def ws(scored_once, tmp_path) -> Workspace:
    """Two calm pupils of grade 8, 801 and 802: without facts both are none."""
    shutil.copytree(scored_once, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path / "ws")


def key(ws, number: str = "801") -> str:
    with ws.vault() as vault:
        return vault.keys()[number]


def add(ws, table: str, *rows: dict) -> None:
    """Rows of pupil 801."""
    stored(ws, table, *({"pupil_key": key(ws)} | row for row in rows))


def run(ws, as_of: str = DAY) -> list[str]:
    """Tiers of 801 and 802 after a run."""
    ws.tier_wave(WAVE, as_of=as_of)
    return tiers(ws)["tier"].tolist()


def tiers(ws) -> pd.DataFrame:
    rows = ws.read("tier_provisional", wave=WAVE).set_index("pupil_key")
    return rows.loc[[key(ws, "801"), key(ws, "802")]]


def test_without_facts_both_are_none(ws):
    assert run(ws) == ["none", "none"]


def test_a_danger_signal_makes_red_at_the_next_run_and_not_before_it_was_received(ws):
    add(ws, "signal", SIGNAL | {"danger": "plan"})
    assert run(ws, "2025-11-19") == ["none", "none"]
    assert run(ws, "2025-11-20") == ["red", "none"]
    assert tiers(ws)["reasons"].iloc[0] == '[["T12",null,"danger",1,1]]'


@pytest.mark.parametrize("danger", ["plan", "means", "farewell", "act", "to_others", "to_others;plan"])
def test_every_sign_of_danger_is_red_whoever_speaks_of_it(ws, danger):
    add(ws, "signal", SIGNAL | {"danger": danger, "source_level": "other"})
    assert run(ws) == ["red", "none"]


@pytest.mark.parametrize(
    ("said", "tier"),
    [
        ({"danger": "plan", "outcome": "unfounded"}, "none"),  # looked into, and nothing in it
        ({"danger": "abuse"}, "yellow"),
        ({"categories": "self_harm"}, "orange"),
        ({"categories": "bullying;sleep"}, "yellow"),
        ({"source_level": "class"}, "yellow"),
        (
            {"source_level": "peer"},
            "none",
        ),  # a peer's word that names no danger is looked into, but is no concern of staff
    ],
)
def test_a_signal_counts_for_what_it_says(ws, said, tier):
    add(ws, "signal", SIGNAL | said)
    assert run(ws) == [tier, "none"]


def test_a_signal_that_names_nobody_colours_nobody(ws):
    stored(ws, "signal", SIGNAL | {"danger": "plan"})
    assert run(ws) == ["none", "none"]


def test_the_sheet_of_a_stored_row_says_the_fact_in_words(ws):
    add(ws, "signal", SIGNAL | {"danger": "farewell"})
    run(ws)
    lines = explain(tiers(ws), key(ws)).lines
    assert lines[1].startswith("见到学生之前不得离人")
    assert any(line.endswith("已知：有人报告计划、工具、告别、行为或伤人危险。") for line in lines)


def test_an_open_orange_of_the_last_wave_is_a_floor(ws):
    add(ws, "tier_confirmed", ORANGE)
    assert run(ws) == ["orange", "none"]
    assert tiers(ws)["reasons"].iloc[0] == '[["T11",null,"open_orange",1,1]]'


def test_an_open_yellow_is_no_floor(ws):
    add(ws, "tier_confirmed", ORANGE | {"tier": "yellow"})
    assert run(ws) == ["none", "none"]


@pytest.mark.parametrize(("second", "tier"), [("b", "none"), (None, "orange"), ("a", "orange")])
def test_a_floor_is_lifted_by_two_people_and_not_by_one(ws, second, tier):
    add(ws, "tier_confirmed", ORANGE, CALMED | {"on": "2025-06-20", "second_key": second})
    assert run(ws) == [tier, "none"]


def test_a_confirmed_tier_of_the_same_wave_does_not_feed_back(ws):
    add(ws, "tier_confirmed", ORANGE | {"wave": WAVE, "on": "2025-10-20"})
    assert run(ws) == ["none", "none"]


def test_nor_does_it_lift_the_floor_of_the_last_wave(ws):
    add(ws, "tier_confirmed", ORANGE, CALMED | {"wave": WAVE, "on": "2025-10-20"})
    assert run(ws) == ["orange", "none"]


@pytest.mark.parametrize(("wave", "on", "tier"), [(WAVE, "2025-10-20", "none"), (LAST, "2025-04-10", "orange")])
def test_what_an_interview_found_counts_in_the_next_wave_and_not_in_its_own(ws, wave, on, tier):
    add(ws, "interview", TALK | {"wave": wave, "on": on, "findings": "self_harm_recent"})
    assert run(ws) == [tier, "none"]


def test_what_was_heard_before_the_interview_still_counts_after_it(ws):
    """A crisis event before the talk is a fact; one that the talk led to is not."""
    event = {"school": "001", "type": "bullying"}
    add(ws, "interview", TALK | {"wave": WAVE, "on": "2025-10-20", "findings": "nothing_found"})
    add(ws, "crisis_event", event | {"record": "W-1", "found_at": "2025-10-20T11:00:00"})
    assert run(ws) == ["none", "none"]
    add(ws, "crisis_event", event | {"record": "W-2", "found_at": "2025-10-19T11:00:00"})
    assert run(ws) == ["yellow", "none"]


def test_a_danger_that_is_signalled_after_the_interview_is_heard(ws):
    add(ws, "interview", TALK | {"wave": WAVE, "on": "2025-10-20", "findings": "nothing_found"})
    add(ws, "signal", SIGNAL | {"danger": "plan"})
    assert run(ws) == ["red", "none"]


def test_a_signal_that_people_settled_in_the_last_wave_is_settled(ws):
    early = {"danger": "plan", "at": "2025-04-09T08:00:00", "received_at": "2025-04-09T09:00:00"}
    add(ws, "signal", SIGNAL | early)
    assert run(ws, "2025-04-09") == ["red", "none"]
    assert facts_of(ws, WAVE, pd.Index([key(ws)]), POLICY, as_of=DAY)["fact"].tolist() == ["danger"]
    add(ws, "tier_confirmed", ORANGE | {"tier": "yellow", "on": "2025-04-10", "second_key": "s2"})
    assert facts_of(ws, WAVE, pd.Index([key(ws)]), POLICY, as_of=DAY).empty


@pytest.mark.parametrize(
    ("row", "tier"),
    [
        (LISTED, "yellow"),
        (LISTED | {"source": "census", "wave": WAVE}, "none"),  # the census itself put it there
        (LISTED | {"source": "teacher", "wave": WAVE}, "yellow"),
        (LISTED | {"reason": "hospital_return", "source": "hospital"}, "orange"),
        (LISTED | {"reason": "self_harm", "source": "census", "wave": WAVE}, "none"),
        (LISTED | {"reason": "self_harm", "source": "census", "wave": LAST, "on": "2025-04-10"}, "orange"),
        (LISTED | {"outcome": "no_concern"}, "none"),
    ],
)
def test_the_check_list_counts_where_somebody_spoke_and_not_where_this_census_did(ws, row, tier):
    add(ws, "check_list", row)
    assert run(ws) == [tier, "none"]


def test_facts_of_pupils_who_are_not_on_the_roster_are_left_aside(ws):
    stored(ws, "signal", SIGNAL | {"danger": "plan", "pupil_key": "somebody-else"})
    assert run(ws) == ["none", "none"]


def test_age_is_that_of_the_day_of_answering_not_of_the_run(tmp_path):
    """Born in December 2013: 11 when answering in November, 12 when the tiers are made in December."""
    heavy = CALM | {f"p{item}": 3 for item in range(1, 9)} | {"提交": "2025-11-28 09:00"}
    ws = new_census(tmp_path, ("801", "2013-12", heavy), ("802", "2013-11", heavy))
    ws.tier_wave(WAVE, as_of="2025-12-05")
    found = tiers(ws)
    assert found["tier"].tolist() == ["undetermined", "orange"]  # 8 x 3 = 24; below 12 T05 is off
    assert found["undetermined_why"].fillna("").tolist() == ["no_rule", ""]


# --- How exact the scores are ----------------------------------------------------------------------------------------


def sheets(n: int) -> pd.DataFrame:
    """Complete answers of n pupils of every severity."""
    rng = np.random.default_rng(3)
    severity = rng.beta(1, 3, n)[:, None]
    items = [*(f"p{i}" for i in range(1, 10)), *(f"g{i}" for i in range(1, 8))]
    return pd.DataFrame(rng.binomial(3, severity, (n, 16)), columns=items)


def measured(folder: Path, answers: pd.DataFrame) -> Workspace:
    """Every fifth was through in 8 seconds, half a second for each of the 16 items."""
    rows = [
        (str(1000 + n), "2012-01", CALM | row | {"用时": 120 if n % 5 else 8})
        for n, row in enumerate(answers.to_dict("records"))
    ]
    return new_census(folder, *rows)


def test_few_sheets_have_no_known_error_and_nobody_is_near_or_far(ws):
    assert errors_of(ws, WAVE, POLICY).empty
    run(ws)
    assert tiers(ws)["near_cut"].isna().all()


def test_sheets_that_are_not_usable_do_not_make_up_the_number(tmp_path):
    """Of 120 sheets 96 are usable, four too few; of 125 there are 100."""
    assert errors_of(measured(tmp_path, sheets(120)), WAVE, POLICY).empty
    (tmp_path / "more").mkdir()
    assert not errors_of(measured(tmp_path / "more", sheets(125)), WAVE, POLICY).empty


def test_errors_are_those_of_the_usable_sheets_of_the_wave_and_tell_who_is_near(tmp_path):
    answers = sheets(200)
    ws = measured(tmp_path, answers)
    usable = ws.read("score/phq9", wave=WAVE).set_index("pupil_key")["phq9_usable"]
    with ws.vault() as vault:
        keys = vault.keys()
    mine = usable.loc[[keys[str(1000 + n)] for n in range(200)]].to_numpy(bool)
    assert mine.tolist() == [n % 5 > 0 for n in range(200)]
    phq9 = load_scale("phq9")
    own = answers.loc[mine, [f"p{i}" for i in range(1, 10)]].set_axis(list(phq9.items), axis=1)
    expected = conditional_errors(own, phq9).table
    found = errors_of(ws, WAVE, POLICY)
    assert list(found) == ["scale", "score", "value", "se"]
    assert set(found["scale"]) == {"phq9", "gad7"}
    there = found[found["scale"] == "phq9"].reset_index(drop=True)
    pd.testing.assert_frame_equal(there, expected[list(found)], check_dtype=False)

    ws.tier_wave(WAVE, as_of=DAY)
    stands = ws.read("tier_provisional", wave=WAVE).set_index("pupil_key")
    assert set(stands["near_cut"]) == {"yes", "no"}
    at_ten = np.interp(10, there["value"], there["se"])
    total = ws.read("score/phq9", wave=WAVE).set_index("pupil_key")["phq9_total"].reindex(stands.index)
    below = usable.reindex(stands.index) & (total < 10) & (total + at_ten >= 10)
    assert below.any()
    assert (stands.loc[below, "near_cut"] == "yes").all()


def test_a_scale_that_no_rule_reads_has_no_line_and_needs_no_error(tmp_path):
    ws = measured(tmp_path, sheets(150))
    unread = POLICY.model_copy(update={"rules": tuple(rule for rule in POLICY.rules if rule.scale != "gad7")})
    assert set(errors_of(ws, WAVE, unread)["scale"]) == {"phq9"}
