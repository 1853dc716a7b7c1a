"""`xinyu verify`: numbers of this installation held against references."""

import json
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from xinyu_lib.cli.console import print_table, stdout
from xinyu_lib.scoring.example_file import read_examples
from xinyu_lib.scoring.verifying import verify_scales
from xinyu_lib.words import say

app = typer.Typer(help=say("cli.verify.help"), no_args_is_help=True)
COUNTS = ["passed", "failed", "total"]


@app.callback()
def _group() -> None:
    """A callback keeps `scales` a word of its own while it is the only command."""


@app.command("scales", help=say("cli.verify.scales.help"))
def scales_(
    examples: Annotated[Path | None, typer.Option(help=say("cli.option.examples"))] = None,
    json_: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False,
) -> None:
    fields = verify_scales(None if examples is None else read_examples(examples))
    counts, failures = examples_by_scale(fields), failed_fields(fields)
    if json_:
        typer.echo(json.dumps(_report(counts, failures), ensure_ascii=False))
    else:
        _print(counts, failures)
    if failures:
        raise typer.Exit(1)


def examples_by_scale(fields: pd.DataFrame) -> pd.DataFrame:
    """Examples passed, failed and in total per scale, sorted; an example passes when all its fields do."""
    passed = fields.groupby(["scale", "number"])["passed"].all().groupby(level="scale")
    counts = pd.DataFrame({"passed": passed.sum(), "total": passed.size()}).astype(int)
    return counts.assign(failed=counts["total"] - counts["passed"])[COUNTS]


def failed_fields(fields: pd.DataFrame) -> list[dict[str, object]]:
    """Every field that did not come out as expected, as plain values; None where there is no result."""
    failed = fields[~fields["passed"]].drop(columns=["number", "passed"])
    return [{name: _plain(value) for name, value in row.items()} for row in failed.to_dict("records")]


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _report(counts: pd.DataFrame, failures: list[dict[str, object]]) -> dict[str, object]:
    by_scale = {scale: {name: int(row[name]) for name in COUNTS} for scale, row in counts.iterrows()}
    return {"scales": by_scale} | {name: int(counts[name].sum()) for name in COUNTS} | {"failures": failures}


def _print(counts: pd.DataFrame, failures: list[dict[str, object]]) -> None:
    table = Table(say("cli.verify.scale"), *(say(f"cli.verify.{name}") for name in COUNTS))
    for column in table.columns[1:]:
        column.justify = "right"
    for scale, row in counts.iterrows():
        table.add_row(scale, *(str(row[name]) for name in COUNTS))
    table.add_section()
    table.add_row(say("cli.verify.all"), *(str(counts[name].sum()) for name in COUNTS))
    print_table(table)
    for each in failures:
        shown = {name: say("cli.verify.no_value") if value is None else value for name, value in each.items()}
        stdout.print(say("cli.verify.failure", **shown))
