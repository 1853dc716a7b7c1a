"""Progress of long work on the terminal: schools done, failed and left, and the time that is left."""

import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from xinyu_lib.reporting.plan import find_notebook
from xinyu_lib.reporting.run import Run, build_reports
from xinyu_lib.words import say
from xinyu_lib.workspace import Workspace


def bar(console: Console) -> Progress:
    """A progress bar in our style; none where the output is no terminal."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip


def scored_wave(console: Console, ws: Workspace, wave: str, as_of: str) -> pd.DataFrame:
    """`Workspace.score_wave` with a bar that counts schools."""
    with bar(console) as progress:
        task = progress.add_task(say("cli.score.running", wave=wave), total=None)
        return ws.score_wave(
            wave, as_of=as_of, progress=lambda done, total: progress.update(task, completed=done, total=total)
        )


def made_reports(console: Console, notebook: str, ws: Workspace, **how) -> Run:
    """`build_reports` with a bar, a line per report and a closing count."""
    with bar(console) as progress:
        task = progress.add_task(say("cli.report.running", notebook=find_notebook(notebook).stem), total=None)

        def tell(made) -> None:
            progress.advance(task)
            line = say(f"cli.report.{made.status}", title=made.title, seconds=f"{made.seconds:.1f}", reason=made.reason)
            progress.console.print("  " + line, markup=False)

        run = build_reports(notebook, ws, progress=tell, **how)
    console.print(say("cli.report.count", done=str(len(run.table) - run.failed), failed=str(run.failed)))
    return run
