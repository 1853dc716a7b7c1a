"""Careless-response indices on sheets small enough to check by hand."""

import numpy as np
import pytest

from xinyu_lib import numerics

NA = np.nan


def test_runs_count_equal_answers_up_to_each_item():
    assert numerics.run_lengths([[1, 1, 2, 2, 2, 1]]).tolist() == [[1, 2, 1, 2, 3, 1]]


def test_a_gap_ends_a_run_and_is_none_itself():
    assert numerics.run_lengths([[1, 1, NA, 1, NA, NA]]).tolist() == [[1, 2, 0, 1, 0, 0]]


@pytest.mark.parametrize(
    ("sheet", "longest", "average"),
    [
        ([0, 0, 0, 0], 4, 4.0),
        ([0, 1, 0, 1], 1, 1.0),
        ([3, 3, 1, 1, 1, 2], 3, 6 / 3),
        ([3, NA, 3, 3], 2, 3 / 2),
        ([NA, NA, NA, NA], 0, NA),
    ],
)
def test_longest_and_average_run(sheet, longest, average):
    assert numerics.longest_run([sheet]).tolist() == [longest]
    assert numerics.average_run([sheet]) == pytest.approx([average], nan_ok=True)


def test_marked_cells_within_the_current_run():
    runs = numerics.run_lengths([[1, 1, 1, 2, 2], [1, 2, 2, 2, 2]])
    every_other = np.array([True, False, True, False, True])
    assert numerics.within_runs(runs, every_other).tolist() == [[1, 1, 2, 0, 1], [1, 0, 1, 1, 2]]


def test_a_certain_answer_makes_a_run_certain_and_an_impossible_one_none():
    assert numerics.chance_of_run(20, 100, 1.0) == pytest.approx(1 - np.exp(-1))  # one place to begin: 1
    assert numerics.chance_of_run(20, 100, 0.0) == 0


def test_chance_of_twenty_heads_in_a_row_in_a_hundred_throws():
    exact = 3.910022e-05  # by the recursion over throws
    assert numerics.chance_of_run(20, 100, 0.5) == pytest.approx(exact, rel=1e-4)


def test_variability_is_the_sd_of_one_pupils_answers():
    found = numerics.response_variability([[1, 3, 5], [2, 2, 2], [1, NA, 3], [NA, NA, 4], [NA, NA, NA]])
    assert found == pytest.approx([2.0, 0.0, np.sqrt(2), NA, NA], nan_ok=True)


def test_squared_distance_from_the_centre_of_a_square_of_points():
    # mean (0, 0), variance 4/3 each, no covariance: (1 + 1) / (4/3)
    squared, rank = numerics.mahalanobis([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    assert squared == pytest.approx([1.5] * 4)
    assert rank == 2


def test_items_that_repeat_others_or_never_vary_add_no_distance():
    square = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    squared, rank = numerics.mahalanobis(np.column_stack([square, square[:, 0], [7] * 4]))
    assert squared == pytest.approx([1.5] * 4)
    assert rank == 2


def test_incomplete_sheets_have_no_distance_and_move_no_other():
    squared, _ = numerics.mahalanobis([[1, 1], [1, -1], [NA, 9], [-1, 1], [-1, -1]])
    assert squared == pytest.approx([1.5, 1.5, NA, 1.5, 1.5], nan_ok=True)


def test_a_single_sheet_has_no_distance():
    squared, rank = numerics.mahalanobis([[1, 2]])
    assert np.isnan(squared).all()
    assert rank == 0


def test_even_and_odd_halves_that_agree_are_minus_one():
    # halves of three subscales: (1, 1), (2, 2), (3, 3)
    assert numerics.even_odd([[1, 1, 2, 2, 3, 3]], [(0, 1), (2, 3), (4, 5)]) == pytest.approx([-1])


def test_opposite_halves_are_one_and_constant_halves_undefined():
    found = numerics.even_odd([[1, 3, 2, 2, 3, 1], [2, 1, 2, 2, 2, 3]], [(0, 1), (2, 3), (4, 5)])
    assert found == pytest.approx([1, NA], nan_ok=True)


def test_the_correlation_of_halves_is_corrected_by_spearman_brown():
    # r of (1, 2, 3) and (1, 3, 2) is 0.5; 2 x 0.5 / (1 + 0.5) = 2/3
    assert numerics.even_odd([[1, 1, 3, 2, 2, 3]], [(0, 1), (2, 3), (4, 5)]) == pytest.approx([-2 / 3])


def test_a_gap_leaves_the_rest_of_its_half():
    # first and third place of a subscale: mean of (1, gap) is 1
    sheets = [[1, 1, NA, 2, 2, 2, 3, 3, 3]]
    assert numerics.even_odd(sheets, [(0, 1, 2), (3, 4, 5), (6, 7, 8)]) == pytest.approx([-1])


def test_pairs_are_items_that_go_together_over_pupils():
    first = np.array([1, 2, 3, 4, 5])
    sheets = np.column_stack([first, first[::-1], first + 1, [1, 1, 1, 1, 1]])
    assert numerics.synonym_pairs(sheets, above=0.9).tolist() == [[2, 0]]
    assert numerics.antonym_pairs(sheets, below=-0.9).tolist() == [[1, 0], [2, 1]]


def test_a_pupil_who_answers_pairs_alike_is_at_one_and_one_who_does_not_at_minus_one():
    pairs = [(1, 0), (3, 2), (5, 4)]
    found = numerics.pair_correlation([[1, 1, 2, 2, 3, 3], [1, 3, 2, 2, 3, 1]], pairs)
    assert found == pytest.approx([1, -1])


def test_pairs_with_a_gap_are_left_out_and_two_pairs_say_nothing():
    four = [(1, 0), (3, 2), (5, 4), (7, 6)]
    found = numerics.pair_correlation([[1, 1, 2, 2, 3, 3, 9, NA], [1, 1, 2, 2, NA, 3, NA, 3]], four)
    assert found == pytest.approx([1, NA], nan_ok=True)


def test_a_constant_side_and_no_pairs_are_undefined():
    assert np.isnan(numerics.pair_correlation([[2, 1, 2, 2, 2, 3]], [(1, 0), (3, 2), (5, 4)])).all()
    assert np.isnan(numerics.pair_correlation([[1, 2]], [])).all()


def test_the_robust_floor_lies_mads_below_the_median_log_time():
    # logs -1, 0, 1 around the median 0: MAD 1; 0 - 2 x 1.4826
    seconds = np.exp([-1, 0, 0, 1, 1, -1, NA])
    assert numerics.robust_floor(seconds, mads=2) == pytest.approx(np.exp(-2 * 1.4826))


def test_equal_times_and_no_times_give_no_floor():
    assert np.isnan(numerics.robust_floor([3, 3, 3, 9], mads=3))
    assert np.isnan(numerics.robust_floor([NA, NA], mads=3))


def test_no_pupils_are_no_trouble():
    none = np.empty((0, 4))
    assert numerics.longest_run(none).shape == (0,)
    assert numerics.average_run(none).shape == (0,)
    assert numerics.response_variability(none).shape == (0,)
    assert numerics.mahalanobis(none).squared.shape == (0,)
    assert numerics.even_odd(none, [(0, 1), (2, 3)]).shape == (0,)
    assert numerics.pair_correlation(none, [(1, 0)]).shape == (0,)
    assert numerics.synonym_pairs(none, above=0.6).shape == (0, 2)
