"""`reasons_of` over all pupils at once says what a plain loop over pupils says."""

import numpy as np
import pytest

from xinyu_lib.tiers import Reason, reasons
from xinyu_lib.tiers.reasons import Ground, reasons_of


def random_grounds(rng: np.random.Generator, pupils: int, grounds: int) -> list[Ground]:
    """A score has one value per pupil, whichever rule reads it; some grounds are there twice, some hold for nobody."""
    scores = {name: rng.integers(0, 30, pupils) / rng.choice([1, 6]) for name in "abcde"}
    made = []
    for _ in range(grounds):
        name, rule = rng.choice(list(scores)), f"T0{rng.integers(1, 5)}"
        share = rng.choice([0, 0.02, 0.5, 1])
        made.append(
            Ground(rule, "phq9", str(name), scores[name], float(rng.integers(0, 3)), rng.random(pupils) < share)
        )
    return made


def one_by_one(grounds: list[Ground], pupil: int) -> tuple[Reason, ...]:
    """In the order of the grounds; what is there twice counts once, at the place of the first, whoever has which."""
    order = list(dict.fromkeys((ground.rule, ground.scale, ground.score, ground.cut) for ground in grounds))
    mine = {}
    for ground in grounds:
        if ground.holds[pupil]:
            value = float(ground.value[pupil])
            own = (ground.rule, ground.scale, ground.score, ground.cut)
            mine[own] = Reason(*own[:3], value, ground.cut, value - ground.cut)
    return tuple(mine[own] for own in order if own in mine)


@pytest.mark.parametrize("limit", [1, 50, reasons.RADIX_LIMIT])
@pytest.mark.parametrize("seed", range(6))
def test_reasons_of_all_pupils_are_those_of_each_one(monkeypatch, seed, limit):
    monkeypatch.setattr(reasons, "RADIX_LIMIT", limit)  # small: combinations are made smaller at every ground
    rng = np.random.default_rng(seed)
    pupils = int(rng.choice([1, 7, 400]))
    grounds = random_grounds(rng, pupils, int(rng.choice([1, 5, 40])))
    assert reasons_of(grounds, pupils).tolist() == [one_by_one(grounds, pupil) for pupil in range(pupils)]


def test_more_combinations_than_64_bits_hold_stay_apart():
    """30 grounds of 100 values each are 100 ** 30 combinations; every pupil keeps exactly its own."""
    rng, pupils = np.random.default_rng(9), 300
    everybody = np.ones(pupils, dtype=bool)
    grounds = [Ground("T05", "phq9", f"s{n}", rng.integers(1, 101, pupils), 1.0, everybody) for n in range(30)]
    assert reasons_of(grounds, pupils).tolist() == [one_by_one(grounds, pupil) for pupil in range(pupils)]


def test_pupils_of_equal_reasons_share_one_tuple():
    value = np.array([12, 15, 12, 3])
    told = reasons_of([Ground("T05", "phq9", "total", value, 10.0, value >= 10)], 4)
    assert told[0] is told[2]
    assert told[0] != told[1]
    assert told[3] == ()


def test_nobody_and_no_ground_have_no_reasons():
    assert reasons_of([], 2).tolist() == [(), ()]
    assert reasons_of([], 0).tolist() == []


def test_the_order_of_a_pupils_reasons_does_not_depend_on_who_else_is_there():
    """Two parts of a rule read score a: the first holds for somebody else, the second for both."""
    one, value = np.array([False, True]), np.array([2.0, 2.0])
    both = np.array([True, True])
    grounds = [
        Ground("T02", "phq9", "a", value, 1.0, one),
        Ground("T02", "phq9", "b", value, 1.0, both),
        Ground("T02", "phq9", "a", value, 1.0, both),
    ]
    alone = [ground._replace(holds=ground.holds[:1], value=ground.value[:1]) for ground in grounds]
    assert reasons_of(alone, 1)[0] == reasons_of(grounds, 2)[0]
    assert [each.score for each in reasons_of(alone, 1)[0]] == ["a", "b"]
