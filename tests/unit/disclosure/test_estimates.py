"""Means, quantiles and coefficients: what few or single pupils make up is hidden, the rest is coarse."""

import numpy as np
import pandas as pd
import pytest

from xinyu_lib.disclosure.estimates import (
    largest_share,
    protect_coefficients,
    protect_estimates,
    protect_means,
    protect_quantiles,
)
from xinyu_lib.errors import DisclosureError
from xinyu_lib.policy import load_policy

POLICY = load_policy("donghu-2025")


def means(n: dict[str, int], **more: list) -> pd.DataFrame:
    """Means of 40.4 % with an interval of 35.3 to 45.6 % that rest on n persons."""
    return pd.DataFrame({"n": n}).assign(mean=40.4, low=35.3, high=45.6, **more)


def hidden(table, column: str = "mean") -> list[str]:
    return list(table.masked.index[table.masked[column]])


@pytest.mark.parametrize("audience", ["school", "district", "public"])
def test_a_mean_needs_ten_persons_whoever_reads_it(audience):
    table = protect_means(means({"nine": 9, "ten": 10}), POLICY, audience)
    assert hidden(table) == hidden(table, "n") == ["nine"]
    assert table.notes == ("small_denominator",)


def test_a_mean_is_told_in_whole_per_cents_and_its_count_to_the_nearest_five():
    row = protect_means(means({"a": 58}), POLICY).shown.loc["a"]
    assert list(row) == [60, 40, 35, 46]


def test_a_coefficient_is_told_with_two_decimals():
    frame = pd.DataFrame({"n": [300], "mean": [0.8765], "low": [0.8512], "high": [0.8991]}, index=["total"])
    table = protect_coefficients(frame, POLICY)
    assert list(table.shown.loc["total"]) == [300, 0.88, 0.85, 0.90]
    assert (table.kind, table.audience, table.threshold) == ("coefficients", "school", 10)


def test_a_pupil_who_makes_up_more_than_nine_tenths_of_a_sum_hides_it():
    table = protect_means(means({"a": 20, "b": 20, "c": 20}, largest=[0.90, 0.901, np.nan]), POLICY)
    assert hidden(table) == ["b", "c"]  # c: not known
    assert "largest" not in table.shown


def test_the_largest_share_is_by_size_without_sign():
    assert largest_share([-9, 1, np.nan, 0]) == 0.9  # 9 of 9 + 1
    assert largest_share([2, 2, 2, 2]) == 0.25
    assert largest_share([0, 0]) == largest_share([]) == 0


def test_a_model_needs_ten_residual_degrees_of_freedom():
    table = protect_coefficients(means({"a": 12, "b": 12, "c": 12}, residual_df=[9, 10, np.nan]), POLICY)
    assert hidden(table) == ["a", "c"]
    assert list(table.shown.columns) == ["n", "mean", "low", "high"]


def test_a_count_that_is_not_known_hides_its_row():
    frame = means({"a": 20, "b": 30})
    frame["n"] = pd.array([pd.NA, 30], dtype="Int64")
    assert hidden(protect_means(frame, POLICY)) == ["a"]


def test_an_interval_without_width_says_that_all_have_the_same_score_and_is_hidden():
    frame = means({"a": 30, "b": 30})
    frame.loc["a", ["mean", "low", "high"]] = 0.0
    frame.loc["b", ["mean", "low", "high"]] = [40.2, 40.1, 40.3]  # many pupils: the same number only when rounded
    assert hidden(protect_means(frame, POLICY)) == ["a"]


def test_the_only_hidden_group_of_a_whole_takes_the_next_smallest_with_it():
    # grades of 6, 40, 30 and 25: from the school's mean and three grades' means follows about the mean of the six
    table = protect_means(means({"7": 6, "8": 40, "9": 30, "10": 25, "total": 101}), POLICY, whole="total")
    assert hidden(table) == ["7", "10"]
    assert table.notes == ("small_denominator", "complementary")


def test_hidden_groups_of_fewer_than_ten_together_take_another_with_them():
    assert hidden(protect_means(means({"7": 3, "8": 6, "9": 30, "total": 39}), POLICY, whole="total")) == [
        "7",
        "8",
        "9",
    ]
    assert hidden(protect_means(means({"7": 4, "8": 6, "9": 30, "total": 40}), POLICY, whole="total")) == ["7", "8"]


