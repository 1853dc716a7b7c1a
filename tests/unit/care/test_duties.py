"""Duties: which clocks run for a pupil, what stops them, and who hears that one has run out.

2025-10-13 is a Monday; 20 October is the day on which the tiers of these pupils were made.
"""

import pandas as pd
import pytest
from care_rows import WAVE
from duty_rows import POLICY, SPRING, confirmed, done, due, duties_of, judged, of_step

from xinyu_lib.care.steps import steps

FRIDAY, MONDAY = "2025-10-17T16:00:00", "2025-10-13T10:00:00"
SEEN = {"at": "2025-10-13T11:00:00", "on": "2025-10-13", "outcome": "tier_proposed"}
OPEN = '[["T11",null,"open_orange",1,1]'


def test_the_shortest_clock_of_all_causes_counts_and_runs_through_the_weekend():
    found = duties_of("2025-10-20", judged("orange", FRIDAY, safety_signal="yes"))
    talk = of_step(found, "first_contact")
    # 24 hours for the signal end on Saturday at four; three school days for orange would end on Wednesday
    assert (talk["cause"], talk["due"]) == ("safety_signal", pd.Timestamp("2025-10-18 16:00"))
    assert due(found)["guardian"] == "10-22 23:59"


def test_a_questionnaire_starts_no_hospital_district_or_plan_clock():
    found = duties_of("2025-10-20", judged("red", MONDAY))
    assert due(found) == {"first_contact": "10-13 12:00", "principal": "10-13 12:00", "guardian": "10-13 23:59"}


def test_a_confirmed_red_starts_the_clocks_that_waited_for_it():
    red = confirmed("10-13 red AB interview at=11:30 wave")
    found = due(duties_of("2025-10-20", judged("red", MONDAY), done("interview", **SEEN), red))
    assert {step: found[step] for step in ("hospital", "district", "plan")} == {
        "hospital": "10-14 11:30", "district": "10-14 11:30", "plan": "10-14 11:30",
    }  # fmt: skip
    # what runs from the answer still does
    assert (found["principal"], found["guardian"]) == ("10-13 12:00", "10-13 23:59")


def test_a_reported_danger_starts_every_clock_of_red_from_when_it_was_sent():
    word = {"danger": "plan", "at": "2025-10-16T08:10:00", "received_at": "2025-10-16T08:40:00", "urgency": "at_once"}
    found = due(duties_of("2025-10-16T12:00", done("signal", record="X-1", **word)))
    assert found["first_contact"] == "10-16 10:10"
    assert found["hospital"] == found["district"] == found["plan"] == "10-17 08:10"
    unfounded = duties_of("2025-10-16T12:00", done("signal", record="X-1", outcome="unfounded", **word))
    assert unfounded.empty


@pytest.mark.parametrize(
    ("reasons", "clock"),
    [
        (f"{OPEN}]", False),
        (f'{OPEN},["T07","mht","loneliness",8,8]]', False),  # one content scale is a note
        (f'{OPEN},["T11",null,"concern",1,1]]', False),  # a concern alone would be yellow
        (f'{OPEN},["T05","phq9","total",16,15]]', True),
    ],
)
def test_who_has_a_colour_only_because_care_is_open_is_in_care_already(reasons, clock):
    found = duties_of("2025-10-20", judged("orange", MONDAY, reasons=reasons))
    assert ("first_contact" in set(found["step"])) is clock


def test_the_clock_of_a_known_fact_does_not_start_before_the_tiers_were_made():
    found = duties_of("2025-10-20", judged("orange", MONDAY, reasons='[["T11",null,"self_harm",1,1]]'))
    # 3 school days from 20 October
    assert due(found)["first_contact"] == "10-23 23:59"


ABSENT = {"undetermined_why": "absent", "reasons": "[]"}
AGAIN = {"since": "2025-10-20", "given": "2025-11-14"}  # first given, and given again without a change


@pytest.mark.parametrize("run", [{"given": "2025-10-20"}, AGAIN])
def test_tiers_made_again_without_a_change_do_not_restart_a_clock(run):
    again = of_step(duties_of("2025-11-20", judged("undetermined", None, **ABSENT, **run)), "remeasure")
    # 15 school days from 20 October
    assert (again["due"], again["state"]) == (pd.Timestamp("2025-11-10 23:59:59"), "overdue")


