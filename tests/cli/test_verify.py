"""`xinyu verify scales`: examples that come out wrong are counted, named field by field, and end with exit code 1."""

import json

import pytest

RIGHT = """
- id: right
  scale: gad7
  responses: "1111111"
  expected: {total: 7, band: mild}
"""
# 7 x 1 = 7 and not 8; 7 is mild; no field is called bind
WRONG = """
- id: wrong
  scale: gad7
  responses: "1111111"
  expected: {total: 8, band: mild, bind: mild}
"""
GAP = """
- id: gap
  scale: gad7
  responses: "111111."
  expected: {total: 6}
"""


@pytest.fixture
def examples(tmp_path):
    def write(text: str):
        path = tmp_path / "examples.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_examples_that_come_with_the_library_all_pass(xinyu):
    ran = xinyu("verify", "scales", "--json")
    assert (ran.code, ran.err) == (0, [])
    found = json.loads("\n".join(ran.out))
    assert (found["failed"], found["failures"]) == (0, [])
    assert found["passed"] == found["total"] == sum(each["total"] for each in found["scales"].values()) > 200


def test_an_example_passes_when_all_its_fields_do(xinyu, examples):
    ran = xinyu("verify", "scales", "--examples", examples(RIGHT + WRONG), "--json")
    assert ran.code == 1
    found = json.loads("\n".join(ran.out))
    assert found["scales"] == {"gad7": {"passed": 1, "failed": 1, "total": 2}}
    assert (found["passed"], found["failed"], found["total"]) == (1, 1, 2)
    total, bind = found["failures"]
    assert total == {"scale": "gad7", "example": "wrong", "field": "total", "expected": 8, "found": 7}
    assert (bind["field"], bind["expected"]) == ("bind", "mild")


def test_a_result_that_is_not_given_is_null_in_json(xinyu, examples):
    ran = xinyu("verify", "scales", "--examples", examples(GAP), "--json")
    (failure,) = json.loads("\n".join(ran.out))["failures"]
    assert (failure["expected"], failure["found"]) == (6, None)


def test_each_failed_field_is_a_line_below_the_table(xinyu, examples):
    ran = xinyu("verify", "scales", "--examples", examples(RIGHT + WRONG + GAP))
    assert (ran.code, ran.err) == (1, [])
    assert "× gad7 wrong total：应为 8，得到 7" in ran.out
    assert "× gad7 gap total：应为 6，得到 （无）" in ran.out
    row = next(line for line in ran.out if "gad7" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")] == ["gad7", "1", "2", "3"]


UNREADABLE = {
    "no such file": (None, "none.yaml"),
    "no yaml": ("- id: [", "examples.yaml"),
    "no list": ("id: a", "examples.yaml"),
    "an example without responses": ("- id: a\n  scale: gad7\n  expected: {total: 1}", "responses"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_is_a_wrong_definition(case, xinyu, examples, tmp_path):
    text, words = UNREADABLE[case]
    path = tmp_path / "none.yaml" if text is None else examples(text)
    ran = xinyu("verify", "scales", "--examples", path, "--json")
    assert (ran.code, len(ran.err), ran.out) == (11, 1, [])
    assert words in ran.err[0]


def test_an_unknown_scale_has_failed_and_is_not_left_out(xinyu, examples):
    ran = xinyu("verify", "scales", "--examples", examples(RIGHT.replace("gad7", "gad8")), "--json")
    assert ran.code == 1
    assert json.loads("\n".join(ran.out))["scales"] == {"gad8": {"passed": 0, "failed": 1, "total": 1}}
