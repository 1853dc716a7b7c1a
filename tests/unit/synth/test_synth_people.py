"""Schools, pupils and what happens to them between waves."""

from pathlib import Path

import pytest

from xinyu_lib.errors import UnknownName
from xinyu_lib.synth import load_setting
from xinyu_lib.synth.population import load_names

PACKAGE = Path(__file__).parents[3] / "xinyu_lib"
POOL = PACKAGE / "synth" / "parts" / "names.toml"


def of_school(round_, code):
    return round_.roster[round_.roster["school"] == code]


def test_the_village_school_has_exactly_60_pupils_of_grades_1_to_6_in_both_waves(demo):
    for round_ in demo.rounds:
        pupils = of_school(round_, "036012")
        assert len(pupils) == 60
        assert sorted(pupils["grade"].unique()) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("code", "about"),
    [("036011", 480), ("036021", 600), ("036031", 700), ("036041", 800), ("036051", 500)],
)
def test_schools_of_the_demo_have_about_the_size_asked_for(demo, code, about):
    assert len(of_school(demo.rounds[0], code)) == pytest.approx(about, rel=0.05)


def test_classes_of_the_demo_hold_30_to_50_pupils_but_in_the_village(demo):
    for round_ in demo.rounds:
        town = round_.roster[round_.roster["school"] != "036012"]
        assert town.groupby(["school", "class_id"]).size().between(30, 50).all()


def test_as_many_leave_join_and_move_as_declared(demo):
    setting, (autumn, spring) = demo.setting, demo.rounds
    before, after = autumn.roster.set_index("pupil"), spring.roster.set_index("pupil")
    stayed = before.index.intersection(after.index)
    assert len(before) - len(stayed) == sum(school.leave for school in setting.schools)
    assert len(after) - len(stayed) == sum(school.join for school in setting.schools)
    moved = (before["school"].loc[stayed] != after["school"].loc[stayed]).sum()
    # a mover may be among the leavers of the new school
    assert sum(move.pupils for move in setting.moves) - 2 <= moved <= sum(move.pupils for move in setting.moves)


def test_pupils_who_stay_keep_number_name_sex_and_month_of_birth(demo):
    kept = ["number", "name", "sex", "birth_month"]
    before, after = (round_.roster.set_index("pupil")[kept] for round_ in demo.rounds)
    stayed = before.index.intersection(after.index)
    assert before.loc[stayed].equals(after.loc[stayed])


def test_first_graders_of_september_2025_were_born_from_september_2018_to_august_2019(demo):
    born = demo.rounds[0].roster.query("grade == 1")["birth_month"]
    assert born.between("2018-09", "2019-08").all()


def test_pupil_numbers_are_distinct_and_have_19_characters(demo):
    numbers = demo.rounds[0].roster["number"]
    assert numbers.is_unique
    assert numbers.str.fullmatch(r"G97\d{16}").all()


def test_names_have_two_to_four_characters_of_the_pool_that_gb18030_can_write(demo):
    pool = load_names().characters
    names = demo.rounds[0].roster["name"]
    assert names.str.len().between(2, 4).all()
    assert set("".join(names)) <= set(pool)
    assert all(ord(letter) < 0x10000 for letter in pool)
    assert pool.encode("gb18030").decode("gb18030") == pool


def test_characters_of_names_occur_in_no_wording_template_or_definition_of_ours():
    pool = set(load_names().characters)
    endings = {".po", ".toml", ".typ", ".j2", ".py", ".css"}
    files = [path for path in PACKAGE.rglob("*") if path.suffix in endings and path != POOL]
    assert len(files) > 20
    assert not [path for path in files if pool & set(path.read_text(encoding="utf-8"))]


def test_demo_has_the_types_of_school_that_a_district_runs():
    types = {school.type for school in load_setting("demo").schools}
    assert types == {"primary", "teaching_point", "junior", "nine_year", "complete_secondary", "senior"}


def test_an_unknown_setting_names_the_known_ones():
    with pytest.raises(UnknownName, match=r"nowhere.*demo, tiny"):
        load_setting("nowhere")
