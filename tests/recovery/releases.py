"""Random tables of counts as reports have them, nasty ones among them: the same seed gives the same table."""

import numpy as np
import pandas as pd

CATEGORIES = (
    ("any_tier", "undetermined", "none"),
    ("red_or_orange", "yellow", "none"),
    ("red_or_orange", "yellow", "undetermined", "none"),
    ("recovered", "improved", "unchanged", "worse", "unknown"),
    ("any_tier", "none"),
)
SHARES = ((0.05, 0.02, 0.93), (0.02, 0.08, 0.9), (0.02, 0.08, 0.03, 0.87), (0.2, 0.3, 0.3, 0.1, 0.1), (0.06, 0.94))
KINDS = ("one_way", "tiers", "sexes", "hierarchy", "hierarchy_tiers", "nasty")


def release(kind: str, seed: int) -> pd.Series | pd.DataFrame:
    """One table of the kind, with or without its margins."""
    draw = np.random.default_rng([KINDS.index(kind), seed])
    return globals()[f"_{kind}"](draw)


def sizes(draw, n: int) -> np.ndarray:
    """Persons per group: classes, grades, small schools, groups of one to nine among others, equal groups."""
    style = draw.choice(["classes", "grades", "small", "with tiny", "equal"])
    if style == "equal":
        return np.full(n, draw.integers(8, 50))
    low, high = {"classes": (28, 56), "grades": (90, 420), "small": (3, 30), "with tiny": (28, 56)}[style]
    found = draw.integers(low, high, n)
    if style == "with tiny":
        found[draw.random(n) < 0.3] = draw.integers(1, 10)
    return found


def total(frame, axis: int = 0):
    """The frame with a last row or column that adds it up."""
    added = frame.sum(axis=axis)
    if isinstance(frame, pd.Series):
        return pd.concat([frame, pd.Series([added], index=_last(frame.index))])
    if axis:
        return frame.assign(total=added)
    return pd.concat([frame, pd.DataFrame([added], index=_last(frame.index))])


def _last(index: pd.Index) -> pd.Index:
    return pd.MultiIndex.from_tuples([("total",) * index.nlevels]) if index.nlevels > 1 else pd.Index(["total"])


def _spread(draw, rows: pd.Index) -> pd.DataFrame:
    """Persons of each group over the categories, with a column of totals most of the time."""
    chosen = draw.integers(len(CATEGORIES))
    shares = np.array(SHARES[chosen]) if draw.random() < 0.7 else draw.dirichlet(np.ones(len(SHARES[chosen])))
    counts = [draw.multinomial(n, shares) for n in sizes(draw, len(rows))]
    frame = pd.DataFrame(counts, index=rows, columns=list(CATEGORIES[chosen]))
    return total(frame, 1) if draw.random() < 0.85 else frame


def _one_way(draw) -> pd.Series:
    n, zeros = draw.integers(2, 11), draw.random() * 0.4
    counts = draw.integers(0, draw.choice([6, 12, 30, 80]), n) * (draw.random(n) > zeros)
    if draw.random() < 0.15:
        counts[:] = counts[0]
    table = pd.Series(counts, index=[f"g{i}" for i in range(n)])
    return total(table) if draw.random() < 0.8 else table


def _tiers(draw) -> pd.DataFrame:
    frame = _spread(draw, pd.Index([f"grade {i}" for i in range(1, draw.integers(2, 10))]))
    return total(frame) if draw.random() < 0.8 else frame


def _sexes(draw) -> pd.DataFrame:
    return total(_spread(draw, pd.Index(["boys", "girls"])))


def _classes(draw) -> pd.MultiIndex:
    grades = draw.integers(1, 5)
    return pd.MultiIndex.from_tuples([(f"g{g}", f"c{c}") for g in range(grades) for c in range(draw.integers(1, 6))])


def _subtotals(frame):
    """Class in grade with a row below each grade and one below them all."""
    blocks = []
    for grade, block in frame.groupby(level=0, sort=False):
        added, index = block.sum(), pd.MultiIndex.from_tuples([(grade, "total")])
        below = pd.Series([added], index) if isinstance(frame, pd.Series) else pd.DataFrame([added], index=index)
        blocks += [block, below]
    return pd.concat([*blocks, total(frame).iloc[-1:]])


def _hierarchy(draw) -> pd.Series:
    rows = _classes(draw)
    table = pd.Series(draw.binomial(sizes(draw, len(rows)), draw.choice([0.03, 0.1, 0.4, 0.8])), index=rows)
    return _subtotals(table) if draw.random() < 0.85 else table


def _hierarchy_tiers(draw) -> pd.DataFrame:
    frame = _spread(draw, _classes(draw))
    return _subtotals(frame) if draw.random() < 0.85 else frame


def _nasty(draw) -> pd.Series | pd.DataFrame:
    """One row, one category that holds them all, 44 of 45, equal cells, nothing but zeros and one large cell."""
    rows, columns = draw.integers(1, 7), draw.integers(1, 5)
    style = draw.choice(["all in one", "44 of 45", "equal", "zeros", "around"])
    counts = np.zeros((rows, columns), dtype=int)
    if style in ("all in one", "44 of 45"):
        counts[:, 0] = draw.choice([5, 9, 10, 44, 45, 200])
        counts[draw.integers(rows), -1] += style == "44 of 45"
    elif style == "equal":
        counts[:] = draw.choice([0, 1, 4, 5, 6, 9, 10, 11, 25])
    elif style == "zeros":
        counts[draw.integers(rows), draw.integers(columns)] = draw.integers(1, 120)
    else:  # around the thresholds of 5 and 10
        counts = draw.choice([0, 1, 3, 4, 5, 6, 9, 10, 11, 20, 50], (rows, columns))
    if columns == 1:
        return total(pd.Series(counts[:, 0], index=list("abcdefg")[:rows]))
    return total(total(pd.DataFrame(counts, index=list("abcdefg")[:rows], columns=list("wxyz")[:columns]), 1))
