"""Answers as a matrix: the columns of a scale taken from a frame, checked against its codes and keyed."""

import numpy as np
import pandas as pd

from xinyu_lib.errors import DataError
from xinyu_lib.scales.scale import Scale

SHOWN = 5  # column names in one message


def answers(responses: pd.DataFrame, scale: Scale) -> np.ndarray:
    """Answers as given: pupils x items, float codes in questionnaire order, NaN = unanswered.

    responses: one row per pupil with the columns `scale.items` (integers, floats with NaN or nullable
    integers); other columns are left alone.
    Raises DataError for item columns that are not there and for values outside the codes.
    """
    absent = [column for column in scale.items if column not in responses]
    if absent:
        raise DataError("scales.columns_absent", scale=scale.id, n=len(absent), columns=_list(absent))
    found = responses[list(scale.items)]
    codes = np.column_stack([_numbers(found[column]) for column in scale.items])
    _refuse_other_codes(found, codes, scale)
    return codes


def keyed(codes: np.ndarray, scale: Scale) -> np.ndarray:
    """Answers with reversed items turned: lowest + highest code - answer; shape and NaN stay."""
    turned = codes.copy()
    reverse = [item - 1 for item in scale.reverse]
    turned[:, reverse] = scale.response.min + scale.response.max - codes[:, reverse]
    return turned


def _numbers(column: pd.Series) -> np.ndarray:
    return pd.to_numeric(column, errors="coerce").to_numpy(float, na_value=np.nan)


def _refuse_other_codes(found: pd.DataFrame, codes: np.ndarray, scale: Scale) -> None:
    low, high = scale.response.min, scale.response.max
    allowed = np.isin(codes, np.arange(low, high + 1))
    wrong = (found.notna().to_numpy() & ~allowed).sum(axis=0)
    if wrong.any():
        columns = [f"{column} ({rows})" for column, rows in zip(scale.items, wrong, strict=True) if rows]
        raise DataError("scales.outside_codes", columns=_list(columns), answers=wrong.sum(), low=low, high=high)


def _list(columns: list[str]) -> str:
    return ", ".join(columns[:SHOWN]) + (" …" if len(columns) > SHOWN else "")
