"""Safety items on sheets that are set aside: read all the same, so that no doubt about a sheet silences a pupil."""

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.scales import load_scale

FIELDS = ["wave", "number", "school", "scale", "item", "answer"]


def heard(
    who: pd.DataFrame, answers: dict[str, pd.DataFrame], roster: dict[str, str], wave: str
) -> tuple[pd.DataFrame, int]:
    """Positive answers to safety items among rows set aside.

    who: column number, one row per sheet set aside. answers: codes per scale on the same index or part of it.
    Returns a row per answer of a pupil on the roster (wave, number, school, scale, item, answer), and the number of
    sheets with a positive answer that belong to nobody on the roster.
    """
    found = [_positive(who, codes, scale) for scale, codes in answers.items()]
    positive = pd.concat(found) if found else pd.DataFrame(columns=["number", "scale", "item", "answer"])
    mine = positive["number"].isin(roster)
    unclaimed = positive.index[~mine].nunique()
    claimed = positive[mine].drop_duplicates()
    claimed = claimed.assign(wave=wave, school=claimed["number"].map(roster).astype("str"))
    return claimed[FIELDS].reset_index(drop=True), unclaimed


def _positive(who: pd.DataFrame, codes: pd.DataFrame, scale_id: str) -> pd.DataFrame:
    """Number, scale, item and answer for every positive safety item of one scale."""
    parts = []
    for each in load_scale(scale_id).critical:
        answer = codes[columns.item(scale_id, each.item)].reindex(who.index)
        rows = who.assign(scale=scale_id, item=each.item, answer=answer)
        parts.append(rows[(answer >= each.positive_at).fillna(False)])
    empty = who.iloc[:0].assign(scale="", item=0, answer=pd.array([], "Int8"))
    return pd.concat(parts or [empty])[["number", "scale", "item", "answer"]]
