"""Where the items of a scale stand in an answer file: questions in a row with as many options as there are codes."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import Literal

from xinyu_lib.census.options import is_number
from xinyu_lib.census.questions import Question
from xinyu_lib.census.sought import sought
from xinyu_lib.scales import Scale
from xinyu_lib.tables import Layout

Kind = Literal["own", "positions", "open"]


@dataclass(frozen=True)
class Options:
    """Items with the same options: their texts, commonest first, and how many were too rare to be shown.

    kind: `own`, the scale's codes stand there; `positions`, the options are counted; `open`, nobody can tell.
    """

    items: tuple[int, ...]
    kind: Kind
    texts: tuple[str, ...]
    rare: int = 0


@dataclass(frozen=True)
class Run:
    """Consecutive questions that may be the items of a scale.

    at: place of the first among the questions. pattern: `phq{item:02d}` where the headers count the items.
    """

    at: int
    questions: tuple[Question, ...]
    options: tuple[Options, ...]
    pattern: str | None

    @property
    def end(self) -> int:
        return self.at + len(self.questions)

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Plain codes come first, then headers that count the items, then the fewest kinds of options."""
        return any(each.kind == "open" for each in self.options), self.pattern is None, len(self.options)


def runs(asked: Sequence[Question], scale: Scale, layout: Layout) -> list[Run]:
    """All places where the scale may stand, only the most plausible ones: see `Run.rank`."""
    n = len(scale.numbers)
    found = [run for at in range(len(asked) - n + 1) if (run := _run(asked, at, scale, layout))]
    best = min((run.rank for run in found), default=None)
    return [run for run in found if run.rank == best]


def chosen(found: Sequence[Sequence[Run]]) -> list[Run | None]:
    """The run of each scale where there is no doubt, else None.

    That is the only way in which all stand one after the other, in this order; else the scales with one place only.
    """
    ways = list(islice(_in_order([each for each in found if each]), 2))
    if len(ways) == 1:
        ordered = iter(ways[0])
        return [next(ordered) if each else None for each in found]
    single = [each[0] if len(each) == 1 else None for each in found]
    return [run if run and not any(_overlap(run, other) for other in single) else None for run in single]


def _in_order(found: list[Sequence[Run]]) -> Iterator[list[Run]]:
    """All ways to place the scales one after the other."""

    @cache
    def possible(scale: int, start: int) -> bool:
        return scale == len(found) or any(run.at >= start and possible(scale + 1, run.end) for run in found[scale])

    def ways(scale: int, start: int) -> Iterator[list[Run]]:
        if scale == len(found):
            yield []
            return
        for run in found[scale]:
            if run.at >= start and possible(scale + 1, run.end):
                yield from ([run, *rest] for rest in ways(scale + 1, run.end))

    return ways(0, 0)


def _overlap(run: Run, other: Run | None) -> bool:
    return other is not None and other is not run and run.at < other.end and other.at < run.end


def _run(asked: Sequence[Question], at: int, scale: Scale, layout: Layout) -> Run | None:
    """The run that begins here, if the questions follow one another and their options fit the scale."""
    window = tuple(asked[at : at + len(scale.numbers)])
    follow = all(one.next_to(other) for one, other in pairwise(window))
    if not (follow and all(question.times for question in window)):
        return None
    options = []
    for items in _alike(window, scale):
        mine = {item: question for item, question in zip(scale.numbers, window, strict=True) if item in items}
        fitting = _options(mine, scale.codes_of(items[0]), layout)
        if fitting is None:
            return None
        options.append(fitting)
    kinds = {each.kind for each in options}
    mixed = "positions" in kinds and len(kinds) > 1  # a mapping says of the whole scale that options are counted
    return None if mixed else Run(at, window, tuple(options), _pattern(window, scale.numbers))


def _pattern(window: tuple[Question, ...], items: tuple[int, ...]) -> str | None:
    """The pattern by which every header is made of its item's number, if there is one."""
    headers = [question.header for question in window]
    for number in re.finditer(r"\d+", headers[0]):
        parts = headers[0][: number.start()], headers[0][number.end() :]
        before, after = (part.replace("{", "{{").replace("}", "}}") for part in parts)
        for item in ("{item}", f"{{item:0{len(number[0])}d}}"):
            pattern = before + item + after
            if [pattern.format(item=item) for item in items] == headers:
                return pattern
    return None


def _alike(window: tuple[Question, ...], scale: Scale) -> list[tuple[int, ...]]:
    """Items that share their codes and, where options are texts, directly or through others some of the texts."""
    groups: list[tuple[object, set[str], tuple[int, ...]]] = []
    for item, question in zip(scale.numbers, window, strict=True):
        codes, texts, items = scale.codes_of(item), {_kind_of(key) for key in question.times}, (item,)
        mine = [group for group in groups if group[0] == codes and group[1] & texts]
        groups = [group for group in groups if group not in mine]
        groups.append((codes, texts.union(*(g[1] for g in mine)), tuple(i for g in mine for i in g[2]) + items))
    return sorted(tuple(sorted(items)) for _, _, items in groups)


def _kind_of(key: str) -> str:
    """Numbers are one kind of option, every text is another."""
    return "0" if is_number(key) else key


def _options(mine: dict[int, Question], codes: tuple[int, ...], layout: Layout) -> Options | None:
    """What the options of alike items are; None when there are not as many as codes."""
    times = sum((question.times for question in mine.values()), Counter())
    items = tuple(mine)
    if any(len(codes) > 2 and len(each.times) <= sought().more_than * len(codes) for each in mine.values()):
        return None
    if all(map(is_number, times)):
        if layout.answers == "positions" and set(times) == {str(place) for place in range(1, len(codes) + 1)}:
            return Options(items, "positions", ())
        if set(times) == set(map(str, codes)):
            return Options(items, "own", ())
        if layout.answers == "positions":
            return None
    common = [key for key, _ in times.most_common() if _in_rows(key, mine)]
    if len(common) != len(codes):
        return None
    texts = {key: text for question in mine.values() for key, text in question.texts.items()}
    return Options(items, "open", tuple(texts[key] for key in common), len(times) - len(common))


def _in_rows(key: str, mine: dict[int, Question]) -> bool:
    return len({row for question in mine.values() for row in question.rows.get(key, ())}) >= sought().rows_at_least
