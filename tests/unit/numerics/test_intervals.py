import numpy as np
import pytest

from xinyu_lib.numerics import mean_interval, wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(k, n, low, high):
    # Newcombe 1998, Stat Med 17:857-872, table I, method 3
    assert wilson(k, n) == pytest.approx((low, high), abs=0.00005)


def test_wilson_of_5_of_10_by_hand():
    # p = 1/2: the centre is 1/2 and the half width reduces to z / sqrt(4 (n + z^2))
    half = 1.959963984540054 / np.sqrt(4 * (10 + 1.959963984540054**2))
    assert wilson(5, 10) == pytest.approx((0.5 - half, 0.5 + half), rel=1e-12)


def test_wilson_takes_arrays_and_ends_exactly_at_0_and_1():
    low, high = wilson([0, 7], [7, 7])
    assert low[0] == 0
    assert high[1] == 1
    assert high[0] == pytest.approx(1 - low[1])


def test_a_share_of_nobody_is_missing():
    low, high = wilson([0, 1], [0, 2])
    assert np.isnan([low[0], high[0]]).all()
    assert not np.isnan([low[1], high[1]]).any()


def test_interval_of_the_mean_of_1_to_5_by_hand():
    # mean 3, variance 10/4, standard error sqrt(2.5/5); t with 4 degrees of freedom is 2.776445
    half = 2.7764451052 * np.sqrt(2.5 / 5)
    assert mean_interval([1, 2, 3, 4, 5]) == pytest.approx((3, 3 - half, 3 + half), rel=1e-9)


def test_a_wider_level_gives_a_wider_interval():
    assert mean_interval([1, 2, 3], level=0.99)[1] < mean_interval([1, 2, 3], level=0.9)[1]
    assert wilson(3, 9, level=0.99)[1] > wilson(3, 9, level=0.9)[1]


@pytest.mark.parametrize("values", [[], [4]])
def test_fewer_than_two_values_have_no_interval(values):
    assert np.isnan(mean_interval(values)).all()
