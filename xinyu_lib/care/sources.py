"""Which code of which table is which known fact, as declared in `facts.toml`."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from xinyu_lib.policy.conditions import FactName
from xinyu_lib.policy.stages import Colour
from xinyu_lib.registry import Definition, Text, read
from xinyu_lib.tables import Column, load_table, tables

Codes = dict[Text, Annotated[tuple[Text, ...], Field(min_length=1)]]


class Rows(Definition):
    """Rows of one table that tell something of a pupil.

    on: column with the day, or the moment, of what they tell; at: column with the moment, if there is one.
    when: every one of these columns holds one of the codes; unless: none of these does.
    """

    table: Text
    on: Text
    at: Text | None = None
    when: Codes = Field(default_factory=dict)
    unless: Codes = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_declared(self) -> "Rows":
        if self.table not in tables():
            raise ValueError(f"no table {self.table}")
        columns = {column.name: column for column in load_table(self.table).columns}
        timed = [name for name, column in columns.items() if column.type in {"date", "timestamp"}]
        if absent := sorted({self.on, self.at or self.on} - set(timed)):
            raise ValueError(f"{self.table}: no column of days {', '.join(absent)}; there are {', '.join(timed)}")
        for name, codes in (*self.when.items(), *self.unless.items()):
            _check_codes(columns.get(name), name, codes)
        return self


class Source(Rows):
    """Rows that tell a fact, known since the day or moment `on`."""

    fact: FactName
    when: Annotated[Codes, Field(min_length=1)]


class Sources(Definition):
    """All sources. settled: facts that a confirmation after them settles. open: fact of a confirmed tier not closed.

    of_reason: fact behind a reason of the check list. source_of: source of the check list by level of a signal.
    """

    settled: tuple[FactName, ...]
    open: dict[Colour, FactName]
    of_reason: dict[Text, FactName] = Field(default_factory=dict)
    source_of: dict[Text, Text] = Field(default_factory=dict)
    sources: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_are_declared(self) -> "Sources":
        listed = {column.name: column for column in load_table("check_list").columns}
        level = next(column for column in load_table("signal").columns if column.name == "source_level")
        _check_codes(listed["reason"], "reason", tuple(self.of_reason))
        _check_codes(level, "source_level", tuple(self.source_of))
        _check_codes(listed["source"], "source", tuple(self.source_of.values()))
        return self


@cache
def sources() -> Sources:
    """The declared sources. Raises DefinitionError where they do not fit the declared tables."""
    return read(Path(__file__).with_name("facts.toml"), Sources)


def _check_codes(column: Column | None, name: str, codes: tuple[str, ...]) -> None:
    allowed = [code.code for code in column.codes] if column else []
    if unknown := sorted(set(codes) - set(allowed)):
        raise ValueError(f"{name}: no code {', '.join(unknown)}; there are {', '.join(allowed) or 'none'}")
