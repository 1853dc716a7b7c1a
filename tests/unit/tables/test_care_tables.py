"""The tables on the side of the pupils: what domain.md demands of the files, the chain of care and the network."""

import pytest

from xinyu_lib.tables import load_table

ISSUES = (
    "learning", "peers", "bullying", "teacher", "family", "emotion", "sleep", "self_harm", "internet", "trauma_loss",
    "illness", "other",
)  # fmt: skip
# Tables whose rows are about one pupil each; crisis_event, signal, station_case and network_member may name one.
ABOUT_A_PUPIL = (
    "archive", "archive_entry", "tier_confirmed", "check_list", "interview", "care_plan", "contact",
    "guardian_contact", "referral",
)  # fmt: skip
MAY_NAME_A_PUPIL = ("network_member", "signal", "crisis_event", "station_case")
ABOUT_NO_PUPIL = ("network_report", "crisis_plan", "drill")
PLACES = {"wave", "school", "class_id"}

# What each indicator of domain.md section 8 is worked out from.
INDICATORS = {
    "D1": {"wave": {"starts", "ends"}},
    "D2": {"consent": {"state", "asked_on"}, "pupil": {"grade"}},
    "D3": {"consent": {"state"}},
    "D4": {"administration": {"state", "made_up_on"}, "consent": {"state", "reference"}, "pupil": {"grade"}},
    "D5": {"score": {"scores"}, "check_list": {"reason", "outcome"}, "sheet_set_aside": {"reason"}},
    "D6": {"archive": {"opened_on"}, "enrolment": {"event", "on"}, "pupil": {"pupil_key"}},
    "D7": {"archive_entry": {"part", "on", "wave"}, "archive": {"opened_on"}},
    "D8": {"enrolment": {"event", "on", "receipt_on"}, "tier_confirmed": {"tier"}},
    "D9": {"tier_provisional": {"tier", "undetermined_why"}},
    "D10": {
        "tier_provisional": {"tier", "safety_signal"},
        "administration": {"submitted_at"},
        "check_list": {"source", "on", "due_on"},
        "interview": {"wave", "on", "at", "outcome"},
    },
    "D11": {"tier_confirmed": {"wave", "tier", "from_tier"}, "interview": {"outcome"}},
    "D12": {
        "tier_confirmed": {"tier", "at"},
        "interview": {"at"},
        "crisis_event": {"found_at", "principal_at", "guardian_at", "district_at", "accompanied", "referred_at"},
        "care_plan": {"at"},
        "contact": {"due_on", "done_on"},
    },
    "D13": {"tier_confirmed": {"tier", "on"}, "care_plan": {"on"}},
    "D14": {"contact": {"due_on", "done_on", "kind"}},
    "D15": {"guardian_contact": {"on", "reached", "withheld"}, "tier_confirmed": {"tier", "on"}},
    "D16": {"referral": {"state", "proposed_on", "answered_on", "seen_on"}},
    "D17": {
        "care_plan": {"review_on", "reviewed_on", "review_result", "closed_on"},
        "contact": {"kind", "due_on", "done_on"},
        "tier_confirmed": {"review_by"},
    },
    "D18": {"network_member": {"level", "unit", "trained_on", "starts", "ends"}, "class": {"class_id", "grade"}},
    "D19": {
        "network_report": {"level", "unit", "starts", "ends", "items", "received_at"},
        "signal": {"at", "received_at"},
    },
    "D20": {"crisis_plan": {"approved_on", "ended_on", "contacts_tested_on", "levels_briefed"}},
    "D21": {"drill": {"on"}},
    "E1": {"station_case": {"service", "opened_on", "first_session_on"}},
}


def codes(table: str, column: str) -> tuple[str, ...]:
    return tuple(code.code for code in load_table(table).column(column).codes)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_what_an_indicator_is_worked_out_from_is_in_the_lake(indicator):
    for table, needed in INDICATORS[indicator].items():
        stored = {column.name for column in load_table(table).columns if column.privacy != "vault"}
        assert needed - stored == set(), table


def test_every_indicator_of_the_pupil_side_is_looked_after():
    assert list(INDICATORS) == [f"D{number}" for number in range(1, 22)] + ["E1"]


