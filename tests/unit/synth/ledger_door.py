"""Ledgers read at the user's door: every sheet by its label, in the order in which they stand."""

import tomllib
from collections import defaultdict
from dataclasses import replace

import pandas as pd

from xinyu_lib import census
from xinyu_lib.tables import load_table, tables


def taken_from(folder):
    """table -> rows kept, and the rows set aside as (file, table, reason, column); answers are left out."""
    raw = folder / "raw"
    steps = tomllib.loads((raw / "imports.toml").read_text(encoding="utf-8"))["imports"]
    known, school_of, kept, aside = census.Known(), {}, defaultdict(list), []
    for step, table, sheet in _sheets(raw, steps):
        titles = [title for column in load_table(table).file_columns for title in column.titles]
        raw_table = census.read_file(raw / step["file"], sheet=sheet, titles=titles)
        known = replace(known, pupils=census.Directory.of(school_of))
        batch = census.check_table(raw_table, table, wave=step.get("wave"), known=known)
        rows = batch.frames[table]
        aside += [(step["file"], table, line.reason, line.column) for line in batch.set_aside.itertuples()]
        if table == "pupil":
            school_of |= dict(zip(rows["number"], rows["school"], strict=True))
        known = known.with_rows(table, rows)
        kept[table].append(rows.assign(file=step["file"]))
    return {table: pd.concat(parts, ignore_index=True) for table, parts in kept.items()}, aside


def _sheets(raw, steps):
    """Step, table and sheet of every table of a list of imports."""
    table_of = {load_table(table).label.zh: table for table in tables()}
    for step in [step for step in steps if "mapping" not in step]:
        if "table" in step:
            yield step, step["table"], None
        else:
            for sheet in census.sheet_names(raw / step["file"]):
                yield step, table_of[sheet], sheet
