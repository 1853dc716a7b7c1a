"""`xinyu import` and `xinyu match`: files through the one door, what became of each, the worksheets that are left."""

from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from xinyu_lib.cli.progress import bar
from xinyu_lib.errors import XinyuError
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
            elif len(files) > 1 and failure:
                progress.console.print(failure.text(), style="bold red")
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
    return result, result.refusal


def _leave_worksheets(ws: Workspace, result: ImportResult, wave: str | None, console: Console) -> None:
    """Where the problems of a file are told in full, and where a person assigns its sheets."""
    _leave_report(ws, result, console)
    if len(result.unmatched) and result.import_id:
        path = write_unmatched(ws, result, wave)
        console.print("  " + say("cli.import.unmatched", n=len(result.unmatched), file=str(path)))


def _leave_report(ws: Workspace, result: ImportResult, console: Console) -> None:
    if result.set_aside.empty:
        return
    for row, column, allowed, reason in _problems(result):
        told = "cli.import.problem" if allowed else "cli.import.problem_plain"
        console.print("  " + say(told, row=row, column=column, allowed=allowed, reason=reason))
    path = write_report(ws, result.set_aside, f"set-aside-{result.import_id or 'check'}")
    console.print("  " + say("cli.import.report", file=str(path)))


def _problems(result: ImportResult) -> list[tuple]:
    """The first problems without what was found: the terminal may be read by others."""
    shown = result.set_aside.head(SHOWN)
    reasons = [say(f"census.reason.{reason}") for reason in shown["reason"]]
    return list(zip(shown["row"], shown["column"], shown["allowed"], reasons, strict=True))
