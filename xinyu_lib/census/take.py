"""Files of a declared table: roster, schools, classes, rooms, lessons, interviews and all the others."""

import pandas as pd

from xinyu_lib.census.batch import Batch
from xinyu_lib.census.known import Known
from xinyu_lib.census.problems import Problems, Seen
from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.census.reasons import REASONS
from xinyu_lib.census.refusals import refuse_if_nothing_is_kept
from xinyu_lib.census.values import take_column
from xinyu_lib.errors import UnknownName
from xinyu_lib.tables import Column, Table, importable, load_table
from xinyu_lib.waves import Wave
from xinyu_lib.words import say


def take_table(raw: RawTable, table_id: str, *, wave: str | None, known: Known) -> Batch:
    """`check_table` of a whole file. Raises RowsRefused (the commonest reason) when no row can be kept."""
    return refuse_if_nothing_is_kept(check_table(raw, table_id, wave=wave, known=known))


def check_table(
    raw: RawTable, table_id: str, *, wave: str | None, known: Known, seen: Seen | None = None
) -> Batch:  # fmt: skip
    """Check the rows of a file, or of a stretch of it, against a declared table and what is known.

    Columns are found by Chinese label, English label or name. wave: fills a wave column that the file lacks
    or leaves blank; a row that names another wave is set aside. seen: keys of the earlier stretches.
    Raises UnknownName, MissingColumn.
    """
    table = table_for(table_id)
    wave = Wave.parse(wave).id if wave else None
    places = _places(raw, table, wave)
    headers = {c.name: c.label.zh for c in table.file_columns}
    headers |= {name: raw.headers[place] for name, place in places.items()}
    problems = Problems(raw, seen)
    text = {c.name: _text(raw, c, places, wave) for c in table.file_columns}
    frame = pd.DataFrame({c.name: take_column(text[c.name], c, headers[c.name], problems) for c in table.file_columns})
    if wave and "wave" in frame:
        problems.add(frame["wave"].notna() & (frame["wave"] != wave), "bad_value", headers["wave"], wave)
        frame["wave"] = frame["wave"].where(frame["wave"] == wave)  # its classes are not looked for in this wave
    _check_order(frame, table, headers, problems)
    _check_references(frame, table, known, headers, problems)
    problems.add_repeats(frame[list(table.file_key)], headers.get(table.file_key[-1], table.file_key[-1]))
    _check_further(frame, table, known, headers, problems)
    return _batch(raw, table, frame, places, known, problems)


def table_for(name: str) -> Table:
    """A table that files may bring, by id or label. Raises UnknownName, listing them."""
    found = importable().get(name.strip().casefold())
    if found is None:
        known = "、".join(sorted({f"{each.id} {each.label.zh}" for each in importable().values()}))
        raise UnknownName("census.table_not_from_file", table=name, known=known)
    return found


def _places(raw: RawTable, table: Table, wave: str | None) -> dict[str, int]:
    """Positions of columns in the file; only optional ones may be absent, and the wave when it is given."""
    optional = {c.name for c in table.file_columns if not c.required or (c.name == "wave" and wave)}
    needed = raw.find_all({c.name: c.titles for c in table.file_columns if c.name not in optional})
    others = {c.name: raw.find(*c.titles) for c in table.file_columns if c.name in optional}
    return needed | {name: place for name, place in others.items() if place is not None}


def _text(raw: RawTable, column: Column, places: dict[str, int], wave: str | None) -> pd.Series:
    text = raw.column(places.get(column.name))
    return text.mask(text == "", wave) if column.name == "wave" and wave else text


def _check_order(frame: pd.DataFrame, table: Table, headers: dict[str, str], problems: Problems) -> None:
    """Note days before the one that they may not precede; ISO text sorts as the days do."""
    for column in table.file_columns:
        if column.not_before:
            early = (frame[column.name] < frame[column.not_before]).fillna(False).astype("bool")
            first = headers[column.not_before]
            problems.add(early, "wrong_order", headers[column.name], say("census.not_before", column=first))


def _check_references(
    frame: pd.DataFrame, table: Table, known: Known, headers: dict[str, str], problems: Problems
) -> None:
    """Note schools, classes, pupils, staff and rows that other tables do not have."""
    for column in table.file_columns:
        if column.references:
            target = column.references.partition(".")[0]
            reason = f"unknown_{target}" if f"unknown_{target}" in REASONS else "unknown_reference"
            where = "" if reason != "unknown_reference" else load_table(target).label.zh
            problems.add(known.lacks(column, frame), reason, headers[column.name], where)


def _check_further(
    frame: pd.DataFrame, table: Table, known: Known, headers: dict[str, str], problems: Problems
) -> None:
    """Note what the further check of the table finds on rows without problems."""
    if table.id in known.checks and problems.clean.any():
        for found in known.checks[table.id](frame[problems.clean], known):
            where = found.where.reindex(frame.index, fill_value=False)
            problems.add(where, found.reason, headers[found.column], found.allowed)


def _batch(
    raw: RawTable, table: Table, frame: pd.DataFrame, places: dict[str, int], known: Known, problems: Problems
) -> Batch:
    kept = frame[problems.clean].reset_index(drop=True)
    if "school" in table.stored and "school" not in kept:
        kept["school"] = known.pupils.school_of(kept["number"])
    unused = tuple(h for place, h in enumerate(raw.headers) if h and place not in places.values())
    set_aside = problems.set_aside()
    return Batch(raw.name, {table.id: kept}, set_aside, len(raw.rows), len(kept), raw.blank_rows, unused)
