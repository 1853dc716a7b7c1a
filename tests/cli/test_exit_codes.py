"""The page of exit codes says what the code does."""

import inspect
import re
from pathlib import Path

from xinyu_lib import errors
from xinyu_lib.cli import INTERRUPTED

PAGE = (Path(__file__).parents[2] / "docs" / "exit-codes.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| (?:`(\w+)`)? *\| ([^|]+) \| ([^|]+) \|$", PAGE, re.M)
KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__]


def test_every_error_has_an_exit_code_of_its_own():
    codes = [kind.exit_code for kind in KINDS]
    assert len(codes) == len(set(codes))
    assert not {0, 1, 2, INTERRUPTED} & set(codes)


def test_the_page_lists_every_error_with_its_code_and_no_other():
    assert {name: int(code) for code, name, _, _ in ROWS if name} == {k.__name__: k.exit_code for k in KINDS}


def test_the_page_lists_the_codes_that_are_no_error_of_ours():
    assert [int(code) for code, name, _, _ in ROWS if not name] == [0, 1, 2, INTERRUPTED]


def test_codes_are_listed_in_order_and_explained_in_both_languages():
    assert [int(code) for code, *_ in ROWS] == sorted(int(code) for code, *_ in ROWS)
    assert all(re.search("[一-鿿]", chinese) and not re.search("[一-鿿]", english) for *_, chinese, english in ROWS)
