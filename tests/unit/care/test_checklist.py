"""The check list: who stands on it, from whom, why, until when, and what a second run adds."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from listings import ANSWERED, CALENDAR, DAY, POLICY, SCORE, WAVE, District, confirmed, listed, rows, signal, tier, told

from xinyu_lib.care.checklist import counted, left_open, to_write
from xinyu_lib.care.named import to_be_assigned
from xinyu_lib.care.standing import standing
from xinyu_lib.errors import DataError
from xinyu_lib.policy.stages import Limit, Sample

# Answers of Wednesday 15 October 2025, 09:30. School days after it: 16, 17, 20-24, 27-31 October, 3-7 November.
FLAGGED = {
    "red: 2 hours": (tier("p", "red"), "tier", "2025-10-15T11:30:00"),
    "red with a safety signal: the shorter of both": (tier("p", "red", "yes"), "safety", "2025-10-15T11:30:00"),
    "safety signal: 24 hours": (tier("p", "orange", "yes"), "safety", "2025-10-16T09:30:00"),
    "orange: 3 school days": (tier("p", "orange"), "tier", "2025-10-20T23:59:59"),
    "yellow: 10 school days": (tier("p", "yellow"), "tier", "2025-10-29T23:59:59"),
    "safety item left blank: 1 school day": (
        tier("p", "undetermined", "unanswered", "safety_unanswered"), "safety", "2025-10-16T23:59:59"),
    "left blank under a yellow tier: 1 school day": (
        tier("p", "yellow", "unanswered"), "safety", "2025-10-16T23:59:59"),
    "invalid over a cut: 5 school days": (
        tier("p", "undetermined", "no", "invalid_over_cut"), "undetermined", "2025-10-22T23:59:59"),
    "invalid: 15 school days": (tier("p", "undetermined", "no", "invalid"), "undetermined", "2025-11-05T23:59:59"),
    "absent: 15 school days": (
        tier("p", "undetermined", "not_asked", "absent"), "undetermined", "2025-11-05T23:59:59"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "reason", "due"), FLAGGED.values(), ids=FLAGGED)
def test_everyone_whom_the_census_flagged_is_listed_by_the_shortest_clock(row, reason, due):
    found = District([row]).list()
    assert told(found, "pupil_key", "source", "on", "reason", "due_on", "news") == [
        ("p", "census", DAY, reason, due[:10], "new")
    ]
    assert found["due"].tolist() == [pd.Timestamp(due)]
    assert found[["done_on", "outcome", "staff_key"]].isna().all(axis=None)


@pytest.mark.parametrize("why", ["refused", "no_consent", "safety_not_asked", "no_rule", "not_eligible"])
def test_who_need_not_be_measured_again_is_not_listed(why):
    assert District([tier("p", "undetermined", "not_asked", why)]).list().empty


def test_without_a_known_time_of_the_answer_the_clock_starts_on_the_day_of_listing():
    absent = tier("p", "undetermined", "not_asked", "absent")
    found = District([absent], answered=None).list("2025-10-17")
    # Friday; 15 school days: 20-24, 27-31 October, 3-7 November
    assert told(found, "on", "due_on") == [("2025-10-17", "2025-11-07")]


def test_what_rests_on_no_answer_is_as_old_as_the_tiers_however_late_it_is_listed():
    district = District([tier("p", "undetermined", "not_asked", "absent")], answered=None)
    district.tables["tier_provisional"]["valid_from"] = DAY
    assert told(district.list("2025-10-17"), "on", "due_on") == [("2025-10-17", "2025-11-05")]
    # made again a day later: as old as before
    district.tables["tier_provisional"][["since", "valid_from"]] = [DAY, "2025-10-16"]
    assert told(district.list("2025-10-17"), "on", "due_on") == [("2025-10-17", "2025-11-05")]


def test_who_is_listed_too_late_is_shown_with_the_limit_that_has_passed():
    found = District([tier("p", "orange")]).list("2025-10-27")
    assert told(found, "on", "due_on", "overdue") == [("2025-10-27", "2025-10-20", True)]
    assert found["due"].tolist() == [pd.Timestamp("2025-10-20T23:59:59")]


@pytest.mark.parametrize(
    ("as_of", "overdue"), [("2025-10-16T09:30", False), ("2025-10-16T09:31", True), ("2025-10-16", True)]
)
def test_hours_count_where_the_hour_is_known(as_of, overdue):
    district = District([tier("p", "orange", "yes")])  # 24 hours from 09:30
    assert district.list(as_of)["overdue"].tolist() == [overdue]


# --- Named by people -------------------------------------------------------------------------------------------------

LEVELS = {
    "peer": "peer", "class": "teacher", "grade": "teacher", "school": "teacher", "parent": "parent", "self": "self",
    "hospital": "hospital", "other": "teacher",
}  # fmt: skip


@pytest.mark.parametrize(("level", "source"), LEVELS.items())
def test_everyone_who_is_named_is_listed_under_the_source(level, source):
    found = District([tier("q")], [signal("p", source_level=level)]).list()
    mine = found[found["pupil_key"] == "p"]
    # received on 14 October at 17:00: 10 school days as for a yellow tier
    assert told(mine, "source", "reason", "due_on", "issues", "wave") == [
        (source, "concern", "2025-10-28", "emotion", WAVE)
    ]


@pytest.mark.parametrize(
    ("what", "reason", "due"),
    [
        ({"danger": "farewell"}, "safety", "2025-10-14T18:00:00"),  # red: 2 hours from 16:00, when it was sent
        ({"danger": "plan;abuse", "source_level": "peer"}, "safety", "2025-10-14T18:00:00"),
        ({"categories": "emotion;self_harm"}, "concern", "2025-10-17T23:59:59"),  # orange: 3 school days
        ({"danger": "abuse"}, "concern", "2025-10-28T23:59:59"),  # yellow: 10 school days
        ({"categories": "bullying"}, "concern", "2025-10-28T23:59:59"),
    ],
)
def test_a_signal_carries_the_clock_of_what_it_tells(what, reason, due):
    found = District([], [signal("p", **what)]).list("2025-10-14")
    assert told(found, "reason", "due") == [(reason, pd.Timestamp(due))]


def test_a_concern_runs_from_the_day_on_which_it_was_received():
    found = District([], [signal("p", at="2025-10-10T16:00:00", received_at="2025-10-14T08:00:00")]).list()
    assert told(found, "due_on") == [("2025-10-28",)]  # 10 school days after 14 October


@pytest.mark.parametrize(
    ("outcome", "n"), [(None, 1), ("listed", 1), ("crisis", 0), ("observe", 0), ("in_care", 0), ("unfounded", 0)]
)
def test_a_signal_with_which_somebody_has_dealt_is_not_listed(outcome, n):
    assert len(District([], [signal("p", outcome=outcome)]).list()) == n


def test_a_signal_is_settled_by_a_tier_that_was_confirmed_after_it():
    told_then = signal("p", received_at="2025-10-14T17:00:00")
    assert len(District([], [told_then], confirmed=[confirmed("p", "none", "2025-10-14")]).list()) == 1
    assert len(District([], [told_then], confirmed=[confirmed("p", "none", "2025-10-15")]).list()) == 0


@pytest.mark.parametrize(("at", "n"), [("2025-10-14T16:30:00", 1), ("2025-10-14T17:30:00", 0)])
def test_where_the_time_of_the_confirmation_is_known_it_is_compared(at, n):
    decided = confirmed("p", "none", "2025-10-14") | {"at": at}
    assert len(District([], [signal("p", received_at="2025-10-14T17:00:00")], confirmed=[decided]).list()) == n


def test_what_is_received_later_is_not_known_yet():
    district = District([], [signal("p", at="2025-10-15T10:00:00", received_at="2025-10-15T16:00:00")])
    assert len(district.list("2025-10-15T15:59")) == 0
    assert len(district.list("2025-10-15T16:00")) == 1


def test_signals_without_a_pupil_are_to_be_assigned():
    signals = rows("signal", signal(None), signal(None, outcome="listed"), signal(None, outcome="observe"), signal("p"))
    assert len(to_be_assigned(signals, DAY)) == 2
    district = District([], [signal(None), signal("p")])
    assert told(district.list(), "pupil_key") == [("p",)]


def test_several_signals_of_one_source_are_one_row_with_the_gravest_reason_and_all_issues():
    signals = [
        signal("p", categories="sleep;emotion"),
        signal("p", source_level="grade", danger="means", categories="peers"),
        signal("p", source_level="parent"),
    ]
    found = District([], signals).list()
    assert told(found, "source", "reason", "issues") == [
        ("parent", "concern", "emotion"), ("teacher", "safety", "peers;emotion;sleep"),
    ]  # fmt: skip


def test_the_shortest_clock_of_all_sources_holds_for_each_row_of_a_pupil():
    found = District([tier("p", "yellow")], [signal("p", danger="act")]).list()
    # yellow alone: 29 October; the danger was due on 14 October at 18:00, the day before the list
    assert told(found, "source", "due_on", "overdue") == [
        ("census", "2025-10-14", True), ("teacher", "2025-10-14", True),
    ]  # fmt: skip


# --- Open care, the sample, and the ledgers --------------------------------------------------------------------------


def test_everyone_in_open_care_is_listed():
    stands = [confirmed("a", "red", "2025-06-03"), confirmed("b", "yellow", "2025-06-03")]
    closed = [confirmed("c", "orange", "2025-06-03"), confirmed("c", "none", "2025-09-10")]
    found = District([tier("a", "yellow"), tier("d")], confirmed=stands + closed).list()
    assert told(found[found["reason"] != "sample"], "pupil_key", "reason", "due_on") == [
        ("a", "tier", "2025-10-29"), ("b", "open_case", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reasons", "reason"),
    [
        ('[["T11",null,"open_red",1,1]]', "open_case"),
        ('[["T07","mht","phobic",8,8],["T11",null,"open_red",1,1]]', "open_case"),  # T07 leads to no red
        ('[["T02","phq9","critical_9",2,2],["T11",null,"open_red",1,1]]', "tier"),
        ('[["T11",null,"open_red",1,1],["T12",null,"danger",1,1]]', "tier"),
    ],
)
def test_a_tier_that_only_says_that_care_is_open_starts_no_clock(reasons, reason):
    found = District([tier("p", "red", reasons=reasons)], confirmed=[confirmed("p", "red", "2025-06-03")]).list()
    assert told(found, "reason") == [(reason,)]
    assert found["due"].isna().tolist() == [reason == "open_case"]


def test_a_tier_by_facts_alone_is_not_as_old_as_the_answers():
    concern = tier("p", "yellow", reasons='[["T11",null,"concern",1,1]]')
    found = District([concern]).list("2025-10-17")
    # 10 school days after Friday 17 October: 20-24, 27-31 October
    assert told(found, "due_on") == [("2025-10-31",)]


def test_the_sample_is_drawn_from_those_without_a_tier_and_seen_before_the_next_wave():
    policy = POLICY.model_copy(update={"sample": Sample(share=0.02, at_least=3)})
    tiers = [tier(f"n{n}") for n in range(20)] + [tier("u", "undetermined", "not_asked", "refused")]
    found = District(tiers).list(policy=policy)
    assert told(found, "reason", "due_on") == [("sample", "2026-03-01")] * 3
    assert set(found["pupil_key"]) < {f"n{n}" for n in range(20)}


def test_what_a_ledger_has_listed_stays_as_it_is_and_gets_a_limit():
    brought = [
        listed("a", wave=None, source="teacher", reason="self_harm", on="2025-10-13"),  # orange: 14, 15, 16 October
        listed("b", wave=None, source="hospital", reason="handover", on="2025-10-13"),
        listed("c", wave=None, source="parent", reason="concern", on="2025-10-13", due_on="2025-10-17"),
    ]
    found = District(listed=brought).list()
    assert told(found, "pupil_key", "source", "reason", "on", "due_on", "news") == [
        ("a", "teacher", "self_harm", "2025-10-13", None, "kept"),
        ("b", "hospital", "handover", "2025-10-13", None, "kept"),
        ("c", "parent", "concern", "2025-10-13", "2025-10-17", "kept"),
    ]
    due = {"a": pd.Timestamp("2025-10-16T23:59:59"), "c": pd.Timestamp("2025-10-17T23:59:59")}
    assert found.dropna(subset="due").set_index("pupil_key")["due"].to_dict() == due


def test_a_census_row_without_a_wave_stands_for_this_one():
    district = District([tier("p", "yellow")], listed=[listed("p", wave=None, on="2025-10-15")])
    assert told(district.list("2025-10-17"), "on", "wave", "news") == [("2025-10-15", None, "kept")]


def test_rows_of_another_waves_census_stay_on_its_list_and_are_counted():
    old = listed("p", wave="2024-2025-spring", on="2025-04-01")
    done = listed("q", wave="2024-2025-spring", on="2025-04-01", done_on="2025-04-02", outcome="interviewed")
    named = listed("r", wave="2024-2025-spring", on="2025-04-01", source="teacher", reason="concern")
    district = District([tier("p", "yellow")], listed=[old, done, named])
    assert told(district.list(), "pupil_key", "wave", "on", "news") == [
        ("p", WAVE, DAY, "new"), ("r", "2024-2025-spring", "2025-04-01", "kept"),
    ]  # fmt: skip
    assert left_open(district.tables["check_list"], WAVE, DAY) == 1


def test_somebodys_word_is_listed_once_whatever_the_wave_of_its_row():
    open_ = listed("p", wave="2024-2025-spring", source="teacher", reason="concern", on="2025-06-20")
    district = District([], [signal("p", received_at="2025-06-19T10:00:00", outcome="listed")], [open_])
    assert told(district.list(), "on", "news") == [("2025-06-20", "kept")]


def test_open_care_is_looked_into_anew_in_each_wave():
    spring = listed("p", wave="2024-2025-spring", on="2025-04-01", reason="open_case", done_on="2025-04-02")
    district = District(listed=[spring], confirmed=[confirmed("p", "orange", "2025-03-03")])
    assert told(to_write(district.list()), "wave", "on", "reason") == [(WAVE, DAY, "open_case")]


def test_a_pupil_in_care_who_was_drawn_counts_as_drawn():
    district = District([tier("p")], confirmed=[confirmed("p", "yellow", "2025-09-02")])
    assert told(district.list(), "reason") == [("sample",)]


def test_who_is_on_no_roster_keeps_the_school_that_named_them():
    district = District([tier("q", "yellow")], [signal("p", school="0103"), signal("q", school="0103")])
    assert told(district.list(), "pupil_key", "source", "school") == [
        ("p", "teacher", "0103"), ("q", "census", "0102"), ("q", "teacher", "0102"),
    ]  # fmt: skip


ASK = Limit(within=1, unit="school_days")


@pytest.mark.parametrize(
    ("why", "clocks", "due"),
    [
        (
            "invalid",
            {"invalid": {"remeasure": POLICY.clocks["invalid"]["remeasure"], "ask_in_person": ASK}},
            "2025-10-16",
        ),
        ("invalid", {"invalid": None}, None),  # to be measured again, and no limit
        ("refused", {"refused": {"ask_in_person": ASK}}, "2025-10-16"),
    ],
)
def test_whom_the_policy_measures_again_or_gives_a_clock_is_listed(why, clocks, due):
    declared = {cause: limits for cause, limits in (POLICY.clocks | clocks).items() if limits}
    policy = POLICY.model_copy(update={"clocks": declared})
    found = District([tier("p", "undetermined", "no", why)]).list(policy=policy)
    assert told(found, "reason", "due_on") == [("undetermined", due)]


# --- A second run ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", [DAY, "2025-10-24"])
def test_a_second_run_adds_nothing_and_keeps_the_first_day(again):
    tiers = [tier("a", "red", "yes"), tier("b", "yellow"), tier("c"), tier("d", "undetermined", "no", "invalid")]
    signals = [signal("b"), signal("e", danger="plan")]
    district = District(tiers, signals, confirmed=[confirmed("f", "orange", "2025-09-02")])
    first = district.go_on()
    second = district.list(again)
    assert to_write(second).empty
    columns = ["pupil_key", "source", "on", "reason", "due_on", "due"]
    assert told(second, *columns) == told(first, *columns)


def test_a_later_run_adds_only_who_is_new():
    district = District([tier("a", "yellow"), tier("b", "undetermined", "no", "invalid")])
    district.go_on()
    district.answers("b", "2025-10-20T10:00:00", tier="red", undetermined_why=None)
    district.tables["signal"] = rows("signal", signal("c", received_at="2025-10-19T17:00:00"))
    found = district.list("2025-10-20")
    assert told(found, "pupil_key", "source", "on", "reason", "due_on", "news") == [
        ("a", "census", DAY, "tier", "2025-10-29", "kept"),
        ("b", "census", DAY, "tier", "2025-10-20", "sooner"),  # keeps its first day
        ("c", "teacher", "2025-10-20", "concern", "2025-10-31", "new"),
    ]


def test_what_people_wrote_into_an_open_row_stays_when_it_becomes_more_urgent():
    district = District([tier("p", "yellow")])
    district.go_on()
    district.tables["check_list"][["staff_key", "issues"]] = ["t1", "sleep"]
    district.answers("p", "2025-10-15T09:30:00", tier="orange", safety_signal="yes")
    written = to_write(district.list("2025-10-16"))
    assert told(written, "on", "reason", "due_on", "staff_key", "issues") == [
        (DAY, "safety", "2025-10-16", "t1", "sleep")
    ]


def test_a_more_urgent_tier_shortens_the_limit():
    district = District([tier("p", "yellow")])
    district.go_on()
    district.answers("p", "2025-10-15T09:30:00", tier="orange")
    assert told(district.list("2025-10-16"), "reason", "on", "due_on", "news") == [
        ("tier", DAY, "2025-10-20", "sooner")
    ]


def test_of_several_open_rows_the_first_carries_the_shorter_limit_and_keeps_its_reason():
    brought = [
        listed("p", source="teacher", reason="handover", on="2025-10-10", due_on="2025-10-30"),
        listed("p", source="teacher", reason="concern", on="2025-10-13", due_on="2025-10-31"),
    ]
    district = District([tier("p", "orange")], [signal("p")], brought)
    assert told(to_write(district.list()), "source", "on", "reason", "due_on") == [
        ("census", DAY, "tier", "2025-10-20"), ("teacher", "2025-10-10", "handover", "2025-10-20"),
    ]  # fmt: skip


def test_of_several_open_rows_the_first_starts_the_clock():
    brought = [listed("p", source="teacher", reason="concern", on=on) for on in ("2025-10-13", "2025-10-14")]
    found = District(listed=brought).list()
    assert found["due"].tolist() == [pd.Timestamp("2025-10-27T23:59:59")] * 2  # 10 school days after 13 October


@pytest.mark.parametrize(("now", "reason"), [("none", "sample"), ("yellow", "tier")])
def test_a_pupil_listed_as_in_care_may_be_drawn_or_flagged_later(now, reason):
    in_care = listed("p", reason="open_case")
    district = District([tier("p", now)], listed=[in_care], confirmed=[confirmed("p", "yellow", "2025-09-02")])
    assert told(to_write(district.list("2025-10-16")), "on", "reason") == [(DAY, reason)]


def test_a_row_never_becomes_less_urgent():
    district = District([tier("p", "orange", "yes")])
    district.go_on()
    district.answers("p", "2025-10-15T09:30:00", tier="yellow", safety_signal="no")
    assert told(district.list("2025-10-16"), "reason", "due_on", "news") == [("safety", "2025-10-16", "kept")]


def test_what_is_done_is_not_listed_again():
    district = District([tier("a", "yellow"), tier("b", "orange", "yes")], [signal("c")])
    district.go_on()
    for pupil in "abc":
        district.done(pupil, "2025-10-16")
    found = district.list("2025-10-20")
    assert to_write(found).empty
    assert told(found, "pupil_key", "done_on", "overdue") == [(each, "2025-10-16", False) for each in "abc"]


@pytest.mark.parametrize("at", ["2025-10-16T14:00:00", "2025-10-17T08:00:00"])
def test_an_answer_after_the_look_is_listed_again(at):
    district = District([tier("p", "undetermined", "no", "invalid")])
    district.go_on()
    district.done("p", "2025-10-16", "remeasured")
    district.answers("p", at)  # the sheet of the make-up session is invalid as well
    found = district.list("2025-10-17")
    assert told(found, "on", "reason", "news", "done_on") == [
        ("2025-10-15", "undetermined", "kept", "2025-10-16"), ("2025-10-17", "undetermined", "new", None),
    ]  # fmt: skip


def test_something_graver_than_what_was_looked_into_is_listed_again():
    district = District([tier("p", "undetermined", "no", "missing")])
    district.go_on()
    district.done("p", "2025-10-16", "remeasured")
    district.answers("p", "2025-10-15T09:30:00", tier="orange", safety_signal="yes")
    assert told(to_write(district.list("2025-10-17")), "on", "reason") == [("2025-10-17", "safety")]


CRISIS = '[["T12",null,"danger",1,1]]'
RISEN = {
    "red by a sheet that was set aside": (tier("p", "yellow"), {"tier": "red"}, "tier"),
    "red by a crisis event": (tier("p", "yellow"), {"tier": "red", "reasons": CRISIS}, "tier"),
    "asked why the item was blank, then yes on paper without a time": (
        tier("p", "yellow", "unanswered"), {"tier": "orange", "safety_signal": "yes"}, "safety"),
}  # fmt: skip


def looked_into(before: dict, *others: dict, done: str = "2025-10-16") -> District:
    """Tiers were first given on the 15th, and the pupil of the first was looked into after it."""
    district = District([each | {"since": DAY} for each in (before, *others)])
    district.go_on()
    district.done(before["pupil_key"], done)
    return district


def tiers_again(district: District, **now: str) -> None:
    """Tiers are made again on the 20th, without a newer sheet."""
    district.tables["tier_provisional"]["valid_from"] = "2025-10-20"
    district.answers("p", ANSWERED, **now)


@pytest.mark.parametrize(("before", "now", "reason"), RISEN.values(), ids=RISEN)
def test_who_was_looked_into_is_listed_again_when_the_tier_rises_without_a_newer_sheet(before, now, reason):
    district = looked_into(before, tier("q"))
    tiers_again(district, since="2025-10-20", **now)
    written = to_write(district.go_on("2025-10-20"))
    assert told(written, "pupil_key", "on", "reason") == [("p", "2025-10-20", reason)]
    assert written["due_on"].iloc[0] <= "2025-10-20"  # from the answer on, of an event from the event on
    district.done("p", "2025-10-21")
    assert to_write(district.list("2025-10-22")).empty


def test_tiers_made_again_without_a_change_list_nobody_anew():
    district = looked_into(tier("p", "orange", "yes"), tier("q", "yellow"))
    tiers_again(district)
    assert to_write(district.list("2025-10-20")).empty


@pytest.mark.parametrize("reasons", [SCORE, CRISIS])
def test_what_the_first_run_gave_came_with_the_answers(reasons):
    brought = listed("p", done_on="2025-10-16", outcome="interviewed")
    tiers = [tier(key, "red", reasons=reasons) | {"since": "2025-11-28"} for key in "pq"]
    district = District(tiers, listed=[brought])
    assert told(to_write(district.list("2025-11-28")), "pupil_key") == [("q",)]


@pytest.mark.parametrize(("decided", "n"), [("red", 0), ("orange", 1)])
def test_a_tier_that_the_look_itself_led_to_is_no_news(decided, n):
    district = looked_into(tier("p", "red"), tier("q"))
    district.confirmed = rows("tier_confirmed", confirmed("p", decided, "2025-10-16"))
    tiers_again(district, since="2025-10-20", reasons=f'{SCORE[:-1]},["T11",null,"open_{decided}",1,1]]')
    assert len(to_write(district.list("2025-10-20"))) == n


def test_a_danger_told_after_a_tier_of_long_ago_is_news_in_care_as_well():
    district = looked_into(tier("p", "orange"), tier("q", "yellow"))
    district.confirmed = rows("tier_confirmed", confirmed("p", "orange", "2025-06-03"))
    district.tables["tier_provisional"] = rows(
        "tier_provisional",
        tier("p", "orange", "yes") | {"since": "2025-10-20"}, tier("q", "yellow") | {"since": DAY},
    )  # fmt: skip
    assert told(to_write(district.list("2025-10-20")), "reason") == [("safety",)]


@pytest.mark.parametrize(
    ("received", "n"),
    [
        ("2025-10-13T10:00:00", 0),  # came when the row was already there for it
        ("2025-10-15T17:00:00", 0),
        ("2025-10-16T17:00:00", 1),  # the day of the look: listed the day before, so this is news
        ("2025-10-17T08:00:00", 1),
    ],
)
def test_a_signal_after_the_look_is_listed_again(received, n):
    first = listed("p", source="teacher", reason="concern", done_on="2025-10-16", outcome="observe")
    district = District([], [signal("p", received_at=received)], [first])
    assert len(to_write(district.list("2025-10-17"))) == n


def test_a_danger_of_the_very_day_of_the_look_is_asked_about_once_more_unless_its_outcome_is_known():
    same_day = listed("p", source="teacher", reason="concern", done_on=DAY, outcome="observe")
    danger = signal("p", received_at="2025-10-15T16:00:00", danger="farewell")
    district = District([], [danger], [same_day])
    assert told(to_write(district.go_on("2025-10-16")), "reason", "due_on") == [("safety", "2025-10-14")]
    district.done("p", "2025-10-16")
    assert to_write(district.list("2025-10-17")).empty
    assert to_write(District([], [danger | {"outcome": "listed"}], [same_day]).list("2025-10-16")).empty


def test_what_is_done_after_the_day_of_the_list_is_not_done_yet():
    district = District([tier("p", "yellow")], listed=[listed("p", done_on="2025-10-20", outcome="interviewed")])
    assert told(district.list("2025-10-17"), "done_on", "outcome", "news") == [(None, None, "kept")]


def test_who_was_not_reached_is_still_to_be_looked_at():
    district = District([tier("p", "yellow")])
    district.go_on()
    district.done("p", "2025-10-16", "not_reached")
    found = district.list("2025-10-30")
    assert told(found, "on", "done_on", "outcome", "overdue", "news") == [(DAY, None, "not_reached", True, "kept")]


def test_counts_by_source_and_reason_add_up_to_the_list():
    invalid = tier("d", "undetermined", "no", "invalid")
    tiers = [tier("a", "red", "yes"), tier("b", "orange"), tier("c", "yellow"), invalid]
    done = listed("c", on=DAY, done_on=DAY, outcome="interviewed")
    found = District(tiers, [signal("a"), signal("e", source_level="peer")], [done]).list()
    counts = counted(found)
    assert told(counts, "source", "reason", "listed", "new", "done", "overdue") == [
        ("census", "safety", 1, 1, 0, 1), ("census", "tier", 2, 1, 1, 0), ("census", "undetermined", 1, 1, 0, 0),
        ("peer", "concern", 1, 1, 0, 0), ("teacher", "concern", 1, 1, 0, 1),
    ]  # fmt: skip
    assert counts["listed"].sum() == len(found) == 6
    assert counts["source"].tolist() == ["census", "census", "census", "teacher", "peer"]  # as declared


def test_an_empty_district_has_an_empty_list():
    found = District().list()
    assert found.empty
    assert counted(found).empty


def test_a_day_beyond_the_declared_terms_is_refused():
    district = District([tier("p", "yellow")], answered="2031-10-15T09:30:00")
    with pytest.raises(DataError, match=str(CALENDAR.declared.terms[-1].last)):
        district.list("2031-10-15")


# --- Nobody is ever missing ---------------------------------------------------------------------

DAYS = st.sampled_from(["2025-10-13", "2025-10-15", "2025-10-16", "2025-10-20"])
PUPILS = st.sampled_from("abcd")
EARLIER = st.builds(
    lambda pupil, wave, source, on, reason, done: listed(
        pupil, wave=wave, source=source, on=on, reason=reason, done_on=done if done and done >= on else None),
    PUPILS, st.sampled_from([WAVE, "2024-2025-spring", None]), st.sampled_from(["census", "teacher"]), DAYS,
    st.sampled_from(["safety", "tier", "undetermined", "sample", "concern", "open_case"]), st.none() | DAYS,
)  # fmt: skip
TIERS = st.tuples(
    st.sampled_from(["red", "orange", "yellow", "undetermined", "none"]),
    st.sampled_from(["yes", "no", "unanswered", "not_asked"]),
    st.sampled_from(["refused", "no_consent", "safety_unanswered", "not_eligible"]),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(TIERS, min_size=1, max_size=4),
    st.lists(EARLIER, max_size=6, unique_by=lambda row: (row["pupil_key"], row["source"], row["on"])),
    st.lists(st.tuples(PUPILS, st.sampled_from(["none", "red"]), DAYS), max_size=2),
)
def test_nobody_with_a_safety_signal_is_ever_missing_from_the_list(tiers, earlier, decided):
    of = [tier(key, colour, said, why) for key, (colour, said, why) in zip("abcd", tiers, strict=False)]
    stands = [confirmed(*each) for each in {(pupil, day): (pupil, tier, day) for pupil, tier, day in decided}.values()]
    district = District(of, listed=earlier, confirmed=stands)
    found = district.go_on("2025-10-20")
    loud = {each["pupil_key"] for each in of if each["safety_signal"] in {"yes", "unanswered"}}
    mine = found[(found["source"] == "census") & (found["reason"] == "safety") & found["wave"].fillna(WAVE).eq(WAVE)]
    assert loud <= set(mine["pupil_key"])
    flagged = {each["pupil_key"] for each in of if each["tier"] in {"red", "orange", "yellow"}}
    in_care = set(standing(district.confirmed, "2025-10-20").query("tier == 'red'").index)
    assert flagged | in_care <= set(found["pupil_key"])
    assert not found.duplicated(["pupil_key", "source", "on"]).any()
    assert to_write(district.list("2025-10-20")).empty


@pytest.mark.parametrize(
    ("talk", "outcome", "n"),
    [
        (DAY, "tier_proposed", 0),  # the day of the answers: the talk was about them
        ("2025-10-17", "tier_proposed", 0),
        ("2025-10-17", "not_seen", 1),
        ("2025-10-10", "tier_proposed", 1),  # before the answers
    ],
)
def test_a_talk_among_the_interviews_answers_a_call_that_is_not_listed_yet(talk, outcome, n):
    district = District([tier("p", "orange")])
    district.tables["interview"] = rows("interview", {"pupil_key": "p", "on": talk, "outcome": outcome, "wave": WAVE})
    assert len(district.list("2025-10-20")) == n


def test_a_talk_after_the_listing_closes_the_row_without_being_entered_twice():
    district = District([tier("p", "orange")])
    district.go_on()
    talk = {"pupil_key": "p", "on": "2025-10-17", "outcome": "tier_proposed", "wave": WAVE}
    district.tables["interview"] = rows("interview", talk)
    found = district.list("2025-10-20")
    assert told(found, "done_on", "outcome", "overdue") == [("2025-10-17", "interviewed", False)]
    assert to_write(found).empty


def test_a_look_with_a_date_but_no_outcome_is_not_done():
    first = listed("p", done_on="2025-10-16", outcome=None)
    district = District([tier("p", "orange")], [], [first])
    assert told(district.list("2025-10-20"), "done_on", "overdue") == [(None, False)]
    assert told(district.list("2025-10-21"), "overdue") == [(True,)]


def test_a_danger_that_somebody_wrote_into_the_list_has_the_clock_of_a_safety_signal():
    """24 hours from the beginning of the day on which it was written: the hour is not known."""
    found = District([], [], [listed("p", source="teacher", reason="safety")]).list("2025-10-20")
    assert found["due"].tolist() == [pd.Timestamp("2025-10-16")]
    assert found["overdue"].tolist() == [True]
