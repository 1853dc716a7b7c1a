"""`xinyu release`: a finished run on its way to its readers - check, two approvals, publication - and the ledger."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from xinyu_lib.cli.console import print_table, stdout
from xinyu_lib.policy import Policy, load_policy
from xinyu_lib.policy.settings import Audience
from xinyu_lib.release.approving import approve as approve_run
from xinyu_lib.release.check import Checked
from xinyu_lib.release.check import check as check_run
from xinyu_lib.release.finished import Finished, find_run
from xinyu_lib.release.publishing import publish as publish_run
from xinyu_lib.waves import iso_day
from xinyu_lib.words import say
from xinyu_lib.workspace import WORKSPACE, Workspace
from xinyu_lib.workspace.standing import PERSONS

app = typer.Typer(help=say("cli.release.help"), no_args_is_help=True)


def _day(as_of: str) -> str:
    return iso_day(as_of or date.today().isoformat())


Run = Annotated[str, typer.Argument(metavar="RUN", help=say("cli.argument.run"))]
Reports = Annotated[Path, typer.Option(help=say("cli.option.reports"))]
AsOf = Annotated[str, typer.Option("--as-of", help=say("cli.option.as_of_step"), callback=_day)]
Folder = Annotated[Path, typer.Option("--workspace", "-w", envvar=WORKSPACE, help=say("cli.option.workspace"))]
REPORTS, DEFAULT = Path("reports"), Path("data/demo")


@app.command(help=say("cli.release.check.help"))
def check(run: Run, reports: Reports = REPORTS, as_of: AsOf = "", workspace: Folder = DEFAULT) -> None:
    found, ws, policy = _opened(run, reports, workspace)
    checked = check_run(found, ws, policy, as_of=as_of)
    _print(checked)
    checked.raise_if_failed()
    stdout.print(say("cli.release.check.passed", run=found.run_id))


@app.command(help=say("cli.release.approve.help"))
def approve(
    run: Run,
    by: Annotated[str, typer.Option(help=say("cli.option.by_person"))],
    reports: Reports = REPORTS,
    as_of: AsOf = "",
    workspace: Folder = DEFAULT,
) -> None:
    found, ws, _ = _opened(run, reports, workspace)
    have = approve_run(found, ws, by, as_of=as_of)
    told = "enough" if have >= PERSONS else "wanting"
    stdout.print(say(f"cli.release.approve.{told}", run=found.run_id, n=have, of=PERSONS))


@app.command(help=say("cli.release.publish.help"))
def publish(
    run: Run,
    to: Annotated[Path, typer.Option(help=say("cli.option.to"))],
    reports: Reports = REPORTS,
    as_of: AsOf = "",
    workspace: Folder = DEFAULT,
) -> None:
    found, ws, policy = _opened(run, reports, workspace)
    files = publish_run(found, ws, policy, to, as_of=as_of)
    stdout.print(say("cli.release.publish.done", run=found.run_id, n=len(files), folder=str(to / found.folder.name)))


@app.command(help=say("cli.release.ledger.help"))
def ledger(
    audience: Annotated[Audience | None, typer.Option(help=say("cli.option.audience"))] = None,
    workspace: Folder = DEFAULT,
) -> None:
    rows = Workspace(workspace).releases.ledger(audience)
    if rows.empty:
        stdout.print(say("cli.release.ledger.empty"))
        return
    names = ("run_id", "audience", "wave", "shown", "hidden", "state", "checked", "approved", "published", "replaced")
    table = Table(*(Column(say(f"cli.release.column.{name}"), overflow="fold") for name in names))
    for row in rows.itertuples():
        said = row._asdict() | {"state": _state(row), "audience": say(f"sections.audience.{row.audience}")}
        table.add_row(*(str(said[name]) for name in names))
    print_table(table)


def _opened(run: str, reports: Path, workspace: Path) -> tuple[Finished, Workspace, Policy]:
    ws = Workspace(workspace)
    return find_run(run, reports), ws, load_policy(ws.settings["policy"])


def _print(checked: Checked) -> None:
    """One table of the parts, then every problem in a line of its own."""
    table = Table(*(Column(say(f"cli.release.column.{name}")) for name in ("check", "outcome", "examined", "problems")))
    for each in checked.outcomes:
        outcome = say(f"cli.release.outcome.{'passed' if each.passed else 'failed'}")
        table.add_row(say(f"cli.release.part.{each.check}"), outcome, str(each.examined), str(len(each.problems)))
    print_table(table)
    for each in checked.outcomes:
        for problem in each.problems:
            stdout.print("  " + problem)


def _state(row) -> str:
    """The state in words; of an approval, how many of the persons have given it."""
    partly = row.state == "approved" and row.approvals < PERSONS
    return say(f"cli.release.state.{'approved_partly' if partly else row.state}", n=row.approvals, of=PERSONS)
