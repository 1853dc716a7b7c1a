"""Files of worked examples: what is read as it stands, and what is refused with file and entry named."""

import pytest

from xinyu_lib.errors import DefinitionError
from xinyu_lib.scoring.example_file import read_examples

ONE = """
- id: mine
  scale: gad7
  why: made up
  responses: 2222200
  expected: {total: 10}
"""


def read(tmp_path, text: str):
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return read_examples(path)


def test_an_example_is_read_as_it_stands(tmp_path):
    (example,) = read(tmp_path, ONE)
    assert (example.id, example.scale, example.form, example.why) == ("mine", "gad7", None, "made up")
    assert example.expected == {"total": 10}


@pytest.mark.parametrize("responses", ["2212.0110", "0110", "1_000", "1e5", "0x11", "'0110'"])
def test_an_answer_sheet_stays_text_with_or_without_quotes(tmp_path, responses):
    (example,) = read(tmp_path, ONE.replace("2222200", responses))
    assert example.responses == responses.strip("'")


def test_an_expected_null_is_kept_as_missing(tmp_path):
    (example,) = read(tmp_path, ONE.replace("total: 10", "total: null"))
    assert example.expected == {"total": None}


WRONG = {
    "an empty file": ("", "own.yaml"),
    "only a comment": ("# nothing\n", "own.yaml"),
    "an empty list": ("[]", "own.yaml"),
    "not a list": ("id: mine\nscale: gad7\n", "own.yaml"),
    "a list of words": ("- mine\n", "own.yaml.*1"),
    "a key twice": (ONE + "  expected: {total: 9}\n", "own.yaml.*expected"),
    "an expected field twice": (ONE.replace("total: 10", "total: 10, total: 9"), "own.yaml.*total"),
    "nothing expected": (ONE.replace("  expected: {total: 10}\n", ""), "own.yaml.*mine.expected"),
    "an empty table of what is expected": (ONE.replace("{total: 10}", "{}"), "own.yaml.*mine.expected"),
    "no answers": (ONE.replace("  responses: 2222200\n", ""), "own.yaml.*mine.responses"),
    "no id": (ONE.replace("- id: mine\n  scale", "- scale"), "own.yaml.*1.id"),
    "a key that is not known": (ONE.replace("why:", "reason:"), "own.yaml.*mine.reason"),
    "broken YAML": (ONE + "  - [", "own.yaml"),
}


@pytest.mark.parametrize(("text", "found"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused_naming_file_and_entry(tmp_path, text, found):
    with pytest.raises(DefinitionError, match=found):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DefinitionError, match=r"absent\.yaml"):
        read_examples(tmp_path / "absent.yaml")


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_bytes(ONE.replace("made up", "自编").encode("gb18030"))
    with pytest.raises(DefinitionError, match=r"own\.yaml"):
        read_examples(path)


@pytest.mark.parametrize(
    "text",
    [ONE + "  ? [a, b]\n  : c\n", ONE.replace("made up", "&a x") + "  more: *a\n", "- " * 3_000 + "x"],
    ids=["a key that is a list", "a reference", "lists in lists"],
)
def test_yaml_that_is_more_than_a_list_of_examples_is_one_clear_line(tmp_path, text):
    with pytest.raises(DefinitionError, match=r"own\.yaml"):
        read(tmp_path, text)
