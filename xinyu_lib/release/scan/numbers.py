"""Numbers in text: those a SafeTable shows, small counts of persons, and shares that imply one."""

import re
from collections.abc import Iterator
from functools import cached_property

from xinyu_lib.release.scan.context import Context
from xinyu_lib.release.scan.finding import Mark, Text
from xinyu_lib.release.scan.spelling import joined, plain
from xinyu_lib.release.scan.vocabulary import vocabulary
from xinyu_lib.release.scan.wording import NUMBER, Wording
from xinyu_lib.words import LANGUAGES, catalogue

PLACES = ("第", "前")  # before a number: a place in a row, not a count
# a comma before three digits goes on a number, any other one begins a clause (， is written , by then)
COUNT = r"(?<![\d.])(?!(?<=\d,)\d{3}(?!\d))(\d{1,3}(?:,\d{3})+|\d+)(?![\d%]|\.\d)"


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a text without per cent signs and separators of thousands: "1,212 / 88.7%" gives 1212 and 88.7."""
    return frozenset(found.rstrip("%").replace(",", "") for found in NUMBER.findall(plain(text)))


class Counts:
    """Counts below the threshold, in declared wording only where it says so; see `vocabulary.toml`."""

    def __init__(self, context: Context, wording: Wording):
        self.threshold, self.wording = context.threshold, wording
        self.rules = Wording(
            (catalogue(id_.partition(".")[0], lang)[id_] for id_ in vocabulary().rules for lang in LANGUAGES), "#"
        )

    def marks(self, text: Text, shown: frozenset[str]) -> Iterator[Mark]:
        """Small counts and shares of persons in the text, and numbers in place of a picture that no table shows."""
        page = plain(text.text)
        if any(self._small(page, found, shown) for pattern in self._counts for found in pattern.finditer(page)):
            yield Mark(text.where, "release.scan.small_number.count")
        if any(self._small_share(found, shown) for pattern in self._shares for found in pattern.finditer(page)):
            yield Mark(text.where, "release.scan.small_number.share")
        if text.alt and any(self._unknown(page, found, shown) for found in NUMBER.finditer(page)):
            yield Mark(text.where, "release.scan.alt_text.number")

    @cached_property
    def _counts(self) -> tuple[re.Pattern, ...]:
        persons, before = "|".join(vocabulary().persons), "|".join(vocabulary().persons_before)
        words = "|".join(vocabulary().count_words)
        return (
            re.compile(rf"{COUNT}\s*(?:/\s*[\d,]+\s*)?(?:{persons})"),
            re.compile(rf"(?<![一二三四五六七八九十百千第a-z])({words})\s*(?:{persons})"),
            re.compile(rf"(?:{before})\s*[:=]\s*{COUNT}"),
        )

    @cached_property
    def _shares(self) -> tuple[re.Pattern, ...]:
        persons = "|".join(vocabulary().persons)
        share, of = r"(?P<share>\d+(?:\.\d+)?)\s*%", r"(?P<of>\d[\d,]*)(?![\d%]|\.\d)"
        return (
            re.compile(rf"{share}\s*(?:of|/)\s*(?:the\s+)?{of}"),
            re.compile(rf"{share}\s*\(\s*(?:n\s*=\s*|共\s*|of\s+)?{of}\s*(?:{persons}|\))"),
            re.compile(rf"{of}\s*(?:{persons})\w{{0,6}}?(?:中|的|里)[^\d;。]{{0,12}}{share}"),
        )

    def _small(self, page: str, found: re.Match, shown: frozenset[str]) -> bool:
        digits = found[1].replace(",", "")
        count = vocabulary().count_words.get(digits) or int(digits)
        if page[: found.start(1)].rstrip().endswith(PLACES):
            return False
        return (
            0 < count < self.threshold and digits not in shown and not self._declared(page, found.start(1), found.end())
        )

    def _small_share(self, found: re.Match, shown: frozenset[str]) -> bool:
        count = round(float(found["share"]) * int(found["of"].replace(",", "")) / 100)
        return 0 < count < self.threshold and found["share"] not in shown

    def _unknown(self, page: str, found: re.Match, shown: frozenset[str]) -> bool:
        return not numbers_in(found[0]) <= shown and not self._declared(page, *found.span())

    def _declared(self, page: str, start: int, end: int) -> bool:
        """True in declared wording as it stands, or with a number in place of a placeholder of a rule."""
        if self.wording.holds(joined(page), len(joined(page[:start])), len(joined(page[:end]))):
            return True
        before, hit, after = (NUMBER.sub("#", part) for part in (page[:start], page[start:end], page[end:]))
        return self.rules.holds(joined(before + hit + after), len(joined(before)), len(joined(before + hit)))
