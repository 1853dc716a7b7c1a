"""Plain text, separated values and JSON."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from xinyu_lib.release.scan.finding import Inner, Mark, Parameters, Part, Text, place
from xinyu_lib.release.scan.frames import cells, has_row_columns, holds_rows, is_frame

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decoded(content: bytes) -> str:
    """The text of a file. Raises ValueError when it is not UTF-8 or holds control characters."""
    text = content.decode("utf-8-sig")
    if CONTROL.search(text):
        raise ValueError("control characters")
    return text


def read_text(content: bytes) -> Iterator[Part]:
    """Paragraphs with the line they start at."""
    line = 1
    for chunk in re.split(r"(\n\s*\n)", decoded(content)):
        if chunk.strip():
            yield Text(place("line", number=line), chunk)
        line += chunk.count("\n")


def read_csv(content: bytes) -> Iterator[Part]:
    """Rows as text, counts with their heading, and a mark when there is a row per pupil."""
    text = decoded(content)
    if '"' in text and text.count('"') % 2:
        raise ValueError("a quotation mark is not closed")
    rows = list(csv.reader(io.StringIO(text), strict=True))
    if rows and has_row_columns(rows[0]):
        yield Mark(place("row", number=1), "release.scan.data_frame.rows")
    yield from (Text(place("row", number=number), "\n".join(row)) for number, row in enumerate(rows, 1))
    yield from (Text(place("row", number=number), told) for number, told in cells(rows))


def read_json(content: bytes) -> Iterator[Part]:
    """Every text of a JSON file with its line of nesting, and marks for rows and parameters in it."""
    yield from json_parts(parsed(decoded(content)), "")


def parsed(text: str) -> Any:
    """JSON. Raises ValueError when it is not whole or says one key twice: what it says first would go unread."""
    return json.loads(text, object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def json_parts(value: Any, where: str) -> Iterator[Part]:
    """Texts, tables, drawings and marks of a JSON value; where: of all of it, or empty to count entries."""
    yield from _json(value, where, "")


def _json(value: Any, where: str, key: str) -> Iterator[Part]:
    if isinstance(value, dict | list) and holds_rows(value):
        yield Mark(where or place("whole"), "release.scan.data_frame.rows")
    if isinstance(value, dict):
        yield from _object(value, where)
    elif isinstance(value, list):
        yield from _array(value, where, key)
    elif value is not None:
        yield from _single(str(value), where or place("whole"), key)


def _object(value: dict[str, Any], where: str) -> Iterator[Part]:
    if isinstance(value.get("parameters"), dict):
        yield Parameters(where or place("whole"), frozenset(value["parameters"]))
    if value.get("kind") == "table" and {"columns", "rows"} <= value.keys():
        yield from (Text(where or place("whole"), told) for _, told in cells([value["columns"], *value["rows"]]))
    for number, (name, each) in enumerate(value.items(), 1):
        inner = where or place("entry", number=number)
        yield Text(inner, name)
        yield from _json(each, inner, name)


def _array(value: list[Any], where: str, key: str) -> Iterator[Part]:
    """Texts of a list are read together as well: a label, its number and what it counts stand beside each other."""
    if value and all(isinstance(each, str) for each in value):
        yield Text(where or place("whole"), " ".join(value))
        return
    for number, each in enumerate(value, 1):
        yield from _json(each, where or place("entry", number=number), key)


def _single(value: str, where: str, key: str) -> Iterator[Part]:
    if key == "svg":
        yield Inner(where, "svg", value.encode())
        return
    yield Text(where, value, alt=key == "alt")
    if value.isdecimal():
        yield Text(where, f"{key}: {value}")
    if is_frame(value):
        yield Mark(where, "release.scan.data_frame.text")
