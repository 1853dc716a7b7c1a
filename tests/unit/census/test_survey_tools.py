"""Exports of LimeSurvey, Qualtrics and REDCap, each read in a real file: where answers stand and what is finished.

The samples ask about other matters than our scales do: their answers are read as items of a scale with the same codes.
"""

from pathlib import Path

import pytest
from census_files import WAVE, write_csv

from xinyu_lib.census import Known, load_mapping, read_file, take_responses
from xinyu_lib.census.known import Directory
from xinyu_lib.errors import RowsRefused
from xinyu_lib.tables import load_layout

FILES = Path(__file__).parent / "files"
ASKED = (
    "In your next visit to Amsterdam, are you planning to visit any of the following locations/events "
    "in/around Amsterdam? [{}]"
)
PLACES = [ASKED.format(place) for place in ("Club", "Indoor dance event", "Illegal party", "Concert", "Home party")]
LIMESURVEY = f"""
layout = "limesurvey"
ignore = ["In your next visit*", "* you *", "Unnamed*"]
[columns]
number = "Response ID"
submitted_at = "Date submitted"
[[scales]]
id = "asq"
headers = {PLACES}
"""
QUALTRICS = """
layout = "qualtrics"
[columns]
number = "UserLanguage"
submitted_at = "RecordedDate"
seconds = "Duration (in seconds)"
finished = "Finished"
[[scales]]
id = "gad7"
left_out = [2, 3, 4, 5, 6, 7]
headers = ["Q1"]
"""
REDCAP = """
layout = "redcap"
rows = { redcap_event_name = "dose_1_arm_1" }
ignore = ["age", "sex", "gym___*", "height", "weight", "bmi", "demographics_complete"]
[columns]
number = "study_id"
finished = "patient_morale_questionnaire_complete"
[[scales]]
id = "phq9"
left_out = [5, 6, 7, 8, 9]
headers = "pmq{item}"
"""


