"""The reason sheet of one pupil: what it says in which order, in both languages, fresh or stored."""

import numpy as np
import pandas as pd
import pytest
from random_census import random_census

from xinyu_lib.errors import DataError, ParameterError
from xinyu_lib.policy import load_policy
from xinyu_lib.policy.catalogue import FOLDER
from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import score
from xinyu_lib.tiers import ReasonSheet, classify_tiers, explain, in_words, reasons_json

POLICY = load_policy("donghu-2025")
PHQ9, GAD7 = load_scale("phq9"), load_scale("gad7")
SHEETS = {  # what each pupil answered on PHQ-9 and GAD-7
    "red": ([2] * 8 + [1], [0] * 7),  # 17, item 9 once
    "orange": ([2] * 7 + [1, 0], [0] * 7),  # exactly 15
    "yellow": ([2] * 5 + [0] * 4, [2] * 5 + [0] * 2),  # 10 and 10
    "silent": ([0] * 8 + [None], [0] * 7),
    "none": ([0] * 9, [0] * 7),
}
DIAGNOSES = ["抑郁症", "焦虑症", "障碍", "确诊", "患有", "disorder", "illness", "patient", "suffers", "depressive"]


@pytest.fixture(scope="module")
def tiers() -> pd.DataFrame:
    scales = [
        score(pd.DataFrame([sheets[n] for sheets in SHEETS.values()], index=list(SHEETS), columns=list(scale.items))
              .astype("Int8"), scale)
        for n, scale in enumerate((PHQ9, GAD7))
    ]  # fmt: skip
    line = {"scale": "phq9", "score": "total", "value": [0.0, 27.0], "se": 1.0}
    facts = pd.DataFrame({"pupil": ["red"], "fact": ["concern"], "on": ["2026-03-01"]})
    return classify_tiers(
        pd.concat(scales, axis=1), POLICY, errors=pd.DataFrame(line), facts=facts, as_of="2026-03-15"
    )  # fmt: skip


def test_a_red_sheet_says_what_to_do_before_it_says_why(tiers):
    assert explain(tiers, "red").lines == (
        "初步等级：红。由规则自动给出，只提示是否需要面谈，不是诊断，也不是结论。",
        "见到学生之前不得离人；立即联系心理教师和校长。",
        "安全信号：有。当天须有人与学生面谈。",
        "理由1：T01 安全题阳性：当天须有人面谈。患者健康问卷抑郁量表第 9 题（轻生或自伤念头）答 1，1 起为阳性。",
        "理由2：T02 安全题频繁、伴抑郁较重，或两处一致。"
        "患者健康问卷抑郁量表第 9 题（轻生或自伤念头）答 1，1 起为阳性。",
        "理由3：T02 安全题频繁、伴抑郁较重，或两处一致。患者健康问卷抑郁量表的抑郁总分为 17，界线 15，高出 2。",
        "理由4：T05 PHQ-9 总分达到界值。患者健康问卷抑郁量表的抑郁总分为 17，界线 15，高出 2。",
        "理由5：T11 已知情况：在册或近期事件，等级不低于此。已知：教师或监护人提出关注。",
        "等级须经面谈由人确定；降低等级也只能由人签字决定，机器不会自行降低。",
        f"规则版本：{POLICY.rule_set}。",
    )


def test_the_same_sheet_in_english(tiers):
    lines = explain(tiers, "red", lang="en").lines
    assert len(lines) == len(explain(tiers, "red").lines)
    assert lines[1].startswith("Until somebody has seen the pupil, never leave the pupil alone")
    assert lines[3].startswith("Reason 1: T01")
    assert "item 9" in lines[3]
    assert "17, the line is 15, 2 above it" in lines[5]
    assert lines[7].endswith("Known: a teacher or guardian is concerned.")


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("zh", "理由1：T05 PHQ-9 总分达到界值。患者健康问卷抑郁量表的抑郁总分为 15，正好在界线 15 上。"),
        ("en", "exactly at the line of 15."),
    ],
)
def test_a_score_exactly_at_the_line_is_said_to_be_there(tiers, lang, line):
    assert explain(tiers, "orange", lang=lang).lines[2].endswith(line)


def test_near_a_line_is_said_only_where_it_is_known(tiers):
    """15 on PHQ-9 is near; whether 0 on both scales is, nobody knows: GAD-7 has no standard error here."""
    assert tiers.loc["orange", "near_cut"]
    assert "离界线很近" in str(explain(tiers, "orange"))
    assert "标准误" not in str(explain(tiers, "none"))
    assert "离各条界线都在一个测量标准误以外" in str(explain(tiers.assign(near_cut=False), "none"))


