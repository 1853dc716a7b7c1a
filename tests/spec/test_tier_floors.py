"""T11, T12 and T13: what is known beside the answers, and the states of the census, read as tables.

Today is 2026-03-15. A fact is written with the day it is of; without one it is of today.
"""

import pytest
from scored_pupils import (
    NONE,
    POLICY,
    classify,
    frame,
    gad7,
    known,
    mht,
    mssmhs,
    phq9,
    rows,
    sdq,
    told,
    unusable,
)  # fmt: skip

from xinyu_lib.tiers import classify_tiers

FLOORS = rows(
    # facts, tier of a pupil whose PHQ-9 is 0
    ("an open red", ["open_red"], "red"),
    ("an open red of years ago", ["open_red 2019-09-01"], "red"),
    ("an open orange", ["open_orange"], "orange"),
    ("an open orange of years ago", ["open_orange 2019-09-01"], "orange"),
    ("self-harm twelve months ago to the day", ["self_harm 2025-03-15"], "orange"),
    ("self-harm a day longer ago", ["self_harm 2025-03-14"], "none"),
    ("self-harm of today", ["self_harm 2026-03-15"], "orange"),
    ("back from hospital three months ago to the day", ["hospital_return 2025-12-15"], "orange"),
    ("back from hospital a day longer ago", ["hospital_return 2025-12-14"], "none"),
    ("hardship twelve months ago to the day", ["hardship 2025-03-15"], "yellow"),
    ("hardship a day longer ago", ["hardship 2025-03-14"], "none"),
    ("concern six months ago to the day", ["concern 2025-09-15"], "yellow"),
    ("concern a day longer ago", ["concern 2025-09-14"], "none"),
    ("danger", ["danger"], "red"),
    ("danger that nobody has looked into for years", ["danger 2019-09-01"], "red"),
    ("what is of tomorrow is not known today", ["danger 2026-03-16"], "none"),
    ("an old and a new one: the new one counts", ["self_harm 2020-01-01", "self_harm 2026-01-01"], "orange"),
    ("in whatever order", ["self_harm 2026-01-01", "self_harm 2020-01-01"], "orange"),
    ("a new one of tomorrow hides no old one", ["hardship 2026-01-01", "hardship 2026-03-16"], "yellow"),
    ("several: the most urgent counts", ["concern", "self_harm"], "orange"),
    ("danger beside an open orange", ["open_orange", "danger"], "red"),
    ("two yellow facts stay yellow", ["hardship", "concern"], "yellow"),
    ("open orange and recent self-harm stay orange", ["open_orange", "self_harm"], "orange"),
    ("one within its months, one not", ["self_harm 2025-01-01", "concern 2026-03-01"], "yellow"),
)


@pytest.mark.parametrize(("facts", "tier"), FLOORS)
def test_a_known_fact_is_a_floor_for_a_calm_pupil(facts, tier):
    row = classify(phq9(0), facts=known(*facts))
    assert told(row) == (tier, "no", None)


MONTH_ENDS = [
    # today, fact, tier: where the month has no such day, its last one
    ("2026-05-31", "hospital_return 2026-02-28", "orange"),
    ("2026-05-31", "hospital_return 2026-02-27", "none"),
    ("2024-02-29", "hardship 2023-02-28", "yellow"),
    ("2024-02-29", "hardship 2023-02-27", "none"),
    ("2025-08-31", "concern 2025-02-28", "yellow"),
    ("2025-08-31", "concern 2025-02-27", "none"),
    ("2026-03-15T08:00", "danger 2026-03-15", "red"),  # the day decides, not the hour
]


@pytest.mark.parametrize(("today", "fact", "tier"), MONTH_ENDS)
def test_months_are_counted_by_the_calendar(today, fact, tier):
    assert classify(phq9(0), facts=known(fact), as_of=today)["tier"] == tier


