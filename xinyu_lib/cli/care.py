"""`xinyu care`: the high-care register, what is overdue, who was lost between schools; names in `restricted/` only."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Column, Table

from xinyu_lib.care.clocks import moment_of
from xinyu_lib.care.handover import ARRIVED, LOST, SAME, reconciled
from xinyu_lib.care.register import NONE_SET
from xinyu_lib.care.standing import COLOURS
from xinyu_lib.cli.console import print_table, stdout
from xinyu_lib.cli.figures import figures as print_figures
from xinyu_lib.tables import load_table
from xinyu_lib.waves import Wave
from xinyu_lib.words import default_language, say
from xinyu_lib.workspace import WORKSPACE, Workspace
from xinyu_lib.workspace.carebooks import concerns, role_label, roles
from xinyu_lib.workspace.caring import policy_of, write_handover, write_overdue, write_register

app = typer.Typer(help=say("cli.care.help"), no_args_is_help=True)


def _moment(as_of: str) -> str:
    """The day or the moment asked for, or now: some limits are counted in hours."""
    as_of = as_of or datetime.now().isoformat(timespec="minutes")
    moment_of(as_of)
    return as_of


def _wave(wave: str | None) -> str | None:
    return None if wave is None else Wave.parse(wave).id


AsOf = Annotated[str, typer.Option("--as-of", help=say("cli.option.as_of_moment"), callback=_moment)]
Folder = Annotated[Path, typer.Option("--workspace", "-w", envvar=WORKSPACE, help=say("cli.option.workspace"))]
DEFAULT = Path("data/demo")


@app.command(help=say("cli.care.register.help"))
def register(as_of: AsOf = "", workspace: Folder = DEFAULT) -> None:
    ws, lang = Workspace(workspace), default_language()
    folder, found = write_register(ws, as_of, lang)
    open_ = found["open"]
    labels = {code.code: code.label.say(lang) for code in load_table("tier_confirmed").column("tier").codes}
    columns = {labels[tier]: open_ & (found["tier"] == tier) for tier in COLOURS}
    columns[say("cli.care.unconfirmed")] = open_ & ~found["tier"].isin(COLOURS)
    columns |= {
        say("cli.care.open"): open_, say("cli.care.none_set"): found["next_kind"] == NONE_SET,
        say("cli.care.step_down"): found["step_down"] == "yes", say("cli.care.closed"): ~open_,
    }  # fmt: skip
    _print(ws, say("cli.care.register.title", as_of=as_of), found["school"], columns)
    stdout.print(say("cli.care.register.done", folder=str(folder), n=int(open_.sum())))


@app.command(help=say("cli.care.overdue.help"))
def overdue(as_of: AsOf = "", workspace: Folder = DEFAULT) -> None:
    ws, lang = Workspace(workspace), default_language()
    folder, found = write_overdue(ws, as_of, lang)
    columns = {role_label(role, lang): concerns(found, role) for role in roles(policy_of(ws))}
    columns[say("cli.care.steps")] = pd.Series(True, index=found.index)
    _print(ws, say("cli.care.overdue.title", as_of=as_of), found["school"], columns)
    pupils = found["pupil_key"].nunique()
    stdout.print(say("cli.care.overdue.done", folder=str(folder), n=len(found), pupils=pupils))


@app.command(help=say("cli.care.handover.help"))
def handover(
    wave: Annotated[str | None, typer.Option(help=say("cli.option.handover_wave"), callback=_wave)] = None,
    as_of: AsOf = "",
    workspace: Folder = DEFAULT,
) -> None:
    ws, lang = Workspace(workspace), default_language()
    folder, asked, found = write_handover(ws, as_of, lang, wave)
    columns = {say(f"cli.care.{outcome}"): found["outcome"] == outcome for outcome in (SAME, ARRIVED, LOST)}
    columns[say("cli.care.open")] = pd.Series(True, index=found.index)
    _print(ws, say("cli.care.handover.title", as_of=as_of, wave=asked), found["last_school"], columns)
    stdout.print(say("cli.care.handover.done", folder=str(folder), **reconciled(found)))


@app.command(help=say("cli.care.figures.help"))
def figures(
    wave: Annotated[str, typer.Option(help=say("cli.option.wave"), callback=_wave)],
    as_of: AsOf = "",
    workspace: Folder = DEFAULT,
) -> None:
    print_figures(Workspace(workspace), wave, as_of)


def _print(ws: Workspace, title: str, schools: pd.Series, columns: dict[str, pd.Series]) -> None:
    """Counts of rows by school and of all, and that they are not protected."""
    counts = pd.DataFrame(columns, index=schools.index).groupby(schools).sum()
    names = ws.read("school").set_index("school")["name"]
    heads = [load_table("school").column(name).label.say(default_language()) for name in ("school", "name")]
    table = Table(*heads, *(Column(each, justify="right", overflow="fold") for each in columns), title=title)
    for school, row in counts.iterrows():
        table.add_row(str(school), names.get(school, ""), *map(str, row))
    table.add_section()
    table.add_row(say("cli.waterfall.all"), "", *map(str, counts.sum()))
    print_table(table)
    stdout.print(say("cli.waterfall.not_protected"))