def test_what_was_known_on_a_day_is_known_of_that_day_after_another_run():
    rest = {"reasons": '[["T11",null,"self_harm",1,1]]'} | AGAIN
    assert due(duties_of("2025-10-20", judged("orange", None, **rest)))["first_contact"] == "10-23 23:59"
    assert duties_of("2025-10-19", judged("orange", None, **rest)).empty


def test_a_look_between_two_runs_that_say_the_same_answers_the_clock():
    fact = judged("orange", None, reasons='[["T11",null,"self_harm",1,1]]', **AGAIN)
    seen = done("interview", on="2025-10-22", outcome="tier_proposed")
    found = duties_of("2025-11-20", fact, seen, confirmed("10-22 orange A interview wave"))
    assert of_step(found, "first_contact")["state"] == "in_time"


@pytest.mark.parametrize(("as_of", "due_on"), [("2025-11-13", "2025-11-10"), ("2025-11-14", "2025-11-28")])
def test_a_second_invalid_sheet_is_repeated_from_the_run_on_that_read_it(as_of, due_on):
    again = judged("undetermined", "2025-11-07T10:00:00", undetermined_why="invalid", reasons="[]", **AGAIN)
    # 15 school days from 20 October, and from 7 November
    assert of_step(duties_of(as_of, again), "remeasure")["due"] == pd.Timestamp(f"{due_on} 23:59:59")


@pytest.mark.parametrize(
    ("tier", "clock"),
    [
        ("10-15 none AB resolved wave", False),  # somebody has judged it in this wave
        ("10-15 orange A interview", False),  # in care at no less
        ("10-15 yellow A interview", True),
        ("09-15 none AB resolved", True),  # before the census
    ],
)
def test_a_fact_on_which_somebody_has_decided_in_the_wave_starts_no_clock_anew(tier, clock):
    fact = judged("orange", None, reasons='[["T11",null,"self_harm",1,1]]')
    seen = done("interview", on="2025-10-15", outcome="tier_proposed")
    found = duties_of("2025-10-31", fact, seen, confirmed(tier))
    assert (pd.Timestamp("2025-10-23 23:59:59") in set(found["due"])) is clock


def test_a_sheet_of_unknown_hour_that_was_talked_about_before_the_tiers_starts_no_clock():
    sheet, seen = judged("orange", None, safety_signal="yes"), done("interview", on="2025-10-15", outcome="again")
    assert of_step(duties_of("2025-10-31", sheet, seen), "first_contact")["due"] == pd.Timestamp("2025-10-21 00:00")
    looked_into = duties_of("2025-10-31", sheet, seen, confirmed("10-15 orange A interview wave"))
    assert "first_contact" not in set(looked_into["step"])


def test_a_new_sheet_of_unknown_hour_starts_a_clock_also_for_who_is_in_care():
    seen = done("interview", on="2025-10-15", outcome="tier_proposed")
    found = duties_of("2025-10-31", judged("orange", None), seen, confirmed("10-15 orange A interview"))
    talk = found[found["step"] == "first_contact"]
    # the talk of 15 October was about what was known then; 3 school days from 20 October, the day of the tiers
    assert list(zip(talk["due"].dt.day, talk["state"], strict=True)) == [(20, "in_time"), (23, "overdue")]


def test_a_score_that_may_have_given_the_tier_is_an_answer():
    told = '[["T11",null,"concern",1,1],["T07","mht","loneliness",8,8]]'
    # from the answer, not from the report
    assert due(duties_of("2025-10-20", judged("yellow", MONDAY, reasons=told)))["first_contact"] == "10-27 23:59"


