"""T01b, T02, T05b, T08 and T09 at their cuts, read as tables: each row says why before it says what.

`calm` is a PHQ-9 of 0: the safety item was asked and answered, so that nothing but the scale in question decides.
"""

import pytest
from scored_pupils import FACTORS, classify, mht, mssmhs, phq9, rcads25, rows, scl90, sdq, sds, teen, told, unusable

calm = phq9(0)
NOT_ASKED = ("undetermined", "not_asked", "safety_not_asked")
MISSING = ("undetermined", "no", "missing")
CALM = ("none", "no", None)
YELLOW, ORANGE = ("yellow", "no", None), ("orange", "no", None)

MEAN = rows(
    ("a mean of 1.99 is nothing", calm | mssmhs(1.99), CALM),
    ("a mean of 2 is a note", calm | mssmhs(2.0), CALM),
    ("one factor of 3.5 beside a mean of 2.5 is a note", calm | mssmhs(2.5, depression=3.5), CALM),
    ("2.99 is a note", calm | mssmhs(2.99), CALM),
    ("3 is yellow", calm | mssmhs(3.0), YELLOW),
    ("3.99 is yellow", calm | mssmhs(3.99), YELLOW),
    ("4 is orange, whatever the factors", calm | mssmhs(4.0), ORANGE),
    ("5, the most there is, is orange and never red", calm | mssmhs(5.0), ORANGE),
    ("alone it never asks about safety", mssmhs(2.99), NOT_ASKED),
    ("a colour stands without a safety item", mssmhs(4.0), ("orange", "not_asked", None)),
)

FACTOR = rows(
    ("a mean of 3 and a factor of 4", calm | mssmhs(3.0, depression=4.0), ORANGE),
    ("the factor at 3.99", calm | mssmhs(3.0, depression=3.99), YELLOW),
    ("the factor at 4, the mean at 2.99", calm | mssmhs(2.99, depression=4.0), CALM),
    ("a factor of 5 beside a mean of 2 is no more than a note", calm | mssmhs(2.0, depression=5.0), CALM),
    ("study stress of 4 does not make orange", calm | mssmhs(3.0, study_stress=4.0), YELLOW),
    ("nor does study stress of 5", calm | mssmhs(3.0, study_stress=5.0), YELLOW),
    ("study stress and another factor do", calm | mssmhs(3.0, study_stress=4.0, anxiety=4.0), ORANGE),
    ("two factors at 3 are too few", calm | mssmhs(2.0, anxiety=3.0, depression=3.0), CALM),
    ("the third at 2.99", calm | mssmhs(2.0, anxiety=3.0, depression=3.0, paranoid=2.99), CALM),
    ("three at 3", calm | mssmhs(2.0, anxiety=3.0, depression=3.0, paranoid=3.0), YELLOW),
    ("three at 3, the mean below 2", calm | mssmhs(1.6, anxiety=3.0, depression=3.0, paranoid=3.0), YELLOW),
    ("study stress counts among the three", calm | mssmhs(2.0, anxiety=3.0, depression=3.0, study_stress=3.0), YELLOW),
    ("three at 5 beside a mean below 3", calm | mssmhs(2.5, anxiety=5.0, depression=5.0, paranoid=5.0), YELLOW),
    ("two at 5, the others near 1", calm | mssmhs(2.0, anxiety=5.0, depression=5.0), CALM),
)

MSSMHS_GAPS = rows(
    ("the mean may reach 3", calm | mssmhs((2.98, 3.0)), MISSING),
    ("the mean stays below 3", calm | mssmhs((2.97, 2.99)), CALM),
    ("only the note is open", calm | mssmhs((1.95, 2.05)), CALM),
    ("surely 3, not 4", calm | mssmhs((3.0, 3.2)), YELLOW),
    ("surely 3, perhaps 4", calm | mssmhs((3.95, 4.0)), YELLOW),
    ("surely 4", calm | mssmhs((4.0, 4.1)), ORANGE),
    ("the third factor may reach 3", calm | mssmhs(2.0, anxiety=3.0, depression=3.0, paranoid=(2.8, 3.0)), MISSING),
    ("the third factor cannot", calm | mssmhs(2.0, anxiety=3.0, depression=3.0, paranoid=(2.7, 2.9)), CALM),
    ("a mean of 3, the factor may reach 4", calm | mssmhs(3.0, depression=(3.5, 4.0)), YELLOW),
    ("study stress is open, but would not change it", calm | mssmhs(3.0, study_stress=(3.5, 4.0)), YELLOW),
    ("without a safety item a gap is told first", mssmhs((2.98, 3.0)), ("undetermined", "not_asked", "missing")),
)

