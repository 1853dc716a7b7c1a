"""Suspect keys: answer files that look already reversed or wrongly keyed, found before anybody trusts their scores."""

from collections.abc import Iterator

import pandas as pd

from xinyu_lib.scales import load_form
from xinyu_lib.scoring import SuspectKey, check_key

SHEETS = 5_000  # sheets of one scale that are enough to see it


def suspect_keys(ws, wave: str | None = None) -> list[tuple[str, SuspectKey]]:
    """Wave and finding, one per scale and form whose items do not go together as the key says; none is good.

    wave: of this one only. Read from the schools in order of their codes, until there are enough sheets.
    """
    named = {scale_id: f"response/{scale_id}" for scale_id in ws.scales()}
    waves = [wave] if wave else sorted({w for name in named.values() for w in _waves(ws, name)})
    return [(each, key) for each in waves for scale_id in named for key in _suspect(ws, scale_id, each)]


def _waves(ws, name: str) -> list[str]:
    return ws.lake.values(name, "wave", committed=ws.committed)


def _suspect(ws, scale_id: str, wave: str) -> Iterator[SuspectKey]:
    sheets = _some(ws.newest(f"response/{scale_id}", wave=wave))
    if len(sheets):
        for form, mine in sheets.groupby(sheets["form"].fillna("")):
            scale = load_form(scale_id, form)
            key = check_key(mine.reindex(columns=list(scale.items)), scale)
            if key["suspect"].any():
                yield SuspectKey(scale, key)


def _some(rows) -> pd.DataFrame:
    parts: list[pd.DataFrame] = []
    for school in rows.schools:
        if sum(map(len, parts)) < SHEETS:
            parts.append(rows.of(school))
    return pd.concat(parts) if parts else pd.DataFrame()
