"""What unanswered items do: published prorating, or a missing score with the range that stays possible."""

import pandas as pd
import pytest

from xinyu_lib.scales import load_scale, scales
from xinyu_lib.scoring import score


def row(scale_id: str, text: str) -> dict:
    """One sheet, "." = unanswered, as a dict of its scores."""
    answers = [None if mark == "." else int(mark) for mark in text]
    sheet = pd.DataFrame([answers], columns=list(load_scale(scale_id).items)).astype("Int8")
    return score(sheet, load_scale(scale_id)).iloc[0].to_dict()


@pytest.mark.parametrize(
    ("text", "total", "band"),
    [
        ("11111111.", 9, "mild"),  # 8 x 9/8
        ("1111000..", 5, "mild"),  # 4 x 9/7 = 5.14
        ("22100000.", 6, "mild"),  # 5 x 9/8 = 5.625
        ("11110000.", 5, "mild"),  # 4 x 9/8 = 4.5: half up, or the band would be minimal
        ("33330000.", 14, "moderate"),  # 12 x 9/8 = 13.5: half up
        ("3333333..", 27, "severe"),  # 21 x 9/7
        ("0000000..", 0, "minimal"),
    ],
)
def test_phq9_with_one_or_two_gaps_is_prorated_half_up(text, total, band):
    found = row("phq9", text)
    assert (found["phq9_total"], found["phq9_total_band"]) == (total, band)


@pytest.mark.parametrize("text", ["333333...", "0..0..000", "........."])
def test_phq9_with_three_or_more_gaps_has_no_total(text):
    found = row("phq9", text)
    assert pd.isna(found["phq9_total"])
    assert pd.isna(found["phq9_total_band"])


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        ("333333...", 18, 27),  # the lowest possible already is moderately severe
        ("11111111.", 8, 11),
        (".........", 0, 27),
        ("111111111", 9, 9),
    ],
)
def test_phq9_says_what_gaps_leave_possible(text, lowest, highest):
    found = row("phq9", text)
    assert (found["phq9_total_lowest"], found["phq9_total_highest"]) == (lowest, highest)


def test_one_gap_without_a_published_rule_leaves_the_score_missing():
    found = row("gad7", "222222.")
    assert pd.isna(found["gad7_total"])
    assert pd.isna(found["gad7_total_band"])
    assert (found["gad7_total_lowest"], found["gad7_total_highest"]) == (12, 15)


def test_a_gap_in_a_reversed_item_leaves_both_ends_of_its_keyed_range():
    # 19 items answered 1: nine reversed give 4, ten straight give 1: 46; item 20 adds 1 to 4
    found = row("sds", "1" * 19 + ".")
    assert pd.isna(found["sds_raw"])
    assert (found["sds_raw_lowest"], found["sds_raw_highest"]) == (47, 50)
    # 47 x 1.25 = 58.75, 50 x 1.25 = 62.5
    assert (found["sds_standard_lowest"], found["sds_standard_highest"]) == (58, 62)
    assert (found["sds_index_lowest"], found["sds_index_highest"]) == (47 / 80, 50 / 80)


def test_an_mht_gap_touches_its_own_scale_and_the_total_only():
    found = row("mht", "1" * 3 + "0" * 36 + "." + "0" * 60)
    assert pd.isna(found["mht_self_blame"])
    assert pd.isna(found["mht_total"])
    assert (found["mht_total_lowest"], found["mht_total_highest"]) == (3, 4)
    assert (found["mht_learning_anxiety"], found["mht_validity"], found["mht_valid"]) == (3, 0, True)


def test_a_gap_among_the_validity_items_leaves_validity_open_and_the_total_whole():
    found = row("mht", "0" * 99 + ".")
    assert pd.isna(found["mht_validity"])
    assert pd.isna(found["mht_valid"])
    assert found["mht_total"] == 0


@pytest.mark.parametrize("scale_id", scales())
def test_a_sheet_without_any_answer_has_no_score_and_the_whole_range_open(scale_id):
    scale = load_scale(scale_id)
    found = row(scale_id, "." * scale.n_items)
    assert found[f"{scale_id}_answered"] == 0
    for rule in scale.scores:
        assert pd.isna(found[f"{scale_id}_{rule.name}"])
        ends = (found[f"{scale_id}_{rule.name}_lowest"], found[f"{scale_id}_{rule.name}_highest"])
        assert ends == tuple(rule.range)


def test_answered_counts_the_answers_of_the_sheet():
    assert row("phq9", "1.0.2.3.0")["phq9_answered"] == 5
