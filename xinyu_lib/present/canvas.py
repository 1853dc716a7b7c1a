"""The surface all figures share: size, type, colours, and SVG that is the same on every machine."""

import io
import re
import unicodedata
from collections.abc import Callable
from functools import cache

from xinyu_lib.present.fonts import BOLD, REGULAR, require_glyphs

WIDTH_MM = 160  # text width of an A4 page with our margins
MM_PER_INCH = 25.4
FONT_POINTS = 9
INK, GREY, PALE, ACCENT = "#1d2b2f", "#6b7780", "#e6ebec", "#0f5c63"
# fill and hatch per category in order: apart for the colour-blind and in black and white; light, so that
# whiskers show on them; lines only, because dots make an SVG five times as large
FILLS = (
    ("#6fadb1", ""),
    ("#e8b871", "////"),
    ("#c9dcde", "\\\\\\\\"),
    ("#ffffff", "xxxx"),
    ("#c9d2d4", "----"),
)
# a name of our own, so that a font of the same name on some machine is never taken instead
FAMILY = "xinyu sans"
LINE_UNITS = 28  # width of a label line; a Chinese character takes two units


def draw(paint: Callable, height_mm: float) -> str:
    """SVG of what `paint(axes)` draws on a surface 160 mm wide, text as outlines, without date or random ids.

    Raises DefinitionError for a character our type does not have. Leaves matplotlib's settings alone.
    """
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_settings())
        figure = Figure((WIDTH_MM / MM_PER_INCH, height_mm / MM_PER_INCH), layout="constrained")
        paint(figure.subplots())
        require_glyphs("".join(_texts(figure)))
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def wrap(label: str, units: int = LINE_UNITS) -> str:
    """A label in lines of at most `units` (a Chinese character takes 2); none starts with a closing mark."""
    lines = [""]
    for piece in re.findall(r"[!-~]+\s*|.[，。、；：！？）》”]*", label):
        if lines[-1] and _units(lines[-1] + piece.rstrip()) > units:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def _units(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _settings() -> dict:
    return {
        "font.family": _family(),
        "font.size": FONT_POINTS,
        "axes.unicode_minus": False,
        "axes.edgecolor": GREY,
        "axes.labelcolor": GREY,
        "text.color": INK,
        "xtick.color": GREY,
        "ytick.color": INK,
        "hatch.linewidth": 0.6,
        "svg.fonttype": "path",
        "svg.hashsalt": "xinyu",
    }


@cache
def _family() -> str:
    """Make our two faces known to matplotlib under our own name."""
    from matplotlib.font_manager import FontEntry, fontManager

    for path, weight in ((REGULAR, 400), (BOLD, 700)):
        fontManager.ttflist.append(FontEntry(fname=str(path), name=FAMILY, weight=weight))
    return FAMILY


def _texts(figure) -> list[str]:
    from matplotlib.text import Text

    return [text.get_text() for text in figure.findobj(Text)]
