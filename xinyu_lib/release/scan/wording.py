"""Declared wording, and whether something found stands in it.

A name may be an ordinary word (高峰, 安全): where it occurs in declared wording too, it is told only outside of it. The
rule: a hit stands in declared wording when its neighbours, two characters on each side or four on one, are those of a
place where the wording has the same characters. A placeholder fits any neighbour, and so does the end of the text
when there are three others. A hit where one declared text ends and the next begins stands in it too: lines of a page.
Its limit: a report that puts such a name exactly where the wording has the word is not found out.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from xinyu_lib.release.scan.spelling import joined, plain
from xinyu_lib.words import FOLDER, LANGUAGES, catalogue

PACKAGE = Path(__file__).parents[2]
DEFINITIONS = ("scales", "policy", "tables", "sections")
TEMPLATES = PACKAGE / "reporting" / "templates"
PLACEHOLDER = re.compile(r"\{\w*\}")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")
EDGE = "\0"
NEIGHBOURS, ONE_SIDE = 2, 4


def declared_wording(*more: str) -> frozenset[str]:
    """All text that is declared in the package: catalogues, scales, policies, tables, templates of reports.

    more: what a run declares beside it, such as names of schools or cells of a report notebook.
    """
    rooms = sorted(path.stem for path in (FOLDER / LANGUAGES["zh"]).glob("*.po"))
    words = {text for room in rooms for lang in LANGUAGES for text in catalogue(room, lang).values()}
    files = (path for room in DEFINITIONS for path in (PACKAGE / room).rglob("*.toml"))
    defined = {text for path in files for text in _texts(tomllib.loads(path.read_text(encoding="utf-8-sig")))}
    lines = {
        line
        for path in TEMPLATES.rglob("*")
        if path.is_file()
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    return frozenset(words | defined | lines | set(more))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for part in value.values() for text in _texts(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _texts(part))
    elif isinstance(value, str):
        yield value


class Wording:
    """Texts to stand in; joined texts between edges, a placeholder being an edge."""

    def __init__(self, texts: Iterable[str], numbers: str = EDGE):
        """numbers: what a placeholder is replaced by; `#` when the numbers of texts are written so too."""
        hashed = numbers != EDGE
        parts = (PLACEHOLDER.sub(numbers, text) for text in texts)
        plained = {joined(plain(NUMBER.sub(numbers, part) if hashed else part)) for part in parts}
        self.text = EDGE + EDGE.join(sorted(plained)) + EDGE

    def holds(self, text: str, start: int, end: int) -> bool:
        """True when text[start:end], both joined and plain, stands in the wording; see above."""
        places = _places(self.text, text[start:end])
        cuts = range(start + 1, end)
        return any(self._fits(text, start, end, at) for at in places) or any(self._meet(text, cut) for cut in cuts)

    def _meet(self, text: str, cut: int) -> bool:
        """True when a declared text ends at the cut and another one begins there: four characters, or all of it."""
        lengths = range(NEIGHBOURS, ONE_SIDE + 1)
        before, after = [text[max(0, cut - n) : cut] for n in lengths], [text[cut : cut + n] for n in lengths]
        ends = any(EDGE * (len(part) < ONE_SIDE) + part + EDGE in self.text for part in before)
        return ends and any(EDGE + part + EDGE * (len(part) < ONE_SIDE) in self.text for part in after)

    def _fits(self, text: str, start: int, end: int, at: int) -> bool:
        after = at + end - start
        left = _Side(text[:start][-ONE_SIDE:][::-1], self.text[max(0, at - ONE_SIDE - 1) : at][::-1])
        right = _Side(text[end : end + ONE_SIDE], self.text[after : after + ONE_SIDE + 1])
        whole = all(side.text == "" and side.ended for side in (left, right))
        # a short declared text may have fewer neighbours, if all of it is there; a text that was cut must have more
        enough = NEIGHBOURS - (left.ended and right.ended) + (left.cut or right.cut)
        both = left.fits and right.fits and left.same + right.same >= enough
        return whole or both or max(left.same, right.same) >= ONE_SIDE


class _Side:
    """The neighbours on one side of a hit: how many are the same, and whether the wording ends after them."""

    def __init__(self, text: str, wording: str):
        self.text, self.same = text, 0
        while self.same < len(text) and text[self.same] == wording[self.same : self.same + 1]:
            self.same += 1
        self.ended = wording[self.same : self.same + 1] == EDGE

    @property
    def cut(self) -> bool:
        """The text ends before the wording does."""
        return self.same == len(self.text) < NEIGHBOURS and not self.ended

    @property
    def fits(self) -> bool:
        """Enough alike, or nothing is left to compare."""
        return self.same >= NEIGHBOURS or self.ended or self.cut


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part) if part else -1
    while at >= 0:
        yield at
        at = text.find(part, at + 1)
