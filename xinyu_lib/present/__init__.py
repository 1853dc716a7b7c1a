"""Presentation: from protected tables to the blocks that a page is made of. Nothing else reaches a page."""

from xinyu_lib.present.blocks import (
    Block,
    Bullets,
    Callout,
    Cover,
    Facts,
    Figure,
    Heading,
    Kpis,
    Paragraph,
    Table,
)
from xinyu_lib.present.figures import dots_with_intervals, outcome_bars, tier_bar
from xinyu_lib.present.icons import Declared, icon_array
from xinyu_lib.present.numbers import interval, text
from xinyu_lib.present.section import Section
from xinyu_lib.present.sentences import sentence
from xinyu_lib.present.tables import table

__all__ = [
    "Block",
    "Bullets",
    "Callout",
    "Cover",
    "Declared",
    "Facts",
    "Figure",
    "Heading",
    "Kpis",
    "Paragraph",
    "Section",
    "Table",
    "dots_with_intervals",
    "icon_array",
    "interval",
    "outcome_bars",
    "sentence",
    "table",
    "text",
    "tier_bar",
]
