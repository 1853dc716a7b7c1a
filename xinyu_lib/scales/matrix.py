"""Answers taken from a frame: the columns of a scale, held against its codes, as columns or as one matrix."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from xinyu_lib import columns
from xinyu_lib.errors import DataError
from xinyu_lib.scales.scale import Scale

SHOWN = 5  # column names in one message
Raw = np.ndarray | ExtensionArray


class Codes(NamedTuple):
    """Answers to one item in codes of the key: `values` (int8, any code where unanswered), `gap` (boolean) or None."""

    values: np.ndarray
    gap: np.ndarray | None


def raw_columns(responses: pd.DataFrame, scale: Scale) -> dict[int, Raw]:
    """The columns of a scale by item number, not copied where they are integers; supplements only where they are there.

    Raises DataError for item columns that are not there; of a supplement all must be, or none.
    """
    numbers = list(scale.numbers)
    for each in scale.supplements:
        if any(columns.item(scale.id, number) in responses for number in each.items):
            numbers += each.items
    names = {number: columns.item(scale.id, number) for number in numbers}
    if absent := [name for name in names.values() if name not in responses]:
        raise DataError("scales.columns_absent", scale=scale.id, n=len(absent), columns=_list(absent))
    twice = responses.columns[responses.columns.duplicated()]
    if double := [name for name in names.values() if name in twice]:
        raise DataError("scales.columns_twice", n=len(double), columns=_list(double))
    return {number: _numeric(responses[name]) for number, name in names.items()}


def codes(raw: Raw, item: int, scale: Scale) -> tuple[Codes, int]:
    """Answers to one item as codes of the key, and how many are none of its codes (these count as gaps here)."""
    allowed = scale.codes_of(item)
    values, gap = _values(raw, allowed[0])
    wrong = _outside(values, allowed)
    if wrong is not None:
        if gap is not None:
            wrong &= ~gap
        values = np.where(wrong, allowed[0], values)
    found = Codes(_recoded(values, scale.key_codes(item)), gap)
    return found, 0 if wrong is None else int(wrong.sum())


def refuse(wrong: dict[int, int], scale: Scale) -> None:
    """Raises DataError when answers were outside the codes. wrong: item number -> count of rows."""
    if not any(wrong.values()):
        return
    listed = [f"{columns.item(scale.id, item)} ({rows})" for item, rows in wrong.items() if rows]
    allowed = scale.codes_of(next(item for item, rows in wrong.items() if rows))
    span = f"{allowed[0]}–{allowed[-1]}" if _gapless(allowed) else "/".join(map(str, allowed))
    raise DataError("scales.outside_codes", columns=_list(listed), answers=sum(wrong.values()), allowed=span)


def answers(responses: pd.DataFrame, scale: Scale) -> np.ndarray:
    """Answers in codes of the key: pupils x items (float), in questionnaire order, NaN = unanswered.

    responses: one row per pupil with the columns `scale.items` (integers, floats with NaN or nullable
    integers); other columns are left alone.
    Raises DataError for item columns that are not there and for values outside the codes.
    """
    raw = raw_columns(responses, scale)
    matrix = np.empty((len(responses), len(scale.numbers)))
    wrong: dict[int, int] = {}
    for place, item in enumerate(scale.numbers):
        (values, gap), wrong[item] = codes(raw[item], item, scale)
        matrix[:, place] = values if gap is None else np.where(gap, np.nan, values)
    refuse(wrong, scale)
    return matrix


def keyed(codes: np.ndarray, scale: Scale) -> np.ndarray:
    """Answers with reversed items turned: lowest + highest code - answer; shape and NaN stay."""
    turned = codes.copy()
    for place, item in enumerate(scale.numbers):
        if item in scale.reverse:
            turned[:, place] = sum(scale.span_of(item)) - codes[:, place]
    return turned


def _numeric(column: pd.Series) -> Raw:
    """A column as numbers; blank text becomes NaN, and whatever else is no number infinity, which no scale allows."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu":
        return column.to_numpy()
    if isinstance(column.array, pd.arrays.IntegerArray):
        whole = not column.isna().any()  # a view of the numbers alone, which are read much faster
        return column.to_numpy(column.dtype.numpy_dtype) if whole else column.array
    if getattr(column.dtype, "kind", "O") in "mMc":
        return np.where(column.isna(), np.nan, np.inf)
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(float, na_value=np.nan)
    blank = column.isna() | (column.astype("str").str.strip() == "" if column.dtype.kind == "O" else False)
    return np.where(np.isnan(numbers) & ~blank.to_numpy(bool), np.inf, numbers)


def _values(raw: Raw, filling: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Numbers with `filling` where unanswered, and where that is; None when nowhere."""
    if not isinstance(raw, np.ndarray):
        gap = raw.isna()
        return raw.to_numpy(raw.dtype.numpy_dtype, na_value=filling), gap if gap.any() else None
    if raw.dtype.kind != "f":
        return raw, None
    gap = np.isnan(raw)
    return (np.where(gap, filling, raw), gap) if gap.any() else (raw, None)


def _outside(values: np.ndarray, allowed: tuple[int, ...]) -> np.ndarray | None:
    """Where a value is none of the codes; None when nowhere."""
    if (
        values.dtype.kind in "iu"
        and _gapless(allowed)
        and (not values.size or (values.min() >= allowed[0] and values.max() <= allowed[-1]))
    ):
        return None
    wrong = ~np.isin(values, allowed)
    return wrong if wrong.any() else None


def _gapless(allowed: tuple[int, ...]) -> bool:
    return len(allowed) == allowed[-1] - allowed[0] + 1


def _recoded(values: np.ndarray, key_codes: dict[int, int]) -> np.ndarray:
    if not key_codes:
        return values.astype(np.int8, copy=False)
    table = np.zeros(max(key_codes) + 1, dtype=np.int8)
    table[list(key_codes)] = list(key_codes.values())
    return table[values.astype(np.intp)]


def _list(columns: list[str]) -> str:
    return ", ".join(columns[:SHOWN]) + (" …" if len(columns) > SHOWN else "")
