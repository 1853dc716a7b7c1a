"""A hundred dots for what a share means, drawn from published values and never from pupils."""

from collections.abc import Mapping
from dataclasses import dataclass

from xinyu_lib.errors import DisclosureError
from xinyu_lib.present.blocks import Figure
from xinyu_lib.present.canvas import ACCENT, GREY, INK, PALE, draw, wrap
from xinyu_lib.words import say

DOTS, PER_ROW = 100, 20
HEIGHT_MM = 52
SHAPES, COLOURS = "oosD", (ACCENT, "white", PALE, GREY)


@dataclass(frozen=True)
class Declared:
    """Whole numbers that a definition declares, and where they come from; values: dots by category.

    Raises ValueError when they are not 100 in all.
    """

    values: Mapping[str, int]
    source: str

    def __post_init__(self):
        if min(self.values.values()) < 0 or sum(self.values.values()) != DOTS:
            raise ValueError(f"expected whole numbers that sum to {DOTS}, not {list(self.values.values())}")


def icon_array(declared: Declared, labels: Mapping[str, str], *, lang: str, caption: str, alt: str) -> Figure:
    """Of 100: one dot each, category by category, apart in fill and shape; labels by category.

    Raises DisclosureError for anything but `Declared`: data of pupils go through a SafeTable.
    """
    if not isinstance(declared, Declared):
        raise DisclosureError("present.not_declared", found=type(declared).__name__)
    kinds = [number for number, count in enumerate(declared.values.values()) for _ in range(count)]

    def paint(axes) -> None:
        for number, (name, count) in enumerate(declared.values.items()):
            places = [place for place, kind in enumerate(kinds) if kind == number]
            _dots(axes, number, places, _legend(labels[name], count, lang))
        axes.set_axis_off()
        axes.set_xlim(-0.7, PER_ROW - 0.3)
        axes.set_ylim(DOTS / PER_ROW - 0.3, -0.7)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.02), frameon=False, labelspacing=0.7)

    return Figure(draw(paint, HEIGHT_MM), alt, caption)


def _dots(axes, number: int, places: list[int], label: str) -> None:
    columns, rows = [place % PER_ROW for place in places], [place // PER_ROW for place in places]
    style = {"marker": SHAPES[number], "color": COLOURS[number], "edgecolor": INK, "linewidth": 0.8}
    axes.scatter(columns, rows, s=95, label=label, **style)


def _legend(label: str, count: int, lang: str) -> str:
    return wrap(say("present.dots", lang, label=label, count=str(count)), units=60)
