"""The shipped policy: what the other rooms read from it."""

import re
from pathlib import Path

import pandas as pd
import pytest

from xinyu_lib.disclosure import protect
from xinyu_lib.errors import UnknownName
from xinyu_lib.policy import load_policy, policies
from xinyu_lib.policy.catalogue import FOLDER
from xinyu_lib.scales import load_scale

SHIPPED = FOLDER / "donghu-2025.toml"


def own(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """A district's own file: the shipped one with some text replaced."""
    text = SHIPPED.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_policy_is_listed_and_read_once():
    assert policies() == ["donghu-2025"]
    assert load_policy("donghu-2025") is load_policy("donghu-2025")


def test_an_unknown_policy_is_refused_with_the_known_ones():
    with pytest.raises(UnknownName, match=r"donghu-2024.*donghu-2025"):
        load_policy("donghu-2024")


def test_a_policy_can_be_read_from_a_path(tmp_path):
    assert load_policy(own(tmp_path, ('version = "1"', 'version = "2"'))).version == "2"


def test_a_file_that_was_changed_is_read_again(tmp_path):
    before = load_policy(own(tmp_path))
    after = load_policy(own(tmp_path, ("census_min_grade = 4", "census_min_grade = 3")))
    assert (before.census.census_min_grade, after.census.census_min_grade) == (4, 3)


def test_the_fingerprint_follows_the_content_and_not_the_comments(tmp_path):
    shipped = load_policy("donghu-2025")
    without_comments = re.sub(r"(?m)^#.*$", "", SHIPPED.read_text(encoding="utf-8"))
    path = tmp_path / "bare.toml"
    path.write_text(without_comments, encoding="utf-8")
    assert load_policy(path).fingerprint == shipped.fingerprint
    moved = load_policy(own(tmp_path, ('score = "total", cut = 10 }', 'score = "total", cut = 11 }')))
    assert moved.fingerprint != shipped.fingerprint
    assert moved.rule_set == f"donghu-2025+{moved.fingerprint[:12]}"


@pytest.mark.parametrize(
    ("grade", "scales"),
    [
        (1, ("sdq-parent",)),
        (3, ("sdq-parent",)),
        (4, ("mht",)),
        (6, ("mht",)),
        (7, ("mssmhs", "phq9", "gad7")),
        (12, ("mssmhs", "phq9", "gad7")),
    ],
)
def test_the_battery_goes_by_grade(grade, scales):
    assert load_policy("donghu-2025").census.battery_for(grade) == scales


def test_no_grade_below_the_first_of_the_census_answers_about_itself():
    census = load_policy("donghu-2025").census
    below = [scale for grade in range(1, census.census_min_grade) for scale in census.battery_for(grade)]
    assert {load_scale(scale).informant for scale in below} == {"parent"}


@pytest.mark.parametrize(
    ("reader", "audience"),
    [("principal", "school"), ("psychologist", "school"), ("bureau", "district"), ("public", "public")],
)
def test_readers_belong_to_audiences(reader, audience):
    assert load_policy("donghu-2025").readers[reader] == audience


@pytest.mark.parametrize(
    ("audience", "denominator", "threshold", "rounding"),
    [("school", 10, 5, 0), ("district", 20, 10, 0), ("public", 50, 10, 5)],
)
def test_wider_audiences_are_told_less(audience, denominator, threshold, rounding):
    rule = load_policy("donghu-2025").disclosure[audience]
    assert (rule.min_denominator, rule.threshold, rule.rounding) == (denominator, threshold, rounding)
    assert (rule.zero, rule.means_min_n, rule.means_n_rounded_to) == ("hide", 10, 5)


def test_tables_are_protected_under_the_policy():
    counts = pd.Series({"any_tier": 44, "none": 1})
    assert protect(counts, load_policy("donghu-2025"), "school").hidden == 2


def test_scales_with_a_tier_rule_are_told():
    assert load_policy("donghu-2025").ruled_scales == {
        "phq9", "phq9-teen", "gad7", "mht", "mssmhs", "sdq-self", "sdq-parent", "sdq-teacher",
    }  # fmt: skip


def test_no_questionnaire_starts_a_hospital_district_or_plan_clock_of_red():
    red = load_policy("donghu-2025").clocks["red"]
    assert {step for step, limit in red.items() if limit.starts == "confirmed"} == {
        "hospital",
        "district",
        "plan",
    }
    assert (red["first_contact"].within, red["first_contact"].unit) == (2, "hours")


def test_a_blank_safety_item_is_asked_within_one_school_day():
    limit = load_policy("donghu-2025").clocks["safety_unanswered"]["ask_in_person"]
    assert (limit.within, limit.unit) == (1, "school_days")


def test_whatever_is_measured_again_has_a_clock_and_nothing_else_has():
    policy = load_policy("donghu-2025")
    again = {each.why for each in policy.tiers.undetermined if each.remeasure}
    assert again == {cause for cause, steps in policy.clocks.items() if "remeasure" in steps}


def test_grades_may_have_a_window_of_their_own(tmp_path):
    """Grade 9 sits its examination in June; a district may ask it before the others."""
    last = 'scales = ["mssmhs", "phq9", "gad7"]'
    early = '{ spring = { opens = "03-01", closes = "03-31" } }'
    exam = f'[[census.battery]]\ngrades = [9, 9]\nscales = ["isi"]\nwindows = {early}'
    census = load_policy(own(tmp_path, (last, f"{last}\n\n{exam}"))).census
    assert [census.window_for(grade, "spring").closes for grade in (8, 9)] == ["05-15", "03-31"]
    assert [census.window_for(grade, "autumn").closes for grade in (8, 9)] == ["11-30", "11-30"]
