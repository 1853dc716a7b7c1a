"""Cells of a declared column to values: codes, numbers, days, months, times and text."""

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import datetime

import numpy as np
import pandas as pd

from xinyu_lib.census.cells import header_key, tidy
from xinyu_lib.census.problems import Problems
from xinyu_lib.tables import Column, written_forms
from xinyu_lib.words import default_language, say

# A column of whole numbers with gaps leaves statistics programs as 1.0, 2.0, ...
_WHOLE = re.compile(r"([+-]?\d{1,9})(?:\.0+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,9})?", re.ASCII)
# Excel turns 2016.10 into 2016.1; five or seven digits may be read in two ways.
_UNSURE = re.compile(r"\d{4}\.\d|\d{5}|\d{7}", re.ASCII)
_BETWEEN_CODES = re.compile("[、,，;；┋|/]")
Parser = Callable[[str], str | int | float | None]
DTYPES = {"whole": "Int32", "number": "Float64"}
_ISO_LENGTH = {"date": 10, "month": 7, "timestamp": 19}


def take_column(text: pd.Series, column: Column, header: str, problems: Problems) -> pd.Series:
    """Values of one column, `str`, `Int32` or `Float64`; missing where the cell is blank or noted as a problem."""
    dtype = DTYPES.get(column.type, "str")
    if column.default is not None:
        text = text.mask(text == "", column.default)
    values, bad = parsed(text, lambda cell: _parse(cell, column), dtype)
    problems.add(bad, "bad_value", header, allowed(column))
    if column.required:
        problems.add(text == "", "missing_value", header, allowed(column))
    if column.type in DTYPES:
        problems.add(_outside(values, column), "out_of_range", header, allowed(column))
    return values


def parsed(
    text: pd.Series, parse: Parser, dtype: str, *, blank: Collection[str] = ("",)
) -> tuple[pd.Series, pd.Series]:  # fmt: skip
    """Values of filled cells, and True where `parse` makes nothing of one (returns None).

    blank: what stands in a cell that is not filled.
    """
    places, different = pd.factorize(text)
    filled = np.array([bool(cell) and cell not in blank for cell in different], bool)
    found = [parse(cell) if full else None for cell, full in zip(different, filled, strict=True)]
    values = pd.Series(found, dtype=dtype).take(places).reset_index(drop=True)
    return values, pd.Series(filled[places], dtype="bool") & values.isna()


def parse_time(cell: str, forms: tuple[str, ...], kind: str) -> str | None:
    """ISO text of a `date`, `month` or `timestamp` written in one of the forms, else None; never a guess."""
    for form in forms if not _UNSURE.fullmatch(cell) else ():
        try:
            return datetime.strptime(cell, form).isoformat()[: _ISO_LENGTH[kind]]
        except ValueError:
            continue
    return None


def whole(cell: str) -> int | None:
    """The whole number a cell holds, else None; `3.0` is 3."""
    match = _WHOLE.fullmatch(cell)
    return int(match[1]) if match else None


def number(cell: str) -> float | None:
    """The number a cell holds, else None; commas between thousands are left out."""
    plain = unicodedata.normalize("NFKC", cell)
    return float(plain.replace(",", "")) if _NUMBER.fullmatch(plain) else None


def plain_code(cell: str) -> str:
    """An answer code without what files add to a number: `3.0` and `03` are 3."""
    number = whole(tidy(cell))
    return tidy(cell) if number is None else str(number)


def allowed(column: Column) -> str:
    """What may stand in a column, in the user's language."""
    lang = default_language()
    if column.type in {"code", "codes"}:
        words = "/".join(code.label.say(lang) for code in column.codes)
        return words if column.type == "code" else say("tables.form.codes", lang, words=words)
    if column.min is not None:
        return f"{column.min}–{column.max}" if column.max is not None else f"≥ {column.min}"
    if column.form:
        return column.form.say(lang)
    return say(f"tables.form.{column.type}", lang)


def _parse(cell: str, column: Column) -> str | int | float | None:
    if column.type == "codes":
        return _several(cell, column)
    cell = _spelled_out(cell, column)
    if column.type == "code":
        return cell if cell in {code.code for code in column.codes} else None
    if column.type in DTYPES:
        return whole(cell) if column.type == "whole" else number(cell)
    if column.type in _ISO_LENGTH:
        cell = parse_time(cell, getattr(written_forms(), column.type), column.type) or ""
    return cell if cell and re.fullmatch(column.pattern or ".*", cell, re.ASCII | re.DOTALL) else None


def _several(cell: str, column: Column) -> str | None:
    """Several codes as `a;b`, each once, in the order of the declaration; None when one of them is none."""
    said = {_spelled_out(part, column) for part in _BETWEEN_CODES.split(cell) if part.strip()}
    known = [code.code for code in column.codes]
    return ";".join(code for code in known if code in said) if said and said <= set(known) else None


def _spelled_out(cell: str, column: Column) -> str:
    """The code that a spelling stands for; any other text unchanged."""
    codes = {header_key(spelling): code.code for code in column.codes for spelling in code.written}
    return codes.get(header_key(cell), cell)


def _outside(values: pd.Series, column: Column) -> pd.Series:
    low = -np.inf if column.min is None else column.min
    high = np.inf if column.max is None else column.max
    return (~values.between(low, high)).fillna(False).astype("bool")
