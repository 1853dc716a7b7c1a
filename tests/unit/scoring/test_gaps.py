"""What unanswered items do: a published rule for gaps, or a missing score with the range that stays possible."""

import pandas as pd
import pytest
from answer_sheets import FORM_IDS, FORMS, SHIPPED, ladder, row, sheets, written

from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import score


def of(scale_id: str, text: str, variant: str | None = None) -> dict:
    scale = load_scale(scale_id, variant=variant)
    return row(scale, score(written(scale, text), scale))


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
        ("333333...", None, None),
        ("0..0..000", None, None),
        (".........", None, None),
    ],
)
def test_phq9_with_one_or_two_gaps_is_prorated_half_up_and_with_three_has_no_total(text, total, band):
    found = of("phq9", text)
    assert (found["total"], found["total_band"]) == (total, band)


def test_the_variant_without_prorating_gives_no_total_with_a_gap():
    assert of("phq9", "11111111.", "no_prorating")["total"] is None


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
    found = of("phq9", text)
    assert (found["total_lowest"], found["total_highest"]) == (lowest, highest)


@pytest.mark.parametrize(
    ("text", "peer"),  # items 6, 19, 23 straight, 11 and 14 reversed: there 2 counts 0
    [
        ("0000020000 2002000020 00000", 4),
        ("0000000000 2002000000 00.00", 0),
        ("0000020000 2002000000 00.00", 3),  # 2 x 5/4 = 2.5: half up
        ("0000020000 2002000020 00.00", 5),  # 4 x 5/4
        ("0000010000 .002000000 00000", 1),  # 1 x 5/4 = 1.25
        ("0000020000 20020000.0 00.00", 3),  # 2 x 5/3 = 3.33
        ("00000.0000 20020000.0 00.00", None),  # two answers of five
    ],
)
def test_sdq_scales_are_prorated_from_three_answers_on(text, peer):
    found = of("sdq-self", text)
    assert found["peer"] == peer
    assert (found["total"] is None) == (peer is None)


def test_one_gap_without_a_published_rule_leaves_the_score_missing():
    found = of("gad7", "222222.")
    assert (found["total"], found["total_band"], found["positive_10"]) == (None, None, None)
    assert (found["total_lowest"], found["total_highest"]) == (12, 15)


def test_a_gap_in_a_reversed_item_leaves_both_ends_of_its_keyed_range():
    # 19 items answered 1: nine reversed give 4, ten straight give 1: 46; item 20 adds 1 to 4
    found = of("sds", "1" * 19 + ".")
    assert (found["raw"], found["raw_lowest"], found["raw_highest"]) == (None, 47, 50)
    # 47 x 1.25 = 58.75, 50 x 1.25 = 62.5
    assert (found["standard_lowest"], found["standard_highest"]) == (58, 62)
    assert (found["index_lowest"], found["index_highest"]) == (47 / 80, 50 / 80)


def test_an_mht_gap_touches_its_own_scale_and_the_total_only():
    found = of("mht", "1" * 3 + "0" * 36 + "." + "0" * 60)
    assert (found["self_blame"], found["total"]) == (None, None)
    assert (found["total_lowest"], found["total_highest"]) == (3, 4)
    assert (found["learning_anxiety"], found["validity"], found["valid"]) == (3, 0, True)


def test_a_gap_among_the_validity_items_leaves_validity_open_and_the_total_whole():
    found = of("mht", "0" * 99 + ".")
    assert (found["validity"], found["valid"], found["total"]) == (None, None, 0)


@pytest.mark.parametrize(
    ("text", "total", "attention"),
    [
        ("2222222222 2222222", 34, 10),
        ("222222222. 2222222", 32, 10),  # a blank counts 0
        (".222222222 22222.2", 30, 8),
        (".2.2222222 22222.2", 28, 6),
        ("2.222.22.2 2.22222", None, None),  # four blanks: the whole form is void, scales without a gap included
    ],
)
def test_psc17_counts_up_to_three_blanks_on_the_form_as_0_and_is_void_from_four_on(text, total, attention):
    found = of("psc17", text)
    assert (found["total"], found["attention"]) == (total, attention)


def test_scl90_counts_say_how_far_they_may_reach_and_the_mean_of_positive_items_too():
    # two items of 3 and 87 of 1 answered, one open: it may be no symptom, or one of 2 to 5
    found = of("scl90", "33" + "1" * 87 + ".")
    assert (found["positive_items"], found["positive_items_lowest"], found["positive_items_highest"]) == (None, 2, 3)
    assert (found["negative_items"], found["negative_items_lowest"], found["negative_items_highest"]) == (None, 87, 88)
    assert found["positive_symptom_mean"] is None
    assert found["positive_symptom_mean_lowest"] == pytest.approx((3 + 3 + 2) / 3)
    assert found["positive_symptom_mean_highest"] == pytest.approx((3 + 3 + 5) / 3)


def test_without_any_positive_item_there_is_no_mean_of_them():
    found = of("scl90", "1" * 90)
    assert (found["positive_items"], found["positive_symptom_mean"]) == (0, None)


@pytest.mark.parametrize(("scale_id", "variant"), FORMS, ids=FORM_IDS)
def test_a_blank_sheet_has_no_result_anywhere_and_the_whole_range_open(scale_id, variant):
    scale = load_scale(scale_id, variant=variant)
    found = row(scale, score(sheets(scale, [None] * len(scale.numbers)), scale))
    assert found["answered"] == 0
    for rule in scale.scores:
        if rule.name in found:
            assert found[rule.name] is None
            assert (found[f"{rule.name}_lowest"], found[f"{rule.name}_highest"]) == tuple(rule.range)
    assert not [name for name in found if name.endswith(("_band", "_band4")) and found[name] is not None]
    assert not [cut.name for cut in scale.cuts if found.get(cut.name) is not None]
    assert not [each.item for each in scale.critical if found[f"critical_{each.item}"] is not None]
    cautious = {each.name for each in scale.decisions if each.gaps == "as_highest"}
    assert {each.name for each in scale.decisions if found.get(each.name) is not None} <= cautious


@pytest.mark.parametrize("scale_id", SHIPPED)
def test_one_gap_leaves_a_score_only_where_a_rule_for_gaps_says_so(scale_id):
    """Each item blank in turn on the worst sheet: its scores are missing or filled in, all others as before."""
    scale = load_scale(scale_id)
    worst = ladder(scale)[-1]
    found = score(sheets(scale, worst, *[[*worst[:i], None, *worst[i + 1 :]] for i in range(len(worst))]), scale)
    for rule in scale.scores:
        column = f"{scale.prefix}_{rule.name}"
        if column not in found:
            continue
        touched = pd.Series([False] + [n in scale.items_of(rule.name) for n in scale.numbers])
        assert (found[column][~touched] == found[column].iloc[0]).all()
        assert found[column][touched].notna().all() == fills_gaps(scale, rule)
        assert found[column][touched].isna().all() != fills_gaps(scale, rule)


def fills_gaps(scale, rule) -> bool:
    if rule.of_items:
        return rule.rule in ("sum", "mean") and scale.gaps_of(rule).rule != "none"
    return all(fills_gaps(scale, scale.score(part)) for part in (rule.of if rule.rule == "add" else [rule.of]))


def test_answered_counts_the_answers_of_the_sheet_and_not_those_of_a_supplement():
    assert of("phq9", "1.0.2.3.0")["answered"] == 5
    assert of("phq9", "1.0.2.3.0 1")["answered"] == 5
