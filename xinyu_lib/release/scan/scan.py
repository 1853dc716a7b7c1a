"""`scan`: read every file of a run, judge its parts, tell what must not be there."""

import csv
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from pypdf.errors import PyPdfError

from xinyu_lib.release.scan.context import Context, Secrets
from xinyu_lib.release.scan.finding import Finding, Inner, Mark, Parameters, Part, Text, place
from xinyu_lib.release.scan.frames import is_table
from xinyu_lib.release.scan.identifiers import Identifiers
from xinyu_lib.release.scan.numbers import Counts
from xinyu_lib.release.scan.readers import FILES, READERS
from xinyu_lib.release.scan.spelling import joined, plain, unpacked
from xinyu_lib.release.scan.vocabulary import vocabulary
from xinyu_lib.release.scan.wording import Wording

# what readers and the parsers of others below them raise for a file that is not whole: told, never a pass
NOT_WHOLE = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RuntimeError, EOFError,
    OSError, csv.Error, struct.error, zlib.error, BadZipFile, ParseError, PyPdfError,
)  # fmt: skip
DATA_URL = re.compile(r"data:(?P<type>[\w.+-]+/[\w.+-]+)?(?:;[\w-]+=[\w-]+)*(?P<base64>;base64)?,(?P<data>[\w+/=%.-]*)")
LONG_RUN = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")


def scan(files: Sequence[Path], secrets: Secrets, context: Context, *, root: Path) -> list[Finding]:
    """What the files carry that they must not, file by file; an empty list means that nothing was found.

    files: finished files below `root`, the folder of the run. Reads nothing else: no vault, no network. A file that
    cannot be read is a finding, and so is one of a kind that has no reader. No finding repeats what was found.
    """
    scanner = _Scanner(secrets, context)
    found = []
    for number, path in enumerate(sorted(files), 1):
        found += scanner.file(path, path.relative_to(root).as_posix(), number)
    return list(dict.fromkeys(found))


class _Scanner:
    """The judges of one scan, and what they said of content that came before: a drawing stands in every format."""

    def __init__(self, secrets: Secrets, context: Context):
        wording = Wording(context.wording)
        self.context, self.wording = context, wording
        self.identifiers, self.counts = Identifiers(secrets, wording), Counts(context, wording)
        self.known: dict[tuple, tuple[Mark, ...]] = {}

    def file(self, path: Path, name: str, number: int) -> Iterator[Finding]:
        kinds = self.identifiers.kinds(name)
        shown = self.context.shown.get(name, frozenset())
        known = path.suffix if path.suffix[1:] in FILES else ""
        file = f"＊{number}{known}" if kinds else name
        marks = [Mark(place("file", number=number), "release.scan.file_name.identifier")] * bool(kinds)
        marks += self.marks(path.suffix[1:], path.read_bytes(), shown) if _readable(path) else [_unreadable("file")]
        yield from (mark.told(file) for mark in marks)

    def marks(self, form: str, content: bytes, shown: frozenset[str], depth: int = 0) -> tuple[Mark, ...]:
        """What is wrong with one file or a file inside one."""
        key = (form, sha256(content).digest(), shown)
        if key not in self.known:
            self.known[key] = tuple(dict.fromkeys(self._marks(form, content, shown, depth)))
        return self.known[key]

    def _marks(self, form: str, content: bytes, shown: frozenset[str], depth: int) -> Iterator[Mark]:
        if form not in READERS or depth > vocabulary().limits.depth:
            yield _unreadable("kind")
            return
        for part in _parts(form, content):
            yield from self._judged(part, shown, depth)

    def _judged(self, part: Part, shown: frozenset[str], depth: int) -> Iterator[Mark]:
        if isinstance(part, Mark):
            yield part
        elif isinstance(part, Parameters):
            if not part.names <= self.context.parameters:
                yield Mark(part.where, "release.scan.parameters.name")
        elif isinstance(part, Inner):
            yield from (mark.inside(part.where) for mark in self.marks(part.format, part.content, shown, depth + 1))
        else:
            text, carried = _without_data(part)
            for each in carried:
                yield from self._judged(each, shown, depth)
            yield from self._text(text, shown)

    def _text(self, text: Text, shown: frozenset[str]) -> Iterator[Mark]:
        for kind in sorted(self.identifiers.kinds(text.text)):
            yield Mark(text.where, f"release.scan.identifier.{kind}")
        yield from self.counts.marks(text, shown)
        for what, pattern in vocabulary().patterns.items():
            if any(not self._declared(text.text, *found.span()) for found in pattern.finditer(text.text)):
                yield Mark(text.where, what)
        if any(is_table(unpacked(run)) for run in LONG_RUN.findall(text.text)):
            yield Mark(text.where, "release.scan.data_frame.bytes")

    def _declared(self, text: str, start: int, end: int) -> bool:
        before, until = (len(joined(plain(text[:at]))) for at in (start, end))
        return self.wording.holds(joined(plain(text)), before, until)


def _parts(form: str, content: bytes) -> Iterator[Part]:
    """The parts of a file; where its reader gives up, what came before still counts and the file is unreadable."""
    try:
        yield from READERS[form](content)
    except NOT_WHOLE:
        yield _unreadable("damaged")


def _readable(path: Path) -> bool:
    return path.is_file() and path.stat().st_size <= vocabulary().limits.bytes


def _unreadable(what: str) -> Mark:
    return Mark(place("whole"), f"release.scan.unreadable.{what}")


def _without_data(text: Text) -> tuple[Text, list[Part]]:
    """The text without the files that stand in it as data URLs, and these files; other types than ours are marked."""
    carried: list[Part] = []
    for found in DATA_URL.finditer(text.text):
        known = vocabulary().data_urls.get((found["type"] or "").lower())
        if known and found["base64"]:
            carried.append(Inner(text.where, known, unpacked(found["data"])))
        elif found["type"]:
            carried.append(Mark(text.where, "release.scan.data_frame.url"))
    return (replace(text, text=DATA_URL.sub(_kept, text.text)), carried) if carried else (text, carried)


def _kept(found: re.Match) -> str:
    """Of a file that is read by itself nothing is left; of any other, what it says."""
    ours = (found["type"] or "").lower() in vocabulary().data_urls and found["base64"]
    return "" if ours else found["data"]
