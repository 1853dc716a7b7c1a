"""Guttman errors on sheets small enough to check by hand."""

import numpy as np
import pytest

from xinyu_lib.numerics import guttman_errors, normed_guttman_errors

# item 1 is affirmed by 4 of 4, item 2 by 3, item 3 by 2, item 4 by 1
LADDER = [[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]]


def test_a_ladder_has_no_errors():
    assert guttman_errors(LADDER, 2).tolist() == [0, 0, 0, 0]
    assert normed_guttman_errors(LADDER, 2).tolist() == [0, 0, 0, 0]


def test_the_rarest_symptom_alone_is_three_errors_of_three():
    sheets = [*LADDER * 3, [0, 0, 0, 1]]
    assert guttman_errors(sheets, 2)[-1] == 3  # items 1, 2 and 3 denied
    assert normed_guttman_errors(sheets, 2)[-1] == 3 / (1 * 3)


def test_the_most_errors_of_two_affirmed_among_four_are_four():
    sheets = [*LADDER * 3, [0, 1, 0, 1], [0, 0, 1, 1]]
    assert guttman_errors(sheets, 2)[-2:].tolist() == [1 + 2, 2 + 2]
    assert normed_guttman_errors(sheets, 2)[-2:].tolist() == [3 / 4, 4 / 4]


def test_all_and_none_cannot_err():
    assert normed_guttman_errors([*LADDER, [0, 0, 0, 0]], 2)[-2:].tolist() == [0, 0]


def test_with_three_answers_the_steps_of_all_items_are_ordered_together():
    # share passing: item 1 >= 1: 4/4, item 1 >= 2: 3/4, item 2 >= 1: 2/4, item 2 >= 2: 1/4
    sheets = [[2, 2], [2, 1], [2, 0], [1, 0]]
    assert guttman_errors(sheets, 3).tolist() == [0, 0, 0, 0]


def test_errors_over_steps_and_the_most_there_can_be():
    sheets = [[2, 2], [2, 1], [2, 0], [1, 0]] * 3 + [[0, 2]]
    # steps 3 and 4 passed, 1 and 2 not: 2 x 2 errors; of the sheets with total 2 (2 0, 1 1, 0 2) that is the most
    assert guttman_errors(sheets, 3)[-1] == 4
    assert normed_guttman_errors(sheets, 3)[-1] == 1


def test_the_most_errors_never_come_short_of_any_sheet():
    every = np.array(np.meshgrid(*[range(3)] * 4)).reshape(4, -1).T
    found = normed_guttman_errors(every[np.random.default_rng(4).integers(0, len(every), 400)], 3)
    assert found.min() >= 0
    assert found.max() <= 1


def test_a_sheet_with_a_gap_has_no_errors_to_count_but_its_answers_order_the_items():
    found = guttman_errors([*LADDER, [np.nan, 0, 0, 1]], 2)
    assert np.isnan(found[-1])
    assert not np.isnan(found[:-1]).any()
    assert np.isnan(normed_guttman_errors([*LADDER, [np.nan, 0, 0, 1]], 2)[-1])


@pytest.mark.parametrize("errors", [guttman_errors, normed_guttman_errors])
def test_no_pupils_are_no_trouble(errors):
    assert errors(np.empty((0, 4)), 2).shape == (0,)
