import math

import pytest

from xinyu_lib.disclosure import SafeNumber
from xinyu_lib.present import interval, text


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1278.0, "count", "1,278"),
        (7.0, "count", "7"),
        (57 / 2000, "share", "2.9%"),  # 2.85 %, a tie
        (1 / 3, "share", "33.3%"),
        (1.0, "share", "100.0%"),
        (2.675, "coefficient", "2.68"),  # binary 2.67499..., on paper a tie
        (0.105, "coefficient", "0.11"),
        (-0.105, "coefficient", "-0.11"),
        (-0.001, "coefficient", "0.00"),
    ],
)
def test_numbers_are_rounded_half_up_as_on_paper(value, unit, expected):
    assert text(SafeNumber(value, unit), "zh") == expected


@pytest.mark.parametrize("unit", ["count", "share", "mean"])
def test_a_masked_number_is_the_same_mark_whatever_its_unit(unit):
    assert text(SafeNumber(None, unit), "zh") == text(SafeNumber(None, unit), "en") == "＊"


def test_a_number_that_could_not_be_computed_is_a_dash_and_not_the_mark():
    assert text(SafeNumber(math.nan, "mean"), "zh") == "—"


def test_an_interval_shows_both_limits():
    assert interval(SafeNumber(0.079, "share"), SafeNumber(0.162, "share"), "zh") == "7.9%–16.2%"


def test_an_interval_is_one_mark_when_a_limit_is_masked():
    assert interval(SafeNumber(0.079, "share"), SafeNumber(None, "share"), "zh") == "＊"
