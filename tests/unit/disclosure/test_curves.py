"""Step curves: merged until every step rests on enough events, and ended while enough pupils are left."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinyu_lib.disclosure.curves import protect_curve
from xinyu_lib.errors import DisclosureError
from xinyu_lib.policy import load_policy

POLICY = load_policy("donghu-2025")


def curve(at_start: int, *weeks: tuple[int, int]) -> pd.DataFrame:
    """Kaplan-Meier steps of so many pupils; per week: events, and pupils lost to follow-up after them."""
    rows, survival, at_risk = {}, 1.0, at_start
    for week, (events, lost) in enumerate(weeks, start=1):
        survival *= 1 - events / at_risk
        rows[week] = (at_risk, events, survival)
        at_risk -= events + lost
    return pd.DataFrame.from_dict(rows, orient="index", columns=["at_risk", "events", "survival"])


# 60 pupils wait for their first talk:
#   week 1: 60 at risk, 6 events, 4 lost -> 54/60            = .9000
#   week 2: 50 at risk, 2 events, 0 lost -> .9 x 48/50       = .8640
#   week 3: 48 at risk, 4 events, 4 lost -> .864 x 44/48     = .7920
#   week 4: 40 at risk, 10 events, 0 lost -> .792 x 30/40    = .5940
#   week 5: 30 at risk, 18 events, 0 lost -> .594 x 12/30    = .2376
#   week 6: 12 at risk, 5 events -> 7 are left
WAIT = curve(60, (6, 4), (2, 0), (4, 4), (10, 0), (18, 0), (5, 0))


def test_the_example_inside_a_school():
    # 5 events behind every step: week 2 (2) is merged with week 3 (2 + 4); week 6 leaves 7 pupils, fewer than 10
    table = protect_curve(WAIT, POLICY, "school")
    assert list(table.shown["survival"].items()) == [(1, 0.90), (3, 0.79), (4, 0.59), (5, 0.24)]
    assert table.notes == ("merged",)
    assert not table.masked.to_numpy().any()


def test_the_example_for_the_public():
    # 10 events: weeks 1 to 3 (6 + 2 + 4)
    table = protect_curve(WAIT, POLICY, "public")
    assert list(table.shown["survival"].items()) == [(3, 0.79), (4, 0.59), (5, 0.24)]
    assert (table.kind, table.threshold, table.min_denominator) == ("curve", 10, 50)


def test_neither_events_nor_pupils_at_risk_are_shown():
    steps = WAIT.assign(low=WAIT["survival"] - 0.1, high=WAIT["survival"] + 0.0123)
    table = protect_curve(steps, POLICY)
    assert list(table.shown.columns) == ["survival", "low", "high"]
    assert list(table.shown.loc[4]) == [0.59, 0.49, 0.61]


def test_numbers_at_risk_rounded_to_five_would_tell_who_was_lost():
    # why they are left out: 50 and 40 at risk, 10 events between them; the true numbers are 48-52 and 38-42
    lost = {before - 10 - after for before in range(48, 53) for after in range(38, 43)}
    assert max(lost) == 4 < POLICY.disclosure["school"].threshold


def assert_hidden(table):
    assert list(table.shown.index) == [0]
    assert table.masked.to_numpy().all()
    assert table.shown.isna().to_numpy().all()
    assert table.notes == ("few_events",)


def test_a_curve_of_nine_events_is_hidden_and_one_of_ten_is_not():
    assert_hidden(protect_curve(curve(100, (5, 0), (4, 0)), POLICY))
    assert list(protect_curve(curve(100, (5, 0), (5, 0)), POLICY).shown.index) == [1, 2]


def test_a_curve_of_fewer_pupils_than_the_audience_may_see_shares_of_is_hidden():
    assert_hidden(protect_curve(curve(49, (12, 0)), POLICY, "public"))
    assert list(protect_curve(curve(50, (12, 0)), POLICY, "public").shown.index) == [1]


def test_a_curve_without_any_step_that_may_be_shown_is_hidden():
    assert_hidden(protect_curve(curve(16, (8, 0), (6, 0)), POLICY))  # 8 are left after the first week


def test_ten_pupils_left_after_a_step_are_enough_and_nine_are_not():
    assert list(protect_curve(curve(40, (10, 0), (20, 0)), POLICY).shown.index) == [1, 2]
    assert list(protect_curve(curve(40, (10, 1), (20, 0)), POLICY).shown.index) == [1]


def test_a_last_step_that_is_too_small_is_not_shown():
    assert list(protect_curve(curve(100, (10, 0), (4, 0)), POLICY).shown.index) == [1]


def test_weeks_in_which_nothing_happens_are_no_steps():
    assert list(protect_curve(curve(100, (10, 0), (0, 3), (0, 2), (6, 0)), POLICY).shown.index) == [1, 4]


@pytest.mark.parametrize(
    "wrong",
    [
        WAIT.drop(columns="events"),
        WAIT.assign(name="x"),
        WAIT.iloc[::-1],
        WAIT.iloc[:0],
        WAIT.assign(events=-1),
        WAIT.assign(events=WAIT["at_risk"] + 1),
        WAIT.assign(at_risk=60),  # nobody leaves
        WAIT.assign(survival=1.2),
        WAIT.assign(survival=None),
    ],
)
def test_steps_that_do_not_fit_together_are_refused(wrong):
    with pytest.raises(DisclosureError, match="at_risk、events、survival"):
        protect_curve(wrong, POLICY)


@settings(max_examples=60, deadline=None)
@given(st.integers(20, 200), st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3)), min_size=1, max_size=12))
def test_every_shown_step_rests_on_enough_events_and_leaves_enough_pupils(at_start, weeks):
    lost_by = [sum(sum(week) for week in weeks[: number + 1]) for number in range(len(weeks))]
    steps = curve(at_start, *(week for week, lost in zip(weeks, lost_by, strict=True) if lost < at_start - 12))
    if steps.empty:
        return
    table, rule = protect_curve(steps, POLICY), POLICY.disclosure["school"]
    last = 0
    for time in table.shown.index[~table.masked["survival"]]:
        assert steps["events"][(steps.index > last) & (steps.index <= time)].sum() >= rule.threshold
        assert steps.at[time, "at_risk"] - steps.at[time, "events"] >= rule.means_min_n
        last = time