RAISED_ONLY = rows(
    # scores, facts, tier, signal
    ("concern beside yellow", phq9(10), ["concern"], "yellow", "no"),
    ("concern beside orange", phq9(15), ["concern"], "orange", "no"),
    ("hardship beside red", phq9(15, item9=1), ["hardship"], "red", "yes"),
    ("self-harm beside red", phq9(0, item9=2), ["self_harm"], "red", "yes"),
    ("self-harm beside yellow", phq9(10), ["self_harm"], "orange", "no"),
    ("an open orange beside yellow", phq9(10), ["open_orange"], "orange", "no"),
    ("an open orange beside orange", gad7(15), ["open_orange"], "orange", "not_asked"),
    ("an open red beside orange", phq9(0, item9=1), ["open_red"], "red", "yes"),
    ("a fact that no longer counts beside yellow", phq9(10), ["self_harm 2025-03-14"], "yellow", "no"),
)


@pytest.mark.parametrize(("pupil", "facts", "tier", "signal"), RAISED_ONLY)
def test_a_fact_raises_and_never_lowers(pupil, facts, tier, signal):
    assert told(classify(pupil, facts=known(*facts))) == (tier, signal, None)


IN_DOUBT = rows(
    # scores, state, facts, tier, signal, remeasure
    ("a gap that leaves yellow open", phq9((5, 12)), None, ["concern"], "yellow", "no", True),
    ("the safety item left blank", phq9(4, item9=None), None, ["concern"], "yellow", "unanswered", False),
    ("an invalid sheet", mht(70, validity=7), None, ["hardship"], "yellow", "no", True),
    ("no answers at all", NONE, None, ["open_orange"], "orange", "not_asked", True),
    ("no safety item asked", gad7(0), None, ["concern"], "yellow", "not_asked", False),
    ("refused", NONE, "refused", ["concern"], "yellow", "not_asked", False),
    ("refused, after self-harm", NONE, "refused", ["self_harm 2025-12-01"], "orange", "not_asked", False),
    ("refused, a heavy sheet nobody may read", phq9(27), "refused", ["hardship"], "yellow", "no", False),
    ("no consent yet, an open red", NONE, "no_consent", ["open_red"], "red", "not_asked", False),
    ("absent, back from hospital", NONE, "absent", ["hospital_return"], "orange", "not_asked", True),
    ("below the census grades", NONE, "not_eligible", ["hardship"], "yellow", "not_asked", False),
)


@pytest.mark.parametrize(("pupil", "state", "facts", "tier", "signal", "again"), IN_DOUBT)
def test_a_fact_colours_where_answers_leave_a_doubt(pupil, state, facts, tier, signal, again):
    row = classify(pupil, state=state, facts=known(*facts))
    assert (*told(row), row["remeasure"]) == (tier, signal, None, again)


DANGER = rows(
    ("nothing answered", NONE, {}),
    ("everything answered and calm", phq9(0) | gad7(0) | mssmhs(1.0), {}),
    ("the safety item left blank", phq9(0, item9=None), {}),
    ("an invalid sheet", mht(0, validity=10), {}),
    ("filled in too fast", phq9(0), {"quality": unusable("phq9")}),
    ("a parent's form below the census grades", sdq("parent", 5), {"state": "not_eligible"}),
    ("a child of ten", phq9(0), {"age": 10}),
)


@pytest.mark.parametrize(("pupil", "beside"), DANGER)
def test_a_reported_danger_is_red_whatever_was_answered(pupil, beside):
    row = classify(pupil, facts=known("danger"), **beside)
    assert row["tier"] == "red"
    assert [(each.scale, each.score, each.value, each.cut) for each in row["reasons"] if each.rule == "T12"] == [
        (None, "danger", 1.0, 1.0)
    ]


@pytest.mark.parametrize("state", list(POLICY.tiers.states))
def test_a_reported_danger_is_red_in_every_state_of_the_census(state):
    assert told(classify(NONE, state=state, facts=known("danger"))) == ("red", "not_asked", None)


@pytest.mark.parametrize("state", list(POLICY.tiers.states))
def test_no_state_lowers_an_open_red(state):
    assert classify(phq9(0), state=state, facts=known("open_red"))["tier"] == "red"


def test_a_fact_is_of_one_pupil_alone():
    out = classify_tiers(frame(phq9(0), phq9(0)), POLICY, facts=known("danger"), as_of="2026-03-15")
    assert out["tier"].tolist() == ["red", "none"]


def test_a_fact_reads_no_scale_and_is_in_no_queue():
    row = classify(phq9(10), facts=known("concern"))
    assert row["queue"] == 1
    assert [(each.rule, each.score) for each in row["reasons"]] == [("T05", "total"), ("T11", "concern")]


