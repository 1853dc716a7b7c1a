"""`xinyu template`: forms of the declared tables, for those who fill them in Excel or WPS."""

from pathlib import Path
from typing import Annotated

import typer

from xinyu_lib.census import table_for
from xinyu_lib.cli.console import stdout
from xinyu_lib.errors import UnknownName, XinyuError
from xinyu_lib.tables import Table, importable, write_template
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
    """The table meant by an id or a label, or `all` of them. Raises UnknownName, listing the known ones."""
    return list({each.id: each for each in importable().values()}.values()) if name == ALL else [table_for(name)]


def _path(out: Path, label: str, apart: bool) -> Path:
    """Where a workbook goes: the file named by `out`, or a file of its own name in the folder."""
    return out if out.suffix.lower() == ENDING and not apart else out / f"{label}{ENDING}"


def _write(path: Path, sheets: list[Table], lang: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_template(path, sheets, lang)
    except OSError as error:
        raise XinyuError("cli.file_unwritable", file=str(path), why=error.strerror) from error
