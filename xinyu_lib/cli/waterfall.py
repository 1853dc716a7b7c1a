"""`xinyu waterfall` and `xinyu lists`: where the pupils of a wave were lost, and who is still to be measured."""

from enum import StrEnum
from pathlib import Path

import pandas as pd
from rich.table import Table

from xinyu_lib.census.waterfall import waterfall_counts, way
from xinyu_lib.cli.console import print_table, stdout
from xinyu_lib.errors import XinyuError
from xinyu_lib.words import default_language, say
from xinyu_lib.workspace import Workspace
from xinyu_lib.workspace.waterfalls import RESTRICTED, counted, followed, write_counts, write_lists


class By(StrEnum):
    """What a row of the table stands for."""

    SCHOOL = "school"
    GRADE = "grade"
    CLASS = "class"


def waterfall(ws: Workspace, wave: str, by: By, out: Path | None) -> None:
    """Print pupils by step, a row per group and one for all, and the losses of all by reason.

    out: workbook for the whole table; a bare file name is put into `restricted/`.
    """
    lang = default_language()
    steps, roster = followed(ws, wave)
    whole = waterfall_counts(steps, roster)
    _print(counted(ws, steps, roster, by, lang), whole, wave)
    stdout.print(say("cli.waterfall.losses"))
    for step in way().steps:
        for loss in step.losses:
            said = {"step": step.label.say(lang), "reason": loss.label.say(lang)}
            stdout.print("  " + say("cli.waterfall.loss", **said, n=whole[loss.id].sum()))
    if not steps.attrs["consent_reported"]:
        stdout.print(say("cli.waterfall.no_consent"))
    stdout.print(say("cli.waterfall.not_protected"))
    if out is not None:
        stdout.print(say("cli.waterfall.done", file=str(_write(ws, steps, roster, out, lang))))


def _print(groups: pd.DataFrame, whole: pd.DataFrame, wave: str) -> None:
    """The table up to its last step; the reasons would make it too wide."""
    shown = groups.iloc[:, : -len(way().losses)]
    named = shown.shape[1] - len(whole)
    table = Table(title=wave)
    for place, heading in enumerate(shown):
        table.add_column(heading, justify="left" if place < named else "right", overflow="fold")
    for row in shown.itertuples(index=False, name=None):
        table.add_row(*map(str, row))
    table.add_section()
    table.add_row(say("cli.waterfall.all"), *[""] * (named - 1), *map(str, whole["n"]))
    print_table(table)


def _write(ws: Workspace, steps: pd.DataFrame, roster: pd.DataFrame, out: Path, lang: str) -> Path:
    path = ws.folder / RESTRICTED / out if out.name == str(out) else out
    if path.exists():
        raise XinyuError("cli.file_exists", file=str(path))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_counts(ws, steps, roster, path, lang)
    except OSError as error:
        raise XinyuError("cli.file_unwritable", file=str(path), why=error.strerror) from error
    return path


def lists(ws: Workspace, wave: str, as_of: str) -> None:
    """Write the lists of pupils who are still to be measured, and tell where they are and how many stand on each."""
    lang = default_language()
    folder, due = write_lists(ws, wave, as_of, lang)
    for each in way().lists:
        mine = due[due["list"] == each.id]
        said = {"list": each.label.say(lang), "n": len(mine), "schools": mine["school"].nunique()}
        stdout.print(say("cli.lists.line", **said))
    stdout.print(say("cli.lists.done", folder=str(folder)))
