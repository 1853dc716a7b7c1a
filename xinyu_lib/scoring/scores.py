"""`score`: one frame of scores, bands and critical items from one frame of answers."""

import numpy as np
import pandas as pd

from xinyu_lib import columns
from xinyu_lib.scales import Band, Scale, answers, keyed
from xinyu_lib.scales.rules import Rule
from xinyu_lib.scoring.arithmetic import Reading, readings


def score(responses: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Scores of one scale on the index of `responses`, one row per sheet that showed the scale.

    responses: columns `scale.items`, codes of the scale, missing = unanswered; other columns are left alone.
    Columns, named by `xinyu_lib.columns`: every score with the lowest and highest value that gaps leave
    possible, the band code where bands exist, the answer to every critical item before reversal, the count of
    answered items, and whether the validity score lets the result stand. A score is missing when gaps exceed
    the scale's rule; a prorated score stands as the score.
    Raises DataError for absent item columns and for values outside the codes.
    Source: the scale's own, `scale.source`.
    """
    raw = answers(responses, scale)
    found: dict[str, object] = {}
    done = readings(keyed(raw, scale), scale)
    for rule in scale.scores:
        found |= _score_columns(rule, done[rule.name], scale)
    found |= _critical_columns(raw, scale)
    found[columns.answered(scale.id)] = pd.array((~np.isnan(raw)).sum(axis=1), dtype="Int16")
    if scale.validity:
        found[columns.valid(scale.id)] = _valid(done[scale.validity.score].value, scale.validity.at_least)
    return pd.DataFrame(found, index=responses.index)


def _score_columns(rule: Rule, reading: Reading, scale: Scale) -> dict[str, object]:
    dtype = "Int16" if rule.whole else "Float64"
    found = {
        columns.score(scale.id, rule.name): pd.array(reading.value, dtype=dtype),
        columns.lowest(scale.id, rule.name): pd.array(reading.lowest, dtype=dtype),
        columns.highest(scale.id, rule.name): pd.array(reading.highest, dtype=dtype),
    }
    if rule.name in scale.bands:
        found[columns.band(scale.id, rule.name)] = _band_codes(reading.value, scale.bands[rule.name])
    return found


def _band_codes(values: np.ndarray, bands: tuple[Band, ...]) -> pd.api.extensions.ExtensionArray:
    """Band code of every value: the last band that starts at or below it (bands leave no gap)."""
    starts = np.array([band.low for band in bands])
    codes = np.array([band.code for band in bands] + [None], dtype=object)
    place = np.searchsorted(starts, values, side="right") - 1
    return pd.array(codes[np.where(np.isnan(values), -1, place)], dtype="str")


def _critical_columns(raw: np.ndarray, scale: Scale) -> dict[str, object]:
    return {
        columns.critical(scale.id, each.item): pd.array(raw[:, each.item - 1], dtype="Int8") for each in scale.critical
    }


def _valid(values: np.ndarray, at_least: int) -> pd.api.extensions.ExtensionArray:
    return pd.array(np.where(np.isnan(values), None, values < at_least), dtype="boolean")
