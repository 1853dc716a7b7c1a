import numpy as np
import pytest
from scipy import stats

from xinyu_lib.numerics import wilson
from xinyu_lib.numerics.verification import Strata, cases_among, sensitivity, share_of_cases, specificity

# Drum & Christacopoulos 1972, J Nucl Med 13:908-915: 650 liver scans, of 429 positive ones 263 were examined and 231
# diseased, of 221 negative ones 81 and 27; counts as in `hepatic_pvb` of the R package PVBcorrect 0.3.1
SCANS = Strata([429], [263], [231]), Strata([221], [81], [27])


def delta_interval(flagged, unflagged):
    """Normal interval of sensitivity; variance of Begg & Greenes as in Zhou 1994 and PVBcorrect's `acc_bg`."""
    (n1, v1, s1), (n0, v0, s0) = (np.asarray(part, dtype=float)[:, 0] for part in (flagged, unflagged))
    value = n1 * s1 / v1 / (n1 * s1 / v1 + n0 * s0 / v0)
    parts = (n1 + n0) / (n1 * n0) + (v1 - s1) / (s1 * v1) + (v0 - s0) / (s0 * v0)
    half = 1.959964 * value * (1 - value) * np.sqrt(parts)
    return value - half, value + half


def test_begg_and_greenes_on_liver_scans():
    # examined patients alone give 231/258 = 0.895 and 54/86 = 0.628
    assert sensitivity(*SCANS).value == pytest.approx(0.836, abs=0.0005)
    assert specificity(*SCANS).value == pytest.approx(0.738, abs=0.0005)


def test_where_many_cases_were_examined_the_interval_is_near_the_delta_interval():
    low, high = delta_interval(*SCANS)
    assert (low, high) == pytest.approx((0.7885, 0.8845), abs=0.0005)  # variance 0.0187 x 0.0321
    assert sensitivity(*SCANS)[1:] == pytest.approx((low, high), abs=0.005)


@pytest.mark.parametrize(
    ("prevalence", "ppv", "missed"), [(0.02, 0.08, 2.1), (0.05, 0.17, 5.25), (0.1, 0.31, 10.5), (0.2, 0.5, 21.0)]
)
def test_a_screen_of_sensitivity_895_and_specificity_775(prevalence, ppv, missed):
    # PHQ-9 of 11 or more at ages 13-17 (Richardson 2010), per 1,000 pupils who are all examined
    cases, others = 1000 * prevalence, 1000 * (1 - prevalence)
    found, alarms = 0.895 * cases, 0.225 * others
    flagged = Strata([found + alarms], [found + alarms], [found])
    unflagged = Strata([1000 - found - alarms], [1000 - found - alarms], [cases - found])
    assert share_of_cases(flagged).value == pytest.approx(ppv, abs=0.005)
    assert cases_among(unflagged) == pytest.approx([missed] * 3)
    assert sensitivity(flagged, unflagged).value == pytest.approx(0.895)
    assert specificity(flagged, unflagged).value == pytest.approx(0.775)


def test_a_sample_in_which_nobody_is_in_need_leaves_one_honest_end():
    # 100 of 1,000 flagged, half of them in need; 0 of 300 in the sample of the others: q is at most 0.0126
    found = sensitivity(Strata([100], [100], [50]), Strata([900], [300], [0]))
    most = wilson(0, 300)[1]
    odds = 100 / 900 * 0.5 / most
    assert (found.value, found.high) == (1, 1)
    assert found.low == pytest.approx(odds / (1 + odds))
    assert found.low == pytest.approx(0.815, abs=0.001)


def test_flags_of_which_none_is_confirmed_found_nobody():
    found = sensitivity(Strata([100], [80], [0]), Strata([900], [300], [6]))
    assert (found.value, found.low) == (0, 0)
    assert 0 < found.high < 0.3


@pytest.mark.parametrize(
    ("flagged", "unflagged"),
    [
        (Strata([100], [80], [40]), Strata([900], [0], [0])),
        (Strata([100], [0], [0]), Strata([900], [300], [6])),
        (Strata([100, 3], [80, 0], [40, 0]), Strata([900], [300], [6])),
        (Strata([], [], []), Strata([900], [300], [6])),
    ],
)
def test_what_nobody_looked_at_cannot_be_estimated(flagged, unflagged):
    assert np.isnan(sensitivity(flagged, unflagged)).all()
    assert np.isnan(specificity(flagged, unflagged)).all()


def test_where_nobody_is_in_need_there_is_nobody_to_be_found():
    assert np.isnan(sensitivity(Strata([100], [80], [0]), Strata([900], [300], [0]))).all()


def test_one_stratum_has_the_interval_of_wilson():
    low, high = map(float, wilson(7, 30))
    assert share_of_cases(Strata([90], [30], [7])) == pytest.approx((7 / 30, low, high))


