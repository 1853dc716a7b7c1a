"""What the truth says was planted is what stands in the files."""

import tomllib
import unicodedata

import pytest

from xinyu_lib.synth.dirt import swapped, widened

KINDS = ["twice", "mistyped", "out_of_range", "full_width", "blank_rows"]


def plain(number):
    return unicodedata.normalize("NFKC", number)


def counted(tiny, file, read_grid, read_records):
    """Dirt found in one answer file by looking at it."""
    wave = file["wave"]
    rosters = (tiny / "raw" / wave).glob("roster-*")
    enrolled = {plain(row["学籍号"]) for path in rosters for row in read_records(path)}
    rows = read_records(tiny / "raw" / file["file"])
    numbers = [plain(row["1、学籍号"]) for row in rows]
    return {
        "twice": len(numbers) - len(set(numbers)),
        "mistyped": sum(number not in enrolled for number in numbers),
        "out_of_range": sum("7" in list(row.values())[8:] for row in rows),
        "full_width": sum(row["1、学籍号"] != plain(row["1、学籍号"]) for row in rows),
        "blank_rows": sum(not any(row) for row in read_grid(tiny / "raw" / file["file"])),
    }


def answer_files(truth):
    return [file for file in truth["files"] if "answers-" in file["file"]]


def test_dirt_found_in_each_answer_file_is_the_dirt_in_the_truth(tiny, truth, read_grid, read_records):
    for file in answer_files(truth):
        assert counted(tiny, file, read_grid, read_records) == file["dirt"]


def test_every_kind_of_dirt_is_planted_somewhere(truth):
    for kind in KINDS:
        assert sum(file["dirt"][kind] for file in answer_files(truth)) > 0


def test_rows_of_each_file_are_kept_or_set_aside(tiny, truth, read_sheets):
    for file in truth["files"]:
        assert file["rows"] == sum(map(len, read_sheets(tiny / "raw" / file["file"])))
        assert file["rows"] == file["kept"] + file["set_aside"]


def test_sheets_in_the_files_are_the_finished_ones_and_those_sent_twice(truth):
    for file in answer_files(truth):
        battery = file["file"].split("answers-")[1].rsplit("-", 1)[0]
        sheets = truth["waves"][file["wave"]][file["school"]]["sheets"][battery]
        assert file["rows"] == sheets + file["dirt"]["twice"]


def test_roster_dirt_found_is_the_roster_dirt_in_the_truth(tiny, truth, read_grid, read_records):
    for file in [file for file in truth["files"] if "roster-" in file["file"]]:
        path = tiny / "raw" / file["file"]
        wide = sum(row["学籍号"] != plain(row["学籍号"]) for row in read_records(path))
        blank = sum(not any(row) for row in read_grid(path))
        assert file["dirt"] == {"full_width": wide, "blank_rows": blank}


def test_mapping_question_numbers_follow_one_another_without_a_gap(tiny):
    mapping = tomllib.loads((tiny / "raw" / "mappings" / "phq9-gad7.toml").read_text(encoding="utf-8"))
    assert [scale["questions"] for scale in mapping["scales"]] == [[3, 11], [12, 18]]


@pytest.mark.parametrize(("change", "found"), [(widened, "G９７０１"), (swapped, "G7901")])
def test_a_number_is_dirtied_as_told(change, found):
    assert change("G9701") == found
