"""Import one file: read, check against declarations and roster, write to the lake, commit in the vault.

Rows that fit are written under a new import id that nobody can see yet; one transaction in the vault then records
new persons, words, the rows set aside and the import itself. Until that moment nothing has happened. The first stretch
of a file is read and checked beside other imports; from the first row written to the commit an import holds the vault's
write lock.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import pandas as pd

from xinyu_lib import census
from xinyu_lib.census import Batch
from xinyu_lib.census.problems import PLACE
from xinyu_lib.errors import EmptyFile, ImportRefused, RowsRefused
from xinyu_lib.lake.vault import Vault
from xinyu_lib.policy import load_policy
from xinyu_lib.provenance import digest, file_digest
from xinyu_lib.waves import iso_day
from xinyu_lib.workspace.copies import watched
from xinyu_lib.workspace.doors import Door, door_of
from xinyu_lib.workspace.entering import Entry
from xinyu_lib.workspace.knowing import known_for


@dataclass(frozen=True)
class ImportResult:
    """What became of a file: `rows_in` = `rows_kept` + `rows_set_aside`, blank rows and rows left out apart.

    status: `imported`; `already_imported` with `import_id` naming the earlier import and nothing added; `checked` for a
    dry run, which writes nothing. left_out: rows of another questionnaire. unclaimed: sheets set aside with a positive
    safety item whose pupil is not on the roster: find out who, today. unmatched: sheets whose pupil a person has to
    tell. newer: date of rows of the same tables that count before these, if there are any. set_aside: a line per
    problem, for restricted eyes.
    """

    file: str
    import_id: str
    status: str
    rows_in: int
    rows_kept: int
    rows_set_aside: int
    blank_rows: int
    reasons: dict[str, int]
    unused_columns: tuple[str, ...]
    refusal: RowsRefused | None
    unclaimed: int = 0
    left_out: int = 0
    newer: str | None = None
    unused_sheets: tuple[str, ...] = ()
    unmatched: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False, compare=False)
    set_aside: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False, compare=False)

    @classmethod
    def of(cls, file: str, import_id: str, status: str, account: Batch, **more) -> "ImportResult":
        """What an account of rows comes to."""
        return cls(
            file, import_id, status, account.rows_in, account.rows_kept, account.rows_in - account.rows_kept,
            account.blank_rows, account.reasons, tuple(account.unused_columns), census.refusal(account),
            account.unclaimed, account.left_out, unmatched=account.unmatched, set_aside=account.set_aside, **more,
        )  # fmt: skip

    @classmethod
    def already(cls, file: str, import_id: str) -> "ImportResult":
        """Nothing added: an earlier import had the same rows."""
        return cls(file, import_id, "already_imported", 0, 0, 0, 0, {}, (), None)


def import_file(
    ws, path: Path, *, as_of: str, table: str | None = None, mapping: Path | str | None = None,
    wave: str | None = None, sheet: str | None = None, school: str | None = None, dry_run: bool = False,
    same_answers: bool = False, again: bool = False,
) -> ImportResult:  # fmt: skip
    """Import a file of a declared `table`, an answer file through a `mapping`, or a ledger of many tables.

    as_of: ISO date from which the rows count. The same file under the same mapping and wave adds nothing, unless rows
    that were set aside fit by now, such as those of pupils whom the roster lacked. school: the school of all sheets,
    where the file does not say it. dry_run: check only. same_answers: take sheets although they are those of another
    wave. again: take a file that was imported before, to go back to it or to let it count from another day.
    Raises ImportRefused (with a class and exit code per cause) when nothing can be imported; nothing is written then.
    """
    as_of = iso_day(as_of)
    door = door_of(path, table=table, mapping=mapping, wave=wave, sheet=sheet, school=school)
    with ws.vault() as vault:
        ws.committed = vault.committed()  # another process may have imported the roster meanwhile
        known = known_for(ws, vault, door.tables, wave, by_name=door.by_name)
        source = digest([file_digest(census.existing(path)), *door.how])
        earlier = vault.find_digest(source)

        def batches() -> Iterator[Batch]:
            found = door.batches(known)
            return found if same_answers or not door.by_answers else _watched(ws, vault, path, found, door)

        if dry_run or (earlier and not again):
            account = _account(path.name, batches() if dry_run else door.batches(known), refuse=False)
            if earlier and not again and _same_rows(vault, earlier, account):
                return ImportResult.already(path.name, earlier)
            if dry_run:
                return ImportResult.of(path.name, "", "checked", account, unused_sheets=door.unused_sheets)
        ready = _first_read(batches())
        with vault.writing():
            if (meanwhile := vault.find_digest(source)) != earlier:
                return ImportResult.already(path.name, str(meanwhile))
            newer = _newer(vault, door, as_of)
            entry = Entry(ws, vault, as_of)
            account = _account(path.name, _entered(ws, vault, entry, ready, door), refuse=not door.by_name)
            detail = {"file": path.name, "table": door.label, "reasons": account.reasons, "how": door.how}
            entry.commit(kind="file", source=source, wave=wave, account=account, detail=detail)
    ws.refresh()
    return ImportResult.of(
        path.name, entry.import_id, "imported", account, newer=newer, unused_sheets=door.unused_sheets
    )


def sweep(ws) -> dict[str, int]:
    """Remove what imports that were broken off left in the lake. Returns rows removed per table.

    Waits for an import under way. Raises VaultError when that takes too long.
    """
    with ws.vault() as vault, vault.writing():
        return ws.lake.sweep(vault.committed())


def _first_read(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same batches, the first of them read and checked by now."""
    return chain([batch for batch in [next(batches, None)] if batch], batches)


