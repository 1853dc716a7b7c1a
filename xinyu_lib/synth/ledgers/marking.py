"""Marking gaps: rows chosen by what stands in them, taken out or changed, and a record of where that was."""

import pandas as pd

from xinyu_lib.synth.ledgers.ground import Ground
from xinyu_lib.tables import load_table


def chosen(ground: Ground, table: str, **where: object) -> pd.Series:
    """True for rows with these values; a list stands for any of them, None for a blank."""
    rows = ground[table]
    found = pd.Series(True, index=rows.index)
    for column, value in where.items():
        if value is None:
            found &= rows[column].isna()
        else:
            found &= rows[column].isin(value if isinstance(value, list) else [value])
    return found


def take_out(ground: Ground, table: str, which: pd.Series) -> int:
    """Remove rows; returns how many."""
    ground.made[table] = ground[table][~which].reset_index(drop=True)
    return int(which.sum())


def change(ground: Ground, table: str, which: pd.Series, **values: object) -> None:
    """Write values into rows."""
    rows = ground[table].copy()
    for column, value in values.items():
        if column not in rows:
            rows[column] = None
        rows[column] = rows[column].astype("object")
        rows.loc[which, column] = value
    ground.made[table] = rows


def record(ground: Ground, table: str, more: dict | None = None, **where: object) -> dict:
    """Where a gap is, and how many rows answer to it; the workbook is that of the school that the lake will have."""
    there = {
        "school" if column == "ledger" else column: _stored(table, column, value) for column, value in where.items()
    }
    return {"table": table, "where": there, "rows": int(chosen(ground, table, **where).sum())} | (more or {})


def _stored(table: str, column: str, value: object) -> object:
    """A value as the lake has it: moments in ISO form."""
    moments = {each.name for each in load_table(table).columns if each.type == "timestamp"}
    return iso(value) if column in moments and isinstance(value, str) else value


def iso(moment: str) -> str:
    return pd.Timestamp(moment).isoformat()