WHY = {  # state of the census -> why a pupil without any answers is undetermined
    "finished": "missing", "invalid": "missing", "scored": "missing", "started": "missing", "unfinished": "missing",
    "language": "missing", "technical": "missing", "other_loss": "missing",
    "absent": "absent", "leave": "absent", "not_started": "absent",
    "refused": "refused", "withdrawn": "refused", "no_consent": "no_consent", "not_asked": "no_consent",
    "not_eligible": "not_eligible",
}  # fmt: skip


def test_every_state_of_the_policy_stands_in_the_table_below():
    assert set(WHY) == set(POLICY.tiers.states)


@pytest.mark.parametrize(("state", "why"), WHY.items())
def test_without_answers_the_state_says_why(state, why):
    row = classify(NONE, state=state)
    assert (*told(row), row["remeasure"]) == ("undetermined", "not_asked", why, why in {"missing", "absent"})


SILENT = ("undetermined", "unanswered", "safety_unanswered")


def doubt(signal: str, why: str) -> tuple:
    return "undetermined", signal, why


WITH_ANSWERS = rows(
    # state, scores, tier with signal and why
    ("a calm sheet is none only when it was finished", "finished", phq9(0), ("none", "no", None)),
    ("scored, without a safety item", "scored", gad7(0), doubt("not_asked", "safety_not_asked")),
    ("begun and not handed in", "started", phq9(0), doubt("no", "missing")),
    ("begun, one scale over its cut", "started", gad7(10), ("yellow", "not_asked", None)),
    ("absent, a sheet of another day", "absent", phq9(0), doubt("no", "absent")),
    ("absent, over the cut", "absent", gad7(15), ("orange", "not_asked", None)),
    ("absent: an invalid sheet is told first", "absent", mht(30, validity=7), doubt("no", "invalid")),
    ("absent: a blank safety item before both", "absent", phq9(0, item9=None), SILENT),
    ("absent: a gap is told first", "absent", phq9((5, 12)), doubt("no", "missing")),
    ("on leave, calm", "leave", phq9(0), doubt("no", "absent")),
    ("could not read the language", "language", phq9(0), doubt("no", "missing")),
    ("the platform failed, positive", "technical", phq9(0, item9=1), ("orange", "yes", None)),
    ("refused: an invalid sheet is not even called that", "refused", mht(70, validity=9), doubt("no", "refused")),
    ("refused: gaps are not asked for again", "refused", phq9((5, 20)), doubt("no", "refused")),
    ("refused: a scale over its cut is not read", "refused", gad7(21), doubt("not_asked", "refused")),
    ("refused: two safety items", "refused", mht(0, item85=1, item97=1), ("red", "yes", None)),
    ("refused: once positive and a heavy sheet", "refused", phq9(15, item9=1), ("red", "yes", None)),
    ("withdrawn, positive", "withdrawn", phq9(0, item9=2), ("red", "yes", None)),
    ("no consent, a heavy sheet", "no_consent", phq9(20), doubt("no", "no_consent")),
    ("consent not asked, the item left blank", "not_asked", phq9(0, item9=None), SILENT),
    ("not eligible: a parent's 16", "not_eligible", sdq("parent", 16), doubt("not_asked", "not_eligible")),
    ("not eligible: a parent's 17", "not_eligible", sdq("parent", 17), ("yellow", "not_asked", None)),
    (
        "not eligible: 20 with impact",
        "not_eligible",
        sdq("parent", 20, impact=2),
        ("orange", "not_asked", None),
    ),
    ("not eligible: a parent's form with gaps", "not_eligible", sdq("parent", (10, 18)), doubt("not_asked", "missing")),
)


@pytest.mark.parametrize(("state", "pupil", "expected"), WITH_ANSWERS)
def test_answers_of_a_pupil_in_a_state_are_worth_what_the_policy_says(state, pupil, expected):
    assert told(classify(pupil, state=state)) == expected


@pytest.mark.parametrize(("state", "again"), [("refused", False), ("no_consent", False), ("absent", True)])
def test_nobody_who_said_no_is_asked_to_fill_in_a_sheet_again(state, again):
    assert classify(phq9((5, 20)), state=state)["remeasure"] == again
