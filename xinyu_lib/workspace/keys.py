"""Suspect keys: answer files that look already reversed or wrongly keyed, found before anybody trusts their scores."""

import pandas as pd

from xinyu_lib.scales import load_form
from xinyu_lib.scoring import SuspectKey, check_key

SHEETS = 5_000  # sheets of one scale that are enough to see it


def suspect_keys(ws, wave: str) -> list[SuspectKey]:
    """One finding per scale and form of a wave whose items do not go together as the key says; none is good.

    Read from the schools in order of their codes, until there are enough sheets.
    """
    found = []
    for scale_id in ws.scales():
        sheets = _some(ws.newest(f"response/{scale_id}", wave=wave))
        for form, mine in sheets.groupby(sheets["form"].fillna("")) if len(sheets) else ():
            scale = load_form(scale_id, form)
            key = check_key(mine.reindex(columns=list(scale.items)), scale)
            found += [SuspectKey(scale, key)] if key["suspect"].any() else []
    return found


def _some(rows) -> pd.DataFrame:
    parts: list[pd.DataFrame] = []
    for school in rows.schools:
        if sum(map(len, parts)) < SHEETS:
            parts.append(rows.of(school))
    return pd.concat(parts) if parts else pd.DataFrame()
