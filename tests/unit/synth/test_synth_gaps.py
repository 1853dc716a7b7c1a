"""Gaps: each planted one is found again by looking at the rows, and nothing else has it."""

import pandas as pd
import pytest

from xinyu_lib.synth.ledgers.gaps import PLANTERS
from xinyu_lib.synth.setting import load_setting

LAST_DAY = "2026-05-15"
pytestmark = pytest.mark.xdist_group("demo-ledgers")  # one worker writes and reads them
CARE = ("interview", "care_plan", "guardian_contact")


@pytest.fixture(scope="module")
def t(demo_taken):
    """Tables of the demo district."""
    return demo_taken[0]


@pytest.fixture(scope="module")
def planted(demo_taken):
    """Records of the truth, by kind."""
    found = {}
    for record in demo_taken[2]["gaps"]:
        found.setdefault(record["kind"], []).append(record)
    return found


def where(planted, kind, at=0):
    return planted[kind][at]["where"]


def red(rows, planted, kind):
    """The number of the pupil whose confirmed tier a gap names."""
    return rows[(rows["tier"] == "red") & (rows["at"] == where(planted, kind)["at"])]["number"].item()


def test_every_kind_of_gap_is_planted_in_the_demo(planted):
    assert set(planted) == set(PLANTERS)


def test_the_truth_names_no_pupil_and_no_teacher(demo_taken):
    text = str(demo_taken[2])
    assert "T36" not in text
    assert "G97" not in text


def test_rows_that_answer_to_a_record_are_as_many_as_it_says(t, planted):
    for record in [record for records in planted.values() for record in records if record["rows"]]:
        rows = t[record["table"]]
        for column, value in record["where"].items():
            rows = rows[rows[column].isna() if value is None else rows[column].isin(pd.Series(value).tolist())]
        assert len(rows) == record["rows"], record


def test_one_item_of_the_five_is_missing_in_one_term_of_one_school(t, planted):
    counts = t["five_open"].groupby(["school", "term"]).size()
    assert counts[counts < 5].to_dict() == {("036041", "autumn"): 4}
    assert "feedback" not in set(t["five_open"].query("school == '036041' and term == 'autumn'")["item"])
    assert where(planted, "five_open_missing")["item"] == "feedback"


def test_one_school_has_a_crisis_plan_of_more_than_a_year(t):
    in_force = t["crisis_plan"][t["crisis_plan"]["ended_on"].isna()]
    old = in_force[pd.to_datetime(in_force["approved_on"]) < pd.Timestamp(LAST_DAY) - pd.DateOffset(months=12)]
    assert old["school"].tolist() == ["036012"]
    assert sorted(in_force["school"]) == sorted(t["school"]["school"])


def test_one_school_had_no_drill_in_spring(t, planted):
    spring = t["drill"][
        t["drill"]["on"].between(planted["drill_missing"][0]["from"], planted["drill_missing"][0]["to"])
    ]
    assert set(t["school"]["school"]) - set(spring["school"]) == {"036031"}
    assert set(t["drill"][~t["drill"].index.isin(spring.index)]["school"]) == set(t["school"]["school"])


def test_one_standard_plan_is_four_years_old(t):
    plans = t["plan_doc"].query("kind == 'standard_plan' and year < '2025-2026'")
    assert list(zip(plans["school"], plans["year"], strict=True)) == [("036051", "2021-2022")]


def test_the_classes_of_one_school_were_silent_for_four_weeks_and_a_nil_report_counts_elsewhere(t, planted):
    reports = t["network_report"]
    units = reports.groupby(["school", "level", "unit"]).size()
    usual = units.groupby(["school", "level"]).agg(["min", "max"])
    assert (usual["min"] == usual["max"]).all()  # whole levels are silent, no single class
    weeks = reports.query("level == 'class'").groupby("school")["starts"].agg(set)
    missing = {school: sorted(weeks["036011"] - mine) for school, mine in weeks.items() if mine != weeks["036011"]}
    assert missing == {"036021": where(planted, "network_silent")["starts"]}
    assert (reports["items"] == 0).mean() > 0.5


def test_the_delegates_of_one_class_are_untrained(t, planted):
    untrained = t["network_member"].query("role == 'delegate' and trained_on.isna()")
    assert set(zip(untrained["school"], untrained["unit"], strict=True)) == {("036031", "0401")}
    assert where(planted, "delegate_untrained")["unit"] == "0401"
    old = t["class"].query("wave == '2025-2026-spring' and grade >= 4")
    delegates = t["network_member"].query("role == 'delegate'").groupby(["school", "unit"]).size()
    assert set(delegates.index) == set(zip(old["school"], old["class_id"], strict=True))


def test_of_one_red_the_talk_the_guardian_the_district_and_the_plan_came_too_late(t, planted):
    events = t["crisis_event"].dropna(subset=["number"])
    found = pd.to_datetime(events["found_at"])
    late = events[
        (pd.to_datetime(events["district_at"]) - found > pd.Timedelta(hours=24))
        | (events["guardian_at"].str[:10] > events["found_at"].str[:10])
    ]
    mine = {table: t[table][t[table]["number"] == late["number"].item()] for table in CARE}
    assert late["found_at"].item() == where(planted, "red_overdue", 1)["found_at"]
    talk = mine["interview"].query("risk == 'high'")["at"].item()
    submitted = pd.Timestamp(planted["red_overdue"][0]["submitted"])
    assert pd.Timestamp(talk) - submitted > pd.Timedelta(hours=2)
    plan = mine["care_plan"]["at"].iloc[0]
    assert pd.Timestamp(plan) - pd.Timestamp(talk) > pd.Timedelta(hours=24)
    told = mine["guardian_contact"].query("purpose == 'crisis'")["on"].item()
    assert told > talk[:10]


