"""Variants: the same scale under another convention, as named changes to its definition."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from xinyu_lib.registry import Label
from xinyu_lib.scales.vocabulary import Fact, Name


class Variant(Fact):
    """What is disputed or differs between forms; never chosen in silence: by default the scale is as its file says.

    change: keys of the scale file with their other values; tables with `name` or `id` change the one of that name.
    drop: named tables that do not belong to this form (`cuts.ge8`).
    note: when to use it, and why it is not the default.
    """

    id: Name
    what: Literal["coding", "order", "key", "bands", "informant", "ages", "gaps", "rounding", "cut"]
    label: Label
    note: Label
    change: dict[str, Any] = Field(min_length=1)
    drop: tuple[Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")], ...] = ()


class Change(BaseModel):
    """What a variant does to a definition, whatever else is said of it."""

    model_config = ConfigDict(extra="ignore")

    id: str
    change: dict[str, Any] = {}
    drop: tuple[str, ...] = ()


class Changes(BaseModel):
    """The variants of a scale file as changes, whatever else is in it."""

    model_config = ConfigDict(extra="ignore")

    variants: tuple[Change, ...] = ()


def changed(base: Any, change: Any) -> Any:
    """A definition with a change applied: tables key by key, lists of named tables one by one, the rest replaced."""
    if isinstance(base, dict) and isinstance(change, dict):
        return base | {key: changed(base[key], value) if key in base else value for key, value in change.items()}
    if _named(base) and _named(change):
        return _one_by_one(base, change)
    return change


def without(base: dict[str, Any], drop: Iterable[str]) -> dict[str, Any]:
    """A definition without these named tables (`cuts.ge8`). Raises KeyError for one that is not there."""
    left = dict(base)
    for each in drop:
        key, _, name = each.partition(".")
        tables = left.get(key) if _named(left.get(key)) else []
        found = next((table for table in tables if _name(table) == name), None)
        if found is None:
            raise KeyError(each)
        left[key] = [table for table in left[key] if table is not found]
    return left


def _one_by_one(base: list[dict], change: list[dict]) -> list[dict]:
    changes = {_name(each): each for each in change}
    known = [_name(each) for each in base]
    kept = [changed(each, changes[_name(each)]) if _name(each) in changes else each for each in base]
    return kept + [each for each in change if _name(each) not in known]


def _named(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(e, dict) and _name(e) for e in value)


def _name(table: dict) -> str | None:
    name = table.get("name") or table.get("id")
    return name if isinstance(name, str) else None