def _account(file: str, batches: Iterator[Batch], *, refuse: bool = True) -> Batch:
    """The account of all rows. Raises RowsRefused when none of them could be kept.

    Sheets that are told by names are not refused: a person can still assign them.
    """
    parts = [batch.without_frames() for batch in batches]
    if not parts:
        raise EmptyFile("census.no_rows", file=file)
    account = census.together(parts)
    return census.refuse_if_nothing_is_kept(account) if refuse else account


def _watched(ws, vault: Vault, path: Path, batches: Iterator[Batch], door: Door) -> Iterator[Batch]:
    """The sheets, compared with those of other waves."""
    rule = load_policy(ws.settings["policy"]).census.same_answers
    return watched(ws, vault, batches, file=path.name, wave=str(door.wave), rule=rule)


def _entered(ws, vault: Vault, entry: Entry, batches: Iterator[Batch], door: Door) -> Iterator[Batch]:
    """The batches as they are written.

    What is known of sheets set aside, safety items above all, waits for the first row that is kept: a file without any
    is refused, unless a person can still assign its sheets.
    """
    waiting: list[dict[str, pd.DataFrame]] = []
    try:
        for batch in batches:
            waiting.append(batch.frames)
            if batch.rows_kept or entry.rows:
                entry.enter_all(waiting)
            yield batch
        if door.by_name:
            entry.enter_all(waiting)
    except ImportRefused:
        ws.lake.sweep(vault.committed())  # what earlier sheets or stretches of the file have brought
        raise


def _same_rows(vault: Vault, import_id: str, account: Batch) -> bool:
    """True when the rows that are set aside now are those that an earlier import set aside."""
    before = vault.set_aside(import_id)
    was, now = (set(each[PLACE].itertuples(index=False, name=None)) for each in (before, account.set_aside))
    return was == now


def _newer(vault: Vault, door: Door, as_of: str) -> str | None:
    """The latest date after `as_of` from which rows of the same tables and wave count."""
    imports = vault.imports()
    mine = pd.Series([not set(door.tables).isdisjoint(_kinds(names)) for names in imports["tables"]], dtype="bool")
    later = imports[mine & (imports["valid_from"] > as_of) & (imports["wave"].fillna("") == (door.wave or ""))]
    return None if later.empty else str(later["valid_from"].max())


def _kinds(names: str) -> set[str]:
    """Tables of an import, those of single scales by their kind."""
    return {name.partition("/")[0] for name in json.loads(names)}