def test_the_clock_of_a_report_starts_with_the_report_and_a_talk_after_it_counts():
    tier = judged("yellow", MONDAY, reasons='[["T11",null,"concern",1,1]]')
    word = {"source_level": "parent", "categories": "sleep", "urgency": "routine", "at": "2025-10-14T09:00:00"}
    word = done("signal", record="X-1", received_at="2025-10-15T09:00:00", **word)
    talk = done("interview", on="2025-10-16", outcome="tier_proposed")
    row = of_step(duties_of("2025-10-20", tier, word, talk), "first_contact")
    # 10 school days from 15 October
    assert (row["due"], row["state"]) == (pd.Timestamp("2025-10-29 23:59:59"), "in_time")


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (done("interview", **SEEN), "in_time"),
        (done("interview", **SEEN | {"at": "2025-10-13T12:01:00"}), "late"),
        (done("interview", **SEEN | {"outcome": "not_seen"}), "overdue"),
        (done("interview", on="2025-10-13", outcome="declined"), "in_time"),  # only the day is known
        (done("contact", due_on="2025-10-13", done_on="2025-10-14", kind="talk"), "late"),
        (done("contact", due_on="2025-10-13", done_on="2025-10-13", kind="observation"), "overdue"),
        (done("contact", due_on="2025-10-13", kind="talk"), "overdue"),  # planned only
        (done("interview", on="2025-10-10", outcome="tier_proposed"), "overdue"),  # before the answer
    ],
)
def test_a_pupil_was_met_when_somebody_spoke_with_the_pupil(act, state):
    found = duties_of("2025-10-20", judged("red", MONDAY), act)
    assert of_step(found, "first_contact")["state"] == state


def test_what_was_done_after_the_day_of_the_list_is_not_known_on_it():
    later = done("interview", on="2025-10-22", outcome="tier_proposed")
    found = duties_of("2025-10-21", judged("yellow", MONDAY), later)
    assert of_step(found, "first_contact")["state"] == "running"


def test_of_two_rows_of_one_day_the_one_with_the_hour_counts():
    told = done("guardian_contact", on="2025-10-13", reached="yes")
    event = {"record": "W-1", "found_at": "2025-10-13T09:00:00", "type": "bullying"}
    event = done("crisis_event", guardian_at="2025-10-13T15:30:00", **event)
    guardian = of_step(duties_of("2025-10-20", judged("red", MONDAY), told, event), "guardian")
    assert guardian["done"] == pd.Timestamp("2025-10-13 15:30")


def test_where_home_is_the_danger_the_clock_of_the_guardian_is_replaced():
    decision = done("guardian_contact", on="2025-10-13", reached="no", purpose="inform", withheld="home_is_danger")
    guardian = of_step(duties_of("2025-10-20", judged("red", MONDAY), decision), "guardian")
    assert bool(guardian["replaced"])
    assert guardian["done"] == pd.Timestamp("2025-10-13")
    assert pd.isna(guardian["state"])


def test_a_confirmed_none_leaves_only_what_somebody_owed_the_pupil_before():
    none = confirmed("10-20 none AB misread_item wave")
    found = duties_of("2025-11-30", judged("orange", MONDAY), done("interview", on="2025-10-17", outcome="again"), none)
    # the talk was due on Thursday, 16 October
    assert list(zip(found["step"], found["state"], strict=True)) == [("first_contact", "late")]


def test_a_tier_of_which_only_the_day_is_known_settles_what_was_known_on_that_day():
    none = confirmed("10-13 none AB careless wave")
    found = duties_of("2025-10-31", judged("orange", MONDAY), done("interview", **SEEN), none)
    assert found["step"].tolist() == ["first_contact"]


@pytest.mark.parametrize(
    ("lowered", "owed"), [("10-20 orange AB review", True), ("10-13 orange AB review at=15:00", False)]
)
def test_what_a_red_owed_when_it_was_lowered_is_owed_still_and_nothing_that_was_not_due_yet(lowered, owed):
    red = confirmed("10-13 red AB crisis at=11:30", lowered.replace("review", "review nth=2"))
    found = duties_of("2025-10-31", red)
    assert ("district" in set(found["step"])) is owed


def test_a_milder_confirmed_tier_has_its_own_row_from_the_answer_on():
    found = duties_of(
        "2025-10-20", judged("orange", MONDAY), done("interview", **SEEN), confirmed("10-15 yellow AB interview wave")
    )
    # yellow asks for no guardian; ten school days from the answer for the plan, four weeks from the tier to the next
    assert due(found) == {
        "first_contact": "10-16 23:59", "plan": "10-27 23:59", "follow_up": "11-12 23:59", "review": "03-01 23:59",
    }  # fmt: skip


