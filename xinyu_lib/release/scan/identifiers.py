"""Names, numbers, keys and free text, sought all at once: windows of a text, looked up in sets of secrets."""

from collections import defaultdict
from collections.abc import Iterator

from xinyu_lib.release.scan.context import Secrets
from xinyu_lib.release.scan.spelling import closed_up, joined, packed, plain, spellings
from xinyu_lib.release.scan.vocabulary import vocabulary
from xinyu_lib.release.scan.wording import Wording

HEAD = 8  # longer secrets are looked up by their beginning
LONG = 12  # from here on a run of letters and digits is told even when it touches others
SENTENCES = "。！？!?\n"


class Index:
    """Secrets by length; the kind of each."""

    def __init__(self, secrets: dict[str, str]):
        self.kinds, self.heads = secrets, defaultdict(list)
        for secret in secrets:
            self.heads[secret[:HEAD]].append(secret)
        self.lengths = {
            length: {head for head in self.heads if len(head) == length} for length in {*map(len, self.heads)}
        }

    def hits(self, text: str) -> Iterator[tuple[str, int]]:
        """Every secret in the text and where it starts."""
        for length, heads in self.lengths.items():
            windows = {text[at : at + length] for at in range(len(text) - length + 1)}
            for head in windows & heads:
                yield from self._starts(text, head)

    def _starts(self, text: str, head: str) -> Iterator[tuple[str, int]]:
        at = text.find(head)
        while at >= 0:
            yield from ((secret, at) for secret in self.heads[head] if text.startswith(secret, at))
            at = text.find(head, at + 1)


class Identifiers:
    """Two indexes: of what is found in joined text, and of short Latin names and numbers, which must stand alone."""

    def __init__(self, secrets: Secrets, wording: Wording):
        self.wording = wording
        apart, touching = {}, {}
        for secret, kind in _sought(secrets):
            close = joined(secret)
            alone = close.isascii() and len(close) < LONG
            (apart if alone else touching)[secret if alone else close] = kind
        self.apart, self.touching = Index(apart), Index(touching)

    def kinds(self, text: str) -> set[str]:
        """Which kinds of secrets (name, number, key, text) a text tells, in any spelling."""
        meant = spellings(text)
        return {kind for each in [*meant, *packed(meant[-1])] for kind in self._plain_kinds(plain(each))}

    def _plain_kinds(self, page: str) -> Iterator[str]:
        close = joined(page)
        for secret, at in self.touching.hits(close):
            if not self.wording.holds(close, at, at + len(secret)):
                yield self.touching.kinds[secret]
        for spaced in {page, closed_up(page)}:
            yield from self._alone(spaced)

    def _alone(self, page: str) -> Iterator[str]:
        for secret, at in self.apart.hits(page):
            end = at + len(secret)
            touched = _touches(page[max(0, at - 1) : at], secret[0]) or _touches(page[end : end + 1], secret[-1])
            start = len(joined(page[:at]))
            if not touched and not self.wording.holds(joined(page), start, start + len(joined(secret))):
                yield self.apart.kinds[secret]


def _touches(neighbour: str, edge: str) -> bool:
    """True when a letter or digit goes on beyond the edge; a point beside a digit goes on too."""
    return neighbour.isascii() and (neighbour.isalnum() or (edge.isdigit() and neighbour == "."))


def _sought(secrets: Secrets) -> Iterator[tuple[str, str]]:
    limits = vocabulary().limits
    for kind, values in (("text", _sentences(secrets.texts)), ("key", secrets.keys), ("number", secrets.numbers)):
        shortest = limits.shortest_text if kind == "text" else limits.shortest_number
        for value in map(_trimmed, values):
            if len(joined(value)) >= (max(shortest, limits.shortest_digits) if value.isdecimal() else shortest):
                yield value, kind
    yield from ((value, "name") for value in map(_trimmed, secrets.names) if len(joined(value)) > 1)


def _trimmed(value: str) -> str:
    return plain(value).strip()


def _sentences(texts: frozenset[str]) -> set[str]:
    """Each text and each sentence of it: half of a note tells as much."""
    marks = str.maketrans(dict.fromkeys(SENTENCES, "\n"))
    return {part for text in texts for part in [text, *text.translate(marks).split("\n")]}
