"""Near a line: within one standard error of measurement of a cut that decides a colour, and unknown where that is."""

import numpy as np
import pandas as pd
import pytest

from xinyu_lib import columns
from xinyu_lib.policy import load_policy
from xinyu_lib.scales import load_scale
from xinyu_lib.tiers import classify_tiers

POLICY = load_policy("donghu-2025")
CONTENT = list(load_scale("mht").subscales)
FACTORS = list(load_scale("mssmhs").subscales)


def known(scale: str, values: dict) -> dict:
    """Columns of a scale with these scores; a score is a number or (lowest, highest)."""
    row = {columns.answered(scale): load_scale(scale).n_items}
    for name, value in values.items():
        low, high = value if isinstance(value, tuple) else (value, value)
        row[columns.score(scale, name)] = np.nan if isinstance(value, tuple) else value
        row |= {columns.lowest(scale, name): low, columns.highest(scale, name): high}
    return row


def phq9(total, item9=0) -> dict:
    return known("phq9", {"total": total}) | {"phq9_critical_9": item9}


def gad7(total) -> dict:
    return known("gad7", {"total": total})


def mht(contents: list, total=30, valid=True) -> dict:
    row = known("mht", dict(zip(CONTENT, contents, strict=True)) | {"total": total})
    return row | {"mht_critical_85": 0, "mht_critical_97": 0, "mht_valid": valid}


def errors(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["scale", "score", "value", "se"])


def flat(scale: str, se: float, *scores: str) -> pd.DataFrame:
    """The same standard error at every value."""
    return errors(*((scale, score, value, se) for score in scores or ("total",) for value in (0, 100)))


def near(pupil: dict, known_errors: pd.DataFrame, **beside) -> bool | None:
    found = classify_tiers(pd.DataFrame([pupil]), POLICY, errors=known_errors, **beside)["near_cut"].iloc[0]
    return None if pd.isna(found) else bool(found)


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (7, False),
        (8, True),  # 8 + 2 = 10 reaches the line of yellow
        (9, True),
        (10, True),
        (11, True),  # 11 - 2 = 9 is below it
        (12, False),  # 12 - 2 = 10 is still yellow, 12 + 2 = 14 not yet orange
        (13, True),  # 13 + 2 = 15
        (14, True),
        (15, True),
        (16, True),
        (17, False),
        (27, False),
        (0, False),
    ],
)
def test_near_is_one_standard_error_on_either_side_of_a_line(total, expected):
    assert near(phq9(total), flat("phq9", 2)) == expected


@pytest.mark.parametrize(("total", "expected"), [(8.4, False), (8.5, True), (11.4, True), (11.5, False)])
def test_below_the_line_the_standard_error_itself_is_near_above_it_no_longer(total, expected):
    """At 11.5 - 1.5 = 10 the tier would stay as it is: a tie goes to the higher one."""
    assert near(phq9(total), flat("phq9", 1.5)) == expected


@pytest.mark.parametrize(
    ("total", "expected"),
    [(8.8, False), (9, True), (11, True), (11.2, False), (11.9, False), (12, True), (17, True), (18, False)],
)
def test_each_line_has_the_standard_error_that_the_score_has_there(total, expected):
    """1 at 9 and 1.2 at 11 are 1.1 at the line of 10; 3 at 15, so that 12 up to 18 is near orange."""
    curve = errors(("phq9", "total", 9, 1), ("phq9", "total", 11, 1.2), ("phq9", "total", 15, 3))
    assert near(phq9(total), curve) == expected


def test_between_two_values_the_standard_error_is_interpolated():
    curve = errors(("phq9", "total", 8, 1), ("phq9", "total", 12, 3), ("phq9", "total", 15, 0.1))
    assert near(phq9(8), curve)  # at 10 it is (1 + 3) / 2 = 2
    assert not near(phq9(7.9), curve)


def test_the_order_of_the_rows_of_errors_does_not_matter():
    curve = errors(("phq9", "total", 15, 0.1), ("phq9", "total", 8, 1), ("phq9", "total", 12, 3))
    assert near(phq9(8), curve)
    assert not near(phq9(7.9), curve)


@pytest.mark.parametrize(
    ("pupil", "expected"),
    [
        (phq9(9), True),
        (phq9(5), False),
        (gad7(9), None),  # no standard error of GAD-7 is known
        (gad7(9) | phq9(5), None),
        (gad7(9) | phq9(9), True),  # near by one scale is near, whatever the other is
        ({columns.answered("phq9"): np.nan} | dict.fromkeys(phq9(0), np.nan), None),  # was given nothing
    ],
)
def test_without_a_known_standard_error_it_cannot_be_told(pupil, expected):
    assert near(pupil, flat("phq9", 2)) is expected


