"""How fast steps were done: curves, medians and shares from duties, by arithmetic that can be redone by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinyu_lib.care.calendar import SchoolCalendar
from xinyu_lib.care.clocks import state_of
from xinyu_lib.care.timing import share_in_time, time_to
from xinyu_lib.disclosure.curves import protect_curve
from xinyu_lib.policy import load_policy

POLICY = load_policy("donghu-2025")
CALENDAR = SchoolCalendar(POLICY.calendar)
AS_OF = "2025-11-10T12:00"


def duties(*rows: tuple, as_of: str = AS_OF) -> pd.DataFrame:
    """step, starts, due, done; the state as of `as_of`."""
    frame = pd.DataFrame(rows, columns=["step", "starts", "due", "done"])
    moments = {
        name: pd.to_datetime(frame[name], format="ISO8601").astype("datetime64[us]") for name in frame if name != "step"
    }
    frame = frame.assign(pupil_key=[f"p{n}" for n in range(len(frame))], school="s1", **moments)
    return frame.assign(state=state_of(frame["due"], frame["done"], as_of))


def contact(starts: str, done: str | None, due: str = "2025-11-08T23:59:59") -> tuple:
    return "first_contact", starts, due, done


FOUR = duties(
    contact("2025-11-03T08:00", "2025-11-03T09:00"),  # 1 hour
    contact("2025-11-03T08:00", "2025-11-03T10:00"),  # 2 hours
    contact("2025-11-03T08:00", "2025-11-03T12:00"),  # 4 hours
    contact("2025-11-10T09:00", None),  # still waiting after 3 hours
    ("plan", "2025-11-03T08:00", "2025-11-10T23:59:59", "2025-11-04T08:00"),
)


def test_who_still_waits_counts_until_as_of():
    """1 h: 3/4 wait; 2 h: 3/4 x 2/3 = 1/2; 3 h: one leaves the view; 4 h: the last one is done."""
    found = time_to(FOUR, "first_contact", AS_OF)
    assert found.table.index.tolist() == [1, 2, 4]
    assert found.table["at_risk"].tolist() == [4, 3, 1]
    assert found.table["events"].tolist() == [1, 1, 1]
    np.testing.assert_allclose(found.table["survival"], [0.75, 0.5, 0])
    assert (found.n_used, found.median) == (4, 2)


def test_what_was_done_after_as_of_is_not_known_yet():
    """At 09:30 one of four is done; the fourth has not begun."""
    found = time_to(FOUR, "first_contact", "2025-11-03T09:30")
    assert found.table.index.tolist() == [1]
    assert found.table["at_risk"].tolist() == [3]
    assert [(note.message_id, note.fields) for note in found.notes] == [
        ("care.timing.not_started", (("n", 1),)),
        ("care.timing.waiting", (("n", 2),)),
    ]


def test_a_day_alone_counts_to_its_end():
    """Begun at 23:00, done that day: at most 59 minutes and 59 seconds, never a negative time."""
    found = time_to(duties(contact("2025-11-03T23:00", "2025-11-03")), "first_contact", AS_OF)
    assert found.table.index.tolist() == [3599 / 3600]
    assert [note.message_id for note in found.notes] == ["care.timing.only_day"]


def test_a_day_alone_counts_no_further_than_as_of():
    found = time_to(duties(contact("2025-11-10T09:00", "2025-11-10")), "first_contact", AS_OF)
    assert found.table.index.tolist() == [3]


def test_what_was_done_before_it_began_took_no_time():
    found = time_to(duties(contact("2025-11-04T09:00", "2025-11-03T09:00")), "first_contact", AS_OF)
    assert found.table.index.tolist() == [0]


def test_with_a_calendar_time_is_counted_in_school_days():
    """Friday to Monday is 1, within the Monday 0, and from before the National Day holiday to after it 1."""
    rows = duties(
        contact("2025-11-07T15:00", "2025-11-10T08:00"),
        contact("2025-11-10T08:00", "2025-11-10T10:00"),
        contact("2025-09-30T10:00", "2025-10-09T10:00"),
    )
    found = time_to(rows, "first_contact", AS_OF, CALENDAR)
    assert found.table.index.tolist() == [0, 1]
    assert found.table["events"].tolist() == [1, 2]
    assert found.settings["unit"] == "school_days"


def test_a_step_that_nobody_had_has_no_curve_and_no_median():
    found = time_to(FOUR, "review", AS_OF)
    assert (found.n_used, len(found.table)) == (0, 0)
    assert np.isnan([found.median, *found.median_interval]).all()


def test_the_page_shows_the_median_and_the_notes():
    html = time_to(FOUR, "first_contact", AS_OF)._repr_html_()
    assert "2.0" in html
    assert "p0" not in html


def test_a_median_that_has_not_come_is_a_dash():
    assert "–" in time_to(duties(contact("2025-11-10T09:00", None)), "first_contact", AS_OF)._repr_html_()


def many(n: int = 200) -> pd.DataFrame:
    """Pupils who waited 7, 14, 21 ... minutes; the last tenth still waits."""
    begun = pd.Timestamp("2025-11-09T08:00")
    done = [begun + pd.Timedelta(minutes=7 * (k + 1)) if k < 0.9 * n else None for k in range(n)]
    return duties(*(("first_contact", begun, "2025-11-10T08:00", each) for each in done))


def test_the_grid_keeps_every_pupil_and_the_curve_at_its_ends():
    exact = time_to(many(), "first_contact", AS_OF).table
    grid = time_to(many(), "first_contact", AS_OF).on_grid(2)
    assert (grid.index % 2 == 0).all()
    assert grid["events"].sum() == exact["events"].sum() == 180
    assert grid["at_risk"].iloc[0] == 200
    for end in grid.index:
        assert grid.loc[end, "survival"] == exact.loc[:end, "survival"].iloc[-1]


def test_the_grid_leaves_no_interval_where_the_curve_has_none():
    """All done: at the end nobody waits and there is no interval; that of the step before must not stand in."""
    rows = duties(contact("2025-11-03T08:00", "2025-11-03T08:10"), contact("2025-11-03T08:00", "2025-11-03T08:20"))
    assert time_to(rows, "first_contact", AS_OF).on_grid(1)["low"].isna().tolist() == [True]


def test_the_grid_can_be_protected_for_a_report():
    """8 or 9 pupils an hour are done for 21 hours, 20 of 200 still wait: a step per hour may be shown."""
    shown = protect_curve(time_to(many(), "first_contact", AS_OF).on_grid(1), POLICY, "school")
    assert shown.kind == "curve"
    assert shown.shown.index.tolist() == list(range(1, 22))


STANDING = duties(
    ("plan", "2025-11-03", "2025-11-07T23:59:59", "2025-11-05T10:00"),  # in time
    ("plan", "2025-11-03", "2025-11-07T23:59:59", "2025-11-07"),  # in time, a day against a day
    ("plan", "2025-11-03", "2025-11-07T23:59:59", "2025-11-08"),  # late
    ("plan", "2025-11-03", "2025-11-07T23:59:59", None),  # overdue
    ("plan", "2025-11-10", "2025-11-14T23:59:59", None),  # running
    ("first_contact", "2025-11-03T08:00", "2025-11-03T10:00", "2025-11-03"),  # in time by day only
    ("review", "2025-11-03", "2025-12-01T23:59:59", None),  # running
)


def test_what_is_running_is_beside_the_denominator():
    """Plans: 2 in time of 2 + 1 late + 1 overdue = 1/2, one running beside."""
    row = share_in_time(STANDING, AS_OF).loc["plan"]
    assert row[["in_time", "late", "overdue", "running", "n"]].tolist() == [2, 1, 1, 1, 4]
    assert row["share"] == 0.5


def test_what_is_done_before_its_time_is_up_is_no_evidence_yet():
    """Of what is due on 14 November only the fast ones are known on the 10th: not 2 in time of 2, but 1 of 1."""
    rows = duties(
        ("plan", "2025-11-03", "2025-11-07T23:59:59", "2025-11-05"),
        ("plan", "2025-11-10", "2025-11-14T23:59:59", "2025-11-10"),
    )
    row = share_in_time(rows, AS_OF).loc["plan"]
    assert row[["in_time", "early", "n"]].tolist() == [1, 1, 1]


def test_the_interval_is_that_of_wilson():
    """2 of 4 and z = 1.96: (1/2 + z2/8 -+ z sqrt(1/16 + z2/64)) / (1 + z2/4), z2 = 3.8415: .150 and .850."""
    row = share_in_time(STANDING, AS_OF).loc["plan"]
    assert (round(row["low"], 3), round(row["high"], 3)) == (0.150, 0.850)


def test_where_nothing_was_up_yet_there_is_no_share():
    row = share_in_time(STANDING, AS_OF).loc["review"]
    assert (row["n"], row["running"]) == (0, 1)
    assert row[["share", "low", "high"]].isna().all()


def test_in_time_by_day_only_is_counted_apart():
    assert share_in_time(STANDING, AS_OF)["by_day"].to_dict() == {"first_contact": 1, "plan": 0, "review": 0}


def test_shares_by_school_and_step_keep_pupils_without_a_school():
    rows = STANDING.assign(school=["s1", "s1", "s2", "s2", "s2", None, "s1"])
    found = share_in_time(rows, AS_OF, by=["school", "step"])
    assert found[["in_time", "late", "overdue", "early", "running"]].to_numpy().sum() == len(rows)
    assert found.index.names == ["school", "step"]


def test_nobody_gives_an_empty_table():
    assert share_in_time(STANDING.head(0), AS_OF).empty


def test_a_row_without_a_clock_is_neither_in_time_nor_late():
    rows = duties(("plan", None, None, None), ("plan", "2025-11-03", "2025-11-07T23:59:59", "2025-11-05T10:00"))
    assert share_in_time(rows, AS_OF).loc["plan", ["in_time", "running", "n"]].tolist() == [1, 0, 1]


@given(st.permutations(range(len(STANDING))))
def test_the_order_of_duties_does_not_matter(order):
    pd.testing.assert_frame_equal(share_in_time(STANDING.iloc[list(order)], AS_OF), share_in_time(STANDING, AS_OF))


@pytest.mark.parametrize("calendar", [None, CALENDAR])
def test_the_median_of_the_exact_curve_comes_back_from_known_times(calendar):
    """101 pupils, the k-th seen after k hours: the middle one after 50, in the night to Wednesday, 2 school days on."""
    begun = pd.Timestamp("2025-11-03T00:30")
    rows = duties(*(("first_contact", begun, begun, begun + pd.Timedelta(hours=k)) for k in range(101)))
    assert time_to(rows, "first_contact", AS_OF, calendar).median == (50 if calendar is None else 2)
