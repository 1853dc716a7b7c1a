"""The release ledger of a workspace: what each audience was told, and who let it out.

A run is prepared, passes its check, is approved by two persons and published. Each step belongs to the bytes that it
was taken with: files that changed begin anew. What was out stays known to its readers, also when it was replaced.
"""

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

import pandas as pd

from xinyu_lib.census.naming import name_key
from xinyu_lib.errors import DisclosureError
from xinyu_lib.lake.releases import APPROVED, CHECKED, PUBLISHED, REPLACED, STEPS, ReleaseTables
from xinyu_lib.lake.vault import Vault
from xinyu_lib.workspace.standing import PERSONS, Standing, let_out, ready, standing_of, standings

OPEN = "open"
PUBLIC = "public"  # the audience whose reports everybody can read
CELLS = ["key", "value", "hidden", "role"]
LEDGER = ["run_id", "audience", "wave", "shown", "hidden", "state", "approvals", *STEPS, "replaced_by"]


class Releases:
    """The ledger, opened through `vault` for each question and each step."""

    def __init__(self, vault: Callable[[], AbstractContextManager[Vault]]):
        self._vault = vault

    def prepare(self, run_id: str, *, audience: str, wave: str, cells: pd.DataFrame) -> None:
        """Keep what a run may tell: key (JSON of a list of coordinates), value (true count), hidden, role.

        It takes the place of what was kept under this id, and check and approvals fall away. A run that is out keeps
        what it told: nothing is done when that is the same. Raises DisclosureError when it is not.
        """
        told = cells[CELLS].itertuples(index=False, name=None)
        rows = [(key, int(value), bool(hidden), str(role)) for key, value, hidden, role in told]
        with self._vault() as vault, vault.writing():
            known = standings(vault.releases).get(run_id)
            if known is None or not known.place:
                vault.releases.prepare(run_id, audience, wave, rows)
            elif _told(rows) != _told(vault.releases.cells(run_id).itertuples(index=False, name=None)):
                raise DisclosureError("workspace.release.differs", run=run_id)

    def standing(self, run_id: str) -> Standing:
        """How far a run came. Raises DisclosureError for one that was never prepared here."""
        with self._vault() as vault:
            return standing_of(vault.releases, run_id)

    def cells(self, run_id: str) -> pd.DataFrame:
        """What a run may tell: key (tuple of coordinates), value (true count), hidden, role."""
        with self._vault() as vault:
            return _keyed(vault.releases.cells(run_id))

    def out(self, audience: str) -> pd.DataFrame:
        """All that an audience was told: key (tuple), value, hidden, role; the newest first, every value of a key once.

        What everybody can read belongs to it, and so does what was replaced since. A cell counts as shown when it was
        shown once.
        """
        with self._vault() as vault:
            runs = [each for each in let_out(vault.releases) if each.audience in (audience, PUBLIC)]
            frames = [vault.releases.cells(each.run_id) for each in runs]
        found = _keyed(pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=CELLS))
        found["hidden"] = found.groupby(["key", "value"])["hidden"].transform("all")
        found["role"] = found["role"].where(found["hidden"], OPEN)
        return found.drop_duplicates(["key", "value"], ignore_index=True)

    def readers(self, audience: str) -> list[str]:
        """Audiences that read what this one is told: itself, and for the public all that were told something."""
        if audience != PUBLIC:
            return [audience]
        with self._vault() as vault:
            return list(dict.fromkeys([audience, *(each.audience for each in let_out(vault.releases))]))

    def mark(self) -> int:
        """The place up to which the ledger is read: it changes whenever something is let out."""
        with self._vault() as vault:
            return _mark(vault.releases)

    def passed(self, run_id: str, digest: str, *, as_of: str) -> None:
        """Record that files of this digest passed the check."""
        with self._vault() as vault, vault.writing():
            standing_of(vault.releases, run_id)
            vault.releases.take(run_id, CHECKED, digest, as_of)

    def approve(self, run_id: str, digest: str, name: str, *, as_of: str) -> int:
        """Record that a person approves files of this digest; how many persons have now.

        Names are compared as in `name_key`. Raises DisclosureError without a name or a passed check of these files,
        and for a person who approved them before.
        """
        with self._vault() as vault, vault.writing():
            standing = standing_of(vault.releases, run_id)
            persons = standing.persons(digest)
            if not name_key(name):
                raise DisclosureError("workspace.release.no_name")
            if not standing.passed(digest):
                raise DisclosureError("workspace.release.not_checked", run=run_id)
            if name_key(name) in persons:
                raise DisclosureError("workspace.release.twice", run=run_id, n=len(persons), of=PERSONS)
            vault.releases.take(run_id, APPROVED, digest, as_of, name.strip())
            return len(persons) + 1

    def require_ready(self, run_id: str, digest: str) -> Standing:
        """Raises DisclosureError unless files of this digest passed the check, are approved and not replaced."""
        with self._vault() as vault:
            return ready(vault.releases, run_id, digest)

    def publish(self, run_id: str, digest: str, *, mark: int, as_of: str) -> None:
        """Record that files of this digest are let out, and which earlier runs they replace; once is enough.

        Replaced is a run for the same audience whose cells are all told anew. mark: see `mark`, taken before the
        release was checked. Raises DisclosureError as `require_ready`, and when something was let out since.
        """
        with self._vault() as vault, vault.writing():
            book = vault.releases
            standing = ready(book, run_id, digest)
            if standing.published(digest):
                return
            if _mark(book) != mark:
                raise DisclosureError("workspace.release.moved", run=run_id)
            replaced = _replaced(book, standing)
            book.take(run_id, PUBLISHED, digest, as_of)
            for each in replaced:
                book.take(each, REPLACED, run_id, as_of)

    def ledger(self, audience: str | None = None) -> pd.DataFrame:
        """A row per run, in the order in which they were prepared.

        Columns: run_id, audience, wave, shown, hidden (cells), state, approvals, checked, approved, published, replaced
        (ISO dates, empty if never), replaced_by (run id).
        """
        with self._vault() as vault:
            counts = vault.releases.counts().set_index("run_id")
            runs = [each for each in standings(vault.releases).values() if audience in (None, each.audience)]
        return pd.DataFrame([_row(each, counts) for each in runs], columns=LEDGER)


