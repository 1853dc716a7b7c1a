"""Results of validation: frozen, with the table, who was counted, what to know, and how it was done."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from xinyu_lib.words import say


@dataclass(frozen=True)
class Note:
    """One thing to know about a result: an id of the wording and its fields."""

    message_id: str
    fields: tuple[tuple[str, object], ...] = ()

    def text(self, lang: str | None = None) -> str:
        return say(self.message_id, lang, **dict(self.fields))


@dataclass(frozen=True, eq=False)
class Reliability:
    """Internal consistency of a scale's scores.

    table: a row per score of two items or more: label_zh, label_en, alpha, low, high, n_used, k (items).
    n_used: pupils left after incomplete sheets were dropped; the same for every row.
    """

    table: pd.DataFrame
    n_used: int
    notes: tuple[Note, ...]
    settings: dict[str, object]

    def _repr_html_(self) -> str:
        return _html("psychometrics.reliability", self)


@dataclass(frozen=True, eq=False)
class ConditionalErrors:
    """Standard errors of measurement of a scale's scores at each of their values.

    table: a row per score and value that the score can take, ascending: scale, score, value, se (points of the score),
    n (complete sheets with that value; 0 where the curve alone tells). Empty with too few complete sheets.
    n_used: pupils left after incomplete sheets were dropped.
    """

    table: pd.DataFrame
    n_used: int
    notes: tuple[Note, ...]
    settings: dict[str, object]

    def _repr_html_(self) -> str:
        return _html("psychometrics.conditional_errors", self)


def _html(heading_id: str, result: Reliability | ConditionalErrors) -> str:
    heading = say(heading_id, scale=result.settings["scale"], n=result.n_used)
    notes = "".join(f"<p>{escape(note.text())}</p>" for note in result.notes)
    # a view for the notebook; the numbers in .table keep full precision
    return f"<h4>{escape(heading)}</h4>{result.table.to_html(float_format='{:.3f}'.format)}{notes}"
