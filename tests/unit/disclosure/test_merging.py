"""First merge, then hide: neighbouring grades and coarser categories."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinyu_lib.disclosure.merging import merge_adjacent, merge_categories
from xinyu_lib.errors import DisclosureError
from xinyu_lib.policy import load_policy

POLICY = load_policy("donghu-2025")


def grades(**pupils: tuple[int, int]) -> pd.DataFrame:
    """Pupils of any tier and of none, by grade."""
    return pd.DataFrame.from_dict(pupils, orient="index", columns=["any_tier", "none"])


def test_grades_without_small_cells_stay_as_they_are():
    counts = grades(g7=(6, 90), g8=(7, 80), g9=(5, 85))
    pd.testing.assert_frame_equal(merge_adjacent(counts, POLICY), counts)


def test_the_smallest_grade_with_a_small_cell_joins_its_smaller_neighbour():
    # grade 6 has 38 pupils, 2 of any tier; its neighbours have 60 (grade 5) and 41 (grade 7)
    counts = pd.DataFrame({"any_tier": [9, 8, 2, 4], "none": [50, 52, 36, 37]}, index=[4, 5, 6, 7])
    merged = merge_adjacent(counts, POLICY)
    assert merged.to_dict("index") == {
        "4": {"any_tier": 9, "none": 50},
        "5": {"any_tier": 8, "none": 52},
        "6–7": {"any_tier": 6, "none": 73},
    }


def test_a_small_complement_is_merged_like_a_small_cell():
    assert list(merge_adjacent(grades(g7=(40, 4), g8=(30, 30), g9=(50, 50)), POLICY).index) == ["g7–g8", "g9"]


def test_of_two_neighbours_of_one_size_the_earlier_is_taken():
    assert list(merge_adjacent(grades(g7=(20, 20), g8=(3, 9), g9=(20, 20)), POLICY).index) == ["g7–g8", "g9"]


def test_merged_rows_are_called_by_the_first_and_the_last():
    counts = grades(g4=(1, 40), g5=(1, 40), g6=(1, 40), g7=(30, 60), g8=(30, 60))
    # 4 + 5 = 2 of any tier, + 6 = 3, + 7 = 33
    assert list(merge_adjacent(counts, POLICY).index) == ["g4–g7", "g8"]


def test_two_rows_are_left_even_when_they_are_too_small():
    merged = merge_adjacent(grades(g7=(1, 30), g8=(0, 30), g9=(2, 30)), POLICY)
    assert merged["any_tier"].to_dict() == {"g7–g8": 1, "g9": 2}


def test_the_worked_case_of_the_policy_as_one_line_of_grades():
    # 3, 6, 0, 8 of any tier: 0 joins 6, then 3 joins that; nothing has to be masked any more
    counts = pd.Series({4: 3, 5: 6, 6: 0, 7: 8}, name="any_tier")
    assert merge_adjacent(counts, POLICY).to_dict() == {"4–6": 9, "7": 8}


@pytest.mark.parametrize("name", ["total", "合计"])
def test_margins_are_no_cells_and_stay_what_they_are(name):
    counts = grades(g7=(2, 30), g8=(9, 40), g9=(9, 60), **{name: (20, 130)}).assign(**{name: [32, 49, 69, 150]})
    merged = merge_adjacent(counts, POLICY)
    assert merged.loc["g7–g8"].to_dict() == {"any_tier": 11, "none": 70, name: 81}
    assert merged.loc[name].to_dict() == {"any_tier": 20, "none": 130, name: 150}


def test_what_the_total_holds_beyond_the_categories_is_a_category_too():
    # of 44 pupils 40 have no tier, so 4 have one
    counts = pd.DataFrame({"none": [40, 60, 80], "total": [44, 70, 95]}, index=["g7", "g8", "g9"])
    assert list(merge_adjacent(counts, POLICY).index) == ["g7–g8", "g9"]


def test_a_row_smaller_than_the_smallest_denominator_is_merged():
    counts = grades(g7=(20, 25), g8=(40, 60), g9=(40, 60))  # 45 pupils, the public sees shares of 50 or more
    assert list(merge_adjacent(counts, POLICY, "public").index) == ["g7–g8", "g9"]
    assert list(merge_adjacent(counts, POLICY, "district").index) == ["g7", "g8", "g9"]
    fifty = grades(g7=(20, 30), g8=(40, 60), g9=(40, 60))
    assert list(merge_adjacent(fifty, POLICY, "public").index) == ["g7", "g8", "g9"]


def test_an_open_zero_is_no_reason_to_merge():
    open_zeros = POLICY.disclosure["school"].model_copy(update={"zero": "show"})
    policy = POLICY.model_copy(update={"disclosure": POLICY.disclosure | {"school": open_zeros}})
    counts = pd.Series({"g7": 0, "g8": 20, "g9": 30})
    assert list(merge_adjacent(counts, policy).index) == ["g7", "g8", "g9"]
    assert list(merge_adjacent(counts, POLICY).index) == ["g7–g8", "g9"]


@pytest.mark.parametrize("wrong", [grades(g7=(-1, 30)), pd.Series({"g7": None, "g8": 3}, dtype="Int64")])
def test_negative_and_missing_counts_are_refused(wrong):
    with pytest.raises(DisclosureError, match="空值或负数"):
        merge_adjacent(wrong, POLICY)


TIERS = ({"red_or_orange": ["red", "orange"]}, {"any_tier": ["red", "orange", "yellow"]})


def tiers(red: int, orange: int, yellow: int, none: int) -> pd.Series:
    return pd.Series({"red": red, "orange": orange, "yellow": yellow, "none": none})


def test_the_first_step_that_leaves_no_small_category_is_taken():
    assert merge_categories(tiers(1, 5, 9, 85), TIERS, POLICY).to_dict() == {
        "red_or_orange": 6, "yellow": 9, "none": 85,
    }  # fmt: skip
    assert merge_categories(tiers(1, 3, 9, 87), TIERS, POLICY).to_dict() == {"any_tier": 13, "none": 87}


def test_the_last_step_is_taken_when_none_is_enough():
    assert merge_categories(tiers(0, 1, 2, 97), TIERS, POLICY).to_dict() == {"any_tier": 3, "none": 97}


def test_large_categories_are_merged_too_unless_a_step_says_otherwise():
    counts = tiers(30, 40, 50, 600)
    assert list(merge_categories(counts, TIERS, POLICY).index) == ["red_or_orange", "yellow", "none"]
    assert list(merge_categories(counts, ({}, *TIERS), POLICY).index) == ["red", "orange", "yellow", "none"]


def test_one_step_holds_for_all_rows_of_a_frame():
    counts = pd.DataFrame({"g7": tiers(1, 5, 9, 85), "g8": tiers(0, 2, 9, 85)}).T
    merged = merge_categories(counts, TIERS, POLICY)
    assert merged.to_dict("index") == {"g7": {"any_tier": 15, "none": 85}, "g8": {"any_tier": 11, "none": 85}}


COUNTS = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 60)), min_size=1, max_size=7).map(
    lambda rows: pd.DataFrame(rows, columns=["any_tier", "none"], index=range(4, 4 + len(rows)))
)
AUDIENCES = st.sampled_from(["school", "district", "public"])


def is_clean(counts: pd.DataFrame, audience: str) -> bool:
    """With two categories each is the complement of the other."""
    rule = POLICY.disclosure[audience]
    return bool((counts >= rule.threshold).all().all() and (counts.sum(axis=1) >= rule.min_denominator).all())


@settings(max_examples=150, deadline=None)
@given(COUNTS, AUDIENCES)
def test_merging_keeps_totals_and_ends_clean_or_with_two_rows(counts, audience):
    merged = merge_adjacent(counts, POLICY, audience)
    assert merged.sum().to_dict() == counts.sum().to_dict()
    assert len(merged) <= len(counts)
    assert is_clean(merged, audience) or len(merged) <= 2


@settings(max_examples=150, deadline=None)
@given(COUNTS, AUDIENCES)
def test_every_merged_row_is_a_run_of_neighbours_and_the_runs_are_all_rows_in_order(counts, audience):
    runs = [list(map(int, label.split("–"))) for label in merge_adjacent(counts, POLICY, audience).index]
    assert [grade for run in runs for grade in range(run[0], run[-1] + 1)] == list(counts.index)


@settings(max_examples=100, deadline=None)
@given(COUNTS, AUDIENCES)
def test_merging_what_is_merged_changes_nothing(counts, audience):
    once = merge_adjacent(counts, POLICY, audience)
    pd.testing.assert_frame_equal(merge_adjacent(once, POLICY, audience), once)


def test_one_pupil_more_can_undo_a_merge_or_move_it():
    # what does not hold: a series of waves keeps its rows only when one wave decides for all
    assert list(merge_adjacent(grades(g7=(4, 40), g8=(9, 40), g9=(9, 60)), POLICY).index) == ["g7–g8", "g9"]
    assert list(merge_adjacent(grades(g7=(5, 40), g8=(9, 40), g9=(9, 60)), POLICY).index) == ["g7", "g8", "g9"]
    assert list(merge_adjacent(grades(g7=(9, 40), g8=(4, 40), g9=(9, 40)), POLICY).index) == ["g7–g8", "g9"]
    assert list(merge_adjacent(grades(g7=(9, 41), g8=(4, 40), g9=(9, 40)), POLICY).index) == ["g7", "g8–g9"]


@settings(max_examples=100, deadline=None)
@given(st.tuples(*[st.integers(0, 30)] * 4), AUDIENCES)
def test_merging_categories_keeps_the_total_and_ends_clean_or_with_the_last_step(counts, audience):
    merged = merge_categories(tiers(*counts), TIERS, POLICY, audience)
    assert merged.sum() == sum(counts)
    rule = POLICY.disclosure[audience]
    fits = merged.between(rule.threshold, sum(counts) - rule.threshold).all() and sum(counts) >= rule.min_denominator
    assert fits or list(merged.index) == ["any_tier", "none"]
