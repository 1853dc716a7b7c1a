"""Cards say in words what the scale file says in keys, and warn where a scale must not be used without a thought."""

import re

import pytest

from xinyu_lib.scales import load_scale, scales
from xinyu_lib.scales.card import card, index
from xinyu_lib.scales.conditions import All, Items
from xinyu_lib.scales.limits import limits
from xinyu_lib.scales.phrases import Phrases
from xinyu_lib.scales.vocabulary import Ages, Who

NO_SUICIDE_ITEM = "没有直接问到轻生的题目"
ASK_FIRST = "未经权利人同意，不得在屏幕上使用"
RECALLED = "计分方法只凭记忆写成"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scale_id", scales())
def test_every_card_is_whole_and_holds_no_raw_value(scale_id, lang):
    scale = load_scale(scale_id)
    text = card(scale, lang)
    assert text.startswith(f"# {scale.title.say(lang)}")
    assert scale.source in text
    assert scale.licence.note.say(lang) in text
    assert not re.search(r"\b(None:|True|False|NA)\b|[{}]|\(\)|\['", text)
    for rule in scale.scores:
        assert f"`{scale.prefix}_{rule.name}`" in text
    for each in (*scale.band_sets, *scale.variants):
        assert f"`{each.id}`" in text
    for each in scale.critical:
        assert f"`{scale.prefix}_critical_{each.item}`" in text


def test_a_card_says_how_a_score_is_added_up():
    text = card(load_scale("sds"))
    assert "反向计分：第 2、5–6、11–12、14、16–18、20 题" in text
    assert "粗分：第 1–20 题之和。" in text
    assert "标准分：粗分 × 1.25，舍去小数。" in text
    assert "严重度指数：粗分 ÷ 80。" in text


def test_a_card_marks_the_bands_in_use_and_gives_the_reason():
    text = card(load_scale("sds"))
    default = next(line for line in text.splitlines() if "`chinese_norm`" in line)
    other = next(line for line in text.splitlines() if "`original`" in line)
    assert "默认采用" in default
    assert "轻度 53–62" in default
    assert "说明：默认：报告对象是中国学生" in default
    assert "备选" in other


def test_a_card_shows_a_worked_example():
    # examples of phq9: 4 x 9 / 8 = 4.5, half up: 5, mild
    text = card(load_scale("phq9"))
    assert "`11110000.`" in text
    assert "- 抑郁总分：5" in text
    assert "- 抑郁总分的分级：轻度" in text
    assert "- 抑郁综合征算法：不给结果" in text


WARNED = {
    "gad7 has no item on suicide": ("gad7", NO_SUICIDE_ITEM, True),
    "mht has two": ("mht", NO_SUICIDE_ITEM, False),
    "mht needs permission": ("mht", ASK_FIRST, True),
    "phq9 is free": ("phq9", ASK_FIRST, False),
    "the key of olweus is recalled": ("olweus", RECALLED, True),
    "that of phq9 was checked": ("phq9", RECALLED, False),
    "sdq-self is for 11 to 17": ("sdq-self", "适用年龄：11–17 岁。用于其他年龄时", True),
}


@pytest.mark.parametrize("case", WARNED)
def test_warnings_stand_at_the_head_of_a_card(case):
    scale_id, words, warned = WARNED[case]
    head = card(load_scale(scale_id)).split("\n## ")[0]
    assert (words in head) == warned


AGES = {
    "all inside": ((11, 17), False),
    "some too young": ((10, 17), True),
    "some too old": ((12, 18), True),
    "not known": (None, False),
}


@pytest.mark.parametrize("case", AGES)
def test_a_report_is_warned_when_pupils_are_outside_the_ages_of_a_scale(case):
    ages, warned = AGES[case]
    told = " ".join(limits(load_scale("sdq-self"), ages, "zh"))
    assert ("不在这个量表的适用年龄（11–17 岁）内" in told) == warned


def test_a_warning_about_age_names_the_range_of_the_scale_and_no_age_of_a_pupil():
    told = " ".join(limits(load_scale("sdq-self"), (9, 19), "en"))
    assert re.findall(r"\d+", told) == ["11", "17"]


def test_a_scale_that_may_be_used_freely_at_these_ages_has_no_warning_in_a_report():
    assert limits(load_scale("phq9"), (13, 17), "zh") == []


PHRASES = {
    "neighbouring items are drawn together": (lambda w: w.items([3, 1, 2, 7]), "第 1–3、7 题"),
    "one item": (lambda w: w.items([9]), "第 9 题"),
    "codes without a hole": (lambda w: w.codes((0, 1, 2, 3)), "0–3"),
    "codes with holes": (lambda w: w.codes((0, 1, 3, 5)), "0、1、3、5"),
    "two codes": (lambda w: w.codes((0, 1)), "0、1"),
    "ages with an end": (lambda w: w.ages(Ages(min=11, max=17)), "11–17 岁"),
    "ages without": (lambda w: w.ages(Ages(min=11)), "11 岁及以上"),
    "a group of pupils": (lambda w: w.who(Who(sex="female", grades=(7, 9))), "女生、7–9 年级"),
    "everybody": (lambda w: w.who(None), ""),
    "a condition on several items": (
        lambda w: w.condition(
            All(
                test="all",
                of=(
                    Items(test="items", items=(1, 2), at_least=2),
                    Items(test="items", items=(9,), at_least=1),
                ),
            )
        ),
        "[第 1–2 题中至少 1 题 ≥ 2] 并且 [第 9 题 ≥ 1]",
    ),
}


@pytest.mark.parametrize("case", PHRASES)
def test_facts_are_put_into_words(case):
    make, expected = PHRASES[case]
    assert make(Phrases(load_scale("phq9"), "zh")) == expected


def test_a_notebook_shows_the_card_in_the_default_language(monkeypatch):
    monkeypatch.setenv("XINYU_LANG", "en")
    scale = load_scale("gad7")
    assert scale._repr_markdown_() == card(scale, "en")


def test_a_variant_has_a_card_of_its_own():
    assert "scale_0_4" not in card(load_scale("scl90"))
    assert "0→1、1→2" in card(load_scale("scl90", variant="coded_0_4"))


def test_the_index_leads_to_every_card_and_counts_its_examples():
    text = index([load_scale("gad7")], {"gad7": (7, 8)}, "zh")
    assert "[gad7](gad7.md)" in text
    assert "7/8 通过" in text
