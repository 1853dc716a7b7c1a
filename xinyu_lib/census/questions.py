"""Questions with options: the columns of an answer file that may be items of a scale, and what stands in them."""

from collections import Counter
from dataclasses import dataclass, field

from xinyu_lib.census.cells import header_key
from xinyu_lib.census.options import option_key, option_text
from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.census.sought import sought
from xinyu_lib.tables import Layout


@dataclass(frozen=True)
class Question:
    """A column with options.

    title: the text of the question where the file has it. times, rows, texts: by key of the option, how often it stands
    there, in which rows (no more of them than matter), and as which text.
    """

    place: int
    number: int | None
    header: str
    title: str
    times: Counter[str] = field(default_factory=Counter)
    rows: dict[str, set[int]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def next_to(self, other: "Question") -> bool:
        """True when the other one follows."""
        if self.number is None:
            return other.place == self.place + 1
        return other.number == self.number + 1


def questions(raw: RawTable, layout: Layout, *, without: set[int]) -> list[Question]:
    """The columns that may be items, in order.

    without: columns known to hold something else. A column with too many different values stays in the row of questions
    but has no options.
    """
    numbers = [layout.question(header) for header in raw.headers]
    found = []
    for place, (header, number) in enumerate(zip(raw.headers, numbers, strict=True)):
        known = not header or header in layout.system or place in without
        numbered = number is not None if layout.item_header else True
        if known or not numbered:
            continue
        question = Question(place, number, header, _title(raw, place))
        alone = numbers.count(number) == 1 if layout.item_header else len(raw.places[header_key(header)]) == 1
        counted = _counted(question, raw, layout)
        found.append(counted if alone and len(counted.times) <= sought().most_options else question)
    return found


def _title(raw: RawTable, place: int) -> str:
    return next((name for name in (raw.also[place] if raw.also else ()) if name), raw.headers[place])


def _counted(question: Question, raw: RawTable, layout: Layout) -> Question:
    """The same question with its options."""
    blank = {"", *layout.unanswered, *layout.skipped}
    cells = [row[question.place] for row in raw.rows]
    keys = {cell: option_key(cell) for cell in set(cells) - blank}
    counted = Question(question.place, question.number, question.header, question.title)
    for cell, n in Counter(cells).most_common():
        if cell in keys:
            counted.times[keys[cell]] += n
            counted.texts.setdefault(keys[cell], option_text(cell))
    for at, cell in enumerate(cells):
        if cell in keys and len(rows := counted.rows.setdefault(keys[cell], set())) < sought().rows_at_least:
            rows.add(at)
    return counted
