"""The commands. Each is thin: it reads options, calls the library and prints what was done."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from xinyu_lib.cli import care as care_commands
from xinyu_lib.cli import keeping, template, verify
from xinyu_lib.cli import policy as policy_commands
from xinyu_lib.cli import release as release_commands
from xinyu_lib.cli import scale as scale_commands
from xinyu_lib.cli import waterfall as census_way
from xinyu_lib.cli.checklist import checklist as write_checklist
from xinyu_lib.cli.console import stdout
from xinyu_lib.cli.explaining import print_reasons
from xinyu_lib.cli.importing import import_files, match_worksheet
from xinyu_lib.cli.progress import made_reports, scored_wave
from xinyu_lib.cli.suggest import suggest_mapping
from xinyu_lib.errors import DataError, ParameterError
from xinyu_lib.reporting.plan import find_notebook
from xinyu_lib.scoring import SuspectKey
from xinyu_lib.waves import Wave, iso_day
from xinyu_lib.words import say
from xinyu_lib.workspace import WORKSPACE, Workspace
from xinyu_lib.workspace.tiering import not_given, out_of_window

app = typer.Typer(help=say("cli.help"), no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
app.add_typer(care_commands.app, name="care")
app.add_typer(policy_commands.app, name="policy")
app.add_typer(release_commands.app, name="release")
app.add_typer(scale_commands.app, name="scale")
app.add_typer(verify.app, name="verify")


def _day(as_of: str) -> str:
    """The date asked for, or today's; the only place where the library learns it."""
    return iso_day(as_of or date.today().isoformat())


def _wave(wave: str | None) -> str | None:
    return None if wave is None else Wave.parse(wave).id


Folder = Annotated[Path, typer.Option("--workspace", "-w", envvar=WORKSPACE, help=say("cli.option.workspace"))]
WAVE = typer.Option(help=say("cli.option.wave"), callback=_wave)
AsOf = Annotated[str, typer.Option("--as-of", help=say("cli.option.as_of"), callback=_day)]
DEFAULT = Path("data/demo")


@app.command(help=say("cli.demo.help"))
def demo(
    out: Annotated[Path, typer.Option(help=say("cli.option.out"))] = Path("reports"),
    seed: Annotated[int, typer.Option(help=say("cli.option.seed"))] = 20260515,
) -> None:
    from xinyu_lib.cli.demo import run_demo

    run_demo(Path("data"), out, seed, stdout)


@app.command(help=say("cli.new.help"))
def new(folder: Path, title: Annotated[str, typer.Option(help=say("cli.option.title"))]) -> None:
    Workspace.create(folder, title=title)
    stdout.print(say("cli.new.done", folder=str(folder)))


@app.command("import", help=say("cli.import.help"))
def import_(
    files: Annotated[list[Path], typer.Argument(help=say("cli.argument.files"))],
    table: Annotated[str | None, typer.Option(help=say("cli.option.table"))] = None,
    mapping: Annotated[Path | None, typer.Option(help=say("cli.option.mapping"))] = None,
    wave: Annotated[str | None, WAVE] = None,
    sheet: Annotated[str | None, typer.Option(help=say("cli.option.sheet"))] = None,
    school: Annotated[str | None, typer.Option(help=say("cli.option.school_of_sheets"))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("cli.option.dry_run"))] = False,
    same_answers: Annotated[bool, typer.Option("--same-answers", help=say("cli.option.same_answers"))] = False,
    again: Annotated[bool, typer.Option("--again", help=say("cli.option.again"))] = False,
    suggest: Annotated[Path | None, typer.Option(help=say("cli.option.suggest"))] = None,
    scale: Annotated[list[str] | None, typer.Option(help=say("cli.option.suggest_scale"))] = None,
    as_of: AsOf = "",
    workspace: Folder = DEFAULT,
) -> None:
    if suggest:
        return suggest_mapping(files[0], scale or [], suggest, sheet, stdout)
    how = {
        "table": table, "mapping": mapping, "wave": wave, "sheet": sheet, "school": school, "as_of": as_of,
        "dry_run": dry_run, "same_answers": same_answers, "again": again,
    }  # fmt: skip
    import_files(Workspace(workspace), files, stdout, **how)


@app.command(help=say("cli.match.help"))
def match(worksheet: Path, as_of: AsOf = "", workspace: Folder = DEFAULT) -> None:
    match_worksheet(Workspace(workspace), worksheet, as_of, stdout)


app.command("template", help=say("cli.template.help"))(template.template)


@app.command(help=say("cli.waterfall.help"))
def waterfall(
    wave: Annotated[str, WAVE],
    by: Annotated[census_way.By, typer.Option(help=say("cli.option.by"))] = census_way.By.SCHOOL,
    out: Annotated[Path | None, typer.Option(help=say("cli.option.waterfall_out"))] = None,
    workspace: Folder = DEFAULT,
) -> None:
    census_way.waterfall(Workspace(workspace), wave, by, out)


@app.command(help=say("cli.lists.help"))
def lists(wave: Annotated[str, WAVE], as_of: AsOf = "", workspace: Folder = DEFAULT) -> None:
    census_way.lists(Workspace(workspace), wave, as_of)


