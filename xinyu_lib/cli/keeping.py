"""`xinyu backup`, `xinyu restore`, `xinyu doctor`: keeping a workspace safe and in order."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from xinyu_lib.cli.console import stdout
from xinyu_lib.cli.progress import bar
from xinyu_lib.errors import WorkspaceError
from xinyu_lib.present import fonts
from xinyu_lib.words import say
from xinyu_lib.workspace import WORKSPACE, Workspace
from xinyu_lib.workspace.backup import Progress
from xinyu_lib.workspace.backup import backup as back_up
from xinyu_lib.workspace.backup import restore as bring_back
from xinyu_lib.workspace.doctor import ATTENTION, FAULT, FINE, Finding, examine_workspace
from xinyu_lib.workspace.installation import examine_installation

MARKS = {FINE: "√", ATTENTION: "!", FAULT: "×"}
STYLES = {FINE: "green", ATTENTION: "yellow", FAULT: "bold red"}
MEGABYTE = 10**6


def backup(
    file: Annotated[Path, typer.Argument(help=say("cli.argument.backup"))],
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", envvar=WORKSPACE, help=say("cli.option.workspace"))
    ] = Path("data/demo"),
) -> None:
    with _percent("cli.backup.running") as progress:
        made = back_up(Workspace(workspace), file, progress=progress)
    size = f"{made.size / MEGABYTE:.1f}"
    stdout.print(say("cli.backup.done", file=str(file), files=made.files, size=size, imports=made.imports))
    stdout.print(say("cli.backup.key", fingerprint=made.fingerprint))


def restore(
    file: Annotated[Path, typer.Argument(help=say("cli.argument.backup"))],
    folder: Annotated[Path, typer.Argument(help=say("cli.argument.restore_folder"))],
    key_file: Annotated[Path | None, typer.Option("--key-file", help=say("cli.option.key_file"))] = None,
) -> None:
    with _percent("cli.restore.running") as progress:
        made = bring_back(file, folder, key_file=key_file, progress=progress)
    stdout.print(say("cli.restore.done", folder=str(folder), files=made.files, imports=made.imports))
    stdout.print(say("cli.restore.key_inside" if key_file else "cli.restore.key_outside"))


def doctor(
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", envvar=WORKSPACE, help=say("cli.option.doctor_workspace"))
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False,
) -> None:
    found = examine_installation(fonts=[fonts.REGULAR, fonts.BOLD], encoding=sys.stdout.encoding)
    found += examine_workspace(workspace) if workspace else []
    states = Counter(each.state for each in found)
    counts = {state: states[state] for state in MARKS}
    if json_:
        typer.echo(json.dumps({"findings": [asdict(each) for each in found], **counts}, ensure_ascii=False))
    else:
        _print(found, counts)
    if counts[FAULT]:
        raise WorkspaceError("cli.doctor.faults", n=counts[FAULT])


def _print(found: list[Finding], counts: dict[str, int]) -> None:
    for each in found:
        line = say("cli.doctor.line", mark=MARKS[each.state], what=each.label, detail=each.detail)
        stdout.print(line, style=STYLES[each.state])
        if each.advice:
            stdout.print("  " + each.advice)
    stdout.print(say("cli.doctor.count", **counts))


@contextmanager
def _percent(message_id: str) -> Iterator[Progress]:
    """A bar of a hundred steps, to be told the bytes done and the bytes of all."""
    with bar(stdout) as progress:
        task = progress.add_task(say(message_id), total=100)
        yield lambda done, total: progress.update(task, completed=100 * done // max(total, 1))
