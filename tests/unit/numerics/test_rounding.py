import numpy as np

from xinyu_lib.numerics import half_up, truncate


def test_ties_go_up_where_python_goes_to_even():
    assert half_up([0.5, 1.5, 2.5, 4.5, -2.5]).tolist() == [1, 2, 3, 5, -2]


def test_the_number_just_below_a_half_is_not_rounded_up():
    assert half_up(0.49999999999999994) == 0


def test_the_integer_part_drops_whatever_follows():
    assert truncate([52.5, 52.99, -1.5]).tolist() == [52, 52, -1]


def test_missing_stays_missing():
    assert np.isnan(half_up(np.nan))
    assert np.isnan(truncate(np.nan))
