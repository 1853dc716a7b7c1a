"""File layouts: how a survey tool writes its exports, one TOML file per layout."""

import re
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from xinyu_lib import registry
from xinyu_lib.registry import Definition, Label, Text, Whole
from xinyu_lib.words import say

FOLDER = Path(__file__).parent / "layouts"


class Layout(Definition):
    """One layout.

    What marks it: signs, patterns each of which begins some name of a column; endings of file names.
    Columns: system, those the tool adds by itself; columns, which of them say when a sheet was handed in, how long it
    took and whether it is finished (patterns of headers as in `Mapping.ignore`); event, the one that tells apart the
    rounds of a longitudinal export. item_header: pattern of an item's header with its `number`; None when headers carry
    no numbers. header_rows: how many lines make up the header, where the tool always writes as many.
    Cells: answers, what stands for an option; unanswered, skipped: marks of a question left blank, and of one never
    shown. finished: values by which the tool says that a sheet was handed in; finished_by: the column that is blank
    until then. seconds: pattern of the time taken, with its `seconds`. submitted_at: accepted times (strptime).
    """

    label: Label
    signs: tuple[Text, ...] = ()
    endings: tuple[Text, ...] = ()
    system: tuple[Text, ...] = ()
    columns: dict[Literal["submitted_at", "seconds", "finished"], tuple[Text, ...]] = Field(default_factory=dict)
    event: Text | None = None
    item_header: Text | None = None
    header_rows: Whole | None = None
    answers: Literal["codes", "positions", "texts"] = "codes"
    finished: tuple[Text, ...] = ()
    finished_by: Literal["submitted_at"] | None = None
    unanswered: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    seconds: Text
    submitted_at: tuple[Text, ...]

    def question(self, header: str) -> int | None:
        """Number of the question that a header belongs to, if any."""
        match = re.match(self.item_header, header, re.ASCII) if self.item_header else None
        return int(match["number"]) if match else None


def layouts() -> list[str]:
    """Ids of the declared layouts, sorted."""
    return registry.names(FOLDER)


@cache
def load_layout(layout_id: str) -> Layout:
    """A layout by id. Raises UnknownName, listing the known ids."""
    return registry.read(registry.find(FOLDER, layout_id, say("tables.layout_kind")), Layout)