def test_a_graver_confirmed_tier_counts_from_the_confirmation():
    found = duties_of(
        "2025-10-24", judged("yellow", MONDAY), done("interview", **SEEN), confirmed("10-22 orange A interview wave")
    )
    assert {"guardian": "10-27 23:59", "plan": "10-29 23:59"}.items() <= due(found).items()


def test_a_guardian_who_was_told_before_the_tier_was_confirmed_has_been_told():
    told = done("guardian_contact", on="2025-10-14", reached="yes", purpose="inform")
    orange = confirmed("10-15 orange A interview wave")
    found = duties_of("2025-10-24", judged("orange", MONDAY), done("interview", **SEEN), told, orange)
    assert of_step(found, "guardian")["state"] == "in_time"


def test_a_pupil_from_outside_the_census_has_every_clock_of_the_confirmed_tier():
    found = duties_of("2025-10-24", confirmed("10-22 orange A signal"))
    assert set(found["step"]) == set(POLICY.clocks["orange"]) - set(steps().not_recorded)
    listed = done("check_list", on="2025-10-20", source="teacher", reason="concern", outcome="interviewed")
    seen = done("interview", on="2025-10-21", outcome="tier_proposed")
    talk = of_step(duties_of("2025-10-24", confirmed("10-22 orange A signal"), listed, seen), "first_contact")
    # on the check list on Monday and seen on Tuesday: before the tier, and in time
    assert (talk["state"], talk["done"]) == ("in_time", pd.Timestamp("2025-10-21"))


def test_every_contact_sets_the_next_and_a_missed_week_is_overdue():
    orange = confirmed("10-15 orange A interview")
    weekly = done("contact", due_on="2025-10-22", done_on="2025-10-22", kind="counselling")
    first, week = (of_step(duties_of(day, orange, weekly), "follow_up") for day in ("2025-10-29", "2025-10-30"))
    assert f"{week['due']:%m-%d}" == "10-29"
    assert (first["state"], week["state"]) == ("running", "overdue")


@pytest.mark.parametrize(
    ("closing", "on", "owed"),
    [("transferred", "2025-10-20", False), ("transferred", "2025-10-15", False), ("resolved", "2025-10-20", True)],
)
def test_nobody_is_followed_up_who_is_in_other_hands(closing, on, owed):
    plan = done("care_plan", on="2025-10-15", closed_on=on, closing=closing)
    found = duties_of("2025-11-30", confirmed("10-15 orange A interview"), plan)
    assert ({"follow_up", "review"} <= set(found["step"])) is owed
    # what was due before the pupil left was owed all the same
    assert of_step(found, "first_contact")["state"] == "overdue"


def test_nobody_is_followed_up_whom_nobody_has_met():
    assert "follow_up" not in set(duties_of("2025-11-30", judged("orange", MONDAY))["step"])
    met = duties_of("2025-11-30", judged("orange", MONDAY), done("interview", **SEEN))
    assert due(met)["follow_up"] == "10-20 23:59"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([confirmed("10-15 orange A interview")], "11-12"),  # four weeks
        ([confirmed("10-15 orange A interview until=2025-11-05")], "11-05"),
        ([confirmed("10-15 orange A interview until=2025-12-31")], "11-12"),
        ([confirmed("10-15 orange A interview", "11-05 orange A review until=2025-11-28")], "11-28"),
        (
            [
                confirmed("10-15 orange A interview until=2025-11-05"),
                done("contact", due_on="2025-11-04", done_on="2025-11-04", kind="review", result="stable"),
            ],
            "12-02",
        ),
    ],
)
def test_every_review_sets_the_next_and_a_tier_expires_no_later_than_was_written(rows, expected):
    assert f"{of_step(duties_of('2025-11-06', *rows), 'review')['due']:%m-%d}" == expected


def test_a_lowered_tier_asks_for_no_new_plan_and_no_new_talk_with_the_guardian():
    begun = confirmed("10-15 orange A interview", "12-10 yellow AB stable_reviews")
    plan = done("care_plan", on="2025-10-17")
    told = done("guardian_contact", on="2025-10-16", reached="yes", purpose="inform")
    talk = done("interview", on="2025-10-15", outcome="tier_proposed")
    found = duties_of("2025-12-20", begun, plan, told, talk)
    assert found[found["state"] != "in_time"]["step"].tolist() == ["follow_up", "review"]
    assert due(found)["follow_up"] == "01-07 23:59"


