"""Answer sheets as the arithmetic reads them: one array per item, keyed, with what gaps leave possible."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xinyu_lib.scales import Scale
from xinyu_lib.scales.matrix import Codes, codes, raw_columns, refuse

ROWS = 81_920  # pupils at a time: few enough for flat memory, enough that Python does not count


@dataclass(frozen=True)
class KeyedSheets:
    """Rows `start` to `stop` of a frame; items by number, those of a supplement only where the form has them.

    raw: codes of the key before reversal. low, high: keyed answers, the lowest or highest code where unanswered.
    gap: where that is; items without an entry have no gap. passed_over: items behind a gate, and where it stopped them.
    """

    scale: Scale
    start: int
    stop: int
    raw: dict[int, Codes]
    low: dict[int, np.ndarray]
    high: dict[int, np.ndarray]
    gap: dict[int, np.ndarray]
    passed_over: dict[int, np.ndarray]

    @property
    def rows(self) -> int:
        return self.stop - self.start

    def on_form(self, items: tuple[int, ...]) -> bool:
        """True unless an item belongs to a supplement that this form does not have."""
        return all(item in self.low for item in items)

    def gaps(self, items: tuple[int, ...]) -> np.ndarray | None:
        """How many of these items each pupil left unanswered; None when nobody left any."""
        found = [self.gap[item] for item in items if item in self.gap]
        return added(found, 1, self.rows) if found else None


def keyed_sheets(responses: pd.DataFrame, scale: Scale) -> Iterator[KeyedSheets]:
    """The sheets of a frame, `ROWS` at a time; at least once, so that an empty frame has its columns.

    Raises DataError for absent item columns and, after the last sheet, for values outside the codes.
    """
    columns = raw_columns(responses, scale)
    wrong = dict.fromkeys(columns, 0)
    for start in range(0, max(len(responses), 1), ROWS):
        stop = min(start + ROWS, len(responses))
        found = {}
        for item, column in columns.items():
            found[item], bad = codes(column[start:stop], item, scale)
            wrong[item] += bad
        yield _keyed(found, scale, start, stop)
    refuse(wrong, scale)


def added(arrays: Iterable[np.ndarray], top: int, rows: int) -> np.ndarray:
    """Sum (int16, length `rows`) of arrays of small integers or booleans within -top..top.

    Added up in eight bits as long as those hold the sum, which is many times faster.
    """
    size = max(127 // max(top, 1), 1)
    total, part = np.zeros(rows, dtype=np.int16), np.zeros(rows, dtype=np.int8)
    for number, each in enumerate(arrays, 1):
        part += each.view(np.int8) if each.dtype == bool else each  # a view, for casting takes longer than adding
        if number % size == 0:
            total += part
            part[:] = 0
    return total + part


def _keyed(raw: dict[int, Codes], scale: Scale, start: int, stop: int) -> KeyedSheets:
    low, high, gap, passed_over = {}, {}, {}, {}
    skipped = _skipped(raw, scale)
    for item in [*raw, *scale.left_out]:
        least, most = scale.span_of(item)
        values, unanswered = raw[item] if item in raw else _left_out(least, stop - start)
        turned = _turned(values, least + most) if item in scale.reverse else values
        if item in skipped:
            passed_over[item] = np.zeros_like(skipped[item][0]) if unanswered is None else skipped[item][0] & unanswered
            turned, unanswered = _where_asked(turned, unanswered, least, *skipped[item])
        if unanswered is None:
            low[item] = high[item] = turned
        else:
            blank = _blank(item, scale, on_form=item in raw)
            low[item], high[item] = (_moved(turned, unanswered, end - blank) for end in (least, most))
            gap[item] = unanswered
    return KeyedSheets(scale, start, stop, raw, low, high, gap, passed_over)


def _blank(item: int, scale: Scale, *, on_form: bool) -> int:
    """The keyed code that stands where an item is unanswered: that of the form's lowest code."""
    code = scale.codes_of(item)[0] if on_form else scale.span_of(item)[0]
    key = scale.key_codes(item).get(code, code) if on_form else code
    return sum(scale.span_of(item)) - key if item in scale.reverse else key


def _turned(values: np.ndarray, ends: int) -> np.ndarray:
    """Reversed answers: lowest + highest code - answer."""
    if ends <= np.iinfo(np.int8).max:
        return np.int8(ends) - values
    return (np.int16(ends) - values).astype(np.int8)


def _moved(values: np.ndarray, where: np.ndarray, by: int) -> np.ndarray:
    """Values with a number added in some places; adding is many times faster than choosing."""
    return values + where.view(np.int8) * np.int8(by) if by else values


def _left_out(least: int, rows: int) -> Codes:
    """An item that the form does not have: for a score that rests on it the same as a gap in every sheet."""
    return Codes(np.full(rows, least, dtype=np.int8), np.ones(rows, dtype=bool))


def _skipped(raw: dict[int, Codes], scale: Scale) -> dict[int, tuple[np.ndarray, bool]]:
    """Items behind gates: where every gate was answered with a no, and whether that overrides an answer."""
    found = {}
    for skip in scale.skips:
        if all(gate in raw for gate in skip.gates):
            no = np.all([_answered_below(raw[gate], skip.at_least) for gate in skip.gates], axis=0)
            for item in (item for item in skip.items if item in raw):
                before, overrides = found.get(item, (False, False))
                found[item] = before | no, overrides or skip.overrides
    return found


def _answered_below(codes: Codes, at_least: int) -> np.ndarray:
    no = codes.values < at_least
    return no if codes.gap is None else no & ~codes.gap


def _where_asked(
    turned: np.ndarray, unanswered: np.ndarray | None, least: int, no: np.ndarray, overrides: bool
) -> tuple[np.ndarray, np.ndarray | None]:
    """Answers to an item behind a gate: the lowest code where the gate said no, and no gap there."""
    if unanswered is None:
        return (np.where(no, np.int8(least), turned) if overrides else turned), None
    turned = np.where(no if overrides else no & unanswered, np.int8(least), turned)
    unanswered = unanswered & ~no
    return turned, unanswered if unanswered.any() else None