@pytest.mark.parametrize("table", [*ABOUT_A_PUPIL, "enrolment"])
def test_a_row_about_a_pupil_goes_by_the_key_of_the_pupil(table):
    assert "pupil_key" in load_table(table).key
    assert load_table(table).column("number").required


@pytest.mark.parametrize("table", ABOUT_A_PUPIL)
def test_the_school_of_a_pupil_is_taken_from_the_roster(table):
    assert not load_table(table).column("school").from_file


@pytest.mark.parametrize("table", [*ABOUT_A_PUPIL, "signal", "crisis_event"])
def test_nothing_about_a_pupil_stands_in_a_report(table):
    open_ones = {c.name for c in load_table(table).columns if c.privacy not in {"restricted", "vault"}}
    # the stage is the same in every row; the number of a signal is the office's own
    assert open_ones <= PLACES | {"stage", "record"}


@pytest.mark.parametrize("table", MAY_NAME_A_PUPIL)
def test_a_pupil_is_named_only_where_there_is_one_to_name(table):
    assert not load_table(table).column("number").required
    assert "pupil_key" not in load_table(table).key


@pytest.mark.parametrize("table", ABOUT_NO_PUPIL)
def test_reports_plans_and_drills_name_no_pupil(table):
    assert [c.name for c in load_table(table).columns if c.identity == "pupil"] == []


@pytest.mark.parametrize("table", ["interview", "care_plan", "contact", "guardian_contact", "signal"])
def test_what_was_said_stays_in_the_vault(table):
    assert [(c.name, c.privacy) for c in load_table(table).texts] == [("words", "vault")]
    assert "words" not in load_table(table).stored


@pytest.mark.parametrize("table", ["archive", "archive_entry", "tier_confirmed", "referral", "crisis_event"])
def test_files_tiers_referrals_and_crises_are_told_in_codes_and_dates_only(table):
    assert load_table(table).texts == ()


@pytest.mark.parametrize(
    ("table", "column"),
    [("check_list", "issues"), ("care_plan", "issue"), ("contact", "themes"), ("signal", "categories")],
)
def test_issues_are_coded_alike_everywhere(table, column):
    assert codes(table, column) == ISSUES
    assert load_table(table).column(column).codes == load_table("care_plan").column("issue").codes


def test_a_file_has_ten_parts():
    assert codes("archive_entry", "part") == (
        "identity", "family", "measurement", "observation", "interview", "counselling", "guardian_contact", "referral",
        "tier", "consent_access",
    )  # fmt: skip


def test_there_is_one_file_per_pupil():
    assert load_table("archive").key == ("pupil_key",)


def test_the_history_of_a_pupil_knows_every_point_of_handover():
    assert codes("enrolment", "event") == (
        "enrolled", "transferred_in", "transferred_out", "leave", "return", "stage_change", "graduated", "dropped_out",
    )  # fmt: skip
    assert load_table("enrolment").column("receipt_on").not_before == "handed_over_on"


def test_only_people_confirm_a_tier_and_none_is_left_undetermined():
    assert codes("tier_confirmed", "tier") == ("red", "orange", "yellow", "none")
    assert codes("tier_confirmed", "from_tier") == codes("tier_provisional", "tier")
    assert codes("tier_confirmed", "stage") == ("confirmed",)
    assert load_table("tier_confirmed").column("staff_number").required


def test_the_second_signature_is_that_of_another_person_of_the_staff():
    table = load_table("tier_confirmed")
    second = table.column("second_number")
    assert (second.stands_for, second.references) == ("second_key", table.column("staff_number").references)


def test_no_tier_is_given_for_the_reasons_of_the_domain():
    assert codes("tier_confirmed", "reason")[-5:] == (
        "resolved", "situational", "misread_item", "careless", "scale_error",
    )  # fmt: skip


def test_pupils_are_listed_from_six_sources():
    assert codes("check_list", "source") == ("census", "teacher", "peer", "parent", "self", "hospital")


def test_findings_of_an_interview_run_from_red_to_none():
    findings = codes("interview", "findings")
    assert findings[:7] == (
        "cssrs_intent", "cssrs_behaviour_recent", "cssrs_method_means", "asq_acute", "attempt_recent",
        "psychosis_acute", "danger_to_others",
    )  # fmt: skip
    assert findings[7:13] == (
        "cssrs_thoughts", "cssrs_behaviour_past", "asq_nonacute", "self_harm_recent", "disorder_limiting",
        "function_loss_marked",
    )  # fmt: skip
    assert findings[13:] == ("cssrs_wish", "distress", "situational_trouble", "needs_counselling", "nothing_found")


