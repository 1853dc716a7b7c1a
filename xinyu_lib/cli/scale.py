"""`xinyu scale`: the library of scales, and files of one's own: begin one, check it, read its sheets."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError
from rich.markdown import Markdown
from rich.table import Column, Table

from xinyu_lib import columns
from xinyu_lib.census.drafting import drafted
from xinyu_lib.census.readers import existing
from xinyu_lib.cli.console import print_table, stdout, write_new
from xinyu_lib.errors import DefinitionError, UnknownName
from xinyu_lib.scales import load_scale, scales
from xinyu_lib.scales.card import card
from xinyu_lib.scales.catalogue import FOLDER
from xinyu_lib.scales.phrases import Phrases
from xinyu_lib.scales.review import review
from xinyu_lib.scales.vocabulary import ScaleId
from xinyu_lib.words import LANGUAGES, default_language, say

app = typer.Typer(help=say("cli.scale.help"), no_args_is_help=True)
SKELETON = FOLDER / "skeleton" / "new-scale.toml"
Lang = Annotated[str, typer.Option(help=say("cli.option.scale_lang"))]
Out = Annotated[Path | None, typer.Option(help=say("cli.option.scale_out"))]


@app.command("list", help=say("cli.scale.list.help"))
def list_() -> None:
    headings = (say(f"cli.scale.column.{name}") for name in ("id", "title", "items", "informant", "verified"))
    table = Table(*(Column(heading, overflow="fold") for heading in headings))
    for scale in map(load_scale, scales()):
        words = Phrases(scale, default_language())
        informant, verified = words.say(f"informant.{scale.informant}"), words.status(scale.verified)
        table.add_row(scale.id, scale.title.say(words.lang), str(len(scale.numbers)), informant, verified)
    print_table(table)


@app.command("card", help=say("cli.scale.card.help"))
def card_(
    scale: Annotated[str, typer.Argument(help=say("cli.argument.scale"))],
    lang: Lang = "",
    variant: Annotated[str | None, typer.Option(help=say("cli.option.variant"))] = None,
) -> None:
    """Set for reading on a terminal, Markdown as it is into a file."""
    if lang and lang not in LANGUAGES:
        raise UnknownName.of("language", lang, LANGUAGES)
    text = card(load_scale(scale, variant=variant), lang or default_language())
    if stdout.is_terminal:
        stdout.print(Markdown(text), soft_wrap=False)
    else:
        stdout.print(text.rstrip("\n"))


@app.command(help=say("cli.scale.new.help"))
def new(id_: Annotated[str, typer.Argument(metavar="ID", help=say("cli.argument.new_id"))], out: Out = None) -> None:
    """The id also stands in the comments of the skeleton, where it says what columns of answers are called."""
    try:
        TypeAdapter(ScaleId).validate_python(id_)
    except ValidationError as error:
        raise DefinitionError("cli.scale.new.id", id=id_) from error
    path, text = out or Path(f"{id_}.toml"), SKELETON.read_text(encoding="utf-8")
    write_new(path, text.replace("new-scale", id_).replace(columns.prefix("new-scale"), columns.prefix(id_)))
    stdout.print(say("cli.scale.new.done", file=str(path)))


@app.command(help=say("cli.scale.check.help"))
def check(file: Annotated[Path, typer.Argument(help=say("cli.argument.scale_file"))]) -> None:
    found = review(existing(file))
    for each in found:
        stdout.print(each.text())
    if found:
        raise DefinitionError("scales.faults_found", file=file.name, n=len(found))
    stdout.print(say("cli.scale.check.none", file=file.name))


@app.command(help=say("cli.scale.mapping.help"))
def mapping(
    scale: Annotated[list[str], typer.Argument(help=say("cli.argument.scales"))],
    layout: Annotated[str, typer.Option(help=say("cli.option.layout"))] = "wenjuanxing-number",
    first: Annotated[int, typer.Option(min=2, help=say("cli.option.first"))] = 2,
    out: Out = None,
) -> None:
    text = drafted([load_scale(each) for each in scale], layout=layout, first=first, lang=default_language())
    if out is None:
        stdout.print(text.rstrip("\n"))
        return
    write_new(out, text)
    stdout.print(say("cli.scale.mapping.done", file=str(out)))
