"""Time until something happens: a published trial worked in every textbook, R's values, and cases by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinyu_lib.numerics.survival import kaplan_meier, median_time

# Weeks of remission of 21 children given 6-mercaptopurine and of 21 given a placebo: Freireich et al. 1963, Blood
# 21:699-716, table as in Gehan 1965, Biometrika 52:203-223. False = still in remission when last seen.
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
RELAPSED = [True] * 9 + [False] * 12
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]

# R 4.2.2, survival 3.5-3: summary(survfit(Surv(time, status) ~ 1, conf.type = "log-log"))
R_TREATED = [  # time, n.risk, n.event, surv, lower, upper
    (6, 21, 3, 0.8571428571, 0.6197179553, 0.9515517476),
    (7, 17, 1, 0.8067226891, 0.5631465646, 0.9228090192),
    (10, 15, 1, 0.7529411765, 0.5031995108, 0.8893618352),
    (13, 12, 1, 0.6901960784, 0.4316102225, 0.8490659633),
    (16, 11, 1, 0.6274509804, 0.3675108560, 0.8049121895),
    (22, 7, 1, 0.5378151261, 0.2677789368, 0.7467907176),
    (23, 6, 1, 0.4481792717, 0.1880520060, 0.6801426285),
]
R_PLACEBO = [
    (1, 21, 2, 0.9047619048, 0.6700458822, 0.9752941490),
    (2, 19, 2, 0.8095238095, 0.5689050599, 0.9238888286),
    (3, 17, 1, 0.7619047619, 0.5193914153, 0.8932571098),
    (4, 16, 2, 0.6666666667, 0.4253504356, 0.8250440088),
    (5, 14, 2, 0.5714285714, 0.3379769539, 0.7492407099),
    (8, 12, 4, 0.3809523810, 0.1830665488, 0.5777886777),
    (11, 8, 2, 0.2857142857, 0.1165613264, 0.4818196480),
    (12, 6, 2, 0.1904761905, 0.0594817014, 0.3774348906),
    (15, 4, 1, 0.1428571429, 0.0356573552, 0.3211615747),
    (17, 3, 1, 0.0952380952, 0.0162592602, 0.2612499820),
    (22, 2, 1, 0.0476190476, 0.0033244630, 0.1970449057),
    (23, 1, 1, 0.0, np.nan, np.nan),
]


def test_the_published_remission_shares_are_met():
    """.857 after 6 weeks, .753 after 10, .448 after 23: Kleinbaum & Klein 2012, Survival Analysis, table 2.3."""
    curve = kaplan_meier(TREATED, RELAPSED)
    found = dict(zip(curve.time, curve.survival.round(3), strict=True))
    assert (found[6], found[10], found[23]) == (0.857, 0.753, 0.448)


@pytest.mark.parametrize(
    ("time", "happened", "expected"),
    [(TREATED, RELAPSED, R_TREATED), (PLACEBO, [True] * 21, R_PLACEBO)],
    ids=["treated", "placebo"],
)
def test_curve_and_interval_agree_with_r(time, happened, expected):
    found = np.column_stack(kaplan_meier(time, happened))
    np.testing.assert_allclose(found, np.array(expected, dtype=float), rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("time", "happened", "expected"),
    [(TREATED, RELAPSED, (23, 13, np.nan)), (PLACEBO, [True] * 21, (8, 4, 11))],
    ids=["treated", "placebo"],
)
def test_the_median_and_its_interval_agree_with_r(time, happened, expected):
    np.testing.assert_equal(median_time(kaplan_meier(time, happened)), tuple(map(float, expected)))


def test_whoever_leaves_without_the_event_lowers_the_number_at_risk_only():
    """Four pupils: seen after 1 day, lost after 2, seen after 3, lost after 4. 3/4 left; then 3/4 x 1/2 = 3/8."""
    curve = kaplan_meier([1, 2, 3, 4], [True, False, True, False])
    assert curve.at_risk.tolist() == [4, 2]
    assert curve.survival.tolist() == [0.75, 0.375]


def test_who_was_last_seen_at_the_time_of_an_event_was_still_at_risk_then():
    curve = kaplan_meier([2, 2], [True, False])
    assert (curve.at_risk.tolist(), curve.survival.tolist()) == ([2], [0.5])


def test_an_exact_half_is_the_median_in_spite_of_rounding():
    """24 pupils, the first 12 seen one a day, the others lost later: 23/24 x 22/23 x ... x 12/13 = 1/2 on day 12."""
    curve = kaplan_meier([*range(1, 13), *[20] * 12], [True] * 12 + [False] * 12)
    assert curve.survival[-1] > 0.5
    assert median_time(curve)[0] == 12


def test_without_any_event_there_is_no_curve_and_no_median():
    curve = kaplan_meier([1, 2], [False, False])
    assert curve.time.size == curve.survival.size == 0
    assert np.isnan(median_time(curve)).all()


def test_nobody_gives_an_empty_curve():
    assert kaplan_meier([], []).time.size == 0


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40), st.randoms())
def test_the_order_of_persons_does_not_matter(persons, shuffler):
    mixed = list(persons)
    shuffler.shuffle(mixed)
    np.testing.assert_array_equal(
        np.column_stack(kaplan_meier(*zip(*persons, strict=True))),
        np.column_stack(kaplan_meier(*zip(*mixed, strict=True))),
    )


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40))
def test_when_everybody_was_watched_to_the_end_it_is_the_plain_share_left(times):
    curve = kaplan_meier(times, [True] * len(times))
    left = [np.mean(np.array(times) > time) for time in curve.time]
    np.testing.assert_allclose(curve.survival, left, atol=1e-12)
