"""Columns of a score frame, filled a stretch of pupils at a time, so that there is never a second copy of the frame."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Numbers:
    """Numbers of a stretch and where they are missing (None: nowhere), for a NumPy or nullable pandas dtype.

    same_as: another column that holds the same numbers in this stretch.
    """

    values: np.ndarray
    missing: np.ndarray | None
    dtype: str
    same_as: str | None = None

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
    same_as: None = None

    def whole(self, values: np.ndarray, _: None) -> Any:
        """The column, once all its stretches are there."""
        return pd.Categorical.from_codes(values, pd.Index(self.codes, dtype="str"), ordered=True, validate=False)


Piece = Numbers | Categories


@dataclass
class Frame:
    """The columns of all pupils while they are filled; each stretch brings the same ones.

    A column that is the same as another from the first pupil to the last shares its memory until somebody writes to
    one of the two (pandas' copy-on-write): the ends of what gaps leave possible are, wherever nobody left a gap.
    """

    index: pd.Index
    _kinds: dict[str, Piece] = field(default_factory=dict)
    _values: dict[str, np.ndarray] = field(default_factory=dict)
    _missing: dict[str, np.ndarray] = field(default_factory=dict)
    _twins: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, piece: Piece, start: int, stop: int) -> None:
        """A stretch of one column."""
        if name not in self._kinds:
            self._begin(name, piece)
        if name in self._twins:
            if piece.same_as:
                return
            self._values[name] = self._values[self._twins.pop(name)].copy()
        self._values[name][start:stop] = piece.values
        if piece.missing is not None:
            if piece.nullable:
                self._missing[name][start:stop] = piece.missing
            else:
                self._values[name][start:stop][piece.missing] = -1

    def _begin(self, name: str, piece: Piece) -> None:
        self._kinds[name] = piece
        if piece.same_as:
            self._twins[name] = piece.same_as
            return
        self._values[name] = np.empty(len(self.index), dtype=piece.dtype.lower().removesuffix("ean"))
        if piece.nullable:
            self._missing[name] = np.zeros(len(self.index), dtype=bool)

    def columns(self) -> dict[str, pd.Series]:
        """The finished columns by name; the frame is empty afterwards."""
        found: dict[str, pd.Series] = {}
        for name, kind in self._kinds.items():
            if name in self._twins:
                found[name] = found[self._twins[name]]
            else:
                whole = kind.whole(self._values.pop(name), self._missing.pop(name, None))
                found[name] = pd.Series(whole, index=self.index, copy=False)
        return found
