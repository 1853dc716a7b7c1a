"""`xinyu policy`: a district's rules examined, in plain words, and what they do, rule by rule."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Column, Table

from xinyu_lib.cli.console import print_table, stdout
from xinyu_lib.errors import DefinitionError
from xinyu_lib.policy import load_policy
from xinyu_lib.policy.auditing import check_policy, coverage
from xinyu_lib.policy.findings import Finding
from xinyu_lib.policy.policy import Policy
from xinyu_lib.words import default_language, say
from xinyu_lib.workspace import WORKSPACE, Workspace

app = typer.Typer(help=say("cli.policy.help"), no_args_is_help=True)
DEFAULT, SHIPPED = Path("data/demo"), "donghu-2025"
SHOWN = ["rule", "scale", "min_age", "result", "condition", "marks"]


@app.callback()
def _group() -> None:
    """A callback keeps `check` a word of its own while it is the only command."""


@app.command(help=say("cli.policy.check.help"))
def check(
    policy: Annotated[str | None, typer.Argument(help=say("cli.argument.policy"))] = None,
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", envvar=WORKSPACE, help=say("cli.option.policy_workspace"))
    ] = None,
) -> None:
    chosen = load_policy(policy or _of_workspace(workspace))
    found = check_policy(chosen)
    faults = sum(each.kind == "fault" for each in found)
    _print_findings(chosen, found, faults)
    _print_rules(chosen)
    if faults:
        raise DefinitionError("cli.policy.faults_found", policy=chosen.id, n=faults)


def _of_workspace(folder: Path | None) -> str:
    """The policy of a workspace; where none is named and none stands in the usual place, the shipped one."""
    if folder is None and not DEFAULT.exists():
        return SHIPPED
    return Workspace(folder or DEFAULT).settings["policy"]


def _print_findings(policy: Policy, found: list[Finding], faults: int) -> None:
    title = policy.title.say(default_language())
    stdout.print(say("cli.policy.title", title=title, rule_set=policy.rule_set, version=policy.version))
    stdout.print(say("cli.policy.counts", faults=faults, notices=len(found) - faults))
    for each in found:
        kind = say("cli.policy.fault" if each.kind == "fault" else "cli.policy.notice")
        stdout.print(say("cli.policy.finding", kind=kind, where=each.where, text=each.text()))


def _print_rules(policy: Policy) -> None:
    """A rule with several levels is named once."""
    rows = coverage(policy).assign(result=lambda table: [say(f"policy.result.{each}") for each in table["result"]])
    again = rows["rule"].duplicated()
    rows.loc[again, ["rule", "scale", "min_age", "marks"]] = pd.NA
    table = Table(*(Column(say(f"cli.policy.column.{name}"), overflow="fold") for name in SHOWN))
    for row in rows[SHOWN].itertuples(index=False):
        table.add_row(*("" if pd.isna(value) else str(value) for value in row))
    stdout.print()
    stdout.print(say("cli.policy.rules"))
    print_table(table)
    stdout.print(say("cli.policy.marks"))
