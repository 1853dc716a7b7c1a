"""Suspect keys: answer files that look already reversed or wrongly keyed, found before anybody trusts their scores."""

from collections.abc import Iterator

import pandas as pd

from xinyu_lib.scales import load_form
from xinyu_lib.scoring import SuspectKey, check_key
from xinyu_lib.scoring.declared import declared
from xinyu_lib.workspace.streams import with_form

ENOUGH = declared().keying.group  # sheets that are looked at together


def suspect_keys(ws, wave: str | None = None) -> list[tuple[str, SuspectKey]]:
    """Wave and finding, one per scale and form whose items do not go together as the key says; none is good.

    wave: of this one only. A school with enough sheets is looked at by itself, for a file is often wrong as a whole and
    alone; smaller ones together, in the order of their codes.
    """
    named = {scale_id: f"response/{scale_id}" for scale_id in ws.scales()}
    waves = [wave] if wave else sorted({w for name in named.values() for w in _waves(ws, name)})
    return [(each, key) for each in waves for scale_id in named for key in _suspect(ws, scale_id, each)]


def _waves(ws, name: str) -> list[str]:
    return ws.lake.values(name, "wave", committed=ws.committed)


def _suspect(ws, scale_id: str, wave: str) -> Iterator[SuspectKey]:
    told: set[str] = set()
    for form, sheets in _groups(ws.newest(f"response/{scale_id}", wave=wave)):
        if form not in told:
            scale = load_form(scale_id, form)
            key = check_key(sheets.reindex(columns=list(scale.items)), scale)
            if key["suspect"].any():
                told.add(form)
                yield SuspectKey(scale, key)


def _groups(rows) -> Iterator[tuple[str, pd.DataFrame]]:
    """Form and sheets, each time enough of them; what is left over at the end as well."""
    waiting: dict[str, list[pd.DataFrame]] = {}
    for school in rows.schools:
        for form, mine in with_form(rows.of(school)).groupby("form"):
            together = [mine] if len(mine) >= ENOUGH else [*waiting.pop(form, []), mine]
            if sum(map(len, together)) >= ENOUGH:
                yield form, pd.concat(together)
            else:
                waiting[form] = together
    yield from ((form, pd.concat(left)) for form, left in waiting.items())