SDQ = rows(
    ("self: 17", calm | sdq("self", 17), CALM),
    ("self: 18", calm | sdq("self", 18), YELLOW),
    ("self: 19 with impact is high, not very high", calm | sdq("self", 19, impact=2), YELLOW),
    ("self: 20 without impact", calm | sdq("self", 20, impact=0), YELLOW),
    ("self: 20 with impact 1", calm | sdq("self", 20, impact=1), YELLOW),
    ("self: 20 with impact 2", calm | sdq("self", 20, impact=2), ORANGE),
    ("self: 40 without impact", calm | sdq("self", 40, impact=0), YELLOW),
    ("self: impact alone", calm | sdq("self", 17, impact=10), CALM),
    ("self: 20, the impact questions left blank", calm | sdq("self", 20, impact=(0, 10)), YELLOW),
    ("self: 17, the impact questions left blank", calm | sdq("self", 17, impact=(0, 10)), CALM),
    ("self: 17 or 18", calm | sdq("self", (17, 18)), MISSING),
    ("self: 16 or 17", calm | sdq("self", (16, 17)), CALM),
    ("self: 19 or 20 with impact", calm | sdq("self", (19, 20), impact=2), YELLOW),
    ("self: 20 to 22 with impact", calm | sdq("self", (20, 22), impact=2), ORANGE),
    ("self: without a safety item", sdq("self", 17), NOT_ASKED),
    ("parent: 16", calm | sdq("parent", 16), CALM),
    ("parent: 17", calm | sdq("parent", 17), YELLOW),
    ("parent: 19 with impact 2", calm | sdq("parent", 19, impact=2), YELLOW),
    ("parent: 20 with impact 1", calm | sdq("parent", 20, impact=1), YELLOW),
    ("parent: 20 with impact 2", calm | sdq("parent", 20, impact=2), ORANGE),
    ("parent: 20, the impact questions left blank", calm | sdq("parent", 20, impact=(0, 10)), YELLOW),
    ("parent: without a safety item", sdq("parent", 16), NOT_ASKED),
    ("parent: a colour without a safety item", sdq("parent", 17), ("yellow", "not_asked", None)),
    ("teacher: 15", calm | sdq("teacher", 15), CALM),
    ("teacher: 16 is a note", calm | sdq("teacher", 16), CALM),
    ("teacher: 40 with impact 6 is a note", calm | sdq("teacher", 40, impact=6), CALM),
    ("teacher: a gap that opens only a note", calm | sdq("teacher", (10, 20)), CALM),
    ("teacher: alone it never asks about safety", sdq("teacher", 40), NOT_ASKED),
    ("informants are never mixed", calm | sdq("self", 17) | sdq("parent", 16) | sdq("teacher", 15), CALM),
    ("nor is one's impact the other's", calm | sdq("self", 17, impact=2) | sdq("parent", 20, impact=1), YELLOW),
    ("two informants over their cuts stay yellow", calm | sdq("self", 18) | sdq("parent", 17), YELLOW),
)

TEEN = rows(
    ("no symptom", teen(0), CALM),
    ("9", teen(9), CALM),
    ("10", teen(10), YELLOW),
    ("14", teen(14), YELLOW),
    ("15", teen(15), ORANGE),
    ("27 is never red by a total", teen(27), ORANGE),
    ("item 9 once", teen(0, item9=1), ("orange", "yes", None)),
    ("item 9 once with 14", teen(14, item9=1), ("orange", "yes", None)),
    ("item 9 once with 15", teen(15, item9=1), ("red", "yes", None)),
    ("item 9 often", teen(2, item9=2), ("red", "yes", None)),
    ("serious thoughts in the past month", teen(0, item12=1), ("red", "yes", None)),
    ("ever an attempt", teen(0, item13=1), ("red", "yes", None)),
    ("item 12 left blank", teen(0, item12=None), ("undetermined", "unanswered", "safety_unanswered")),
    ("item 13 left blank beside a total of 10", teen(10, item13=None), ("yellow", "unanswered", None)),
    ("a positive answer outweighs a blank", teen(0, item9=1, item13=None), ("orange", "yes", None)),
    ("item 9 once, gaps between 14 and 15", teen((14, 15), item9=1), ("orange", "yes", None)),
    ("item 9 once, gaps above 15", teen((15, 18), item9=1), ("red", "yes", None)),
    ("gaps between 9 and 10", teen((9, 10)), MISSING),
    ("both forms say it once: two scales agree", teen(0, item9=1) | phq9(0, item9=1), ("red", "yes", None)),
)

