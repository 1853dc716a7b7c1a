"""`xinyu template`: forms of the declared tables, for those who fill them in Excel or WPS."""

from pathlib import Path
from typing import Annotated

import typer

from xinyu_lib.cli.console import stdout
from xinyu_lib.errors import UnknownName, XinyuError
from xinyu_lib.tables import Table, load_table, tables
from xinyu_lib.tables.template import write_template
from xinyu_lib.words import LANGUAGES, say

ALL = "all"
ENDING = ".xlsx"


def template(
    table: Annotated[str, typer.Argument(help=say("cli.argument.template"))],
    out: Annotated[Path | None, typer.Option(help=say("cli.option.template_out"))] = None,
    lang: Annotated[str, typer.Option(help=say("cli.option.template_lang"))] = "zh",
    apart: Annotated[bool, typer.Option("--apart", help=say("cli.option.apart"))] = False,
    force: Annotated[bool, typer.Option("--force", help=say("cli.option.force"))] = False,
) -> None:
    """Nothing is written unless everything can be: a file that is there stops the command before the first one."""
    if lang not in LANGUAGES:
        raise UnknownName.of("language", lang, LANGUAGES)
    asked, name = _asked(table), say("cli.template.all", lang)
    out = out or Path(name if apart else "")
    books = {_path(out, each.label.say(lang), apart): [each] for each in asked}
    if table == ALL and not apart:
        books = {_path(out, name, apart): asked}
    for path in books:
        if path.exists() and not force:
            raise XinyuError("cli.template.exists", file=str(path))
    for path, sheets in books.items():
        _write(path, sheets, lang)
    where = out if apart else next(iter(books))
    stdout.print(say("cli.template.done", file=str(where), files=len(books), sheets=len(asked)))


def _asked(name: str) -> list[Table]:
    """The tables meant by an id, a label in either language, or `all`. Raises UnknownName, listing the known ones."""
    known = [table for table in map(load_table, tables()) if table.from_file]
    found = known if name == ALL else [t for t in known if name.casefold() in _names(t)]
    if not found:
        listed = ", ".join(f"{table.id} {table.label.zh}" for table in known)
        raise UnknownName("core.unknown_name", kind=say("tables.kind"), name=name, known=listed)
    return found


def _names(table: Table) -> set[str]:
    return {name.casefold() for name in (table.id, table.label.zh, table.label.en)}


def _path(out: Path, label: str, apart: bool) -> Path:
    """Where a workbook goes: the file named by `out`, or a file of its own name in the folder."""
    return out if out.suffix.lower() == ENDING and not apart else out / f"{label}{ENDING}"


def _write(path: Path, sheets: list[Table], lang: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_template(path, sheets, lang)
    except OSError as error:
        raise XinyuError("cli.file_unwritable", file=str(path), why=error.strerror) from error
