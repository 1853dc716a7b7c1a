"""One text, many spellings: what full-width forms, blanks, zero-width characters and encodings hide is made plain."""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

# soft hyphen, joiners, direction marks, variation selectors, tags, combining accents, blank letters
UNSEEN = re.compile(
    "[\u00ad\u034f\u0300-\u036f\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef]"
)
BETWEEN = re.compile(r"[\s·•‧・_*\-‐-―]+")
SPACED_OUT = re.compile(r"(?<![a-z0-9])(?:[a-z0-9][\s._-]){3,}[a-z0-9](?![a-z0-9])")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
HEX = re.compile(r"(?:[0-9a-fA-F]{2}){4,}")
UNICODE = re.compile(r"\\+u(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))")
BYTES = re.compile(r"(?:\\+x[0-9a-fA-F]{2})+")
CSS = re.compile(r"\\([0-9a-fA-F]{4,6})\s?")
ROUNDS = 3  # JSON within JSON within a notebook


def plain(text: str) -> str:
    """Full-width forms narrow, upper case lowered, what cannot be seen removed, one blank for any white space."""
    return re.sub(r"\s+", " ", UNSEEN.sub("", unicodedata.normalize("NFKC", UNSEEN.sub("", text))).casefold())


def joined(text: str) -> str:
    """A plain text without the blanks, dashes and dots that can stand between the characters of a name."""
    return BETWEEN.sub("", text)


def closed_up(text: str) -> str:
    """A plain text in which letters and digits that were spaced out (t 0 1 2) stand together again."""
    return SPACED_OUT.sub(lambda found: re.sub(r"[\s._-]", "", found[0]), text)


def spellings(text: str) -> list[str]:
    """The text, and what it means when entities, escapes and per cent signs in it are read."""
    found = [text]
    for _ in range(ROUNDS):
        for read in (html.unescape, _escapes, unquote):
            meant = read(found[-1])
            if meant != found[-1]:
                found.append(meant)
    return found


def _escapes(text: str) -> str:
    """Escapes of JSON, Python and CSS: \\u5f20, \\u{5f20}, \\xe5\\xbc\\xa0, \\5f20."""
    if "\\" not in text:
        return text
    text = UNICODE.sub(lambda found: _character(found[1] or found[2]), text)
    text = BYTES.sub(lambda found: _bytes(found[0]), text)
    text = CSS.sub(lambda found: _character(found[1]), text)
    # two halves of one rare character
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(code: str) -> str:
    return chr(int(code, 16)) if int(code, 16) < 0x110000 else ""


def _bytes(escaped: str) -> str:
    return bytes.fromhex(re.sub(r"\\+x", "", escaped)).decode("utf-8", errors="replace")


def packed(text: str) -> Iterator[str]:
    """What stands in base64 or hexadecimal in the text, wherever in a run of letters it begins."""
    for run in BASE64.findall(text):
        yield from (_decoded(run[start:]) for start in range(4))
    for run in HEX.findall(text):
        yield bytes.fromhex(run).decode("utf-8", errors="replace")


def unpacked(run: str) -> bytes:
    """Bytes of a run of base64, in either alphabet, whole groups only; empty when it is none."""
    run = run.rstrip("=").replace("-", "+").replace("_", "/")
    run = run[: len(run) - (len(run) % 4 == 1)]
    try:
        return base64.b64decode(run + "=" * (-len(run) % 4))
    except binascii.Error:
        return b""


def _decoded(run: str) -> str:
    return unpacked(run).decode("utf-8", errors="replace")
