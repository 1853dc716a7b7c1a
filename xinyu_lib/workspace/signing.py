"""Interviews and confirmed tiers at the door: dated after the census began, signed, resting on reviews."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from xinyu_lib.care.confirming import before_census, faults, valid
from xinyu_lib.census import Check, Finding, Known
from xinyu_lib.lake.vault import Vault
from xinyu_lib.policy import Policy, load_policy
from xinyu_lib.tables import load_table

CONFIRMED = "tier_confirmed"
# What a check has to know, and the column of the file that tells each reason.
NEEDED = {"interview": ("wave",), CONFIRMED: ("wave", "contact", "interview", CONFIRMED, "tier_provisional")}
TOLD_BY = {
    "before_census": "on",
    "second_signature": "second_number",
    "same_signature": "second_number",
    "not_stable": "reason",
}


def needed_by(tables: Sequence[str]) -> set[str]:
    """Tables that the checks of these tables rest on."""
    return {needed for table in tables for needed in NEEDED.get(table, ())}


def checks_of(ws, vault: Vault, tables: Sequence[str]) -> dict[str, Check]:
    """The checks of these tables, in the order in which they look at each other; persons stand by their numbers."""
    needed = needed_by(tables)
    people = vault.numbers("pupil") if needed else None
    stored = {table: _by_numbers(people, ws.read(table)) for table in needed}
    checks = {
        "interview": partial(_interviews, stored),
        CONFIRMED: partial(_confirmations, stored, load_policy(ws.settings["policy"])),
    }
    return {table: check for table, check in checks.items() if table in tables}


def _interviews(stored: dict[str, pd.DataFrame], frame: pd.DataFrame, known: Known) -> Iterator[Finding]:
    yield _finding("before_census", before_census(frame, _all_rows("wave", stored, known)))


def _confirmations(
    stored: dict[str, pd.DataFrame], policy: Policy, frame: pd.DataFrame, known: Known
) -> Iterator[Finding]:
    before, mine = _all_rows(CONFIRMED, stored, known), _as_stored(CONFIRMED, frame)
    of_rows = partial(
        faults, provisional=stored["tier_provisional"], policy=policy, waves=_all_rows("wave", stored, known),
        reviews=_all_rows("contact", stored, known), interviews=_all_rows("interview", stored, known),
    )  # fmt: skip
    found = _found(of_rows, before, mine)
    for reason in TOLD_BY:
        needed = str(policy.confirmation.stable_reviews) if reason == "not_stable" else ""
        yield _finding(reason, found == reason, needed)


def _found(of_rows: Callable[..., pd.Series], before: pd.DataFrame, mine: pd.DataFrame) -> pd.Series:
    """The faults of the rows of a file beside those before it.

    A row that takes the place of a stored one is held against it. If it does not count the stored one stays, and the
    others are gone through again beside that.
    """
    key, refused = list(load_table(CONFIRMED).key), pd.Series(index=mine.index, dtype="str")
    there, own = (pd.MultiIndex.from_frame(rows[key]) for rows in (before, mine))
    newest = before["tier"].set_axis(there)[~there.duplicated(keep="last")]
    replaced = newest.reindex(own).set_axis(mine.index)
    while True:
        left = refused.isna()
        stay = before[~there.isin(own[left])].reset_index(drop=True)
        every = pd.concat([stay, mine[left]], keys=["before", "now"])
        found = of_rows(every, replaced=pd.concat({"now": replaced}).reindex(every.index))
        found = found.iloc[len(stay) :].droplevel(0)
        wrong = found[replaced[left].notna()].dropna()
        if wrong.empty:
            return refused.fillna(found)
        refused.update(wrong)


def _finding(reason: str, where: pd.Series, allowed: str = "") -> Finding:
    return Finding(where, reason, TOLD_BY[reason], allowed)


def _all_rows(table: str, stored: dict[str, pd.DataFrame], known: Known) -> pd.DataFrame:
    """What is stored, and what earlier sheets and stretches of the file have brought."""
    brought = known.rows.get(table)
    return stored[table] if brought is None else pd.concat([stored[table], _as_stored(table, brought)])


def _as_stored(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of a file with the numbers of persons where the lake has their keys."""
    return frame.rename(columns={c.name: c.stands_for for c in load_table(table).columns if c.stands_for})


def _by_numbers(people: pa.Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Stored rows with the numbers of pupils in place of their keys."""
    if "pupil_key" not in rows:
        return rows
    place = pc.index_in(pa.array(rows["pupil_key"], pa.string()), value_set=people["key"].combine_chunks())
    number = people["number"].combine_chunks().take(place)
    return rows.assign(pupil_key=pd.Series(number.to_pylist(), index=rows.index, dtype="str"))


def counted(ws, policy: Policy) -> pd.DataFrame:
    """The confirmed tiers of a workspace that count; see `confirming.valid`."""
    tables = (ws.read(name) for name in ("tier_confirmed", "tier_provisional"))
    return valid(*tables, policy, interviews=ws.read("interview"))