def _row(standing: Standing, counts: pd.DataFrame) -> list[object]:
    cells = [int(counts[name].get(standing.run_id, 0)) for name in ("shown", "hidden_cells")]
    about = [standing.run_id, standing.audience, standing.wave, *cells, standing.state]
    days = [standing.day(step) for step in STEPS]
    return [*about, len(standing.persons(standing.digest)), *days, standing.replaced_by]


def _mark(book: ReleaseTables) -> int:
    return max((each.place for each in let_out(book)), default=0)


def _replaced(book: ReleaseTables, new: Standing) -> list[str]:
    """Ids of published runs whose cells the new one tells, all of them."""
    keys = _keys(book, new.run_id)
    others = [each for each in let_out(book) if each.audience == new.audience and not each.replaced_by]
    earlier = {each.run_id: _keys(book, each.run_id) for each in others if each.run_id != new.run_id}
    return [run_id for run_id, told in earlier.items() if told and told <= keys]


def _keys(book: ReleaseTables, run_id: str) -> set[tuple[str, ...]]:
    return set(_keyed(book.cells(run_id))["key"])


def _told(rows: Iterable[tuple]) -> set[tuple]:
    """What stands behind a report; roles may be told otherwise once the run itself is out."""
    return {(tuple(json.loads(key)), value, bool(hidden)) for key, value, hidden, _ in rows}


def _keyed(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells with their coordinates as a tuple."""
    keys = pd.Series([tuple(json.loads(key)) for key in cells["key"]], index=cells.index, dtype=object)
    return cells.assign(key=keys).astype({"value": "int64", "hidden": "bool", "role": "str"})