def test_without_any_errors_near_is_unknown_for_everybody():
    assert classify_tiers(pd.DataFrame([phq9(10)]), POLICY)["near_cut"].isna().all()
    assert near(phq9(10), errors()) is None


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ((9, 11), False),  # the gap leaves yellow open, the standard error adds nothing
        ((0, 27), False),
        ((8, 9), True),  # surely not yellow, but 9 + 2 = 11
        ((4, 6), False),
        ((10, 11), True),  # surely yellow, but 10 - 2 = 8
        ((12, 12.5), False),
    ],
)
def test_what_gaps_leave_open_is_not_called_near(total, expected):
    assert near(phq9(total), flat("phq9", 2)) == expected


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        ([8, 8, 7, 0, 0, 0, 0, 0], True),  # the third may be 8
        ([8, 8, 6, 0, 0, 0, 0, 0], False),  # the third cannot; the two at 8 only make a note
        ([8, 7, 7, 0, 0, 0, 0, 0], True),  # all of them up together
        ([8, 8, 8, 0, 0, 0, 0, 0], True),  # each may be 7
        ([10, 10, 10, 0, 0, 0, 0, 0], False),
        ([10, 10, 10, 8, 7, 0, 0, 0], False),  # three are sure without the others
        ([8, 0, 0, 0, 0, 0, 0, 0], False),  # a note has no line
    ],
)
def test_a_count_is_near_when_the_scores_it_needs_are(contents, expected):
    assert near(mht(contents), flat("mht", 1, "total", *CONTENT)) == expected


def test_a_rule_of_several_parts_is_near_when_all_of_them_may_turn():
    def mssmhs(total, depression):
        return known("mssmhs", dict.fromkeys(FACTORS, 1.0) | {"total": total, "depression": depression})

    exact = flat("mssmhs", 0.1, "total", *FACTORS)
    assert near(mssmhs(3.5, 3.95), exact)  # yellow, and orange with depression at 4
    assert not near(mssmhs(3.5, 3.8), exact)
    assert not near(mssmhs(2.5, 3.95), exact)  # no factor makes orange of a mean of 2.5
    assert near(mssmhs(2.95, 3.95), exact)


@pytest.mark.parametrize(("total", "item9", "expected"), [(14, 1, True), (13, 1, False), (14, 0, True), (20, 1, False)])
def test_red_by_safety_item_and_total_has_its_line_too(total, item9, expected):
    assert near(phq9(total, item9), flat("phq9", 1)) == expected


def test_a_safety_item_is_an_answer_and_no_measure_so_it_is_never_near():
    assert not near(phq9(3, item9=1), flat("phq9", 2))
    assert not near(phq9(3, item9=2), flat("phq9", 2))


def test_a_sheet_that_may_not_be_read_is_not_near():
    fast = {"phq9": pd.DataFrame({"too_fast": [True], "usable": [False]})}
    assert near(phq9(10), flat("phq9", 2), quality=fast) is False
    assert near(mht([8] * 8, total=64), flat("mht", 2, "total", *CONTENT)) is True
    assert near(mht([8] * 8, total=64, valid=False), flat("mht", 2, "total", *CONTENT)) is False
    assert near(phq9(10), flat("phq9", 2), states=pd.Series(["refused"])) is False


def test_below_twelve_a_rule_that_is_off_has_no_line():
    assert near(phq9(10), flat("phq9", 2), ages=pd.Series([11.0])) is False
    assert near(phq9(10), flat("phq9", 2), ages=pd.Series([12.0])) is True


def test_a_fact_has_no_line():
    fact = pd.DataFrame({"pupil": [0], "fact": ["concern"], "on": ["2026-03-01"]})
    assert near(phq9(3), flat("phq9", 2), facts=fact, as_of="2026-03-15") is False


def test_errors_change_no_tier_and_no_reason():
    rows = pd.DataFrame([phq9(total) for total in range(28)])
    plain, told = classify_tiers(rows, POLICY), classify_tiers(rows, POLICY, errors=flat("phq9", 3))
    pd.testing.assert_frame_equal(plain.drop(columns="near_cut"), told.drop(columns="near_cut"))


def test_near_means_that_one_standard_error_would_change_the_tier():
    """Against scores that really are moved: every total of PHQ-9, 2 points up and 2 down."""
    rows = pd.DataFrame([phq9(total) for total in range(2, 26)])
    told = classify_tiers(rows, POLICY, errors=flat("phq9", 2))["near_cut"].tolist()
    up, down = (classify_tiers(pd.DataFrame([phq9(t + d) for t in range(2, 26)]), POLICY) for d in (2, -2))
    assert told == (up["tier"] != down["tier"]).tolist()
