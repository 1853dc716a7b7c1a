"""The column report: which row, which column, what was found, what is allowed; for whoever may see what was typed."""

import json
from pathlib import Path

import pandas as pd

from xinyu_lib.words import default_language, say
from xinyu_lib.workspace.workbooks import write_private

COLUMNS = ("sheet", "row", "column", "reason", "found", "allowed")


def column_report(set_aside: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A line per problem with its row, column, reason, what was found there and what is allowed; headings in words."""
    told = set_aside.assign(
        reason=[say(f"census.reason.{reason}", lang) for reason in set_aside["reason"]],
        found=[_found(content, column) for content, column in set_aside[["content", "column"]].itertuples(index=False)],
    )
    shown = [name for name in COLUMNS if name != "sheet" or (told["sheet"] != "").any()]
    return told[shown].rename(columns={name: say(f"workspace.report.{name}", lang) for name in shown})


def write_report(ws, set_aside: pd.DataFrame, name: str) -> Path:
    """The report as a workbook in `restricted/`, in place of an earlier one of the same name; its path."""
    lang = default_language()
    path = ws.folder / "restricted" / f"{name}.xlsx"
    path.unlink(missing_ok=True)
    write_private(path, {say("workspace.report.title", lang): column_report(set_aside, lang)})
    return path


def _found(content: str, column: str) -> str:
    """What stood in a column of a row."""
    return next((text for header, text, *_ in json.loads(content) if header == column), "")