short_form = {"phq9_teen_critical_12_shown": False, "phq9_teen_critical_13_shown": False}

NOT_ON_THE_FORM = rows(
    ("without its two yes/no items the others decide", teen(3, item12=None, item13=None) | short_form, CALM),
    ("item 9 once", teen(3, item9=1, item12=None, item13=None) | short_form, ("orange", "yes", None)),
    (
        "item 9 left blank",
        teen((0, 3), item9=None, item12=None, item13=None) | short_form,
        ("undetermined", "unanswered", "safety_unanswered"),
    ),
)

SAFETY = rows(
    ("mssmhs item 57 in the middle is heard", calm | mssmhs(1.1, item57=3), ("orange", "yes", None)),
    ("below the middle it is not", calm | mssmhs(1.1, item57=2), CALM),
    ("a blank item whose number is not sure is only a gap", calm | mssmhs(1.1, item57=None), MISSING),
    ("mssmhs item 57 and PHQ-9 item 9", phq9(0, item9=1) | mssmhs(1.1, item57=3), ("red", "yes", None)),
    ("mssmhs item 57 and MHT 97", mht(0, item97=1) | mssmhs(1.1, item57=3), ("red", "yes", None)),
    ("mssmhs item 57 and an MHT item left blank", mht(0, item97=None) | mssmhs(1.1, item57=3), ("orange", "yes", None)),
    ("PHQ-9 item 9 and SDS item 19 below its line", phq9(0, item9=1) | sds(30, item19=2), ("orange", "yes", None)),
    ("an urge to hurt others", calm | mssmhs(1.1, item52=3), YELLOW),
    ("below the middle", calm | mssmhs(1.1, item52=2), CALM),
    ("an urge to hurt others is no safety signal", mssmhs(1.1, item52=3), ("yellow", "not_asked", None)),
    ("SCL-90 item 15 from 2 on", scl90(item15=2), ("orange", "yes", None)),
    ("voices, from 3 on", scl90(item16=3), YELLOW),
    ("voices, at 2", scl90(item16=2), ("undetermined", "no", "no_rule")),
    ("death, from 3 on", scl90(item59=3), YELLOW),
    ("violence, from 3 on", scl90(item63=3), YELLOW),
    ("two of them are one reason to ask", scl90(item59=5, item63=5), YELLOW),
    ("a blank on death is a gap, not a safety item left blank", scl90(item59=None), MISSING),
    ("RCADS-25 item 18 from 2 on", rcads25(item18=2), ("yellow", "not_asked", None)),
    ("RCADS-25 item 18 at 1, no rule and nobody asked", rcads25(item18=1), NOT_ASKED),
    ("an orange scale beside voices", phq9(15) | scl90(item16=3), ORANGE),
)


@pytest.mark.parametrize(("pupil", "expected"), MEAN + FACTOR + MSSMHS_GAPS + SDQ + TEEN + NOT_ON_THE_FORM + SAFETY)
def test_a_scale_gives_the_tier_signal_and_reason_of_its_row(pupil, expected):
    assert told(classify(pupil)) == expected


@pytest.mark.parametrize("factor", [name for name in FACTORS if name != "study_stress"])
def test_every_factor_but_study_stress_makes_a_mean_of_three_orange(factor):
    assert told(classify(calm | mssmhs(3.0, **{factor: 4.0}))) == ORANGE
    assert told(classify(calm | mssmhs(3.0, **{factor: 3.99}))) == YELLOW


NOTES = rows(
    ("a mean of 1.99", mssmhs(1.99), []),
    ("a mean of 2", mssmhs(2.0), [("T08", "total", 2.0)]),
    ("a mean of 2.99", mssmhs(2.99), [("T08", "total", 2.0)]),
    ("one content scale at 8", mht(30, scales_at_8=1), [("T07", "learning_anxiety", 8.0)]),
    ("a teacher's 15", sdq("teacher", 15), []),
    ("a teacher's 16", sdq("teacher", 16), [("T09c", "total", 16.0)]),
)


