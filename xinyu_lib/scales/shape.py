"""What does not fit the model of a scale: every wrong key with what is allowed there, in our own words."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple

from pydantic import ValidationError

from xinyu_lib.scales.faults import Fault
from xinyu_lib.scales.scale import Scale

Path = tuple[str | int, ...]
NOT_BLANK = r"\S"  # what any text must hold
MESSAGES = {  # kind of error in pydantic -> wording `scales.wrong.*`
    "missing": "missing", "union_tag_not_found": "missing", "extra_forbidden": "extra", "string_too_short": "blank",
    "literal_error": "word", "union_tag_invalid": "word", "string_pattern_mismatch": "name", "string_type": "text",
    "int_type": "whole", "float_type": "number", "bool_type": "flag", "tuple_type": "list", "model_type": "table",
    "model_attributes_type": "table", "dict_type": "table", "too_short": "too_short", "too_long": "too_long",
    "greater_than": "above", "greater_than_equal": "at_least",
}  # fmt: skip


class Wrong(NamedTuple):
    """One key that does not fit: the way to it through the tables of the file, the kind of error, and the fault."""

    path: Path
    kind: str
    fault: Fault


def wrong_keys(content: dict[str, Any], error: ValidationError) -> list[Wrong]:
    """Every key that does not fit, once; a list that is too short only because an entry is wrong is not told."""
    found = {}
    for each in error.errors():
        path, key = _located(content, _whole_way(each))
        # of the errors of a union the last is the widest: a number, where a whole number would do too
        found[path] = Wrong(path, each["type"], _fault(key, each))
    return [wrong for wrong in found.values() if not (wrong.kind == "too_short" and _inside(wrong.path, found))]


def _inside(path: Path, paths: dict[Path, Wrong]) -> bool:
    return any(other[: len(path)] == path and other != path for other in paths)


def _whole_way(each: dict) -> Path:
    """Where an error is; of a table whose `rule` or `test` decides what it is, that key."""
    if each["type"] in ("union_tag_not_found", "union_tag_invalid"):
        return *each["loc"], each["ctx"]["discriminator"].strip("'")
    return each["loc"]


def _located(content: Any, way: Path) -> tuple[Path, str]:
    """The way to a value without what only pydantic knows (kinds of unions), and the same with names for numbers."""
    path, names = [], []
    for part, here, below in _steps(content, way):
        path.append(part)
        names.append(_name(below) or str(part) if isinstance(here, list) else str(part))
    return tuple(path), ".".join(names) or "-"


def _steps(here: Any, way: Path) -> Iterator[tuple[str | int, Any, Any]]:
    tagged = in_tally = False
    for part in way:
        if isinstance(here, dict) and part in (here.get("rule"), here.get("test")) and not (tagged or in_tally):
            tagged, in_tally = True, part == "tally"
            continue
        if not isinstance(here, dict | list):
            return
        below = entry(here, part)
        yield part, here, below
        here, tagged = below, False


def entry(table: Any, part: str | int) -> Any:
    """One entry of a table or list; None where there is none."""
    if isinstance(table, dict):
        return table.get(part)
    return table[part] if isinstance(table, list) and isinstance(part, int) and part < len(table) else None


def _name(table: Any) -> str | None:
    """What a table of a list is called: its name, id, code or item."""
    named = (table.get(key) for key in ("name", "id", "code", "item")) if isinstance(table, dict) else ()
    return next((str(name) for name in named if isinstance(name, str | int)), None)


def _fault(key: str, each: dict) -> Fault:
    kind, context = each["type"], each.get("ctx", {})
    if context.get("pattern") == NOT_BLANK:
        kind = "string_too_short"
    if kind == "value_error":
        return _of_value(key, str(context["error"]))
    fields: dict[str, object] = {}
    if kind in ("literal_error", "union_tag_invalid"):
        known = context.get("expected_tags") or context["expected"]
        fields = {"known": ", ".join(re.findall(r"'([^']+)'", known))}
    elif kind == "extra_forbidden":
        near = get_close_matches(str(each["loc"][-1]), _all_keys(), cutoff=0.5)
        fields = {"known": ", ".join(near) or "–"}
    elif kind in MESSAGES:
        numbers = ("min_length", "max_length", "gt", "ge")
        fields = {"limit": next((context[name] for name in numbers if name in context), None)}
    else:
        return Fault(key, "scales.wrong.other", {"why": each["msg"]})
    return Fault(key, f"scales.wrong.{MESSAGES[kind]}", fields)


def _of_value(key: str, why: str) -> Fault:
    """What a model itself has found wrong with a table."""
    if one := re.fullmatch(r"exactly one of (.*)", why):
        return Fault(key, "scales.wrong.one_of", {"known": one[1]})
    return Fault(key, "scales.wrong.other", {"why": why})


@cache
def _all_keys() -> list[str]:
    """Every key that may stand somewhere in a scale file."""
    schema = Scale.model_json_schema()
    return sorted({name for each in (schema, *schema["$defs"].values()) for name in each.get("properties", {})})