def test_strata_that_are_all_examined_have_nearly_the_interval_of_wilson():
    # 100 of 1,000: between strata of 5 and 30 % lies a part of the spread that one sample of all would have
    low, high = map(float, wilson(100, 1000))
    assert share_of_cases(Strata([800, 200], [800, 200], [40, 60])) == pytest.approx((0.1, low, high), abs=0.002)


def test_strata_count_by_their_persons_not_by_those_examined():
    # 8 of 10 red, and 6 of 30 of the 90 yellow: (8 + 18) of 100, not 14 of 40
    assert share_of_cases(Strata([10, 90], [10, 30], [8, 6])).value == pytest.approx(0.26)


def test_two_examined_pupils_who_stand_for_twenty_leave_their_share_open():
    # 9 of 18 and 2 of 2: half a stratum at 1, of which Wilson knows no more than 0.342 to 1
    found = share_of_cases(Strata([20, 20], [18, 2], [9, 2]))
    reach = np.hypot(0.5 * (0.5 - wilson(9, 18)[0]), 0.5 * (1 - wilson(2, 2)[0]))
    drawn = 1.96 * np.sqrt(0.25**2 / 40)
    assert found.value == 0.75
    assert found.low == pytest.approx(0.75 - np.hypot(reach, drawn), abs=1e-4)
    assert found.low < 0.45


def test_empty_strata_do_not_count():
    assert share_of_cases(Strata([10, 0], [10, 0], [3, 0])) == share_of_cases(Strata([10], [10], [3]))


def test_negative_predictive_value_is_the_share_of_others_among_the_unflagged():
    assert share_of_cases(SCANS[1].others).value == pytest.approx(54 / 81)


def test_the_number_in_need_is_known_when_all_were_examined():
    assert cases_among(Strata([40, 60], [40, 60], [3, 4])) == (7, 7, 7)


def test_the_number_in_need_lies_between_those_known_and_those_not_examined():
    few = cases_among(Strata([100], [98], [5]))
    assert few.low == 5
    assert few.high <= 7


@pytest.mark.parametrize(("population", "examined", "cases"), [(300, 150, 12), (600, 500, 9), (3000, 500, 40)])
def test_a_sample_that_is_a_large_part_of_all_narrows_the_number_in_need_and_still_covers_it(
    population, examined, cases
):
    # every sample that can be drawn, with its chance
    drawn = np.arange(cases + 1)
    chance = stats.hypergeom.pmf(drawn, population, cases, examined)
    found = [cases_among(Strata([population], [examined], [k])) for k in drawn]
    covered = chance @ [each.low <= cases <= each.high for each in found]
    assert 0.93 < covered < 0.985
    k = int(chance.argmax())
    low, high = wilson(k, examined)
    assert found[k].high - found[k].low < population * (high - low)


@pytest.mark.parametrize(("in_need", "delta_covers"), [(0.002, (0.55, 0.70)), (0.005, (0.86, 0.94))])
def test_the_interval_of_sensitivity_holds_where_few_in_need_are_missed_and_the_delta_interval_does_not(
    in_need, delta_covers
):
    # 3,000 pupils, 12 % flagged, 90 % of them interviewed, 40 % confirmed; 500 of the others interviewed
    rng, n = np.random.default_rng(5), 3000
    truth = 0.12 * 0.4 / (0.12 * 0.4 + 0.88 * in_need)
    ours, theirs = [], []
    for _ in range(2000):
        n1 = rng.binomial(n, 0.12)
        v1 = rng.binomial(n1, 0.9)
        strata = Strata([n1], [v1], [rng.binomial(v1, 0.4)]), Strata([n - n1], [500], [rng.binomial(500, in_need)])
        _, low, high = sensitivity(*strata)
        ours.append(low <= truth <= high)
        if strata[1].cases[0] == 0:
            theirs.append(False)  # it does not exist: all that is left is 1 without any interval
        else:
            low, high = delta_interval(*strata)
            theirs.append(low <= truth <= high)
    assert 0.93 < np.mean(ours) < 0.98
    assert delta_covers[0] < np.mean(theirs) < delta_covers[1]


def test_the_interval_of_a_share_holds_where_hardly_anybody_of_one_stratum_was_examined():
    # 60 persons, strata of 20, 40 and 40 % with 70, 50 and 30 % in need: all, nine in ten, and one in ten examined
    rng, truth, covered = np.random.default_rng(7), 0.2 * 0.7 + 0.4 * 0.5 + 0.4 * 0.3, []
    for _ in range(2000):
        population = rng.multinomial(60, [0.2, 0.4, 0.4])
        verified = np.maximum(rng.binomial(population, [1, 0.9, 0.1]), 1)
        _, low, high = share_of_cases(Strata(population, verified, rng.binomial(verified, [0.7, 0.5, 0.3])))
        covered.append(low <= truth <= high)
    assert 0.93 < np.mean(covered) < 0.99
