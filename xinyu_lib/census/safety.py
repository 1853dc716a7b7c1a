"""Safety items on sheets that are set aside: read all the same, so that no doubt about a sheet silences a pupil."""

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.census.known import Directory
from xinyu_lib.census.mapping import MappedScale
from xinyu_lib.scales import Scale

FIELDS = ["wave", "number", "school", "scale", "item", "answer"]


def heard(
    who: pd.DataFrame,
    answers: dict[str, pd.DataFrame],
    forms: dict[str, MappedScale],
    pupils: Directory,
    wave: str,
) -> tuple[pd.DataFrame, int]:
    """Positive answers to safety items among rows set aside.

    who: column number (missing where nobody is told), one row per sheet set aside. answers: codes of the form per
    scale, on that index or part of it. Returns a row per answer of a pupil on the roster (wave, number, school, scale,
    item, answer), and the number of sheets with a positive answer that belong to nobody on the roster.
    """
    found = [_positive(who, codes, forms[scale].scale) for scale, codes in answers.items()]
    positive = pd.concat(found) if found else pd.DataFrame(columns=["number", "scale", "item", "answer"])
    mine = pupils.holds(positive["number"])
    unclaimed = positive.index[~mine].nunique()
    claimed = positive[mine].drop_duplicates()
    claimed = claimed.assign(wave=wave, school=pupils.school_of(claimed["number"]))
    return claimed[FIELDS].reset_index(drop=True), unclaimed


def _positive(who: pd.DataFrame, codes: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Number, scale, item and answer, in codes of the key, for every positive safety item that the form has."""
    parts = []
    for each in scale.critical:
        if (name := columns.item(scale.id, each.item)) in codes:
            answer = codes[name].reindex(who.index)
            key_codes = scale.key_codes(each.item)
            answer = answer.map(key_codes).astype("Int8") if key_codes else answer
            rows = who.assign(scale=scale.id, item=each.item, answer=answer)
            parts.append(rows[(answer >= each.positive_at).fillna(False)])
    empty = who.iloc[:0].assign(scale="", item=0, answer=pd.array([], "Int8"))
    return pd.concat(parts or [empty])[["number", "scale", "item", "answer"]]