@app.command(help=say("cli.score.help"))
def score(wave: Annotated[str, WAVE], as_of: AsOf = "", workspace: Folder = DEFAULT) -> None:
    ws = Workspace(workspace)
    for row in scored_wave(stdout, ws, wave, as_of).itertuples():
        stdout.print(say("cli.score.line", scale=row.scale, sheets=row.sheets, scored=row.scored, usable=row.usable))
    print_suspect(ws.suspect_keys(wave), stdout)


@app.command(help=say("cli.tiers.help"))
def tiers(
    wave: Annotated[str, WAVE],
    checklist: Annotated[bool, typer.Option("--checklist", help=say("cli.option.checklist"))] = False,
    explain: Annotated[str | None, typer.Option(help=say("cli.option.explain"))] = None,
    as_of: AsOf = "",
    workspace: Folder = DEFAULT,
) -> None:
    ws = Workspace(workspace)
    if explain:
        return print_reasons(ws, wave, explain, as_of)
    if checklist:
        return write_checklist(ws, wave, as_of)
    print_tiers(ws, wave, as_of)


@app.command(help=say("cli.report.help"))
def report(
    wave: Annotated[str, WAVE],
    notebook: Annotated[str, typer.Option(help=say("cli.option.notebook"))] = "report-school",
    school: Annotated[list[str] | None, typer.Option(help=say("cli.option.school"))] = None,
    reader: Annotated[str | None, typer.Option(help=say("cli.option.reader"))] = None,
    format_: Annotated[list[str] | None, typer.Option("--format", help=say("cli.option.format"))] = None,
    lang: Annotated[str, typer.Option(help=say("cli.option.lang"))] = "zh",
    parameter: Annotated[list[str] | None, typer.Option("-p", help=say("cli.option.parameter"))] = None,
    out: Annotated[Path, typer.Option(help=say("cli.option.out"))] = Path("reports"),
    as_of: AsOf = "",
    workspace: Folder = DEFAULT,
) -> None:
    run = made_reports(
        stdout, notebook, Workspace(workspace), wave=wave, schools=school or "all", as_of=as_of,
        reader=reader or ("bureau" if notebook == "report-district" else "principal"),
        formats=tuple(format_ or ("html", "pdf")), lang=lang, parameters=_pairs(parameter or []), out=out,
    )  # fmt: skip
    stdout.print(say("cli.report.where", index=str(run.folder / "index.html")))
    run.raise_if_failed()


@app.command(help=say("cli.check.help"))
def check(workspace: Folder = DEFAULT) -> None:
    """Open the vault (which checks it), follow the audit chain, remove what no committed import owns, doubt keys."""
    ws = Workspace(workspace)
    with ws.vault() as vault:
        vault.require_intact_audit()
    removed = ws.sweep()
    stdout.print(say("cli.check.done", imports=len(ws.committed), removed=sum(removed.values())))
    suspect = ws.suspect_keys()
    print_suspect(suspect, stdout)
    if suspect:
        raise DataError("cli.check.suspect", n=len(suspect))


app.command(help=say("cli.doctor.help"))(keeping.doctor)
app.command(help=say("cli.backup.help"))(keeping.backup)
app.command(help=say("cli.restore.help"))(keeping.restore)


@app.command(help=say("cli.lab.help"))
def lab(workspace: Folder = DEFAULT) -> None:
    """Containers often run as root, which the server refuses unless it is told."""
    kernel = ["ipykernel", "install", "--sys-prefix", "--name", "xinyu", "--display-name", "心育 xinyu"]
    subprocess.run([sys.executable, "-m", *kernel], check=True)
    root = ["--allow-root"] * (hasattr(os, "geteuid") and os.geteuid() == 0)
    server = ["jupyter", "lab", str(find_notebook("report-school").parent), *root]
    here = os.environ | {WORKSPACE: str(workspace.resolve())}
    raise typer.Exit(subprocess.run([sys.executable, "-m", *server], env=here).returncode)


def print_tiers(ws: Workspace, wave: str, as_of: str) -> None:
    """Counts by tier stay in the lake: the command line is no protected page."""
    counts = ws.tier_wave(wave, as_of=as_of)
    stdout.print(say("cli.tiers.line", wave=wave, n=int(counts["n"].sum())))
    if counts["held"].any():
        stdout.print(say("cli.tiers.held"))
    for scale, grades in not_given(ws, wave, ws.settings["policy"]).items():
        stdout.print(say("cli.tiers.not_given", scale=scale, grades=", ".join(map(str, grades))))
    if late := out_of_window(ws, wave, ws.settings["policy"]):
        stdout.print(say("cli.tiers.out_of_window", wave=wave, n=late))


def print_suspect(found: list[tuple[str, SuspectKey]], console: Console) -> None:
    """Scales whose answers run against their key: their scores are not to be trusted before somebody has looked."""
    for wave, key in found:
        console.print(say("cli.suspect", wave=wave, what=str(key)), style="bold red")


def _pairs(texts: list[str]) -> dict[str, object]:
    """`name=value` texts as parameters; values stay text exactly as typed."""
    for text in texts:
        if "=" not in text:
            raise ParameterError("cli.parameter_form", text=text)
    return dict(text.split("=", 1) for text in texts)
