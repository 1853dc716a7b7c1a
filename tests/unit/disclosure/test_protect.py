"""`protect`: what an audience may see of a one-way table, of shares and of means."""

import math

import pandas as pd
import pytest

from xinyu_lib.disclosure import TOTAL, SafeTable, protect, protect_means, with_shares
from xinyu_lib.errors import DisclosureError
from xinyu_lib.policy import load_policy

POLICY = load_policy("donghu-2025")


def counts(total: bool = True, **cells: int) -> pd.Series:
    series = pd.Series(cells)
    if total:
        series[TOTAL] = series.sum()
    return series


def hidden(table: SafeTable) -> list[str]:
    return list(table.masked.index[table.masked["n"]])


def test_the_worked_case_of_the_policy():
    table = protect(counts(four=3, five=6, six=0, seven=8), POLICY)
    assert hidden(table) == ["four", "five", "six"]
    assert table.shown.at["seven", "n"] == 8
    assert table.shown.at[TOTAL, "n"] == 17
    assert table.notes == ("primary", "complementary")


def test_a_shown_total_is_the_true_total_or_masked():
    assert protect(counts(a=1, b=30), POLICY).shown.at[TOTAL, "n"] == 31
    assert protect(counts(a=4, b=5), POLICY).masked["n"].all()  # 9 persons: below the denominator of 10


def test_masked_cells_are_missing_in_the_frame_and_true_in_the_mask():
    table = protect(counts(a=2, b=7, c=40), POLICY)
    assert table.shown["n"].isna().equals(table.masked["n"])
    assert not table.masked.at["c", "n"]


@pytest.mark.parametrize(("audience", "smallest_shown"), [("school", 5), ("district", 10), ("public", 10)])
def test_each_audience_has_its_own_threshold(audience, smallest_shown):
    rest = {"b": 100, "c": 100}
    assert not protect(counts(a=smallest_shown, **rest), POLICY, audience).masked.at["a", "n"]
    assert protect(counts(a=smallest_shown - 1, **rest), POLICY, audience).masked.at["a", "n"]


def test_the_public_sees_counts_rounded_to_five():
    assert list(protect(counts(a=52, b=103), POLICY, "public").shown["n"]) == [50, 105, 155]


def test_without_a_row_for_the_total_the_total_counts_as_known():
    assert hidden(protect(counts(total=False, a=3, b=6, c=0, d=8), POLICY)) == ["a", "b", "c"]


def test_shares_are_of_the_total_with_wilson_intervals_and_masked_with_their_count():
    shares = with_shares(protect(counts(a=3, b=7, c=90), POLICY))
    assert shares.shown.at["c", "share"] == pytest.approx(90 / 100)
    # Wilson 90/100: (0.9 + 1.96^2/200 -+ 1.96 sqrt(0.09/100 + 1.96^2/40000)) / (1 + 1.96^2/100)
    assert (shares.shown.at["c", "low"], shares.shown.at["c", "high"]) == pytest.approx((0.8256, 0.9448), abs=1e-4)
    assert shares.masked.loc["a"].all()
    assert shares.number("a", "share").masked


def test_means_of_fewer_than_ten_are_hidden_and_counts_rounded_to_five():
    means = pd.DataFrame(
        {"n": [9, 10, 58], "mean": [1.0, 2, 3], "low": [0.5, 1, 2], "high": [1.5, 3, 4]}, index=list("abc")
    )
    table = protect_means(means, POLICY)
    assert list(table.masked["mean"]) == [True, False, False]
    assert list(table.shown["n"].dropna()) == [10, 60]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (pd.DataFrame({("boys", "red"): [10], ("girls", "red"): [12]}), "一层"),
        (pd.Series([10, 12], index=["boys", "boys"]), "同名"),
        (pd.Series({"a": -1, "b": 20}), "空值或负数"),
        (pd.Series({"a": 10, "b": 20, TOTAL: 31}), "total"),
    ],
)
def test_what_cannot_be_protected_is_refused(bad, words):
    with pytest.raises(DisclosureError, match=words):
        protect(bad, POLICY)


def test_a_safe_table_cannot_be_built_by_hand():
    frame = pd.DataFrame({"n": [1]})
    with pytest.raises(DisclosureError, match="不能手工构造"):
        SafeTable(frame, frame.isna(), "counts", "school", 5, 10)


def test_one_pupil_more_does_not_turn_a_hidden_count_into_a_shown_one_below_the_threshold():
    for n in range(4):
        assert protect(counts(a=n, b=40, c=60), POLICY).masked.at["a", "n"]


def test_a_coefficient_that_cannot_be_computed_is_no_number_and_no_mask():
    frame = pd.DataFrame(
        {"n": [20], "mean": [float("nan")], "low": [float("nan")], "high": [float("nan")]}, index=["a"]
    )
    number = protect_means(frame, POLICY).number("a", "mean")
    assert not number.masked
    assert math.isnan(number.value)
