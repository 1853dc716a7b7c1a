"""The column report: which row, which column, what was found, what is allowed; for whoever may see what was typed."""

import json
from pathlib import Path

import pandas as pd

from xinyu_lib.words import default_language, say
from xinyu_lib.workspace.waterfalls import write_private

COLUMNS = ("row", "column", "reason", "found", "allowed")


def column_report(set_aside: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A line per problem with its row, column, reason, what was found there and what is allowed; headings in words."""
    told = set_aside.assign(
        reason=[say(f"census.reason.{reason}", lang) for reason in set_aside["reason"]],
        found=[_found(content, column) for content, column in set_aside[["content", "column"]].itertuples(index=False)],
    )
    headings = {name: say(f"workspace.report.{name}", lang) for name in COLUMNS}
    return told[list(COLUMNS)].rename(columns=headings)


def write_report(ws, set_aside: pd.DataFrame, name: str) -> Path:
    """The report as a workbook in `restricted/`; its path."""
    lang = default_language()
    path = ws.folder / "restricted" / f"{name}.xlsx"
    write_private(path, {say("workspace.report.sheet", lang): column_report(set_aside, lang)})
    return path


def _found(content: str, column: str) -> str:
    """What stood in a column of a row; of a ledger's column without the sheet's name."""
    cells = {header: text for header, text, *_ in json.loads(content)}
    return cells.get(column, cells.get(str(column).rpartition("·")[2], ""))