def test_a_group_hidden_for_one_dominant_pupil_takes_another_with_it():
    frame = means({"7": 20, "8": 40, "9": 30, "total": 90}, largest=[0.95, 0.1, 0.1, 0.3])
    assert hidden(protect_means(frame, POLICY, whole="total")) == ["7", "9"]


def test_of_two_groups_of_one_size_the_earlier_is_hidden_too():
    table = protect_means(means({"total": 66, "7": 6, "8": 30, "9": 30}), POLICY, whole="total")
    assert hidden(table) == ["7", "8"]


def test_with_nothing_hidden_nothing_is_hidden_beside_it():
    assert hidden(protect_means(means({"7": 20, "8": 30, "total": 50}), POLICY, whole="total")) == []


def test_a_score_called_total_is_no_whole_unless_it_is_said_to_be():
    assert hidden(protect_means(means({"somatic": 9, "anxious": 20, "total": 20}), POLICY)) == ["somatic"]


@pytest.mark.parametrize("name", ["p0", "p100", "p0.0", "min", "max", "median", "p-5", "p101"])
def test_minimum_maximum_and_what_is_no_percentile_are_refused(name):
    with pytest.raises(DisclosureError, match=name):
        protect_quantiles(pd.DataFrame({"n": [500], "p50": [40.0], name: [1.0]}), POLICY)


def quantiles(n: int, *percentiles: str) -> pd.DataFrame:
    return pd.DataFrame({"n": n} | dict.fromkeys(percentiles, 33.3), index=["a"])


@pytest.mark.parametrize(
    ("n", "audience", "shown"),
    [
        (50, "school", ["p10", "p50", "p90"]),  # 10 % of 50 = 5 persons below, 5 above
        (49, "school", ["p50"]),  # 4.9 persons
        (50, "district", ["p50"]),
        (100, "district", ["p10", "p50", "p90"]),
        (10, "school", ["p50"]),  # 5 below, 5 above
        (19, "district", []),  # 9.5 persons
    ],
)
def test_a_quantile_leaves_the_threshold_of_persons_on_both_sides(n, audience, shown):
    table = protect_quantiles(quantiles(n, "p10", "p50", "p90"), POLICY, audience)
    assert [name for name in ("p10", "p50", "p90") if not table.masked.at["a", name]] == shown
    assert not table.masked.at["a", "n"]


def test_between_two_shown_quantiles_lies_the_threshold_of_persons_too():
    # 100 pupils: p1 to p99 would be their scores one by one; 5 persons lie between p5, p10, p15 ... p95
    table = protect_quantiles(quantiles(100, *(f"p{rank}" for rank in range(1, 100))), POLICY)
    assert list(table.shown.loc["a"].dropna().index) == ["n", *(f"p{rank}" for rank in range(5, 100, 5))]


def test_quantiles_need_as_many_persons_as_means_and_are_whole_per_cents():
    assert protect_quantiles(quantiles(9, "p50"), POLICY).masked.to_numpy().all()
    table = protect_quantiles(quantiles(40, "p50", "p2.5"), POLICY)
    assert table.shown.at["a", "p50"] == 33
    assert table.masked.at["a", "p2.5"]  # one person
    assert table.notes == ("small_denominator",)


def test_nothing_masked_is_left_in_the_frame():
    table = protect_quantiles(quantiles(30, "p10", "p50"), POLICY)
    assert table.shown.isna().equals(table.masked)


def test_estimates_of_any_name_are_protected_the_same_way():
    frame = pd.DataFrame({"n": [9, 200], "odds_ratio": [3.1234, 1.5678]}, index=["boarding", "sex"])
    table = protect_estimates(frame, POLICY, "district", "coefficients", decimals=1)
    assert hidden(table, "odds_ratio") == ["boarding"]
    assert table.shown.at["sex", "odds_ratio"] == 1.6


def test_what_cannot_be_protected_is_refused():
    with pytest.raises(DisclosureError, match="n、mean、low、high"):
        protect_means(pd.DataFrame({"n": [20], "max": [99]}), POLICY)
    with pytest.raises(DisclosureError, match="人数列 n"):
        protect_estimates(pd.DataFrame({"odds_ratio": [1.5]}), POLICY, "school", "coefficients", decimals=1)
    with pytest.raises(DisclosureError, match="whole"):
        protect_means(means({"7": 20}), POLICY, whole="school")
