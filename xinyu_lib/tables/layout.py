"""File layouts: how a survey tool writes its exports, one TOML file per layout."""

import re
from functools import cache
from pathlib import Path

from xinyu_lib import registry
from xinyu_lib.registry import Definition, Label, Text
from xinyu_lib.words import say

FOLDER = Path(__file__).parent / "layouts"


class Layout(Definition):
    """One layout.

    system: columns the tool adds by itself. item_header: pattern of an item's header with its
    `number`; None when headers carry no numbers. unanswered, skipped: marks of a question left
    blank, and of one never shown.
    seconds: pattern of the time taken, with its `seconds`. submitted_at: accepted times (strptime notation).
    """

    label: Label
    system: tuple[Text, ...] = ()
    item_header: Text | None = None
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
