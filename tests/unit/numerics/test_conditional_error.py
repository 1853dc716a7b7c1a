from itertools import product

import numpy as np
import pytest

from xinyu_lib.numerics import by_total, conditional_sem, cronbach_alpha, error_variances

# Shrout & Fleiss 1979, Psychol Bull 86:420-428, table 2: six targets, four judges
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def drawn(n: int, k: int, spread: float = 1, seed: int = 20260302) -> np.ndarray:
    """Answers 0-3 to items that hang together; with a large spread of persons many stand at the two ends."""
    rng = np.random.default_rng(seed)
    return (rng.normal(1.5, spread, (n, 1)) + rng.normal(0, 1, (n, k))).round().clip(0, 3)


def overall(matrix: np.ndarray) -> float:
    """Error variance of the total for everybody: s2 (1 - alpha)."""
    return matrix.sum(axis=1).var(ddof=1) * (1 - cronbach_alpha(matrix))


def test_error_variances_of_a_tiny_matrix_by_hand():
    # item means 5/3 and 1, grand mean 4/3: departures -1/3 1/3, -1/3 1/3, 2/3 -2/3; 3/2 x 2 x (2/9, 2/9, 8/9)
    assert error_variances([[0, 0], [2, 2], [3, 1]]) == pytest.approx([2 / 3, 2 / 3, 8 / 3])


@pytest.mark.parametrize(("n", "k"), [(3, 2), (40, 5), (300, 20)])
def test_their_mean_is_the_error_variance_that_alpha_leaves(n, k):
    matrix = drawn(n, k)
    assert error_variances(matrix).mean() == pytest.approx(overall(matrix), rel=1e-12)


def test_their_mean_is_k_times_the_published_mean_square_of_error():
    assert error_variances(SHROUT_FLEISS).mean() == pytest.approx(4 * 1.02, abs=4 * 0.005)


def test_persons_who_differ_alike_on_all_items_are_measured_without_error():
    assert error_variances([[1, 2, 3], [2, 3, 4], [5, 6, 7]]) == pytest.approx([0, 0, 0], abs=1e-12)


def test_means_and_numbers_at_every_total():
    groups = by_total([[0, 0], [2, 2], [3, 1]])
    assert groups.total.tolist() == [0, 4]
    assert groups.variance == pytest.approx([2 / 3, 5 / 3])
    assert groups.n.tolist() == [1, 2]


@pytest.mark.parametrize("total", [0, 1, 2, 3, 4])
def test_equally_hard_yes_no_items_give_the_binomial_error_of_lord(total):
    # Lord 1955: x (k - x) / (k - 1); every pattern of four answers once, so that all items have the same mean
    patterns = np.array(list(product([0, 1], repeat=4)))
    binomial = total * (4 - total) / 3
    assert conditional_sem(patterns, [total]) == pytest.approx([np.sqrt(16 / 15 * binomial)], abs=1e-7)


def test_the_curve_is_the_parabola_through_all_persons():
    matrix = drawn(200, 20, spread=0.5)
    totals = matrix.sum(axis=1)
    parabola = np.polyval(np.polyfit(totals, error_variances(matrix), 2), totals)
    assert parabola.min() > error_variances(matrix).min()
    assert conditional_sem(matrix, totals) ** 2 == pytest.approx(parabola)


def test_squared_and_averaged_over_persons_it_gives_the_overall_error_back():
    matrix = drawn(200, 20, spread=0.5)
    assert (conditional_sem(matrix, matrix.sum(axis=1)) ** 2).mean() == pytest.approx(overall(matrix), rel=1e-12)


def test_past_the_totals_that_occur_it_stays_as_at_the_last_one():
    matrix = np.array([row for row in drawn(200, 8) if 6 <= row.sum() <= 18])
    found = conditional_sem(matrix, [0, 6, 18, 24])
    assert found[0] == found[1]
    assert found[2] == found[3]
    assert found[1] != found[2]


def test_a_parabola_below_zero_is_lifted_to_the_smallest_error_of_anybody():
    matrix = drawn(200, 8, spread=1)
    single = error_variances(matrix)
    assert np.polyval(np.polyfit(matrix.sum(axis=1), single, 2), 24) < 0 < single.min()
    assert conditional_sem(matrix, [24]) == pytest.approx([np.sqrt(single.min())])


def test_one_total_has_one_error():
    assert conditional_sem([[0, 2], [2, 0], [1, 1]], [2]) == pytest.approx([np.sqrt(4)])  # 3/2 x 2 x (2 + 2 + 0) / 3


@pytest.fixture(scope="module")
def graded():
    """Answers 0-3 of 5,000 persons to nine items of a graded model, and the true spread of totals at a true total."""
    rng = np.random.default_rng(20260304)
    slopes, steps = rng.uniform(1.2, 2.8, 9), np.sort(rng.uniform(-0.3, 2.8, (9, 3)), axis=1)

    def at_least(trait):  # chance to answer 1, 2, 3 or more: persons x items x 3
        return 1 / (1 + np.exp(-slopes[:, None] * (trait[:, None, None] - steps)))

    answers = (rng.random((5000, 9, 1)) < at_least(rng.normal(size=5000))).sum(axis=2)
    chances = at_least(np.linspace(-3, 4, 500))
    mean = chances.sum(axis=2)
    variance = (chances * [1, 3, 5]).sum(axis=2) - mean**2  # squares 1, 4, 9 in steps of 1, 3, 5
    return answers, mean.sum(axis=1), np.sqrt(variance.sum(axis=1))


@pytest.mark.parametrize("total", [5, 10, 15, 20])
def test_errors_of_simulated_answers_are_the_true_spread_or_somewhat_more(graded, total):
    # more in the middle, where items that rise unequally with the total count as error
    answers, true_totals, spread = graded
    ratio = conditional_sem(answers, [total])[0] / np.interp(total, true_totals, spread)
    assert 0.9 < ratio < 1.2


def test_one_error_for_everybody_is_too_small_at_the_first_cut_and_too_large_at_the_low_end(graded):
    answers, true_totals, spread = graded
    assert np.interp(1, true_totals, spread) ** 2 < overall(answers) < np.interp(10, true_totals, spread) ** 2


def test_a_hundred_sheets_give_the_errors_at_the_cuts_within_a_few_percent(graded):
    answers = graded[0]
    found = np.array([conditional_sem(hundred, [10, 15]) for hundred in np.split(answers, 50)])
    assert (found.std(axis=0) / found.mean(axis=0)).tolist() == pytest.approx([0.035, 0.035], abs=0.015)


@pytest.mark.parametrize("matrix", [np.empty((0, 5)), [[1, 2, 3]], [[1], [2]]])
def test_fewer_than_two_persons_or_items_leave_it_missing(matrix):
    assert np.isnan(conditional_sem(matrix, [1, 2])).all()
    assert np.isnan(error_variances(matrix)).all()
