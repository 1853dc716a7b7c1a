"""One-way suppression: the worked case of the policy, its edges, and an attacker written apart."""

from itertools import product

import numpy as np
import pytest

from xinyu_lib.disclosure.oneway import COMPLEMENTARY, HIGH, LOW, OPEN, OneWay, hide


def one_way(*counts: int, threshold: int = 5) -> OneWay:
    return OneWay(counts, threshold, zeros_open=False)


def test_worked_case_hides_the_next_smallest_grade_too():
    # Four grades with 3, 6, 0, 8 pupils of any tier: hiding 3 and 0 leaves 17 - 14 = 3 for two cells.
    table = one_way(3, 6, 0, 8)
    assert not table.survives([LOW, OPEN, LOW, OPEN])
    assert hide(table) == [LOW, COMPLEMENTARY, LOW, OPEN]


def test_worked_case_leaves_an_informed_reader_0_to_4_twice_and_5_to_9():
    table = one_way(3, 6, 0, 8)
    roles, hidden = [LOW, COMPLEMENTARY, LOW, OPEN], [0, 1, 2]
    assert [table.reach(roles, hidden, i) for i in hidden] == [(0, 4), (5, 9), (0, 4)]


def test_nothing_is_hidden_when_every_cell_and_every_rest_is_large_enough():
    assert hide(one_way(20, 30, 50)) == [OPEN, OPEN, OPEN]


def test_44_of_45_is_as_telling_as_1():
    assert hide(one_way(44, 1)) == [HIGH, LOW]


def test_a_table_of_one_category_cannot_be_protected():
    assert hide(one_way(45)) is None


def test_an_open_zero_stays_open_where_the_policy_says_so():
    assert hide(OneWay((0, 20, 30), 5, zeros_open=True)) == [OPEN, OPEN, OPEN]


@pytest.mark.parametrize("counts", [(3, 6, 0, 8), (1, 7, 30), (4, 4, 4), (0, 0, 12, 40), (2, 9, 9, 9)])
def test_equal_tables_hide_equal_cells(counts):
    assert hide(one_way(*counts)) == hide(one_way(*counts))


def possible_values(table: OneWay, roles: list[str]) -> dict[int, set[int]]:
    """Every value of every hidden cell that fits the total and the roles, by trying them all."""
    hidden = [i for i, role in enumerate(roles) if role != OPEN]
    mass = sum(table.counts[i] for i in hidden)
    fits = {i: set() for i in hidden}
    for values in product(range(mass + 1), repeat=len(hidden)):
        if sum(values) == mass and all(_has_role(table, roles[i], v) for i, v in zip(hidden, values, strict=True)):
            for i, v in zip(hidden, values, strict=True):
                fits[i].add(v)
    return fits


def _has_role(table: OneWay, role: str, value: int) -> bool:
    if role == LOW:
        return value < table.threshold
    if role == HIGH:
        return table.total - value < table.threshold
    return table.threshold <= value <= table.total - table.threshold


@pytest.mark.trials
def test_a_brute_force_attacker_cannot_pin_down_what_is_hidden(trial_count):
    draw = np.random.default_rng(20261124)
    for _ in range(trial_count(150, 5_000)):
        threshold = int(draw.integers(2, 5))
        table = one_way(*map(int, draw.integers(0, 13, draw.integers(2, 5))), threshold=threshold)
        roles = hide(table) or []
        for cell, values in possible_values(table, roles).items():
            if roles[cell] == LOW:
                assert values == set(range(threshold)), table
            else:
                assert len(values) >= threshold, table


def test_primary_hiding_alone_would_be_broken():
    broken = [c for c in product(range(0, 9), repeat=3) if not one_way(*c).survives(one_way(*c).primary())]
    assert len(broken) > 9**3 / 2