def test_a_raised_tier_asks_for_all_its_steps_again():
    begun = confirmed("10-15 orange A interview", "11-05 red AB review at=10:00")
    found = duties_of("2025-11-05T11:00", begun, done("care_plan", on="2025-10-17"))
    assert found[found["cause"] == "red"].set_index("step")["due"]["plan"] == pd.Timestamp("2025-11-06 10:00")


@pytest.mark.parametrize(
    ("submitted", "again", "state"),
    [
        (MONDAY, {}, "overdue"),  # the sheet that was judged is not its own repetition
        (MONDAY, done("check_list", on="2025-10-14", done_on="2025-10-20", outcome="remeasured"), "in_time"),
        ("2025-10-30T09:00:00", {}, "in_time"),  # handed in after the tiers were made
        (None, {}, "overdue"),
        (None, done("administration", wave=SPRING, state="finished", submitted_at="2026-03-23T09:00:00"), "late"),
    ],
)
def test_to_be_measured_again_ends_with_another_sheet(submitted, again, state):
    invalid = judged("undetermined", submitted, undetermined_why="invalid", reasons="[]")
    found = duties_of("2026-03-31", invalid, again)
    assert of_step(found, "remeasure")["state"] == state


def test_absent_from_the_session_for_the_absent_is_accounted_for():
    absent = judged("undetermined", None, undetermined_why="absent", reasons="[]")
    absent["administration"]["made_up_on"] = "2025-10-17"
    assert of_step(duties_of("2025-12-31", absent), "remeasure")["state"] == "in_time"


def test_a_blank_safety_item_is_asked_about_whatever_the_tier():
    found = duties_of("2025-10-20", judged("yellow", MONDAY, safety_signal="unanswered"))
    assert due(found)["ask_in_person"] == "10-14 23:59"


def test_a_colour_and_a_sheet_to_be_repeated_are_both_due():
    found = duties_of("2025-10-20", judged("yellow", MONDAY, remeasure="yes"))
    # 15 school days from 13 October
    assert due(found) == {"first_contact": "10-27 23:59", "plan": "10-27 23:59", "remeasure": "11-03 23:59"}


@pytest.mark.parametrize(
    ("as_of", "told"),
    [
        ("2025-10-13T12:00", ()),
        ("2025-10-13T12:01", ("principal",)),
        ("2025-10-14T12:00", ("principal", "bureau")),
    ],
)
def test_a_late_red_is_told_to_the_principal_at_once_and_to_the_bureau_after_a_day(as_of, told):
    found = duties_of(as_of, judged("red", MONDAY, given="2025-10-13"))
    assert of_step(found, "first_contact")["told"] == told
    assert of_step(found, "first_contact")["owner"] == "psychology_teacher"


def test_one_act_answers_every_cause_and_another_wave_has_a_row_of_its_own():
    autumn, later = judged("orange", MONDAY), judged("red", "2026-03-23T10:00:00", wave=SPRING, given="2026-03-24")
    talks = [done("interview", on=on, outcome="tier_proposed") for on in ("2025-10-20", "2026-03-23")]
    found = duties_of("2026-03-31", autumn, later, *talks)
    talk = found[found["step"] == "first_contact"]
    assert list(zip(talk["cause"], talk["state"], strict=True)) == [("orange", "late"), ("red", "in_time")]
    unseen = duties_of("2026-03-31", autumn, later)
    talk = of_step(unseen, "first_contact")
    assert (talk["wave"], talk["due"]) == (WAVE, pd.Timestamp("2025-10-16 23:59:59"))


