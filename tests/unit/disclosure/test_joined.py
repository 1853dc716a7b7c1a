"""Everything that an audience was told is one system: schools and district, waves with a joiner, corrections."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from xinyu_lib.disclosure.attack import broken
from xinyu_lib.disclosure.hiding import hide
from xinyu_lib.disclosure.joined import joined, released_roles, small_changes
from xinyu_lib.policy import load_policy

RULE = load_policy("donghu-2025").disclosure["school"]
NOTHING = pd.DataFrame({"key": [], "value": [], "hidden": []})
TOTAL = "total"


def key(node: str, school: str = TOTAL, grade: str = TOTAL, wave: str = "2025-2026-spring") -> tuple[str, ...]:
    return (wave, school, grade, TOTAL, TOTAL, TOTAL, node)


def cells(counts: dict, hidden=()) -> pd.DataFrame:
    rows = [(each, n, each in hidden) for each, n in counts.items()]
    return pd.DataFrame(rows, columns=["key", "value", "hidden"])


def grades(*counts: int, wave: str = "2025-2026-spring") -> dict:
    """Pupils of any tier by grade with their sum: the worked case of the policy, as cells of one school."""
    found = {key("any", "a", str(grade), wave): n for grade, n in enumerate(counts, 4)}
    return found | {key("any", "a", wave=wave): sum(counts)}


def hidden_keys(new: pd.DataFrame, out: pd.DataFrame = NOTHING, links=()) -> set:
    found = hide(joined(new, out, links), RULE)
    assert not found.stuck
    return {each for each in new["key"] if found.hides(each)}


def test_the_worked_case_as_cells_of_a_school():
    assert hidden_keys(cells(grades(3, 6, 0, 8))) == {key("any", "a", g) for g in "456"}


def test_the_worked_case_with_boys_9_and_girls_8_shown_too():
    # the sum of 17 ties both margins; 9 and 8 are large enough and tell nothing of grades
    sexes = {(*key("any", "a")[:4], sex, TOTAL, "any"): n for sex, n in (("boy", 9), ("girl", 8))}
    assert hidden_keys(cells(grades(3, 6, 0, 8) | sexes)) == {key("any", "a", g) for g in "456"}


def test_a_district_minus_its_other_schools_does_not_tell_the_small_one():
    # 60 - 25 - 32 = 3
    told = cells({key("any"): 60, key("any", "a"): 3, key("any", "b"): 25, key("any", "c"): 32})
    assert hidden_keys(told) == {key("any", "a"), key("any", "b")}


def test_what_the_district_was_told_already_hides_more_in_the_report_of_a_school():
    district = cells({key("any"): 60, key("any", "b"): 25, key("any", "c"): 32})
    found = hide(joined(cells({key("any", "a"): 3}), district), RULE)
    assert found.stuck  # 60, 25 and 32 are out: no hiding protects the 3 any more, the cells are named
    assert key("any", "a") in found.stuck


def test_a_week_old_16_blocks_a_17():
    out = cells({key("any", "a"): 16})
    assert small_changes(cells({key("any", "a"): 17}), out, RULE.threshold) == [key("any", "a")]
    assert small_changes(cells({key("any", "a"): 16}), out, RULE.threshold) == []
    assert small_changes(cells({key("any", "a"): 21}), out, RULE.threshold) == []  # five pupils more tell of none


def test_one_pupil_more_does_not_turn_an_unseen_count_into_a_seen_one():
    autumn = grades(4, 20, 30, 40, wave="2025-2026-autumn")
    first = hidden_keys(cells(autumn))
    unseen = key("any", "a", "4", "2025-2026-autumn")
    assert unseen in first
    spring = cells(grades(5, 20, 30, 40))
    assert key("any", "a", "4") not in hidden_keys(spring)  # by itself 5 may be told
    out = cells(autumn, hidden=first)
    links = [(now, ("2025-2026-autumn", *now[1:]), 0, 1) for now in spring["key"]]
    assert key("any", "a", "4") in hidden_keys(spring, out, links)


def test_links_that_the_true_counts_contradict_are_no_knowledge():
    out = cells(grades(20, 20, wave="2025-2026-autumn"))
    links = [(key("any", "a", "4"), key("any", "a", "4", "2025-2026-autumn"), 0, 1)]
    assert not joined(cells(grades(12, 20)), out, links).links


def possible(before: tuple, after: tuple, hidden: tuple[set, set]) -> list[set]:
    """Values that each cell of the first wave may have for a reader of both, by trying every table and every joiner."""
    found = [set() for _ in before]
    for guess in product(*(range(sum(before) + 1) if i in hidden[0] else [n] for i, n in enumerate(before))):
        joiners = (tuple(n + (i == cell) for i, n in enumerate(guess)) for cell in range(len(before)))
        if sum(guess) == sum(before) and any(_fits(each, after, hidden[1]) for each in joiners):
            for values, n in zip(found, guess, strict=True):
                values.add(n)
    return found


def _fits(guess: tuple, after: tuple, hidden: set) -> bool:
    return all(i in hidden or n == after[i] for i, n in enumerate(guess))


@pytest.mark.trials
def test_two_waves_with_one_joiner_tell_nothing_small_by_trying_every_table(trial_count):
    draw, small = np.random.default_rng(20261124), 0
    for _ in range(trial_count(25, 1_000)):
        before = tuple(map(int, draw.integers(0, 13, int(draw.integers(3, 5)))))
        after = tuple(n + (i == int(draw.integers(len(before)))) for i, n in enumerate(before))
        if sum(before) < RULE.min_denominator or sum(after) != sum(before) + 1:
            continue
        autumn, spring = grades(*before, wave="2025-2026-autumn"), grades(*after)
        first = hidden_keys(cells(autumn))
        out = cells(autumn, hidden=first)
        links = [(now, ("2025-2026-autumn", *now[1:]), 0, 1) for now in spring]
        found = hide(joined(cells(spring), out, links), RULE)
        if found.stuck or key("any", "a", wave="2025-2026-autumn") in first or found.hides(key("any", "a")):
            continue
        hidden = ({i for i in range(len(before)) if key("any", "a", str(i + 4), "2025-2026-autumn") in first},
                  {i for i in range(len(after)) if found.hides(key("any", "a", str(i + 4)))})  # fmt: skip
        for cell, values in enumerate(possible(before, after, hidden)):
            if before[cell] < RULE.threshold:
                small += 1
                assert values >= set(range(RULE.threshold + 1)), (before, after, hidden)
    assert small


def test_what_a_release_hides_is_attacked_with_what_was_out():
    out = cells({key("any", "b"): 25, key("any", "c"): 32})
    new = cells({key("any"): 60, key("any", "a"): 3}, hidden={key("any", "a")})
    system = joined(new, out)
    found = broken(system, released_roles(system, new, RULE), RULE)
    assert [system.keys[cell] for cell in found] == [key("any", "a")]
