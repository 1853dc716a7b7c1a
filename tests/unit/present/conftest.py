"""Small protected tables, built here by hand as only tests may."""

import pandas as pd
import pytest

from xinyu_lib.disclosure.safetable import ISSUED, SafeTable


def _safe(frame: pd.DataFrame, hidden: tuple[str, ...], kind: str) -> SafeTable:
    masked = pd.DataFrame({name: [row in hidden for row in frame.index] for name in frame.columns}, index=frame.index)
    return SafeTable(frame.mask(masked), masked, kind, "school", 5, 10, (), ISSUED)


@pytest.fixture
def safe_counts():
    """Counts from a dict; the rows named in `hidden` are masked."""

    def build(values: dict[str, int], hidden: tuple[str, ...] = ()) -> SafeTable:
        return _safe(pd.Series(values, dtype="Int64").to_frame("n"), hidden, "counts")

    return build


@pytest.fixture
def safe_means():
    """Means from a dict of (n, mean, low, high)."""

    def build(values: dict[str, tuple], hidden: tuple[str, ...] = ()) -> SafeTable:
        frame = pd.DataFrame.from_dict(values, orient="index", columns=["n", "mean", "low", "high"])
        return _safe(frame.astype("Float64"), hidden, "means")

    return build
