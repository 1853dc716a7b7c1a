"""Dirt of a real export, planted and counted, so that what an import sets aside can be checked exactly."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from xinyu_lib.synth.layout import load_forms
from xinyu_lib.synth.setting import Dirt

FULL_WIDTH = {ord("0") + digit: ord("０") + digit for digit in range(10)}
PER_ROW = ("twice", "mistyped", "out_of_range", "full_width")


def soil(
    rows: pd.DataFrame, items: Sequence[str], dirt: Dirt, rng: np.random.Generator
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Answer rows with dirt, and the count of each kind; no row gets two kinds."""
    forms = load_forms()
    chosen = _disjoint(len(rows), {kind: getattr(dirt, kind) for kind in PER_ROW}, rng)
    rows = rows.reset_index(drop=True)
    again = rows.loc[chosen["twice"]]
    rows.loc[chosen["mistyped"], forms.number] = rows.loc[chosen["mistyped"], forms.number].map(swapped)
    rows.loc[chosen["full_width"], forms.number] = rows.loc[chosen["full_width"], forms.number].map(widened)
    for row, item in zip(chosen["out_of_range"], rng.choice(items, len(chosen["out_of_range"])), strict=True):
        rows.loc[row, item] = dirt.impossible
    counts = {kind: len(found) for kind, found in chosen.items()}
    return pd.concat([rows, again], ignore_index=True), counts


def blank_rows(rows: pd.DataFrame, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Rows with n empty ones above the last: a reader cannot count empty rows after it."""
    empty = pd.DataFrame("", index=rng.uniform(0, len(rows) - 1, n), columns=rows.columns)
    return pd.concat([rows.reset_index(drop=True), empty]).sort_index(kind="stable").reset_index(drop=True)


def widened(text: str) -> str:
    """Digits in full width, as an input method types them."""
    return text.translate(FULL_WIDTH)


def swapped(number: str) -> str:
    """A pupil number with the two digits after its letter swapped: no pupil has it."""
    return number[0] + number[2] + number[1] + number[3:]


def _disjoint(n: int, means: dict[str, float], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Row numbers for each kind, a Poisson count of them, none twice."""
    order = rng.permutation(n)
    ends = np.cumsum(rng.poisson(list(means.values())))
    return dict(zip(means, np.split(order, ends)[: len(means)], strict=True))
