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
        heading = say("psychometrics.reliability", scale=self.settings["scale"], n=self.n_used)
        notes = "".join(f"<p>{escape(note.text())}</p>" for note in self.notes)
        # a view for the notebook; the numbers in .table keep full precision
        return f"<h4>{escape(heading)}</h4>{self.table.to_html(float_format='{:.3f}'.format)}{notes}"
