"""Quality flags: one sign at a time, and nobody dropped."""

import pandas as pd
import pytest

from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import check_quality

MHT, PHQ9, SDS = load_scale("mht"), load_scale("phq9"), load_scale("sds")


def sheets(scale, *rows: list) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(scale.items)).astype("Int8")


def mht(*yes: int) -> list:
    return [int(n in yes) for n in range(1, 101)]


def test_a_good_sheet_is_usable():
    flags = check_quality(sheets(PHQ9, [0, 1, 2, 3, 0, 1, 2, 3, 0]), PHQ9)
    assert list(flags) == ["missing", "lie", "too_fast", "duplicate", "usable"]
    assert flags.iloc[0].tolist() == [False, False, False, False, True]


def test_gaps_count_as_missing_only_beyond_the_rule_of_the_scale():
    two, three = [None] * 2 + [0] * 7, [None] * 3 + [0] * 6
    assert check_quality(sheets(PHQ9, two, three), PHQ9)["missing"].tolist() == [False, True]
    assert check_quality(sheets(SDS, [2] * 20, [2] * 19 + [None]), SDS)["missing"].tolist() == [False, True]


@pytest.mark.parametrize(("lies", "flag"), [(6, False), (7, True), (10, True)])
def test_the_lie_scale_speaks_from_its_cut_on(lies, flag):
    responses = sheets(MHT, mht(*list(range(82, 101, 2))[:lies]))
    assert check_quality(responses, MHT)["lie"].tolist() == [flag]


def test_an_unknown_validity_score_is_no_lie_but_the_gap_counts():
    responses = sheets(MHT, [*mht(82, 84, 86, 88, 90, 92, 94)[:99], None])
    assert check_quality(responses, MHT).iloc[0].to_dict() == {
        "missing": True,
        "lie": False,
        "too_fast": False,
        "duplicate": False,
        "usable": False,
    }


def test_a_scale_without_validity_items_sees_no_lies():
    assert not check_quality(sheets(PHQ9, [3] * 9), PHQ9)["lie"].any()


def test_too_fast_is_below_the_declared_seconds_per_item():
    responses = sheets(PHQ9, *[[0, 1, 0, 1, 0, 1, 0, 1, 0]] * 3)
    flags = check_quality(responses, PHQ9, seconds_per_item=pd.Series([0.99, 1.0, None]))
    assert flags["too_fast"].tolist() == [True, False, False]


def test_the_column_seconds_is_used_when_nothing_else_is_given():
    responses = sheets(PHQ9, *[[0, 1, 0, 1, 0, 1, 0, 1, 0]] * 3).assign(seconds=pd.array([8, 9, None], dtype="Int32"))
    assert check_quality(responses, PHQ9)["too_fast"].tolist() == [True, False, False]
    given = check_quality(responses, PHQ9, seconds_per_item=pd.Series([5.0, 5.0, 0.5]))
    assert given["too_fast"].tolist() == [False, False, True]


def test_times_are_matched_by_index():
    responses = sheets(PHQ9, [0] * 9, [1] * 9).set_axis(["a", "b"])
    flags = check_quality(responses, PHQ9, seconds_per_item=pd.Series({"b": 0.5, "a": 5.0}))
    assert flags["too_fast"].to_dict() == {"a": False, "b": True}


def test_equal_long_sheets_are_duplicates_all_of_them():
    same, other = mht(1, 5, 30, 77), mht(2, 5, 30, 77)
    flags = check_quality(sheets(MHT, same, other, same), MHT)
    assert flags["duplicate"].tolist() == [True, False, True]
    assert flags["usable"].tolist() == [False, True, False]


def test_equal_short_sheets_are_no_duplicates():
    assert not check_quality(sheets(PHQ9, *[[0, 1, 2, 0, 1, 2, 0, 1, 2]] * 2), PHQ9)["duplicate"].any()


def test_sheets_of_one_code_throughout_are_no_duplicates():
    assert not check_quality(sheets(MHT, mht(), mht()), MHT)["duplicate"].any()


def test_two_pupils_free_of_symptoms_are_no_duplicates_although_half_the_key_is_reversed():
    free = [4 if n in SDS.reverse else 1 for n in range(1, 21)]
    assert not check_quality(sheets(SDS, free, free), SDS)["duplicate"].any()


def test_incomplete_sheets_are_no_duplicates():
    gap = [None, *mht(5, 30, 77)[1:]]
    assert not check_quality(sheets(MHT, gap, gap), MHT)["duplicate"].any()


def test_nobody_is_dropped_and_the_index_stays():
    responses = sheets(MHT, mht(1), [None] * 100, mht(*range(82, 101, 2))).set_axis([7, 3, 5])
    flags = check_quality(responses, MHT)
    assert flags.index.tolist() == [7, 3, 5]
    assert flags["usable"].tolist() == [True, False, False]
    assert set(flags.dtypes.astype(str)) == {"bool"}


def test_a_frame_without_rows_has_the_same_columns():
    flags = check_quality(pd.DataFrame(columns=list(MHT.items)), MHT)
    assert list(flags) == ["missing", "lie", "too_fast", "duplicate", "usable"]
    assert set(flags.dtypes.astype(str)) == {"bool"}
