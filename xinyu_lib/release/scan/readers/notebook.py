"""Executed notebooks: blocks, and whatever else a cell may have left in them."""

import ast
from collections.abc import Iterator
from typing import Any

from xinyu_lib.present.section import BLOCKS_TYPE
from xinyu_lib.release.scan.finding import Inner, Mark, Parameters, Part, Text, place
from xinyu_lib.release.scan.readers.texts import decoded, json_parts, parsed
from xinyu_lib.release.scan.vocabulary import vocabulary

SHOWN = {"text/html", "text/plain", BLOCKS_TYPE}
FORMATS = {"text/html": "fragment", "image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpeg"}


def read_notebook(content: bytes) -> Iterator[Part]:
    """Parts of a notebook. Raises ValueError when it is not whole JSON with cells."""
    notebook = parsed(decoded(content))
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise ValueError("no cells")
    where = place("notebook")
    yield from _metadata(notebook.get("metadata", {}), set(vocabulary().notebook_metadata), where)
    yield from json_parts({name: value for name, value in notebook.items() if name != "cells"}, where)
    for number, cell in enumerate(notebook["cells"], 1):
        if not isinstance(cell, dict):
            raise ValueError("no cell")
        yield from _cell(cell, place("cell", number=number))


def _metadata(metadata: dict[str, Any], allowed: set[str], where: str) -> Iterator[Part]:
    """Marks for notes of papermill, states of widgets and anything that is not known."""
    told = {"papermill": "parameters.papermill", "widgets": "hidden_part.widgets"}
    for name in metadata.keys() - allowed:
        yield Mark(where, f"release.scan.{told.get(name, 'metadata.notebook')}")


def _cell(cell: dict[str, Any], where: str) -> Iterator[Part]:
    metadata = cell.get("metadata", {})
    yield from _metadata(metadata, set(vocabulary().cell_metadata), where)
    yield Text(where, _text(cell.get("source", "")))
    if "injected-parameters" in metadata.get("tags", []):
        yield from _parameters(_text(cell.get("source", "")), where)
    if cell.get("attachments"):
        yield Mark(where, "release.scan.hidden_part.attachment")
    for output in cell.get("outputs", []):
        yield from _output(output, where)
    known = ("source", "outputs")
    yield from json_parts({name: value for name, value in cell.items() if name not in known}, where)


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def _parameters(source: str, where: str) -> Iterator[Part]:
    """The names that a cell gives values; a mark when it does anything else."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError):
        statements = [None]
    if not all(_plain(statement) for statement in statements):
        yield Mark(where, "release.scan.parameters.name")
        return
    yield Parameters(where, frozenset(name.id for statement in statements for name in statement.targets))


def _plain(statement: ast.stmt | None) -> bool:
    """True for `name = value` with a value that is written out."""
    return (
        isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant)
        and all(isinstance(name, ast.Name) for name in statement.targets)
    )


def _output(output: dict[str, Any], where: str) -> Iterator[Part]:
    data = output.get("data", {})
    if output.get("output_type") == "error":
        yield Mark(where, "release.scan.traceback.output")
    elif BLOCKS_TYPE not in data or not data.keys() <= SHOWN or output.get("metadata"):
        yield Mark(where, "release.scan.hidden_part.output")
    for kind, value in data.items():
        yield from _shown(kind, value, where)
    yield from json_parts({name: value for name, value in output.items() if name != "data"}, where)


def _shown(kind: str, value: Any, where: str) -> Iterator[Part]:
    if isinstance(value, dict):
        yield from json_parts(value, where)
    elif kind in ("text/html", "image/svg+xml"):
        yield Inner(where, FORMATS[kind], _text(value).encode())
    elif kind.startswith("image/"):
        yield Text(where, f"data:{kind};base64,{''.join(_text(value).split())}")
    else:
        yield from json_parts(_text(value), where)
