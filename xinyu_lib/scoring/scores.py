"""`score`: one frame of scores, bands, cuts, decisions and critical items from one frame of answers."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from xinyu_lib import columns
from xinyu_lib.errors import DataError
from xinyu_lib.scales import NormSet, Scale
from xinyu_lib.scoring.arithmetic import Reading, readings
from xinyu_lib.scoring.conditions import can_be_read, cut, decide
from xinyu_lib.scoring.keyed_sheets import KeyedSheets, added, keyed_sheets
from xinyu_lib.scoring.pieces import Categories, Frame, Numbers, Piece
from xinyu_lib.scoring.placing import Pupils, band_codes, band_places, norm_values


def score(
    responses: pd.DataFrame, scale: Scale | Sequence[Scale], *, pupils: pd.DataFrame | None = None,
    norms: Sequence[NormSet] = (),
) -> pd.DataFrame:  # fmt: skip
    """Scores of one scale, or of several side by side, on the index of `responses`, one row per sheet.

    responses: columns `scale.items`, codes of the scale, missing = unanswered; other columns are left alone.
    pupils: on the same index, columns age (years), sex (male, female) and grade, as far as they are known; needed for
    bands and norms that depend on them. norms: norm sets to place the scores in (`scale.norm_sets`, `load_norms`).
    Columns, named by `xinyu_lib.columns`: every score (Int16, with decimals Float64) with the lowest and highest value
    that gaps leave possible (they differ where gaps were worked out); the band (ordered categories), cuts (boolean) and
    decisions (categories, with the lowest and highest possible); the norm value and the norm set's name;
    the answer to every critical item before reversal and whether the form has it; the count of answered items; and
    whether the validity score lets the result stand. A score is missing when gaps exceed the scale's rule or when the
    form leaves out one of its items.
    Raises DataError for absent item columns, for values outside the codes, for a scale or a kind of norm given twice,
    and for ages, grades and sexes that are none.
    Source: the scale's own, `scale.source`.
    """
    known = Pupils.read(pupils, responses.index)
    several = [scale] if isinstance(scale, Scale) else list(scale)
    _refuse_twice(several, norms)
    found: dict[str, pd.Series] = {}
    for each in several:
        mine = [norm for norm in norms if norm.scale == each.id]
        frame = Frame(responses.index)
        for sheets in keyed_sheets(responses, each):
            for name, piece in _columns(sheets, known, mine):
                frame.put(name, piece, sheets.start, sheets.stop)
        found |= frame.columns()
    return pd.DataFrame(found, index=responses.index, copy=False)


def _refuse_twice(scales: list[Scale], norms: Sequence[NormSet]) -> None:
    """What would write one column twice."""
    for number, each in enumerate(scales):
        if each.id in (other.id for other in scales[:number]):
            raise DataError("scoring.scale_twice", scale=each.id)
    seen: set[tuple[str, str, str]] = set()
    for norm in norms:
        mine = {(norm.scale, name, norm.kind) for group in norm.groups for name in group.scores}
        if twice := sorted(mine & seen):
            raise DataError("scoring.norms_twice", score=columns.score(*twice[0][:2]), kind=norm.kind)
        seen |= mine


def _columns(sheets: KeyedSheets, pupils: Pupils, norms: list[NormSet]) -> Iterator[tuple[str, Piece]]:
    scale, done = sheets.scale, readings(sheets)
    for name, reading in done.items():
        yield from _score_columns(name, reading, sheets, pupils)
        yield from _norm_columns(name, reading, sheets, pupils, norms)
    for each in scale.cuts:
        if can_be_read(each.when, sheets, done):
            yield columns.score(scale.id, each.name), Numbers(*cut(each, sheets, done), "Boolean")
    for each in scale.decisions:
        if all(can_be_read(level.when, sheets, done) for level in each.levels):
            yield from _decision_columns(each, sheets, done)
    yield from _critical_columns(sheets)
    yield columns.answered(scale.id), Numbers(_answered(sheets), None, "int16")
    if scale.validity:
        lie = done[scale.validity.score]
        yield columns.valid(scale.id), Numbers(lie.value < scale.validity.at_least, lie.missing, "Boolean")


def _score_columns(name: str, reading: Reading, sheets: KeyedSheets, pupils: Pupils) -> Iterator[tuple[str, Piece]]:
    scale, rule = sheets.scale, sheets.scale.score(name)
    small = "int8" if rule.whole and max(map(abs, rule.range)) <= np.iinfo(np.int8).max else None
    yield columns.score(scale.id, name), Numbers(reading.value, reading.missing, "Int16" if rule.whole else "Float64")
    dtype = small or ("int16" if rule.whole else "float64")
    lowest, highest = columns.lowest(scale.id, name), columns.highest(scale.id, name)
    yield lowest, Numbers(reading.lowest, None, dtype)
    yield highest, Numbers(reading.highest, None, dtype, same_as=lowest if reading.highest is reading.lowest else None)
    for system in ("band", "band4"):
        if sets := [each for each in scale.bands_in(system) if name in each.scores]:
            place = band_places(reading.value, sets, pupils, sheets.start)
            yield columns.band(scale.id, name, system), Categories(place, reading.missing, band_codes(sets))


def _norm_columns(
    name: str, reading: Reading, sheets: KeyedSheets, pupils: Pupils, norms: list[NormSet]
) -> Iterator[tuple[str, Piece]]:
    for each in norms:
        if any(name in group.scores for group in each.groups):
            values = norm_values(reading.value, name, each, pupils, sheets.start)
            missing = np.isnan(values) if reading.missing is None else np.isnan(values) | reading.missing
            yield columns.norm_value(sheets.scale.id, name, each.kind), Numbers(values, missing, "Float64")
            named = Categories(np.zeros(len(values), dtype=np.int8), missing, [each.name])
            yield columns.norm_name(sheets.scale.id, name, each.kind), named


def _decision_columns(each, sheets: KeyedSheets, done: dict[str, Reading]) -> Iterator[tuple[str, Piece]]:
    codes, scale_id = [outcome.code for outcome in each.outcomes], sheets.scale.id
    names = [label(scale_id, each.name) for label in (columns.score, columns.lowest, columns.highest)]
    for column, place in zip(names, decide(each, sheets, done), strict=True):
        yield column, Categories(place, None, codes)


def _critical_columns(sheets: KeyedSheets) -> Iterator[tuple[str, Piece]]:
    """The answer as given, none of an item that the form does not have; and who was shown the item."""
    scale_id = sheets.scale.id
    for each in sheets.scale.critical:
        on_form = each.item in sheets.raw
        values, gap = sheets.raw[each.item] if on_form else (np.zeros(sheets.rows, np.int8), np.ones(sheets.rows, bool))
        yield columns.critical(scale_id, each.item), Numbers(values, gap, "Int8")
        shown = np.full(sheets.rows, on_form) & ~sheets.passed_over.get(each.item, np.False_)
        yield columns.shown(scale_id, each.item), Numbers(shown, None, "bool")


def _answered(sheets: KeyedSheets) -> np.ndarray:
    found = (sheets.raw[item].gap for item in sheets.scale.numbers)
    gaps = added((gap for gap in found if gap is not None), 1, sheets.rows)
    return np.int16(len(sheets.scale.numbers)) - gaps
