"""Definitions that the engine could not work out right are refused when they are read, not when somebody is scored."""

import re

import pytest
from test_scale_files import write

from xinyu_lib.errors import DefinitionError, UnknownName
from xinyu_lib.scales import load_form, load_norms, load_scale
from xinyu_lib.scales.review import review

RULE = '\n[[scores]]\nname = "more"\nlabel = {{ zh = "另", en = "More" }}\nrole = "index"\n{}\n'
MEAN_OF_POSITIVE = RULE.format('rule = "mean_of_positive"\nitems = [1, 3]\nat_least = 0\nrange = [0, 2]')
REFUSED = {
    "a count of nothing": (RULE.format('rule = "count"\nitems = [1]\nrange = [0, 1]'), "恰好写一个：at_least, at_most"),
    "a mean of positive answers that all are": (MEAN_OF_POSITIVE, "at_least.*高于最低"),
    "a whole score beyond sixteen bits": (
        RULE.format('rule = "multiply"\nof = "rest"\nby = 10000\nrange = [0, 40000]'),
        "scores.more.range.*32767",
    ),
    "a rounded factor that binary numbers do not hold": (
        RULE.format('rule = "multiply_round"\nof = "rest"\nby = 1.15\nrange = [0, 5]'),
        "scores.more.by.*二进制",
    ),
    "a score named like an answer": (
        RULE.format('rule = "sum"\nitems = [1]\nrange = [0, 2]').replace('"more"', '"critical_4"'),
        "critical_4.*重复",
    ),
    "a score named like an end": (
        RULE.format('rule = "sum"\nitems = [1]\nrange = [0, 2]').replace('"more"', '"total_lowest"'),
        "total_lowest.*重复",
    ),
    "items of different ranges prorated": ("\n[[other_responses]]\nitems = [3]\nmin = 0\nmax = 1\n", "选项范围不同"),
    "ages that run backwards": ("\n[ages]\nmin = 18\nmax = 10\n", "ages.*min"),
    "two codes for one of the key": ("\ncoded = [[1, 0], [1, 1], [2, 2]]\n", "coded.*重复"),
    "a code that is none": ("\ncoded = [[-1, 0], [1, 1], [2, 2]]\n", "coded"),
}


@pytest.mark.parametrize(("added", "found"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_worked_out_is_refused(tmp_path, added, found):
    path = write(tmp_path)
    head, scores = path.read_text(encoding="utf-8").split("\n[[band_sets]]", 1)
    first, rest = head.split("\n[[scores]]", 1)
    text = f"{first}{added}\n[[scores]]{rest}" if added.startswith("\ncoded") else f"{head}{added}"
    path.write_text(f"{text}\n[[band_sets]]{scores}", encoding="utf-8")
    with pytest.raises(DefinitionError):
        load_scale(path)
    assert [each for each in review(path) if re.search(found, each.text("zh"))]


@pytest.mark.parametrize("code", ["200", "10000000000000000000000"])
def test_answer_codes_are_small_whole_numbers(tmp_path, code):
    with pytest.raises(DefinitionError, match=r"response\.max"):
        load_scale(write(tmp_path, "min = 0, max = 2", f"min = 0, max = {code}"))


@pytest.mark.parametrize(
    "text", ["x = " + "[" * 3_000, "x = " + "9" * 5_000, "x = inf\ny"], ids=["deep", "long", "broken"]
)
def test_a_file_beyond_all_reason_is_one_clear_line(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"own\.toml"):
        load_scale(path)


def test_a_norm_file_that_is_not_there_is_one_clear_line(tmp_path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(DefinitionError):
            load_norms(path)


@pytest.mark.parametrize("form", ["-x", "grouped--1", "a b"])
def test_a_form_that_is_none_is_refused(form):
    with pytest.raises(UnknownName):
        load_form("psc17", form)


def test_a_form_without_the_word_for_supplements_has_none():
    assert load_form("phq9", "").all_numbers == tuple(range(1, 10))
    assert load_form("phq9", "+").all_numbers == tuple(range(1, 11))
    assert load_form("phq9", "+-9").all_numbers == (1, 2, 3, 4, 5, 6, 7, 8, 10)