def test_one_red_has_had_no_review(t, planted):
    newest = t["tier_confirmed"].sort_values(["on", "sequence"]).drop_duplicates("number", keep="last")
    lapsed = newest[(newest["tier"] != "none") & (newest["review_by"] < LAST_DAY)]
    open_ = t["care_plan"][t["care_plan"]["closed_on"].isna()]["number"]
    lapsed = lapsed[lapsed["number"].isin(open_)]
    assert lapsed["tier"].tolist() == ["red"]
    assert lapsed["number"].item() == red(t["tier_confirmed"], planted, "red_review_lapsed")


def test_one_open_plan_has_no_contact_ahead(t, planted):
    open_ = t["care_plan"][t["care_plan"]["closed_on"].isna()]
    ahead = t["contact"][t["contact"]["done_on"].isna()]["number"]
    without = open_[~open_["number"].isin(ahead)]
    assert without["on"].tolist() == [where(planted, "no_next_contact")["on"]]
    assert without["school"].tolist() == ["036051"]


def test_one_pupil_with_an_open_orange_tier_left_without_a_receipt(t):
    lost = t["enrolment"][t["enrolment"]["receipt_on"].isna()]
    assert lost["event"].tolist() == ["transferred_out"]
    mine = t["tier_confirmed"][t["tier_confirmed"]["number"] == lost["number"].item()].sort_values("on")
    assert mine["tier"].iloc[-1] == "orange"
    assert lost["school"].item() == "036021"


def test_one_school_has_no_psychology_teacher_any_more_and_nobody_opens_its_room(t):
    teachers = t["staff"].query("posts == 'psychology_teacher'")
    there = set(teachers[teachers["ends"].isna()]["school"])
    assert set(t["school"]["school"]) - there == {"036051"}
    gone = teachers[teachers["ends"].notna()]["staff_number"].item()
    assert t["room_log"].query("school == '036051'")["opened"].max() < "2026-05-01"
    assert t["room_log"].query("school != '036051'").groupby("school")["opened"].max().min() > "2026-05-14"
    for table, column in {"contact": "done_on", "lesson": "on", "interview": "on", "network_report": "starts"}.items():
        rows = t[table]
        assert not ((rows["staff_number"] == gone) & (rows[column] > "2026-04-30")).any(), table


def test_one_teacher_counts_at_two_schools_by_share(t):
    schools = t["staff"].dropna(subset=["school"]).groupby("staff_number")["school"].agg(list)
    shared = schools[schools.map(len) > 1]
    assert [sorted(each) for each in shared] == [["036011", "036012"]]
    assert t["staff"][t["staff"]["staff_number"] == shared.index[0]]["fte"].sum() == pytest.approx(0.8)


def test_lessons_were_lost_at_one_school_and_every_other_was_given(t):
    lost = t["lesson"].query("delivered == 'no'")
    assert lost["school"].value_counts().to_dict() == {"036041": 24}
    assert set(lost["lost_to"]) == {"exam"}


def test_three_lessons_from_afar_had_no_teacher_in_the_room(t):
    alone = t["lesson"].query("local_present == 'no'")
    assert alone["school"].tolist() == ["036012"] * 3
    assert t["lesson"]["remote_number"].notna().sum() == len(t["lesson"].query("course == 'K-05'"))


def test_one_item_of_one_school_cost_more_than_planned(t):
    over = t["budget"][t["budget"]["spent"] > t["budget"]["planned"]]
    assert list(zip(over["school"], over["item"], over["fiscal_year"], strict=True)) == [("036031", "activities", 2025)]


def test_one_number_of_the_publications_is_missing_and_it_came_after_the_figure(t):
    numbers = set(t["publication"]["no"])
    assert set(range(1, max(numbers) + 1)) - numbers == {401}


def test_one_room_has_no_letter_box_and_one_is_too_small(t):
    assert set(t["room"].query("letter_box == 'no'")["school"]) == {"036012"}
    least = {"individual": 10, "group": 20, "office": 15}
    small = t["room"][t["room"]["area"] < t["room"]["function"].map(least)]
    assert list(zip(small["school"], small["function"], strict=True)) == [("036051", "group")]


def test_one_psychology_teacher_was_trained_and_never_supervised(t):
    teachers = t["staff"].query("posts == 'psychology_teacher'")
    without = teachers[~teachers["staff_number"].isin(t["supervision"]["staff_number"])]
    assert without["school"].tolist() == ["036031"]
    trained = t["attendance"].set_index("staff_number")["hours"].groupby(level=0).sum()
    assert trained[without["staff_number"].item()] >= 20


def test_the_file_of_one_pupil_lacks_the_consent_that_was_given(t):
    asked = t["consent"].query("state != 'not_asked'")
    filed = t["archive_entry"].query("part == 'consent_access'")["number"]
    lacking = asked[~asked["number"].isin(filed)].drop_duplicates("number")
    place = t["archive"].set_index("number")["school"]
    assert place[lacking["number"]].tolist() == ["036041"]


def test_the_file_of_one_newcomer_was_opened_after_30_days(t):
    came = t["enrolment"].query("event == 'transferred_in' and other_school.isna()")
    files = came.merge(t["archive"], on="number")
    days = (pd.to_datetime(files["opened_on"]) - pd.to_datetime(files["on"])).dt.days
    assert files[days > 30]["school_x"].tolist() == ["036031"]
    assert days[days > 30].tolist() == [45]


def test_the_tiny_district_has_the_same_gaps_but_one(truth):
    kinds = {gap["kind"] for gap in truth["gaps"]}
    assert kinds == set(PLANTERS) - {"teacher_left"}  # its small school shares the only teacher of the other
    assert kinds == {gap.kind for gap in load_setting("tiny").gaps}
