"""The verification sample: as many as the policy says, everybody with the same chance, the same pupils every time."""

from random import Random

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from xinyu_lib.care.sampling import sample_size, verification_sample
from xinyu_lib.policy.stages import Sample

AUTUMN, SPRING = "2025-2026-autumn", "2025-2026-spring"


def keys(n: int, seed: int) -> list[str]:
    random = Random(seed)
    return [random.randbytes(16).hex() for _ in range(n)]


def drawn(pupils: list[str], n: int, wave: str = AUTUMN) -> set[str]:
    return set(verification_sample(pupils, wave, Sample(share=0.001, at_least=n)))


@pytest.mark.parametrize(
    ("pupils", "share", "at_least", "n"),
    [
        (36_000, 0.02, 500, 720),  # 2 % of 36,000
        (25_000, 0.02, 500, 500),
        (25_001, 0.02, 500, 501),  # 500.02, rounded up
        (10_000, 0.02, 500, 500),  # 2 % would be 200
        (60, 0.02, 500, 60),  # a district of one small school: all of them
        (100, 0.07, 0, 7),
        (0, 0.02, 500, 0),
    ],
)
def test_the_share_is_drawn_and_at_least_so_many(pupils, share, at_least, n):
    assert sample_size(pupils, Sample(share=share, at_least=at_least)) == n


def test_as_many_pupils_are_drawn_as_the_size_says():
    pupils = keys(1_000, 1)
    assert len(verification_sample(pupils, AUTUMN, Sample(share=0.02, at_least=50))) == 50
    assert drawn(pupils, 50) < set(pupils)


def test_the_order_of_the_pupils_does_not_matter():
    pupils = keys(500, 2)
    shuffled = Random(3).sample(pupils, len(pupils))
    sample = Sample(share=0.1, at_least=10)
    first, second = (verification_sample(each, AUTUMN, sample) for each in (pupils, shuffled))
    pd.testing.assert_index_equal(first, second)


def test_a_pupil_named_twice_has_no_better_chance():
    pupils = keys(200, 4)
    assert drawn(pupils + pupils[:100], 20) == drawn(pupils, 20)


def test_each_pupil_who_joins_takes_the_place_of_one_at_the_most():
    pupils = keys(400, 5)
    for n in range(200, 400):
        before, after = drawn(pupils[:n], 50), drawn(pupils[: n + 1], 50)
        assert len(before - after) == (pupils[n] in after)


def test_a_pupil_who_gets_a_tier_is_replaced_by_one_other():
    pupils = keys(400, 6)
    before = drawn(pupils, 50)
    for gone in sorted(before)[:20]:
        after = drawn([key for key in pupils if key != gone], 50)
        assert before - after == {gone}
        assert len(after - before) == 1


def test_the_next_wave_draws_others():
    """50 of 500 twice: 5 pupils are expected in both, and 20 or more by chance in less than one case of a million."""
    pupils = keys(500, 7)
    assert len(drawn(pupils, 50) & drawn(pupils, 50, SPRING)) < 20


@pytest.mark.trials
def test_every_pupil_is_drawn_equally_often(trial_count):
    """Keys are sorted into 256 groups by their first byte; a quarter of each group is to be expected in the sample."""
    n = trial_count(40_000, 1_000_000)
    pupils = keys(n, 8)
    there, found = (_by_first_byte(each) for each in (pupils, drawn(pupils, n // 4)))
    expected = there * (found.sum() / there.sum())
    # without replacement the variance of a group is expected * (1 - sampled share)
    statistic = ((found - expected) ** 2 / (expected * 0.75)).sum()
    assert chi2.ppf(0.0001, 255) < statistic < chi2.ppf(0.9999, 255)


@pytest.mark.trials
def test_waves_draw_independently(trial_count):
    """Over many waves each of 100 pupils is drawn in a tenth of them: a chi-square of 99 degrees of freedom."""
    pupils, waves = keys(100, 9), trial_count(1_000, 20_000)
    counts = pd.Series(0, index=pupils)
    for wave in range(waves):
        counts[list(drawn(pupils, 10, f"wave-{wave}"))] += 1
    expected = waves / 10
    statistic = ((counts - expected) ** 2 / (expected * 0.9)).sum()
    assert chi2.ppf(0.0001, 99) < statistic < chi2.ppf(0.9999, 99)


def _by_first_byte(pupils: list[str] | set[str]) -> np.ndarray:
    return np.bincount([int(key[:2], 16) for key in pupils], minlength=256)
