"""`xinyu import FILE --suggest OUT.toml --scale ID ...`: a mapping suggested from the file; nothing is imported."""

from pathlib import Path

from rich.console import Console

from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.census.readers import open_file
from xinyu_lib.census.recognising import layout_of
from xinyu_lib.census.suggesting import suggested
from xinyu_lib.cli.console import write_new
from xinyu_lib.errors import UnknownName
from xinyu_lib.scales import load_scale
from xinyu_lib.tables import load_layout
from xinyu_lib.words import default_language, say


def suggest_mapping(file: Path, scales: list[str], out: Path, sheet: str | None, console: Console) -> None:
    """Write the suggestion to a new file. scales: ids in the order of the questionnaire, at least one.

    Raises UnknownName for scales, XinyuError when the file is there already, and as `open_file`.
    """
    if not scales:
        raise UnknownName("cli.suggest.no_scale")
    text = suggested(
        _looked_at(file, sheet), [load_scale(each) for each in scales], lang=default_language(), sheet=sheet
    )
    write_new(out, text)
    console.print(say("cli.suggest.done", file=str(out)))


def _looked_at(file: Path, sheet: str | None) -> RawTable:
    """The first rows of the file, read anew where its layout says how many of them are headers."""
    raw = next(open_file(file, sheet=sheet).stretches())
    rows = load_layout(layout_of(raw)).header_rows
    return next(open_file(file, sheet=sheet, header_rows=rows).stretches()) if rows else raw
