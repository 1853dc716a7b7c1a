"""Doors of an import: what a file is, and how its rows come out of it, a stretch at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from xinyu_lib import census
from xinyu_lib.census import Batch, Known
from xinyu_lib.errors import EmptyFile, ImportRefused
from xinyu_lib.tables import Table, importable, in_reference_order, load_layout, load_table
from xinyu_lib.workspace.knowing import SHEETS

Batches = Callable[[Known], Iterator[Batch]]


@dataclass(frozen=True)
class Door:
    """How a file is read.

    tables: what it brings, for what its rows may refer to. by_name: its sheets are matched by name and class. how:
    JSON-like, everything but the file that decides what comes out. batches: known -> its rows, checked.
    """

    label: str
    tables: tuple[str, ...]
    how: list
    batches: Batches
    wave: str | None
    by_name: bool = False
    unused_sheets: tuple[str, ...] = ()

    @property
    def by_answers(self) -> bool:
        """True for answer files."""
        return self.tables == (SHEETS,)


def door_of(
    path: Path, *, table: str | None, mapping: Path | str | None, wave: str | None, sheet: str | None,
    school: str | None,
) -> Door:  # fmt: skip
    """The door for a file of a declared table, of answers through a mapping, or of a ledger when neither is named.

    Raises ImportRefused when it is not said what the file is, UnknownName, DefinitionError.
    """
    if table and mapping:
        raise ImportRefused("workspace.table_and_mapping", file=path.name)
    if table:
        return _table_door(path, table, wave, sheet)
    if mapping:
        return _sheets_door(path, census.load_mapping(Path(mapping)), wave, sheet, school)
    return _ledger_door(path, wave)


def _table_door(path: Path, table_id: str, wave: str | None, sheet: str | None) -> Door:
    table = census.table_for(table_id)
    table_id = table.id
    named = [name for name in census.sheet_names(path) if importable().get(_key(name)) == table]  # a filled-in template
    sheet = sheet or (named[0] if named else None)

    def batches(known: Known) -> Iterator[Batch]:
        seen = census.Seen()
        for raw in census.open_file(path, sheet=sheet, titles=_titles(table)).stretches():
            batch = census.check_table(raw, table_id, wave=wave, known=known, seen=seen)
            if table_id in known.checks:  # later rows are held against earlier ones
                known = known.with_rows(table_id, batch.frames[table_id])
            yield batch

    return Door(table_id, (table_id,), [table_id, None, wave, sheet], batches, wave)


def _sheets_door(
    path: Path, plan: census.Mapping, wave: str | None, sheet: str | None, school: str | None
) -> Door:  # fmt: skip
    def batches(known: Known) -> Iterator[Batch]:
        seen = census.Seen()
        rows = load_layout(plan.layout).header_rows
        file = census.open_file(path, sheet=sheet or plan.sheet, header_rows=rows)
        return (
            census.check_responses(raw, plan, wave=wave, known=known, seen=seen, school=school)
            for raw in file.stretches()
        )

    how = [None, plan.model_dump(mode="json"), wave, sheet, school]
    return Door(SHEETS, (SHEETS,), how, batches, wave, by_name=plan.columns.name is not None)


def _ledger_door(path: Path, wave: str | None) -> Door:
    """A workbook in which every sheet is a table, found by its name; those that others refer to come first."""
    sheets = census.sheet_names(path)
    found = {importable()[_key(sheet)].id: sheet for sheet in sheets if _key(sheet) in importable()}
    if not found:
        raise ImportRefused("workspace.table_or_mapping", file=path.name)
    order = in_reference_order([load_table(each) for each in found])

    def batches(known: Known) -> Iterator[Batch]:
        last = list(known.checks)  # these look at rows of all others, and in this order at each other's
        for table in sorted(order, key=lambda each: last.index(each.id) if each.id in last else -1):
            for batch in _sheet_of_a_ledger(path, found[table.id], table, wave, known):
                known = known.with_rows(table.id, batch.frames[table.id])
                yield batch

    unused = tuple(sheet for sheet in sheets if sheet not in found.values())
    return Door("ledger", tuple(found), ["ledger", None, wave], batches, wave, unused_sheets=unused)


def _sheet_of_a_ledger(
    path: Path, sheet: str, table: Table, wave: str | None, known: Known
) -> Iterator[Batch]:  # fmt: skip
    """The rows of one sheet; none when it was left blank. Columns are told with the sheet they stand in."""
    file = census.open_file(path, sheet=sheet, titles=_titles(table))
    seen = census.Seen()
    try:
        for raw in file.stretches():
            batch = census.check_table(raw, table.id, wave=wave, known=known, seen=seen)
            aside = batch.set_aside.assign(sheet=pd.Series(sheet, index=batch.set_aside.index, dtype="str"))
            unused = tuple(f"{sheet}·{column}" for column in batch.unused_columns)
            yield replace(batch, set_aside=aside, unused_columns=unused)
    except EmptyFile:
        return


def _key(sheet: str) -> str:
    return sheet.strip().casefold()


def _titles(table: Table) -> list[str]:
    return [title for column in table.file_columns for title in column.titles]