@pytest.fixture
def take(tmp_path):
    """Take a file through a mapping; these pupils are on the roster."""

    def taken(mapping: str, file: Path):
        (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
        read = load_mapping(tmp_path / "m.toml")
        raw = read_file(file, header_rows=load_layout(read.layout).header_rows)
        known = Known(Directory.of(dict.fromkeys(["1", "2", "3", "100", "220", "304", "DE"], "0102")))
        return take_responses(raw, read, wave=WAVE, known=known)

    return taken


def lines(file: str) -> list[list[str]]:
    """A sample as rows of cells, to be changed."""
    raw = read_file(FILES / file)
    return [list(raw.headers), *(list(row) for row in raw.rows)]


def test_limesurvey_answers_are_named_by_their_question_and_written_with_a_point(take):
    batch = take(LIMESURVEY, FILES / "limesurvey.csv")
    frame = batch.frames["response/asq"].set_index("number")
    assert frame.loc["1", [f"asq_{n}" for n in range(1, 6)]].tolist() == [0, 0, 1, 0, 0]
    assert frame.loc["3", [f"asq_{n}" for n in range(1, 6)]].tolist() == [0, 1, 0, 0, 0]


def test_a_limesurvey_sheet_without_a_date_of_submission_is_unfinished(take):
    batch = take(LIMESURVEY, FILES / "limesurvey.csv")
    assert (batch.rows_in, batch.rows_kept) == (3, 2)
    assert batch.set_aside[["row", "reason"]].values.tolist() == [[3, "unfinished"]]
    assert batch.frames["administration"]["submitted_at"].tolist() == ["2022-03-15T10:50:10", "2022-03-15T10:53:36"]


def test_limesurvey_headers_may_be_codes_of_questions(take, tmp_path):
    header = ["id", "submitdate", "lastpage", "startlanguage", *[f"asq[SQ00{n}]" for n in range(1, 6)], "interviewtime"]
    file = write_csv(tmp_path / "a.csv", header, ["3", "2025-10-15 09:30:05", "2", "zh", *"01001", "61.5"])
    mapping = """
layout = "limesurvey"
[columns]
number = "id"
submitted_at = "submitdate"
seconds = "interviewtime"
[[scales]]
id = "asq"
headers = "asq[SQ00{item}]"
"""
    batch = take(mapping, file)
    assert batch.frames["response/asq"][[f"asq_{n}" for n in range(1, 6)]].iloc[0].tolist() == [0, 1, 0, 0, 1]
    assert batch.frames["administration"]["seconds"].tolist() == [61]


def test_three_lines_of_a_qualtrics_header_are_no_answers(take):
    batch = take(QUALTRICS, FILES / "qualtrics.csv")
    assert (batch.rows_in, batch.rows_kept) == (1, 1)
    assert batch.frames["response/gad7"]["gad7_1"].tolist() == [2]
    assert batch.frames["administration"][["submitted_at", "seconds"]].values.tolist() == [["2017-07-18T08:28:48", 38]]


NAMES = ["Q1", "This is a multiple choice question.", '{"ImportId":"QID1"}']


@pytest.mark.parametrize("name", NAMES)
def test_a_qualtrics_column_goes_by_name_question_or_import_id(take, name):
    batch = take(QUALTRICS.replace('"Q1"', f"'{name}'"), FILES / "qualtrics.csv")
    assert batch.frames["response/gad7"]["gad7_1"].tolist() == [2]


def changed(tmp_path, column: str, cell: str) -> Path:
    """The Qualtrics sample with another cell in its one row."""
    rows = lines("qualtrics.csv")
    rows[-1][rows[0].index(column)] = cell
    return write_csv(tmp_path / "a.csv", *rows)


@pytest.mark.parametrize("cell", ["0", "False", ""])
def test_a_qualtrics_sheet_that_is_not_finished_is_set_aside(take, tmp_path, cell):
    with pytest.raises(RowsRefused):
        take(QUALTRICS, changed(tmp_path, "Finished", cell))


@pytest.mark.parametrize("cell", ["1", "True", "TRUE"])
def test_a_qualtrics_sheet_is_finished_in_each_of_the_ways_it_is_written(take, tmp_path, cell):
    assert take(QUALTRICS, changed(tmp_path, "Finished", cell)).rows_kept == 1


def test_a_qualtrics_question_seen_and_left_blank_is_unanswered(take, tmp_path):
    assert take(QUALTRICS, changed(tmp_path, "Q1", "-99")).frames["response/gad7"]["gad7_1"].isna().tolist() == [True]


def test_of_a_redcap_export_only_the_rows_of_one_event_are_sheets(take):
    # 18 rows, 2 of them of dose_1_arm_1: 100 with 2 2 1 1, 220 with 0 1 0 2; both complete
    batch = take(REDCAP, FILES / "redcap.csv")
    frame = batch.frames["response/phq9"]
    assert (batch.rows_in, batch.rows_kept, batch.left_out) == (2, 2, 16)
    assert frame["number"].tolist() == ["100", "220"]
    assert frame[[f"phq9_{n}" for n in range(1, 5)]].values.tolist() == [[2, 2, 1, 1], [0, 1, 0, 2]]


def test_a_redcap_form_that_is_not_complete_is_unfinished(take):
    # visit_1_arm_1: 100 has form state 0, 220 state 2
    batch = take(REDCAP.replace("dose_1", "visit_1"), FILES / "redcap.csv")
    assert batch.set_aside["reason"].tolist() == ["unfinished"]
    assert batch.frames["administration"]["number"].tolist() == ["220"]


def test_a_redcap_answer_outside_the_codes_sets_its_sheet_aside(take):
    # visit_2_arm_1: 100 is complete with 0 1 0 0; 220 has state 1 (unverified) and answers the second question with 4
    batch = take(REDCAP.replace("dose_1", "visit_2"), FILES / "redcap.csv")
    assert set(batch.set_aside["reason"]) == {"unfinished", "out_of_range"}
    assert batch.frames["response/phq9"]["number"].tolist() == ["100"]


def test_check_boxes_of_redcap_are_items_by_a_list_of_headers(take):
    boxes = ", ".join(f'"gym___{n}"' for n in range(5))
    mapping = REDCAP.replace("dose_1", "enrollment").replace("patient_morale_questionnaire_c", "demographics_c")
    mapping = mapping.replace('"phq9"\nleft_out = [5, 6, 7, 8, 9]', '"asq"').replace('"pmq{item}"', f"[{boxes}]")
    mapping = mapping.replace('"demographics_complete"]', '"pmq*", "patient*"]')
    frame = take(mapping, FILES / "redcap.csv").frames["response/asq"]
    assert frame[[f"asq_{n}" for n in range(1, 6)]].values.tolist() == [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0]]


UNUSED = {
    "limesurvey": (LIMESURVEY, ("How old are you?", "[Other]")),
    "qualtrics": (QUALTRICS, ("Q2", "Q2 - Topics")),
    "redcap": (REDCAP, ()),
}


@pytest.mark.parametrize("layout", UNUSED)
def test_columns_of_the_tool_itself_are_not_told_as_unused(take, layout):
    mapping, unused = UNUSED[layout]
    assert take(mapping, FILES / f"{layout}.csv").unused_columns == unused
