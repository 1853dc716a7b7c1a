"""Worked examples: an answer sheet, what must come of it, and how the fields of an example read a score frame."""

from typing import Any, Literal

from pydantic import Field, model_validator

from xinyu_lib.registry import Definition, Text, Whole
from xinyu_lib.scales.vocabulary import Limit, Name

MISSING = "NA"  # TOML has no null
NEEDS = {
    "column": ("column",), "not": ("column",), "in_band": ("column", "code"), "scores_in_band": ("scores", "code"),
    "scores_above": ("scores", "at"), "item_at_least": ("items", "at"), "items_at_least": ("items", "at"),
}  # fmt: skip


class Example(Definition):
    """One sheet. responses: character i is the raw answer to item i, "." = unanswered, blanks only group.

    form: an informant (`parent` of `sdq`) or a variant of the scale. why: what the example is there to show. expected:
    field -> value; "NA" where none must be given.
    """

    id: Text
    scale: Text = ""
    form: Text | None = None
    why: Text = ""
    responses: Text
    expected: dict[str, Any] = Field(min_length=1)


class ExampleField(Definition):
    """What a field of an example means where it is not simply the name of a score, cut or decision.

    column: that column (without prefix). not: its contrary. in_band: whether the score `column` is in the band `code`.
    scores_in_band, scores_above: names of those `scores` in the band `code`, or above the cut `at`. item_at_least:
    whether the answer to one of `items` is at or above `at`. items_at_least: numbers of the items that are.
    """

    name: Text
    shows: Literal["column", "not", "in_band", "scores_in_band", "scores_above", "item_at_least", "items_at_least"]
    column: Text | None = None
    code: Name | None = None
    at: Limit | None = None
    scores: tuple[Name, ...] = ()
    items: tuple[Whole, ...] = ()

    @model_validator(mode="after")
    def _what_it_shows(self):
        needs = NEEDS[self.shows]
        if any(not getattr(self, name) and getattr(self, name) != 0 for name in needs):
            raise ValueError(f"{self.shows}: {', '.join(needs)}")
        return self
