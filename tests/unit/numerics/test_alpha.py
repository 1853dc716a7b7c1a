import numpy as np
import pytest

from xinyu_lib.numerics import cronbach_alpha, feldt_interval

# Shrout & Fleiss 1979, Psychol Bull 86:420-428, table 2: six targets, four judges
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_alpha_of_a_tiny_matrix_by_hand():
    # items 1, 2, 3 and 1, 1, 3 vary by 1 and 4/3, their totals 2, 3, 6 by 13/3
    assert cronbach_alpha([[1, 1], [2, 1], [3, 3]]) == pytest.approx(2 * (1 - (1 + 4 / 3) / (13 / 3)))


def test_alpha_equals_the_published_consistency_of_four_judges():
    # ICC(3,4) = .91 in the paper; from its mean squares between targets 11.24 and of error 1.02
    assert cronbach_alpha(SHROUT_FLEISS) == pytest.approx(1 - 1.02 / 11.24, abs=0.0005)


def test_items_that_say_the_same_have_alpha_1():
    assert cronbach_alpha([[1, 1], [2, 2], [4, 4]]) == pytest.approx(1)


@pytest.mark.parametrize("matrix", [[[1, 2]], [[1], [2]], [[1, 2], [2, 1], [0, 3]], np.empty((0, 3))])
def test_alpha_is_missing_where_it_is_undefined(matrix):
    assert np.isnan(cronbach_alpha(matrix))


def test_feldt_interval_equals_that_of_r():
    # psych 2.2.9 under R 4.2.2: alpha of the items A1-A5 of bfi, 2709 complete rows, no reversal
    found = feldt_interval(0.7037558943748361, n=2709, k=5)
    assert found == pytest.approx((0.68574463504966054, 0.72103596279573878), abs=1e-9)


def test_feldt_interval_of_11_persons_and_2_items_from_a_table_of_f():
    # 10 and 10 degrees of freedom: F is 3.7168 at .975 and 1 / 3.7168 at .025
    assert feldt_interval(0.8, n=11, k=2) == pytest.approx((1 - 0.2 * 3.7168, 1 - 0.2 / 3.7168), abs=0.00005)


def test_an_undefined_alpha_has_no_interval():
    assert np.isnan(feldt_interval(np.nan, 1, 5)).all()
