"""Our type inside a page: both faces cut down to the characters used, so that it looks the same anywhere."""

import base64
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from xinyu_lib.present.fonts import BOLD, REGULAR

FAMILY = "Xinyu Sans"
UNUSED_TABLES = ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx"]
ASCII = "".join(map(chr, range(0x20, 0x7F)))


def font_faces(text: str) -> str:
    """CSS that carries the regular and the bold face of every character in `text`; equal texts give equal bytes."""
    wanted = sorted(set(text + ASCII))
    return "\n".join(_face(weight, _subset(font, wanted)) for weight, font in ((400, REGULAR), (700, BOLD)))


def _face(weight: int, woff: bytes) -> str:
    data = base64.b64encode(woff).decode()
    source = f'src: url("data:font/woff;base64,{data}") format("woff");'
    return f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; {source} }}'


def _subset(path: Path, wanted: list[str]) -> bytes:
    subsetter = Subsetter(Options(layout_features=[], hinting=False, drop_tables=UNUSED_TABLES))
    subsetter.populate(unicodes=map(ord, wanted))
    out = BytesIO()
    with TTFont(path, lazy=True, recalcTimestamp=False) as font:
        subsetter.subset(font)
        font.flavor = "woff"
        font.save(out)
    return out.getvalue()