def test_an_undetermined_sheet_says_why_and_that_this_is_not_none(tiers):
    lines = explain(tiers, "silent").lines
    assert lines[:3] == (
        "初步等级：待定。由规则自动给出，只提示是否需要面谈，不是诊断，也不是结论。",
        "安全信号：安全题未作答。一个上课日内当面询问；不作答不等于“没有”。",
        "待定的原因：安全题未作答。待定不等于“无”。",
    )
    assert "没有规则成立。" not in lines
    assert not any("标准误" in line for line in lines)  # how near a void or silent sheet is to a line tells nothing
    assert "Undetermined is not none." in str(explain(tiers, "silent", lang="en"))


def test_a_sheet_without_a_finding_says_so(tiers):
    sheet = explain(tiers, "none")
    assert sheet.lines[1:3] == ("安全信号：已询问，未提示。", "没有规则成立。")
    assert sheet.table.empty
    assert list(sheet.table) == ["rule", "scale", "score", "value", "cut", "distance"]


def test_several_yellow_scales_are_a_reason_of_their_own(tiers):
    assert "理由3：T10 多个量表为黄色：级别不变，提前约谈。有 2 个量表达到黄色。" in explain(tiers, "yellow").lines
    assert "2 scales reach yellow." in str(explain(tiers, "yellow", lang="en"))


def test_what_is_to_be_measured_again_is_said(tiers):
    again = tiers.assign(remeasure=True)
    assert "有量表需要重测。" in explain(again, "none").lines
    assert "有量表需要重测。" not in explain(tiers, "none").lines


def test_the_table_has_a_row_per_reason(tiers):
    table = explain(tiers, "orange").table
    assert table.to_dict("records") == [
        {"rule": "T05", "scale": "phq9", "score": "total", "value": 15.0, "cut": 15.0, "distance": 0.0}
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("pupil", list(SHEETS))
def test_stored_rows_give_the_same_sheet_as_fresh_ones(tiers, pupil, lang):
    near = pd.array([False, True, False, pd.NA, False], dtype="boolean")
    fresh = tiers.assign(near_cut=near, remeasure=[False, True, False, True, False])
    codes = {True: "yes", False: "no"}
    stored = fresh.assign(
        reasons=fresh["reasons"].map(reasons_json),
        near_cut=fresh["near_cut"].astype(object).map(codes).astype("str"),
        remeasure=fresh["remeasure"].map(codes).astype("str"),
    )
    told, again = (explain(rows, pupil, lang=lang) for rows in (fresh, stored))
    assert told.lines == again.lines
    pd.testing.assert_frame_equal(told.table, again.table)


def test_a_pupil_without_a_row_is_one_clear_line_without_the_key(tiers):
    with pytest.raises(DataError, match="5") as refused:
        explain(tiers, "0123456789")
    assert "0123456789" not in refused.value.text("zh") + refused.value.text("en")


def test_another_policy_than_the_one_the_tiers_were_made_with_is_refused(tiers, tmp_path):
    own = tmp_path / "own.toml"
    text = (FOLDER / "donghu-2025.toml").read_text(encoding="utf-8")
    own.write_text(text.replace('score = "total", cut = 10 }', 'score = "total", cut = 11 }', 1), encoding="utf-8")
    policy = load_policy(own)
    with pytest.raises(ParameterError) as refused:
        explain(tiers, "red", policy=policy)
    assert refused.value.fields == {"made_with": POLICY.rule_set, "given": policy.rule_set}
    with pytest.raises(ParameterError, match="policy="):  # nor can a district's own be looked up
        explain(tiers.assign(rule_set=policy.rule_set), "red")
    assert explain(tiers.assign(rule_set=policy.rule_set), "red", policy=policy).lines[-1].count(policy.rule_set) == 1


def test_on_a_page_nothing_of_the_sheet_is_read_as_markup():
    sheet = ReasonSheet(("a < b & c",), pd.DataFrame())
    assert sheet._repr_html_() == "<p>a &lt; b &amp; c</p>"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("pupil", list(SHEETS))
def test_no_sheet_names_an_illness(tiers, pupil, lang):
    """Names of scales and rules apart, no word of a diagnosis, and none of a cause."""
    text = str(explain(tiers, pupil, lang=lang))
    for name in (PHQ9.title.say(lang), GAD7.title.say(lang)):
        text = text.replace(name, "")
    assert not [word for word in DIAGNOSES if word in text]
    assert ("不是诊断" if lang == "zh" else "neither a diagnosis") in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_reason_of_a_large_census_can_be_said(lang):
    told = random_census(2_000, np.random.default_rng(4)).tiers()["reasons"]
    said = {in_words(each, POLICY, lang) for reasons in told for each in reasons}
    assert len(said) > 200
    assert not [text for text in said if "{" in text or "nan" in text]
