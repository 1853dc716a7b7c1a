"""Shares as bands where a cap holds, shares by row, and what the caps add to thresholds on counts."""

import pandas as pd
import pytest

from xinyu_lib.disclosure import TOTAL, protect
from xinyu_lib.disclosure.safetable import ISSUED, SafeTable
from xinyu_lib.disclosure.shares import with_row_shares, with_shares
from xinyu_lib.errors import DisclosureError
from xinyu_lib.policy import Policy, load_policy
from xinyu_lib.policy.settings import Cap

POLICY = load_policy("donghu-2025")
UNDER_100, UNDER_300 = Cap(below=100, percent=5), Cap(below=300, percent=2)


def capped(*caps: Cap) -> Policy:
    rule = POLICY.disclosure["school"].model_copy(update={"caps": caps})
    return POLICY.model_copy(update={"disclosure": POLICY.disclosure | {"school": rule}})


def counts(frame: pd.Series | pd.DataFrame, audience: str = "school") -> SafeTable:
    """Counts, with -1 for a hidden one; only tests may build a table by hand."""
    frame = (frame.to_frame("n") if isinstance(frame, pd.Series) else frame).astype("Int64")
    masked = (frame < 0).astype(bool)
    return SafeTable(frame.mask(masked), masked, "counts", audience, 5, 10, (), ISSUED)


def of(total: int, part: int) -> SafeTable:
    return counts(pd.Series({"part": part, "rest": total - part, TOTAL: total}))


@pytest.mark.parametrize(
    ("part", "total", "band"),
    [
        (4, 99, "<5"),  # 4.04 %
        (5, 99, None),  # 5.05 %
        (4, 80, None),  # 5 % is not under 5 %
        (77, 80, ">95"),  # 96.25 %
        (76, 80, None),  # 95 % is not over 95 %
        (4, 100, None),  # from 100 persons on the cap is 2 %
        (1, 100, "<2"),
        (5, 299, "<2"),  # 1.67 %
        (295, 299, ">98"),  # 98.66 %
        (1, 300, None),
        (0, 50, "<5"),
        (50, 50, ">95"),
    ],
)
def test_the_wider_of_two_caps_holds_and_its_bound_is_shown(part, total, band):
    table = with_shares(of(total, part), capped(UNDER_300, UNDER_100))
    assert table.masked.loc["part"].all() == (band is not None)
    told = table.bands.at["part", "share"] if table.bands is not None else pd.NA
    assert told is pd.NA if band is None else told == band


def test_both_sides_of_a_cap_are_told_as_bands_and_the_total_never_is():
    table = with_shares(of(80, 3), capped(UNDER_100))
    assert table.bands["share"].dropna().to_dict() == {"part": "<5", "rest": ">95"}
    assert list(table.shown.loc[TOTAL, ["n", "share"]]) == [80, 1]
    assert table.shown.isna().equals(table.masked)
    assert table.notes == ("capped",)
    assert list(table.bands.columns) == list(table.shown.columns)


def test_a_masked_count_stays_a_plain_mark():
    table = with_shares(counts(pd.Series({"a": -1, "b": -1, "c": 70, TOTAL: 74})), capped(UNDER_100))
    assert table.bands is None
    assert list(table.masked["share"]) == [True, True, False, False]


def test_without_a_policy_and_without_caps_there_are_no_bands():
    assert with_shares(of(80, 3)).bands is None
    assert with_shares(of(80, 3), POLICY).bands is None  # inside a school 0 and 100 % are hidden as counts
    assert with_shares(of(80, 3), POLICY).shown.at["part", "share"] == pytest.approx(3 / 80)


def test_the_audience_of_the_counts_says_which_caps_hold():
    table = counts(pd.Series({"part": 3, "rest": 77, TOTAL: 80}), "district")
    assert with_shares(table, POLICY).bands.at["part", "share"] == "<5"


def test_with_a_hidden_total_no_share_is_told():
    table = with_shares(counts(pd.Series({"a": 30, "b": -1, TOTAL: -1})))
    assert table.masked.loc["a"].to_dict() == {"n": False, "share": True, "low": True, "high": True}


@pytest.mark.parametrize("rounding", [0, 5])
def test_with_a_threshold_of_ten_behind_open_counts_no_cap_is_ever_reached(rounding):
    # count and rest are 10 or more: of at most 99 persons 10/99 = 10 % > 5 %, of at most 299 10/299 = 3.3 % > 2 %
    every = [(part, n - part, n) for n in range(20, 300) for part in range(10, n - 9)]
    frame = pd.DataFrame(every, columns=["part", "rest", TOTAL])
    shown = (frame + rounding // 2) // rounding * rounding if rounding else frame
    assert len(every) == 280 * 281 // 2  # one count of 20, two of 21 ... 280 of 299
    assert with_row_shares(counts(shown), capped(UNDER_100, UNDER_300)).bands is None


@pytest.mark.parametrize("total", [*range(1, 60), 100, 299])
def test_no_share_of_0_or_100_per_cent_is_told_inside_a_school(total):
    for part in (0, total):
        table = with_shares(protect(pd.Series({"part": part, "rest": total - part, TOTAL: total}), POLICY), POLICY)
        assert table.masked.loc[["part", "rest"]].to_numpy().all()


def test_shares_by_row_are_of_the_rows_total():
    frame = pd.DataFrame({"girls": [20, -1], "boys": [30, -1], TOTAL: [50, 45]}, index=["7", TOTAL])
    table = with_row_shares(counts(frame))
    assert list(table.shown.loc["7"]) == [20 / 50, 30 / 50, 1]
    assert table.kind == "row_shares"
    assert table.masked.loc[TOTAL].to_dict() == {"girls": True, "boys": True, TOTAL: False}


def test_a_row_with_a_hidden_total_has_no_shares():
    frame = pd.DataFrame({"girls": [20], "boys": [30], TOTAL: [-1]}, index=["7"])
    assert with_row_shares(counts(frame)).masked.to_numpy().all()


def test_caps_hold_by_row_with_the_total_of_that_row():
    frame = pd.DataFrame({"yes": [3, 3, -1], "no": [77, 147, 60], TOTAL: [80, 150, 64]}, index=["7", "8", "9"])
    table = with_row_shares(counts(frame), capped(UNDER_100, UNDER_300))
    assert table.bands.loc["7"].dropna().to_dict() == {"yes": "<5", "no": ">95"}
    assert table.bands.loc["8"].isna().all()  # 3 of 150 is 2 %
    assert table.bands.loc["9"].isna().all()  # a hidden count
    assert table.shown.isna().equals(table.masked)
    assert table.shown.at["8", "yes"] == pytest.approx(0.02)


def test_each_kind_of_table_has_its_own_function():
    two_way = counts(pd.DataFrame({"girls": [20], "boys": [30], TOTAL: [50]}, index=[TOTAL]))
    with pytest.raises(DisclosureError, match="with_row_shares"):
        with_shares(two_way)
    with pytest.raises(DisclosureError, match="total 列"):
        with_row_shares(of(50, 20))
    with pytest.raises(DisclosureError, match="total 行"):
        with_shares(counts(pd.Series({"a": 10})))
