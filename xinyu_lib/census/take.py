"""Files of a declared table: roster, schools, classes, waves, consent, absences."""

import pandas as pd

from xinyu_lib.census.batch import Batch, Known
from xinyu_lib.census.problems import Problems
from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.census.refusals import refuse_if_nothing_is_kept
from xinyu_lib.census.values import take_column
from xinyu_lib.errors import UnknownName
from xinyu_lib.tables import Column, Table, load_table, tables
from xinyu_lib.waves import Wave


def take_table(raw: RawTable, table_id: str, *, wave: str | None, known: Known) -> Batch:
    """Check the rows of a file against a declared table and what is known.

    Columns are found by Chinese label, English label or name. wave: fills a wave column that the file lacks
    or leaves blank; a row that names another wave is set aside.
    Raises UnknownName, MissingColumn, RowsRefused (the commonest reason) when no row can be kept.
    """
    table = _importable(table_id)
    wave = Wave.parse(wave).id if wave else None
    places = _places(raw, table, wave)
    headers = {c.name: c.label.zh for c in table.file_columns}
    headers |= {name: raw.headers[place] for name, place in places.items()}
    problems = Problems(raw)
    text = {c.name: _text(raw, c, places, wave) for c in table.file_columns}
    read = {c.name: take_column(text[c.name], c, headers[c.name], problems) for c in table.file_columns}
    frame = pd.DataFrame(read)
    if wave and "wave" in frame:
        problems.add(frame["wave"].notna() & (frame["wave"] != wave), "bad_value", headers["wave"], wave)
    _check_references(frame, table, known, headers, problems)
    problems.add_repeats(frame[list(table.file_key)], headers[table.file_key[-1]])
    return refuse_if_nothing_is_kept(_batch(raw, table, frame, places, known, problems))


def _importable(table_id: str) -> Table:
    known = [each for each in tables() if load_table(each).from_file]
    if table_id not in known:
        raise UnknownName("census.table_not_from_file", table=table_id, known=", ".join(known))
    return load_table(table_id)


def _places(raw: RawTable, table: Table, wave: str | None) -> dict[str, int]:
    """Positions of columns in the file; only optional ones may be absent, and the wave when it is given."""
    optional = {c.name for c in table.file_columns if not c.required or (c.name == "wave" and wave)}
    needed = raw.find_all({c.name: c.titles for c in table.file_columns if c.name not in optional})
    others = {c.name: raw.find(*c.titles) for c in table.file_columns if c.name in optional}
    return needed | {name: place for name, place in others.items() if place is not None}


def _text(raw: RawTable, column: Column, places: dict[str, int], wave: str | None) -> pd.Series:
    text = raw.column(places.get(column.name))
    return text.mask(text == "", wave) if column.name == "wave" and wave else text


def _check_references(
    frame: pd.DataFrame, table: Table, known: Known, headers: dict[str, str], problems: Problems
) -> None:
    """Note schools, classes and pupils that other tables do not have."""
    for column in table.file_columns:
        if column.references:
            target = column.references.partition(".")[0]
            unknown = frame[column.name].notna() & ~_known_values(frame, column, target, known)
            problems.add(unknown, f"unknown_{target}", headers[column.name], "")


def _known_values(frame: pd.DataFrame, column: Column, target: str, known: Known) -> pd.Series:
    if target == "class":
        # A class of a school that is not known is that school's problem.
        pairs = pd.Series(list(zip(frame["school"], frame[column.name], strict=True)))
        return pairs.isin(known.classes) | ~frame["school"].isin(known.schools)
    return frame[column.name].isin(known.schools if target == "school" else known.roster)


def _batch(
    raw: RawTable, table: Table, frame: pd.DataFrame, places: dict[str, int], known: Known, problems: Problems
) -> Batch:
    kept = frame[problems.clean].reset_index(drop=True)
    if "school" not in kept and "number" in kept:
        kept["school"] = kept["number"].map(known.roster).astype("str")
    unused = tuple(h for place, h in enumerate(raw.headers) if h and place not in places.values())
    set_aside = problems.set_aside()
    return Batch(raw.name, {table.id: kept}, set_aside, len(raw.rows), len(kept), raw.blank_rows, unused)
