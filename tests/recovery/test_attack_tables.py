"""Protected tables against an attacker written apart; for comparison, the same tables hidden as people do by hand."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from attacker import ENDLESS, EveryTable, Solver, Table, breaches, knowledge, read, values
from releases import KINDS, release

from xinyu_lib.disclosure import protect
from xinyu_lib.policy import load_policy

POLICY = load_policy("donghu-2025")
AUDIENCES = tuple(POLICY.disclosure)


def table_of(kind: str, seed: int) -> Table:
    """A random release with its audience's limits."""
    rule = POLICY.disclosure[AUDIENCES[seed % len(AUDIENCES)]]
    return read(release(kind, seed), rule.threshold, rule.min_denominator)


@cache
def attacked(kind: str, seed: int) -> tuple[Table, frozenset]:
    """The same, and the cells that `protect` hides in it."""
    table, audience = table_of(kind, seed), AUDIENCES[seed % len(AUDIENCES)]
    return table, frozenset(table.masked(protect(release(kind, seed), POLICY, audience).masked))


def by_hand(table: Table) -> frozenset:
    """Primary hiding, then the next smallest of every line with one gap, or whose gaps hold less than the threshold."""
    hidden, before = table.primary(), -1
    while before != len(hidden):
        before = len(hidden)
        for _, parts in table.sums:
            gaps = [part for part in parts if part in hidden]
            shown = sorted((p for p in parts if p not in hidden and p in table.given), key=table.counts.get)
            if gaps and shown and (len(gaps) == 1 or sum(map(table.counts.get, gaps)) < table.threshold):
                hidden.add(shown[0])
    return frozenset(hidden)


def withheld(table: Table, hidden: frozenset) -> bool:
    """Nothing of the table is shown: there is no release to attack."""
    return len(hidden) == len(table.given)


@pytest.mark.parametrize("attack", [Solver, EveryTable])
def test_worked_case_leaves_an_informed_reader_0_to_4_twice_and_5_to_9(attack):
    table = read(pd.Series({"four": 3, "five": 6, "six": 0, "seven": 8, "total": 17}), 5, 10)
    reader = attack(knowledge(table, {("four",), ("five",), ("six",)}, informed=True))
    for cell in reader.seen:
        values(reader, cell, ENDLESS)
    assert reader.seen == {("four",): {0, 1, 2, 3, 4}, ("five",): {5, 6, 7, 8, 9}, ("six",): {0, 1, 2, 3, 4}}


@pytest.mark.parametrize("attack", [Solver, EveryTable])
def test_worked_case_with_two_grades_hidden_leaves_both_at_3_or_less(attack):
    # 17 - 6 - 8 = 3 for two cells
    table = read(pd.Series({"four": 3, "five": 6, "six": 0, "seven": 8, "total": 17}), 5, 10)
    hidden = {("four",), ("six",)}
    reader = attack(knowledge(table, hidden, informed=False))
    for cell in hidden:
        values(reader, cell, ENDLESS)
    assert reader.seen == {("four",): {0, 1, 2, 3}, ("six",): {0, 1, 2, 3}}
    assert len(list(breaches(table, hidden, attack))) == 4  # two cells, two readers


def small_table(seed: int) -> tuple[Table, frozenset]:
    """Up to 5 x 4 small counts with their margins; hidden is what must be, and some more at random."""
    draw = np.random.default_rng([4, seed])
    counts = pd.DataFrame(draw.integers(0, draw.choice([3, 6, 9]), draw.integers(1, (6, 5))))
    counts["total"] = counts.sum(axis=1)
    counts.loc["total"] = counts.sum()
    table = read(counts if draw.random() < 0.8 else counts["total"], int(draw.integers(2, 4)), 6)
    return table, frozenset(table.primary() | {cell for cell in table.given if draw.random() < 0.15})


@pytest.mark.trials
def test_the_integer_programme_finds_exactly_the_values_that_writing_down_every_table_finds(trial_count):
    compared, trials = 0, trial_count(60, 1_000)
    for seed in range(trials):
        table, hidden = small_table(seed)
        for informed in (False, True):
            known = knowledge(table, hidden, informed)
            try:
                listed = EveryTable(known, most=3_000)
            except EveryTable.TooMany:
                continue
            solver = Solver(known)
            for cell in known.cells:
                values(solver, cell, ENDLESS)
            assert solver.seen == listed.seen, (seed, informed)
            compared += 1
    assert compared > trials  # more than half of two readers each


@pytest.mark.trials
@pytest.mark.parametrize("kind", KINDS)
def test_no_protected_release_is_broken(kind, trial_count):
    trials = trial_count(60, 1_002) // len(KINDS)
    broken = {
        seed: found
        for seed in range(trials)
        if not withheld(*attacked(kind, seed)) and (found := list(breaches(*attacked(kind, seed))))
    }
    smallest = sorted(broken, key=lambda seed: len(attacked(kind, seed)[0].given))[:1]
    shown = [f"{release(kind, seed)}\n{broken[seed]}" for seed in smallest]
    assert not broken, f"{len(broken)} of {trials}, seeds {sorted(broken)}; the smallest:\n{shown}"


@pytest.mark.trials
def test_the_same_releases_hidden_as_people_do_by_hand_are_mostly_broken(trial_count):
    trials = trial_count(60, 1_002) // len(KINDS)
    tables = [table for kind in KINDS for seed in range(trials) if (table := table_of(kind, seed)).primary()]
    ways = {"primary only": lambda table: frozenset(table.primary()), "next smallest": by_hand}
    released = {way: [t for t in tables if not withheld(t, hide(t))] for way, hide in ways.items()}
    broken = {way: sum(any(breaches(t, ways[way](t))) for t in each) for way, each in released.items()}
    figures = {way: f"{broken[way]} of {len(released[way])} broken" for way in ways}
    print(figures)
    assert broken["primary only"] > len(released["primary only"]) / 2, figures
    assert broken["next smallest"] > 0, figures