def test_steps_of_a_referral_stand_in_order():
    assert codes("referral", "state") == (
        "proposed", "guardian_agreed", "guardian_declined", "sent", "accepted", "seen", "result", "returned",
    )  # fmt: skip


def test_no_step_of_a_referral_comes_before_the_one_it_rests_on():
    dates = [c for c in load_table("referral").columns if c.type == "date"]
    assert {c.name: c.not_before for c in dates} == {
        "proposed_on": None, "answered_on": "proposed_on", "sent_on": "proposed_on", "accepted_on": "sent_on",
        "seen_on": "sent_on", "result_on": "seen_on", "returned_on": "seen_on",
    }  # fmt: skip


def test_a_plan_is_closed_for_one_of_five_reasons():
    assert codes("care_plan", "closing") == (
        "resolved", "transferred", "graduated", "guardian_took_over", "misclassified",
    )  # fmt: skip


def test_guardians_are_never_told_in_a_group_chat():
    assert codes("guardian_contact", "channel") == ("at_school", "home_visit", "phone", "video", "letter")


def test_a_refusal_and_a_home_that_is_the_danger_are_recorded():
    assert "refused" in codes("guardian_contact", "answer")
    assert "home_is_danger" in codes("guardian_contact", "withheld")
    assert not load_table("guardian_contact").column("channel").required


def test_the_network_has_four_levels():
    four = ("school", "grade", "class", "peer")
    assert codes("network_member", "level") == codes("network_report", "level") == four
    assert codes("crisis_plan", "levels_briefed") == codes("drill", "levels") == four


def test_a_missing_report_is_no_nil_report():
    items = load_table("network_report").column("items")
    assert (items.required, items.default, items.min) == (True, None, 0)
    assert [(code.code, code.zh) for code in items.codes] == [("0", "无情况")]


def test_four_signs_of_danger_and_danger_to_others_raise_red_without_a_scale():
    assert codes("signal", "danger")[:5] == ("plan", "means", "farewell", "act", "to_others")


def test_nobody_is_told_of_a_crisis_before_it_was_found():
    table = load_table("crisis_event")
    for step in ("principal_at", "guardian_at", "district_at", "referred_at"):
        assert (table.column(step).type, table.column(step).not_before) == ("timestamp", "found_at")


def test_the_station_serves_in_four_ways_and_shares_a_pupil_only_with_consent():
    assert codes("station_case", "service") == ("one_to_one", "quality", "career", "development")
    assert codes("station_case", "consent_to_share") == ("yes", "no")


def test_consent_is_asked_for_three_purposes_one_by_one():
    purposes = load_table("consent").column("purposes")
    assert (purposes.type, codes("consent", "purposes")) == ("codes", ("care", "statistics", "research"))


def test_special_groups_of_a_pupil_serve_care_only_and_the_seat_number_stays_in_the_vault():
    pupil = load_table("pupil")
    assert (pupil.column("special_groups").type, pupil.column("special_groups").privacy) == ("codes", "restricted")
    assert pupil.column("class_number").privacy == "vault"


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("pupil", {"class_number", "special_groups"}),
        ("consent", {"asked_on", "purposes", "pupil_assent", "reference"}),
        ("administration", {"made_up_on"}),
    ],
)
def test_files_of_the_first_years_lack_nothing_that_is_needed(table, names):
    assert {c.name for c in load_table(table).file_columns if c.name in names and not c.required} == names


def test_a_sheet_set_aside_leaves_its_reason_with_the_pupil():
    table = load_table("sheet_set_aside")
    assert (table.from_file, table.key) == (False, ("wave", "pupil_key", "reason"))
    assert codes("sheet_set_aside", "reason") == (
        "unfinished", "out_of_range", "bad_value", "duplicate", "missing_value", "other",
    )  # fmt: skip


@pytest.mark.parametrize("table", [*ABOUT_A_PUPIL, *MAY_NAME_A_PUPIL, *ABOUT_NO_PUPIL, "enrolment"])
def test_a_sheet_of_a_table_can_be_overlooked_at_a_glance(table):
    assert 5 <= len(load_table(table).columns) <= 16
