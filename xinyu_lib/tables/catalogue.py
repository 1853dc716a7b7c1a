"""The declared tables by id. A column written as `{ use = "school" }` is taken from `shared/columns.toml`."""

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import model_validator

from xinyu_lib import registry
from xinyu_lib.registry import Definition, Text
from xinyu_lib.tables.table import Column, Table
from xinyu_lib.words import say

FOLDER = Path(__file__).parent
SHARED = FOLDER / "shared"


class SharedColumns(Definition):
    """Columns of several tables, and the names of those that every stored row carries."""

    columns: tuple[Column, ...]
    every_row: tuple[Text, ...]

    def named(self, name: str) -> Column:
        found = [column for column in self.columns if column.name == name]
        if not found:
            raise ValueError(f"no shared column {name}")
        return found[0]


class TableFile(Table):
    """A table as its file has it: shared columns by name, what every row carries left out."""

    @model_validator(mode="before")
    @classmethod
    def _with_shared_columns(cls, content: dict[str, Any]) -> dict[str, Any]:
        every_row = [shared().named(name) for name in shared().every_row]
        columns = [_complete(column, content) if "use" in column else column for column in content.get("columns", [])]
        return {**content, "columns": columns, "every_row": every_row}


class WrittenForms(Definition):
    """Accepted ways of writing a date, a month and a timestamp (strptime notation)."""

    date: tuple[Text, ...]
    month: tuple[Text, ...]
    timestamp: tuple[Text, ...]


def tables() -> list[str]:
    """Ids of the declared tables, sorted."""
    return registry.names(FOLDER)


@cache
def load_table(table_id: str) -> Table:
    """A table by id. Raises UnknownName, listing the known ids."""
    return registry.read(registry.find(FOLDER, table_id, say("tables.kind")), TableFile)


@cache
def importable() -> dict[str, Table]:
    """The tables that files may bring, by id and by label in either language, without regard to case."""
    declared = [table for table in map(load_table, tables()) if table.from_file]
    return {name.casefold(): each for each in declared for name in (each.id, each.label.zh, each.label.en)}


@cache
def written_forms() -> WrittenForms:
    """The accepted ways of writing a date, a month and a timestamp."""
    return registry.read(SHARED / "forms.toml", WrittenForms)


@cache
def shared() -> SharedColumns:
    """The columns that several tables share."""
    return registry.read(SHARED / "columns.toml", SharedColumns)


def _complete(column: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
    """A shared column with what this table says differently; a table is no reference to itself."""
    whole = {**shared().named(column["use"]).model_dump(exclude_unset=True), **column}
    own = whole.get("references", "").startswith(f"{table.get('id')}.")
    return {key: value for key, value in whole.items() if key != "use" and not (own and key == "references")}
