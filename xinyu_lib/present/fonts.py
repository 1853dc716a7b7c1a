"""The type of reports: Noto Sans SC, regular and bold, carried by us (OFL, see fonts/OFL.txt)."""

from functools import cache
from pathlib import Path

from xinyu_lib.errors import DefinitionError

FOLDER = Path(__file__).with_name("fonts")
REGULAR = FOLDER / "NotoSansSC-Regular.ttf"
BOLD = FOLDER / "NotoSansSC-Bold.ttf"


@cache
def _known(font: Path) -> frozenset[int]:
    # matplotlib reads the font's character map; imported late, as everywhere, because it is slow
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(font).get_charmap())


def require_glyphs(text: str) -> None:
    """Raises DefinitionError naming the first character that our type cannot print: a blank box misleads."""
    known = _known(REGULAR) & _known(BOLD)
    for character in text:
        if not character.isspace() and ord(character) not in known:
            raise DefinitionError("present.glyph_missing", character=character, code=f"U+{ord(character):04X}")
