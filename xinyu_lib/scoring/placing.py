"""Placing a score: the band it falls in and its value beside a norm, for the pupil's age, sex and grade."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm as normal

from xinyu_lib.errors import DataError
from xinyu_lib.scales.bands import BandSet
from xinyu_lib.scales.norms import Norm, NormSet
from xinyu_lib.scales.vocabulary import Who

KNOWN = ("age", "sex", "grade")


@dataclass(frozen=True)
class Pupils:
    """What is known of the pupils: ages in years and grades (NaN = unknown), sex as text; None where nothing is."""

    frame: pd.DataFrame | None

    @classmethod
    def read(cls, pupils: pd.DataFrame | None, index: pd.Index) -> "Pupils":
        """Columns age, sex (`male`, `female`) and grade in the order of `index`.

        Raises DataError for what is no age, sex or grade and for pupils that stand twice.
        """
        if pupils is None:
            return cls(None)
        if pupils.index.has_duplicates:
            raise DataError("scoring.pupils_twice")
        found = pupils.reindex(index).reindex(columns=list(KNOWN))
        for name in ("age", "grade"):
            numbers = pd.to_numeric(found[name], errors="coerce")
            if strange := int((numbers.isna() & found[name].notna()).sum()):
                raise DataError("scoring.pupil_numbers", n=strange)
            found[name] = numbers
        if strange := int((found["sex"].notna() & ~found["sex"].isin(["male", "female"])).sum()):
            raise DataError("scoring.sex", n=strange)
        return cls(found)

    def fits(self, who: Who, start: int, stop: int) -> np.ndarray:
        """For whom a fact about these pupils is (boolean); never for one of whom too little is known."""
        if self.frame is None:
            return np.full(stop - start, who == Who())
        rows = self.frame.iloc[start:stop]
        fits = np.ones(len(rows), dtype=bool)
        if who.ages:
            fits &= _within(rows["age"], who.ages.min, np.inf if who.ages.max is None else who.ages.max + 1)
        if who.grades:
            fits &= _within(rows["grade"], who.grades[0], who.grades[1] + 1)
        return fits & (rows["sex"] == who.sex).to_numpy(bool) if who.sex else fits


def band_codes(sets: list[BandSet]) -> list[str]:
    """Codes of the bands of one score, ascending; one that only some pupils have stands behind the one below it."""
    codes: list[str] = []
    for each in sorted(sets, key=lambda each: each.who is not None):
        place = 0
        for band in each.bands:
            if band.code not in codes:
                codes.insert(place, band.code)
            place = codes.index(band.code) + 1
    return codes


def band_places(values: np.ndarray, sets: list[BandSet], pupils: Pupils, start: int) -> np.ndarray:
    """Place of each value's band in `band_codes` (int8), -1 without one: the last band that starts at or below it."""
    codes, stop = band_codes(sets), start + len(values)
    place = np.full(len(values), -1, dtype=np.int8)
    for each in sorted(sets, key=lambda each: each.who is not None):
        found = _placed(values, [band.low for band in each.bands])
        order = np.array([codes.index(band.code) for band in each.bands], dtype=np.int8)
        found = found if (order == np.arange(len(order))).all() else order[found]
        place = found if each.who is None else np.where(pupils.fits(each.who, start, stop), found, place)
    return place


def _placed(values: np.ndarray, starts: list[float]) -> np.ndarray:
    """How many of the starts after the first each value has reached (int8)."""
    place = np.zeros(len(values), dtype=np.int8)
    for start in starts[1:]:
        place += (values >= start).view(np.int8)
    return place


def norm_values(values: np.ndarray, name: str, norms: NormSet, pupils: Pupils, start: int) -> np.ndarray:
    """Values of one score beside a norm set, by the first group that fits; NaN where none does."""
    found, open_ = np.full(len(values), np.nan), np.ones(len(values), dtype=bool)
    for group in norms.groups:
        if name in group.scores:
            mine = open_ & pupils.fits(group.who, start, start + len(values))
            found[mine] = _normed(values[mine], group.scores[name], norms.kind)
            open_ &= ~mine
    return found


def _normed(values: np.ndarray, how: Norm, kind: str) -> np.ndarray:
    if how.table:
        raw, value = (np.array(column, dtype=float) for column in zip(*how.table, strict=True))
        place = np.searchsorted(raw, values, side="right") - 1
        return np.where(place < 0, np.nan, value[place.clip(0)])
    z = (values - how.mean) / how.sd
    return {"z": z, "t": 50 + 10 * z, "percentile": 100 * normal.cdf(z)}[kind]


def _within(numbers: pd.Series, low: float, end: float) -> np.ndarray:
    values = pd.to_numeric(numbers).to_numpy(float, na_value=np.nan)
    return (values >= low) & (values < end)
