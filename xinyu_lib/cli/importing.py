"""`xinyu import` and `xinyu match`: files through the one door, what became of each, the worksheets that are left."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from rich.console import Console

from xinyu_lib.cli.progress import bar
from xinyu_lib.errors import RowsRefused, XinyuError
from xinyu_lib.provenance import file_digest
from xinyu_lib.words import say
from xinyu_lib.workspace import ImportResult, Workspace
from xinyu_lib.workspace.asides import write_report
from xinyu_lib.workspace.assigning import import_assigned, write_unmatched

SHOWN = 8  # problems of a file that the terminal shows; the report in `restricted/` has them all


def import_files(ws: Workspace, files: list[Path], console: Console, **how) -> None:
    """Import files one after the other; one that fails does not stop the others.

    Prints what became of each and, of several, a closing count. Raises the first failure at the end.
    """
    failures: list[XinyuError] = []
    counts = dict.fromkeys(("imported", "already_imported", "checked", "failed"), 0)
    with bar(console) as progress:
        for file in progress.track(files, description=say("cli.import.running")):
            result, failure = _imported(lambda file=file: ws.import_file(file, **how))
            counts[result.status if result else "failed"] += 1
            failures += [failure] if failure else []
            if result:
                print_import(result, progress.console)
                _leave_worksheets(ws, result, how.get("wave"), progress.console)
            else:
                _leave_refused(ws, file, failure, progress.console, alone=len(files) == 1)
    if len(files) > 1:
        console.print(say("cli.import.count", **counts))
    if failures:
        raise failures[0]


def match_worksheet(ws: Workspace, worksheet: Path, as_of: str, console: Console) -> None:
    """Import the sheets that a person has assigned. Raises the first refusal at the end."""
    results = import_assigned(ws, worksheet, as_of=as_of)
    for result in results:
        print_import(result, console)
        _leave_report(ws, result, console)
    if not results:
        console.print(say("cli.match.nothing", file=worksheet.name))
    for result in results:
        if result.refusal:
            raise result.refusal


def print_import(result: ImportResult, console: Console) -> None:
    """Rows in = rows kept + rows set aside, with the reasons; columns nobody asked for are named."""
    fields = {
        "file": result.file, "rows": result.rows_in, "kept": result.rows_kept, "aside": result.rows_set_aside,
        "blank": result.blank_rows,
    }  # fmt: skip
    console.print(say(f"cli.import.{result.status}", **fields))
    for reason, count in result.reasons.items():
        console.print("  " + say("cli.import.reason", reason=say(f"census.reason.{reason}"), count=count))
    if result.left_out:
        console.print("  " + say("cli.import.left_out", n=result.left_out))
    if result.unclaimed:
        console.print("  " + say("cli.import.unclaimed", n=result.unclaimed), style="bold red")
    if result.newer:
        console.print("  " + say("cli.import.newer", day=result.newer))
    if result.unused_columns:
        console.print("  " + say("cli.import.unused", columns="、".join(result.unused_columns)))
    if result.unused_sheets:
        console.print("  " + say("cli.import.unused_sheets", sheets="、".join(result.unused_sheets)))


def _imported(step: Callable[[], ImportResult]) -> tuple[ImportResult | None, XinyuError | None]:
    try:
        result = step()
    except XinyuError as error:
        return None, error
    if result.status == "checked" and result.rows_set_aside:
        return result, RowsRefused("cli.import.would_be_refused", file=result.file, n=result.rows_set_aside)
    return result, result.refusal if result.status == "imported" else None


def _leave_worksheets(ws: Workspace, result: ImportResult, wave: str | None, console: Console) -> None:
    """Where the problems of a file are told in full, and where a person assigns its sheets."""
    _leave_report(ws, result, console)
    if len(result.unmatched) and result.import_id:
        path = write_unmatched(ws, result, wave)
        console.print("  " + say("cli.import.unmatched", n=len(result.unmatched), file=str(path)))


def _leave_refused(ws: Workspace, file: Path, failure: XinyuError, console: Console, *, alone: bool) -> None:
    """Of a file that was refused: the problems of its rows, and the line itself unless it ends the command."""
    if batch := getattr(failure, "batch", None):
        _tell_problems(ws, batch.set_aside, f"refused-{file_digest(file)[:8]}", console)
    if not alone:
        console.print(failure.text(), style="bold red")


def _leave_report(ws: Workspace, result: ImportResult, console: Console) -> None:
    if len(result.set_aside):
        _tell_problems(ws, result.set_aside, f"set-aside-{result.import_id or 'check'}", console)


def _tell_problems(ws: Workspace, set_aside: pd.DataFrame, name: str, console: Console) -> None:
    """The first problems, without what was found: the terminal may be read by others. The report has it all."""
    for each in set_aside.head(SHOWN).itertuples():
        told = "cli.import.problem" if each.allowed else "cli.import.problem_plain"
        reason = say(f"census.reason.{each.reason}")
        sheet = say("cli.import.on_sheet", sheet=each.sheet) if each.sheet else ""
        console.print("  " + sheet + say(told, row=each.row, column=each.column, allowed=each.allowed, reason=reason))
    console.print("  " + say("cli.import.report", file=str(write_report(ws, set_aside, name))))
