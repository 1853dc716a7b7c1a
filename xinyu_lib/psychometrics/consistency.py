"""`reliability`: how consistent the scores of a scale are in a group of pupils."""

import numpy as np
import pandas as pd

from xinyu_lib.numerics import cronbach_alpha, feldt_interval
from xinyu_lib.psychometrics.results import Note, Reliability
from xinyu_lib.scales import Scale, answers, keyed
from xinyu_lib.scales.rules import Add, Mean, Rule, Sum


def reliability(responses: pd.DataFrame, scale: Scale, *, level: float = 0.95) -> Reliability:
    """Cronbach's alpha with Feldt's interval for every score of at least two items, after reversal.

    responses: columns `scale.items`, missing = unanswered. Sheets with a gap anywhere in the scale are left
    out, so that all rows rest on the same pupils. A score computed from one other score has no row.
    Raises DataError for absent item columns and for values outside the codes.
    Source: Cronbach 1951; Feldt 1965 (see `numerics.reliability`).
    """
    answered = keyed(answers(responses, scale), scale)
    complete = answered[~np.isnan(answered).any(axis=1)]
    rows = {rule.name: _row(complete, rule, scale, level) for rule in scale.scores if _counts(rule, scale)}
    table = pd.DataFrame(rows.values(), index=list(rows))
    settings = {"scale": scale.id, "missing": "listwise", "interval": "feldt", "level": level}
    return Reliability(table, len(complete), _notes(table, len(answered), len(complete)), settings)


def _counts(rule: Rule, scale: Scale) -> bool:
    """Sums and means of at least two items that every sheet of this form has."""
    items = scale.items_of(rule.name)
    return isinstance(rule, Sum | Mean | Add) and len(items) >= 2 and set(items) <= set(scale.numbers)


def _row(complete: np.ndarray, rule: Rule, scale: Scale, level: float) -> dict[str, object]:
    items = [scale.numbers.index(item) for item in scale.items_of(rule.name)]
    n, k = len(complete), len(items)
    alpha = cronbach_alpha(complete[:, items])
    low, high = feldt_interval(alpha, n, k, level)
    label = {"label_zh": rule.label.zh, "label_en": rule.label.en}
    return label | {"alpha": alpha, "low": low, "high": high, "n_used": n, "k": k}


def _notes(table: pd.DataFrame, n_in: int, n_used: int) -> tuple[Note, ...]:
    undefined = table.index[table["alpha"].isna()]
    notes = []
    if n_used < n_in:
        notes.append(Note("psychometrics.incomplete_dropped", (("dropped", n_in - n_used), ("n", n_used))))
    if len(undefined):
        notes.append(Note("psychometrics.undefined", (("scores", ", ".join(undefined)),)))
    return tuple(notes)