@pytest.mark.parametrize(("pupil", "expected"), NOTES)
def test_a_note_is_written_down_and_gives_no_colour(pupil, expected):
    row = classify(pupil)
    assert row["tier"] not in {"red", "orange", "yellow"}
    assert [(each.rule, each.score, each.cut) for each in row["reasons"]] == expected


GROUNDS = rows(
    (
        "only the factor at 4 is a ground, not the others",
        mssmhs(3.0, depression=4.0),
        [("total", 3.0, 3.0), ("depression", 4.0, 4.0)],
    ),
    (
        "three factors and no mean",
        mssmhs(1.6, anxiety=3.0, depression=3.5, paranoid=3.0),
        [("paranoid", 3.0, 3.0), ("depression", 3.5, 3.0), ("anxiety", 3.0, 3.0)],
    ),
    ("very high with impact", sdq("self", 22, impact=3), [("total", 22.0, 20.0), ("impact", 3.0, 2.0)]),
    ("very high without impact", sdq("self", 22, impact=1), [("total", 22.0, 18.0)]),
)


@pytest.mark.parametrize(("pupil", "expected"), GROUNDS)
def test_the_grounds_are_the_scores_that_made_the_level_hold(pupil, expected):
    assert [(each.score, each.value, each.cut) for each in classify(pupil)["reasons"]] == expected


AGAIN = rows(
    ("orange is open: 20, impact blank", sdq("self", 20, impact=(0, 10)), True),
    ("nothing is open", sdq("self", 20, impact=1), False),
    ("orange is open: a factor may reach 4", mssmhs(3.0, depression=(3.5, 4.0)), True),
    ("only study stress is open", mssmhs(3.0, study_stress=(3.5, 4.0)), False),
    ("red is open: item 9 once and 14 or 15", teen((14, 15), item9=1), True),
)


@pytest.mark.parametrize(("pupil", "expected"), AGAIN)
def test_a_colour_that_gaps_may_raise_is_measured_again(pupil, expected):
    assert classify(pupil)["remeasure"] == expected


@pytest.mark.parametrize(
    ("sheet", "pupil", "expected"),
    [
        ("mssmhs", calm | mssmhs(3.0), ("undetermined", "no", "invalid_over_cut")),
        ("mssmhs", calm | mssmhs(2.99), ("undetermined", "no", "invalid")),  # a note is not a cut
        ("mssmhs", calm | mssmhs(1.1, item57=3), ("orange", "yes", None)),
        ("sdq-parent", calm | sdq("parent", 17), ("undetermined", "no", "invalid_over_cut")),
        ("sdq-teacher", calm | sdq("teacher", 40), ("undetermined", "no", "invalid")),
        ("phq9-teen", teen(27), ("undetermined", "no", "invalid_over_cut")),
        ("phq9-teen", teen(0, item13=1), ("red", "yes", None)),
        ("sdq-self", sdq("self", 40, impact=10) | sdq("parent", 17), ("yellow", "not_asked", None)),
    ],
)
def test_a_sheet_filled_in_too_fast_gives_no_colour_and_its_safety_items_do(sheet, pupil, expected):
    assert told(classify(pupil, quality=unusable(sheet))) == expected


@pytest.mark.parametrize(
    ("age", "pupil", "expected"),
    [
        (11, teen(27), ("undetermined", "no", "no_rule")),
        (11.9, teen(27), ("undetermined", "no", "no_rule")),
        (12, teen(15), ORANGE),
        (11, teen(0, item12=1), ("red", "yes", None)),
        (11, teen(15, item9=1), ("red", "yes", None)),
        (11, teen((9, 15)), ("undetermined", "no", "no_rule")),  # a rule that is off leaves no gap open
        (11, calm | mssmhs(3.0), YELLOW),
        (11, phq9(9) | sdq("self", 18), YELLOW),
        (None, teen(15), ORANGE),  # of unknown age: under the rule
    ],
)
def test_the_teen_form_is_not_read_below_twelve_but_its_safety_items_are(age, pupil, expected):
    assert told(classify(pupil, age=age)) == expected


def test_yellow_scales_are_counted_over_forms_and_informants():
    row = classify(phq9(10) | teen(10) | mssmhs(3.0) | sdq("self", 18) | sdq("parent", 17) | sdq("teacher", 40))
    assert (row["tier"], row["queue"]) == ("yellow", 5)  # the teacher's form is a note
    assert [each.value for each in row["reasons"] if each.rule == "T10"] == [5]
