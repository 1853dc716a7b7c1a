"""Who answers, and how carefully."""

import pandas as pd

from xinyu_lib.scales import load_scale


def test_grades_1_to_3_are_asked_nothing(demo):
    round_ = demo.rounds[0]
    assert set(round_.roster["grade"].loc[round_.consent.index]) == set(range(4, 13))


def test_grades_4_to_6_answer_the_mht_and_grades_7_to_12_phq9_and_gad7_on_one_sheet(demo):
    round_ = demo.rounds[0]
    grades = {battery: set(round_.roster["grade"].loc[s.codes.index]) for battery, s in round_.sheets.items()}
    assert grades == {"mht": {4, 5, 6}, "phq9-gad7": {7, 8, 9, 10, 11, 12}}
    expected = [*load_scale("phq9").items, *load_scale("gad7").items]
    assert list(round_.sheets["phq9-gad7"].codes) == expected


def test_only_pupils_who_may_answer_and_are_there_hand_in_a_sheet(demo):
    for round_ in demo.rounds:
        sheets = pd.concat([sheets.seconds for sheets in round_.sheets.values()])
        assert sheets.index.sort_values().equals(round_.attendance.index[round_.attendance == "finished"])
        assert set(round_.consent.loc[sheets.index]) <= {"consented", "withdrawn"}


def test_straight_answering_leaves_one_code_on_a_scale(demo):
    sheets = demo.rounds[0].sheets["mht"]
    straight = sheets.codes[sheets.careless == "straight"]
    assert len(straight) > 0
    assert (straight.nunique(axis=1) == 1).all()


def test_hasty_sheets_took_less_than_the_floor_of_the_scale_and_careful_ones_more(demo):
    sheets = demo.rounds[0].sheets["mht"]
    pace = sheets.seconds / load_scale("mht").n_items
    hasty = sheets.careless.isin(["straight", "random"])
    floor = load_scale("mht").quality.seconds_per_item
    assert (pace[hasty] < floor).mean() > 0.9
    assert (pace[~hasty] > floor).all()


def test_answers_given_to_please_raise_the_lie_scale(demo):
    sheets = demo.rounds[0].sheets["mht"]
    lie = sheets.codes[[f"mht_{item}" for item in range(82, 101, 2)]].sum(axis=1)
    assert lie[sheets.careless == "lying"].mean() > 2 * lie[sheets.careless == ""].mean()


def test_some_sheets_leave_the_safety_item_blank_and_some_stop_half_way(demo):
    codes = pd.concat([round_.sheets["phq9-gad7"].codes for round_ in demo.rounds])
    blank = codes.isna()
    assert (blank["phq9_9"] & (blank.sum(axis=1) == 1)).any()
    assert (blank["gad7_7"] & blank["gad7_6"] & blank["gad7_5"]).any()
