"""`check_quality`: signs that a sheet should be measured again. Flags only: it never removes a pupil."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from xinyu_lib.registry import Definition, Whole, read
from xinyu_lib.scales import Scale, answers, keyed
from xinyu_lib.scoring.arithmetic import readings, too_many_gaps


class Duplicate(Definition):
    min_items: Whole


class QualitySettings(Definition):
    """Settings of the checks that belong to no single scale."""

    duplicate: Duplicate


def check_quality(responses: pd.DataFrame, scale: Scale, *, seconds_per_item: pd.Series | None = None) -> pd.DataFrame:
    """A boolean column per check and `usable` (none of them fired) on the index of `responses`; drops nobody.

    missing: more unanswered items than the scale's rule allows. lie: validity score at or above its cut
    (False without a validity scale or when the score is missing). too_fast: below the scale's seconds per
    item. duplicate: the same complete answers as another row, on a long scale, not all the same code.
    seconds_per_item: mean over the whole sheet; without it a column `seconds` of `responses` is divided by
    the items of this scale, which is right only for a sheet that held this scale alone. Unknown is not fast.
    Raises DataError as `score` does.
    """
    raw = answers(responses, scale)
    turned = keyed(raw, scale)
    if seconds_per_item is None and "seconds" in responses:
        seconds_per_item = responses["seconds"] / scale.n_items
    found = {
        "missing": _missing(turned, scale),
        "lie": _lie(turned, scale),
        "too_fast": _too_fast(seconds_per_item, responses.index, scale),
        "duplicate": _duplicate(raw, turned),
    }
    flags = pd.DataFrame(found, index=responses.index, dtype=bool)
    return flags.assign(usable=~flags.any(axis=1))


@cache
def _settings() -> QualitySettings:
    return read(Path(__file__).parent / "quality.toml", QualitySettings)


def _missing(turned: np.ndarray, scale: Scale) -> np.ndarray:
    return np.any([too_many_gaps(turned, rule, scale) for rule in scale.scores if rule.of_items], axis=0)


def _lie(turned: np.ndarray, scale: Scale) -> np.ndarray:
    if not scale.validity:
        return np.zeros(len(turned), dtype=bool)
    return readings(turned, scale)[scale.validity.score].value >= scale.validity.at_least


def _too_fast(seconds_per_item: pd.Series | None, index: pd.Index, scale: Scale) -> np.ndarray:
    if seconds_per_item is None:
        return np.zeros(len(index), dtype=bool)
    seconds = seconds_per_item.reindex(index).to_numpy(float, na_value=np.nan)
    return seconds < scale.quality.seconds_per_item


def _duplicate(raw: np.ndarray, turned: np.ndarray) -> np.ndarray:
    """Equal rows, unless they are what many give: one code throughout, or the same end of every item."""
    if raw.shape[1] < _settings().duplicate.min_items:
        return np.zeros(len(raw), dtype=bool)
    telling = ~np.isnan(raw).any(axis=1) & _varies(raw) & _varies(turned)
    return telling & pd.DataFrame(raw).duplicated(keep=False).to_numpy()


def _varies(codes: np.ndarray) -> np.ndarray:
    return (codes != codes[:, :1]).any(axis=1)
