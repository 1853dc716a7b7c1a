"""The graded response model and the item parameters."""

import numpy as np
import pytest

from xinyu_lib.scales import load_scale
from xinyu_lib.synth.answers import category_probabilities, load_items, reached

SCALES = ["phq9", "gad7", "mht"]


def test_half_reach_the_next_category_where_the_trait_is_at_its_threshold():
    chances = reached(np.array([1.0]), np.array([2.0]), np.array([[1.0, 2.0]]))
    assert chances[0, 0, 0] == 0.5
    assert chances[0, 0, 1] == pytest.approx(1 / (1 + np.e**2))  # slope 2 x distance 1


def test_category_probabilities_are_differences_of_neighbouring_steps():
    steps = reached(np.array([0.3]), np.array([1.5]), np.array([[-1.0, 0.0, 2.0]]))[0, 0]
    found = category_probabilities(np.array([0.3]), np.array([1.5]), np.array([[-1.0, 0.0, 2.0]]))[0, 0]
    assert found == pytest.approx([1 - steps[0], steps[0] - steps[1], steps[1] - steps[2], steps[2]])
    assert found.sum() == pytest.approx(1)


@pytest.mark.parametrize("scale_id", SCALES)
def test_each_item_has_one_set_of_parameters_with_ascending_thresholds(scale_id):
    scale, bank = load_scale(scale_id), load_items(scale_id)
    items = sorted(item for factor in bank.factors for item in factor.items)
    assert items == list(range(1, scale.n_items + 1))
    for factor in bank.factors:
        for steps in factor.thresholds:
            assert len(steps) == scale.response.max - scale.response.min
            assert list(steps) == sorted(set(steps))


@pytest.mark.parametrize("scale_id", SCALES)
def test_options_of_the_sheet_are_the_codes_of_the_scale(scale_id):
    allowed = load_scale(scale_id).response
    assert sorted(load_items(scale_id).options) == list(range(allowed.min, allowed.max + 1))


def test_items_of_each_mht_trait_are_those_of_the_published_key():
    factors = {factor.trait: factor.items for factor in load_items("mht").factors}
    for name, rule in load_scale("mht").subscales.items():
        assert set(factors[name]) == set(rule.items)
    assert factors["validity"] == tuple(range(82, 101, 2))
