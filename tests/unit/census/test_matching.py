"""Sheets and pupils: what is told is told for certain, anything else is left to a person."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinyu_lib.census.matching import Roster, match, one_slip

COLUMNS = ["number", "school", "class_id", "class_name", "class_number", "name"]
ROSTER = pd.DataFrame(
    [
        ["G001", "0102", "0401", "四年级1班", "07", "张伟"],
        ["G002", "0102", "0401", "四年级1班", "08", "李娜"],
        ["G003", "0102", "0402", "四年级2班", "07", "张伟"],
        ["G004", "0103", "0401", "四年级1班", "07", "张伟"],
        ["G005", "0102", "0401", "四年级1班", "09", "龙丽"],
        ["G006", "0102", "0401", "四年级1班", "10", "龙敏"],
    ],
    columns=COLUMNS,
)


def matched(roster: pd.DataFrame = ROSTER, **typed: str) -> pd.Series:
    """What becomes of one sheet that says this."""
    return match(pd.DataFrame([typed]), roster).iloc[0]


def unresolved(roster: pd.DataFrame = ROSTER, **typed: str) -> str:
    found = matched(roster, **typed)
    assert pd.isna(found["number"])
    assert pd.isna(found["how"])
    return found["why"]


REST = {"school": "0102", "class_id": "0401", "class_number": "07", "name": "张伟"}


@pytest.mark.parametrize("name", [{}, {"name": ""}, {"name": "张伟"}, {"name": "張　偉"}])
def test_a_number_with_its_name_or_without_any_tells_the_pupil(name):
    found = matched(number="G001", **name)
    assert (found["number"], found["how"]) == ("G001", "number")
    assert pd.isna(found["why"])
    assert found["candidates"] == ()


def test_a_number_is_read_in_full_width_and_small_letters_and_given_as_the_roster_writes_it():
    assert matched(number="ｇ００１")["number"] == "G001"


def test_a_class_that_differs_does_not_matter_to_a_number_with_its_name():
    assert matched(number="G002", name="李娜", school="0102", class_id="0402")["number"] == "G002"


def test_the_number_of_another_name_is_nobodys():
    found = matched(number="G002", name="张伟")
    assert found["why"] == "name_differs"
    assert found["candidates"][0] == "G002"


def test_a_number_of_a_namesake_is_not_believed_against_class_and_number_in_class():
    # The pupil of class 0401 typed the number of the other 张伟, who is in 0402.
    found = matched(number="G003", **REST)
    assert found["why"] == "several"
    assert found["candidates"] == ("G003", "G001", "G004")  # whose number it is, whose class it is, one slip away


def test_a_number_alone_against_anothers_class_and_place_is_not_believed():
    assert unresolved(number="G003", school="0102", class_id="0401", class_number="08") == "several"


@pytest.mark.parametrize("class_id", ["0401", "四年级1班", "四年级一班", "４年级 1 班"])
@pytest.mark.parametrize("class_number", ["07", "7", "7号"])
def test_class_number_in_class_and_name_together_tell_the_pupil(class_id, class_number):
    found = matched(**{**REST, "class_id": class_id, "class_number": class_number})
    assert (found["number"], found["how"]) == ("G001", "class_number_name")


def test_a_class_may_stand_in_the_column_of_its_name():
    assert matched(school="0102", class_name="四年级一班", class_number="7", name="张伟")["number"] == "G001"


@pytest.mark.parametrize(
    ("field", "typed"), [("class_number", "08"), ("name", "张玮"), ("class_id", "四（1）班"), ("school", "0104")]
)
def test_one_of_the_three_that_fits_nobody_leaves_the_sheet_unresolved(field, typed):
    assert unresolved(**{**REST, field: typed}) == "not_found"


@pytest.mark.parametrize("field", ["school", "class_id", "class_number", "name"])
def test_without_a_number_all_the_rest_must_be_typed(field):
    assert unresolved(**{**REST, field: ""}) == "too_little"


def test_one_school_goes_without_saying():
    roster = ROSTER[ROSTER["school"] == "0102"]
    assert matched(roster, class_id="0401", class_number="7", name="张伟")["number"] == "G001"


def test_two_pupils_who_share_everything_are_several():
    twice = pd.concat([ROSTER, ROSTER[:1].assign(number="G009")])
    found = matched(twice, **REST)
    assert found["why"] == "several"
    assert found["candidates"] == ("G001", "G009", "G003")  # same class first, then the namesake of the school


def test_a_class_named_like_the_id_of_another_is_no_way_to_tell_two_pupils_apart():
    roster = ROSTER[:1].assign(class_name="0402")
    other = ROSTER[2:3]
    assert unresolved(pd.concat([roster, other]), **{**REST, "class_id": "0402"}) == "several"


def test_a_number_that_is_not_on_the_roster():
    assert unresolved(number="G777", name="张伟") == "unknown_number"


def test_a_number_that_is_not_on_the_roster_gives_way_to_all_the_rest():
    found = matched(number="G777", **REST)
    assert (found["number"], found["how"]) == ("G001", "class_number_name")


@pytest.mark.parametrize("number", ["G0011", "G101", "G010"])
def test_a_number_one_slip_away_is_shown_and_never_taken(number):
    found = matched(number=number, name="张伟")
    assert found["why"] == "unknown_number"
    # G101 and G010 (two neighbours in each other's place) are a slip from G001; one digit too many is not shown.
    assert ("G001" in found["candidates"]) == (number != "G0011")


def test_a_slip_of_another_name_is_not_shown():
    assert matched(number="G101", name="王芳")["candidates"] == ()


def test_slips_of_a_number():
    assert set(one_slip("12")) == {f"{n}2" for n in range(10)} | {f"1{n}" for n in range(10)} | {"21"}


def test_candidates_are_at_most_five():
    crowd = pd.DataFrame([[f"G{n:03d}", "0102", "0401", "四年级1班", "", "张伟"] for n in range(9)], columns=COLUMNS)
    found = matched(crowd, class_id="0401", name="张伟")
    assert found["why"] == "too_little"
    assert found["candidates"] == ("G000", "G001", "G002", "G003", "G004")


def test_a_roster_without_names_and_places_tells_by_number_alone():
    bare = ROSTER[["number", "school"]]
    assert matched(bare, number="G001", name="张伟")["number"] == "G001"
    assert unresolved(bare, **REST) == "not_found"


def test_a_number_twice_on_the_roster_tells_nobody():
    assert unresolved(pd.concat([ROSTER, ROSTER[:1].assign(number="g001")]), number="G001") == "several"


def test_two_sheets_may_be_one_pupils():
    assert list(match(pd.DataFrame({"number": ["G001", "G001"]}), ROSTER)["number"]) == ["G001", "G001"]


def test_nothing_comes_of_nothing():
    found = match(pd.DataFrame({"number": []}, dtype="str"), ROSTER)
    assert list(found) == ["number", "how", "why", "candidates"]
    assert len(found) == 0
    assert unresolved(ROSTER[:0], number="G001") == "unknown_number"
    assert unresolved(name="") == "too_little"


def test_claims_keep_their_index_and_stretches_give_what_the_whole_gives():
    claims = pd.DataFrame({"number": ["G001", "G101", None], "name": ["张伟", "张伟", "李娜"]}, index=[9, 4, 7])
    whole, roster = match(claims, ROSTER), Roster(ROSTER)
    assert list(whole.index) == [9, 4, 7]
    parts = [match(claims[at : at + 1], roster) for at in range(3)]
    pd.testing.assert_frame_equal(pd.concat(parts), whole)


def test_the_order_of_the_roster_makes_no_difference():
    claims = pd.DataFrame([REST, {"number": "G101", "name": "张伟"}, {"number": "G003", **REST}])
    pd.testing.assert_frame_equal(match(claims, ROSTER), match(claims, ROSTER[::-1]))


# Few names, classes, places and digits: namesakes, twins in one class, and numbers a slip from another pupil's abound.
VALUES = {
    "number": [f"G{n:02d}" for n in (0, 1, 2, 10, 11, 20)],
    "school": ["0102", "0103"],
    "class_id": ["0401", "0402", "四年级1班", "四年级2班"],
    "class_number": ["1", "2"],
    "name": ["张伟", "李娜", "龙丽"],
}
CLASSES = {"0401": "四年级1班", "0402": "四年级2班"}
OTHERWISE = {"张伟": "張偉", "龙丽": "龍 麗", "1": "０1", "四年级1班": "４年级 一 班", "0401": "０４０１"}
SUBSETS = [fields for size in range(1, 6) for fields in combinations(VALUES, size)]


@st.composite
def rosters(draw) -> list[dict[str, str]]:
    """Pupils with different numbers; number in class and name may be missing."""
    pupils = []
    for number in draw(st.lists(st.sampled_from(VALUES["number"]), min_size=2, unique=True)):
        class_id = draw(st.sampled_from(sorted(CLASSES)))
        pupil = {"number": number, "school": draw(st.sampled_from(VALUES["school"])), "class_id": class_id}
        pupil |= {"class_name": CLASSES[class_id], "class_number": draw(st.sampled_from(["", *VALUES["class_number"]]))}
        pupils.append(pupil | {"name": draw(st.sampled_from(["", *VALUES["name"]]))})
    return pupils


def sheets(answers: dict[str, str]) -> list[dict[str, str]]:
    """All that a pupil can type in any fields, at most one of them false; every other sheet spelt otherwise."""
    said = []
    for fields in SUBSETS:
        true = {field: answers[field] for field in fields if answers[field]}
        said += [true, *({**true, field: value} for field in fields for value in VALUES[field])]
    return [{f: OTHERWISE.get(v, v) if at % 2 else v for f, v in sheet.items()} for at, sheet in enumerate(said)]


def is_true(field: str, typed: str, pupil: dict[str, str]) -> bool:
    theirs = (pupil["class_id"], pupil["class_name"]) if field == "class_id" else (pupil[field],)
    return typed in {*theirs, *(OTHERWISE.get(each) for each in theirs)}


def all_true(sheet: dict[str, str], pupil: dict[str, str]) -> bool:
    return all(is_true(field, typed, pupil) for field, typed in sheet.items())


@settings(max_examples=40, deadline=None, derandomize=True)
@given(rosters())
def test_no_sheet_is_given_to_another_pupil(pupils):
    answers, by_number = pupils[0], {pupil["number"]: pupil for pupil in pupils}
    typed = sheets(answers)
    found = match(pd.DataFrame(typed), pd.DataFrame(pupils))
    assert (found["number"].isna() == found["why"].notna()).all()
    for sheet, number in zip(typed, found["number"], strict=True):
        if pd.isna(number):
            # A true number is never lost unless the sheet says something false besides.
            assert "number" not in sheet or not all_true(sheet, answers)
        elif number != answers["number"]:
            # Only where all that was typed, false as it is, is the other's, or there is hardly more than the number.
            evidence = "name" in sheet or {"class_id", "class_number"} <= set(sheet)
            assert all_true(sheet, by_number[number]) or not evidence


@settings(max_examples=40, deadline=None, derandomize=True)
@given(rosters())
def test_no_sheet_of_a_stranger_is_given_to_a_pupil_of_another_name(pupils):
    stranger, *others = pupils
    names = {pupil["number"]: {pupil["name"], OTHERWISE.get(pupil["name"])} for pupil in others}
    typed = sheets(stranger)
    found = match(pd.DataFrame(typed), pd.DataFrame(others))
    for sheet, number in zip(typed, found["number"], strict=True):
        if pd.notna(number) and "name" in sheet:
            assert sheet["name"] in names[number] or "" in names[number]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(rosters())
def test_a_sheet_that_says_all_that_the_roster_says_is_its_pupils(pupils):
    found = match(pd.DataFrame(pupils), pd.DataFrame(pupils))
    assert list(found["number"]) == [pupil["number"] for pupil in pupils]