def test_the_duties_of_many_pupils_are_those_of_each_alone():
    orange = confirmed("10-15 orange A interview", "12-10 yellow AB stable_reviews")
    invalid = judged("undetermined", MONDAY, undetermined_why="invalid", reasons="[]")
    seen, talk = done("interview", **SEEN), done("contact", due_on="2025-10-22", done_on="2025-10-22", kind="talk")
    home = done("guardian_contact", on="2025-10-14", reached="no", withheld="home_is_danger")
    stories = [
        [judged("red", MONDAY)], [judged("red", MONDAY), seen], [judged("orange", FRIDAY, safety_signal="yes"), talk],
        [judged("orange", MONDAY), seen, confirmed("10-14 none AB careless wave")], [orange, talk], [invalid],
        [judged("orange", MONDAY), home, orange], [confirmed("10-14 red AB crisis at=09:00"), talk],
    ]  # fmt: skip
    alone, together = [], []
    for place, story in enumerate(stories):
        mine = [{name: rows.assign(pupil_key=f"p{place}") for name, rows in part.items()} for part in story]
        alone.append(duties_of("2025-12-20", *mine))
        together += mine
    expected = pd.concat(alone, ignore_index=True)
    found = duties_of("2025-12-20", *reversed(together))
    order = ["pupil_key", "step", "due", "done"]
    pd.testing.assert_frame_equal(
        found.sort_values(order, ignore_index=True), expected.sort_values(order, ignore_index=True)
    )
    assert found.groupby("pupil_key").size().gt(0).sum() == len(stories)


def test_without_rows_nothing_is_due():
    assert duties_of("2025-10-20").empty


def test_a_tier_confirmed_after_the_next_wave_is_not_late_for_a_sign_of_the_wave_before():
    autumn = judged("orange", MONDAY)
    spring = judged("orange", "2026-03-23T09:00:00", given="2026-03-24", wave=SPRING)
    talk = done("interview", on="2026-03-24", at="2026-03-24T10:00:00", outcome="tier_proposed")
    orange = confirmed("03-24 orange AB interview at=10:30")
    orange["tier_confirmed"] = orange["tier_confirmed"].assign(wave=SPRING)
    found = duties_of("2026-03-25", autumn, spring, talk, orange)
    # the talk of autumn never took place; the plan is due five school days after the answer of spring
    assert found[found["step"] == "first_contact"].set_index("wave").at[WAVE, "state"] == "late"
    assert due(found)["plan"] == "03-30 23:59"


def test_a_talk_before_a_danger_was_told_is_no_answer_to_it():
    word = done("signal", record="X-1", danger="plan", at="2025-10-16T16:50:00", received_at="2025-10-16T17:00:00")
    talk = {"on": "2025-10-16", "at": "2025-10-16T08:00:00", "outcome": "tier_proposed"}
    assert of_step(duties_of("2025-10-17", word, done("interview", **talk)), "first_contact")["state"] == "overdue"
    later = talk | {"at": "2025-10-16T18:00:00"}
    assert of_step(duties_of("2025-10-17", word, done("interview", **later)), "first_contact")["state"] == "in_time"


def test_a_confirmation_of_which_the_hour_is_not_known_settles_no_danger_of_that_day():
    word = done("signal", record="X-1", danger="plan", at="2025-10-16T16:50:00", received_at="2025-10-16T17:00:00")
    found = duties_of("2025-10-17", word, confirmed("10-16 yellow AB interview"))
    assert {"hospital", "district", "principal"} <= set(found["step"])


def test_the_gravest_cause_is_told_with_the_shortest_clock_and_all_who_hear_of_any():
    """Yellow of autumn, due on 27 October, and orange of spring, neither seen: orange goes to the principal."""
    autumn = judged("yellow", MONDAY)
    spring = judged("orange", "2026-03-23T09:00:00", given="2026-03-24", wave=SPRING)
    row = of_step(duties_of("2026-04-10", autumn, spring), "first_contact")
    assert (row["cause"], f"{row['due']:%Y-%m-%d}") == ("orange", "2025-10-27")
    assert set(row["told"]) == {"principal", "vice_principal"}


def test_a_talk_entered_on_the_check_list_stops_the_clock():
    seen = done(
        "check_list", source="census", reason="tier", on="2025-10-14", done_on="2025-10-15", outcome="interviewed"
    )
    assert of_step(duties_of("2025-10-20", judged("orange", MONDAY), seen), "first_contact")["state"] == "in_time"


def test_what_began_before_the_first_term_of_the_calendar_has_no_limit_and_stops_nobody_else():
    old = judged("yellow", "2024-05-13T10:00:00", given="2024-05-14", wave="2023-2024-spring")
    found = duties_of("2025-10-20", old)
    assert found["due"].isna().all()
    assert found["state"].isna().all()
