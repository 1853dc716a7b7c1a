"""Columns of a score frame, filled a stretch of pupils at a time, so that there is never a second copy of the frame."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Numbers:
    """Numbers of a stretch and where they are missing (None: nowhere), for a NumPy or nullable pandas dtype."""

    values: np.ndarray
    missing: np.ndarray | None
    dtype: str

    @property
    def nullable(self) -> bool:
        return self.dtype != self.dtype.lower()

    def whole(self, values: np.ndarray, missing: np.ndarray | None) -> Any:
        """The column, once all its stretches are there."""
        if missing is None:
            return values
        kinds = {"f": pd.arrays.FloatingArray, "b": pd.arrays.BooleanArray}
        return kinds.get(values.dtype.kind, pd.arrays.IntegerArray)(values, missing)


@dataclass(frozen=True)
class Categories:
    """Places (int8) of a stretch in an ordered list of codes, -1 or `missing` = missing."""

    values: np.ndarray
    missing: np.ndarray | None
    codes: list[str]
    dtype: str = "int8"
    nullable: bool = False

    def whole(self, values: np.ndarray, _: None) -> Any:
        """The column, once all its stretches are there."""
        return pd.Categorical.from_codes(values, pd.Index(self.codes, dtype="str"), ordered=True, validate=False)


Piece = Numbers | Categories


@dataclass
class Frame:
    """The columns of all pupils while they are filled; each stretch brings the same ones."""

    rows: int
    _kinds: dict[str, Piece] = field(default_factory=dict)
    _values: dict[str, np.ndarray] = field(default_factory=dict)
    _missing: dict[str, np.ndarray] = field(default_factory=dict)

    def put(self, name: str, piece: Piece, start: int, stop: int) -> None:
        """A stretch of one column."""
        if name not in self._kinds:
            self._kinds[name] = piece
            self._values[name] = np.empty(self.rows, dtype=piece.dtype.lower().removesuffix("ean"))
            if piece.nullable:
                self._missing[name] = np.zeros(self.rows, dtype=bool)
        self._values[name][start:stop] = piece.values
        if piece.missing is not None:
            if piece.nullable:
                self._missing[name][start:stop] = piece.missing
            else:
                self._values[name][start:stop][piece.missing] = -1

    def columns(self) -> dict[str, Any]:
        """The finished columns by name; the frame is empty afterwards."""
        return {
            name: kind.whole(self._values.pop(name), self._missing.pop(name, None))
            for name, kind in self._kinds.items()
        }
