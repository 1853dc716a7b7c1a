"""Cells of a declared column to values: codes, whole numbers, days, months, times and text."""

import re
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd

from xinyu_lib.census.cells import header_key, tidy
from xinyu_lib.census.problems import Problems
from xinyu_lib.tables import Column, written_forms
from xinyu_lib.words import default_language, say

# A column of whole numbers with gaps leaves statistics programs as 1.0, 2.0, ...
_WHOLE = re.compile(r"([+-]?\d{1,9})(?:\.0+)?", re.ASCII)
Parser = Callable[[str], str | int | None]
_ISO_LENGTH = {"date": 10, "month": 7, "timestamp": 19}


def take_column(text: pd.Series, column: Column, header: str, problems: Problems) -> pd.Series:
    """Values of one column, `str` or `Int32`, missing where the cell is blank or noted as a problem."""
    dtype = "Int32" if column.type == "whole" else "str"
    values, bad = parsed(text, lambda cell: _parse(cell, column), dtype)
    problems.add(bad, "bad_value", header, allowed(column))
    if column.required:
        problems.add(text == "", "missing_value", header, allowed(column))
    if column.type == "whole":
        problems.add(_outside(values, column), "out_of_range", header, allowed(column))
    return values


def parsed(text: pd.Series, parse: Parser, dtype: str) -> tuple[pd.Series, pd.Series]:
    """Values of filled cells, and True where `parse` makes nothing of one (returns None)."""
    found = {cell: parse(cell) for cell in text.unique() if cell}
    values = pd.Series([found.get(cell) for cell in text], dtype=dtype)
    return values, (text != "") & values.isna()


def parse_time(cell: str, forms: tuple[str, ...], kind: str) -> str | None:
    """ISO text of a `date`, `month` or `timestamp` written in one of the forms, else None."""
    for form in forms:
        try:
            return datetime.strptime(cell, form).isoformat()[: _ISO_LENGTH[kind]]
        except ValueError:
            continue
    return None


def whole(cell: str) -> int | None:
    """The whole number a cell holds, else None; `3.0` is 3."""
    match = _WHOLE.fullmatch(cell)
    return int(match[1]) if match else None


def plain_code(cell: str) -> str:
    """An answer code without what files add to a number: `3.0` and `03` are 3."""
    number = whole(tidy(cell))
    return tidy(cell) if number is None else str(number)


def allowed(column: Column) -> str:
    """What may stand in a column, in the user's language."""
    lang = default_language()
    if column.type == "code":
        return "/".join(code.label.say(lang) for code in column.codes)
    if column.min is not None:
        return f"{column.min}–{column.max}" if column.max is not None else f"≥ {column.min}"
    if column.form:
        return column.form.say(lang)
    return say(f"tables.form.{column.type}", lang)


def _parse(cell: str, column: Column) -> str | int | None:
    cell = _spelled_out(cell, column)
    if column.type == "code":
        return cell if cell in {code.code for code in column.codes} else None
    if column.type == "whole":
        return whole(cell)
    if column.type in _ISO_LENGTH:
        cell = parse_time(cell, getattr(written_forms(), column.type), column.type) or ""
    return cell if cell and re.fullmatch(column.pattern or ".*", cell, re.ASCII | re.DOTALL) else None


def _spelled_out(cell: str, column: Column) -> str:
    """The code that a spelling stands for; any other text unchanged."""
    codes = {header_key(spelling): code.code for code in column.codes for spelling in code.written}
    return codes.get(header_key(cell), cell)


def _outside(values: pd.Series, column: Column) -> pd.Series:
    low = -np.inf if column.min is None else column.min
    high = np.inf if column.max is None else column.max
    return (~values.between(low, high)).fillna(False).astype("bool")
