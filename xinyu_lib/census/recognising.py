"""What an answer file says of itself: the layout it has, and which columns say who answered."""

import re
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from xinyu_lib.census.cells import header_key
from xinyu_lib.census.options import is_number
from xinyu_lib.census.questions import questions
from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.census.sought import sought
from xinyu_lib.tables import Layout, layouts, load_layout, load_table

WHO = ("number", "school", "class_id", "class_number", "name")
OTHER = "other"  # further columns about the pupil
PLAIN = "plain"
_BETWEEN = re.compile(r"[\W_]+")


def layout_of(raw: RawTable) -> str:
    """The layout of a file by its ending, the names of its columns and, where two tools write the same, its answers."""
    known = {name: load_layout(name) for name in layouts()}
    ending = Path(raw.name).suffix.lower()
    if named := [name for name, layout in known.items() if ending in layout.endings]:
        return named[0]
    # further lines of headers are rows as long as nobody has said how many there are
    names = {
        *raw.headers,
        *(name for names in raw.also for name in names),
        *(cell for row in raw.rows[:2] for cell in row),
    }
    signed = {name: layout for name, layout in known.items() if layout.signs and _signed(layout, names)}
    most = max((len(layout.signs) for layout in signed.values()), default=0)
    left = {name: layout for name, layout in signed.items() if len(layout.signs) == most}
    if len(left) > 1:
        texts = _in_texts(raw, next(iter(left.values())))
        left = {name: layout for name, layout in left.items() if (layout.answers == "texts") == texts}
    return next(iter(left), PLAIN)


def told_columns(raw: RawTable, layout: Layout) -> dict[str, list[str]]:
    """Headers by what they tell of the sheet, those equally sure together; columns that nobody names are left out."""
    named = _named(raw, layout)
    who = {column: _surest([each for each in named if each[0] == column]) for column in WHO}
    when = {
        column: [header for header in raw.headers if any(fnmatchcase(header, each) for each in patterns)]
        for column, patterns in layout.columns.items()
    }
    return {column: headers for column, headers in (who | when).items() if headers}


def no_items(raw: RawTable, layout: Layout) -> set[int]:
    """Places of the columns that are about the pupil or the sheet, and so no items."""
    told = {header for headers in told_columns(raw, layout).values() for header in headers}
    told |= {header for _, _, header in _named(raw, layout)}
    return {place for place, header in enumerate(raw.headers) if header in told}


def _named(raw: RawTable, layout: Layout) -> list[tuple[str, int, str]]:
    """What a header names, how sure that is (0 the surest), and the header."""
    also = raw.also or ((),) * len(raw.headers)
    found = []
    for header, names in zip(raw.headers, also, strict=True):
        told = next((told for name in (header, *names) if (told := _told(name, layout))), None)
        if told and header not in layout.system:
            found.append((*told, header))
    return found


def _surest(named: list[tuple[str, int, str]]) -> list[str]:
    best = min((rank for _, rank, _ in named), default=0)
    return [header for _, rank, header in named if rank == best]


def _signed(layout: Layout, names: set[str]) -> bool:
    return all(any(re.match(sign, name) for name in names) for sign in layout.signs)


def _in_texts(raw: RawTable, layout: Layout) -> bool:
    """True when more questions with options hold texts than numbers."""
    asked = questions(raw, layout, without=set())
    kinds = [all(map(is_number, question.times)) for question in asked if question.times]
    return 2 * sum(kinds) < len(kinds)


def _told(header: str, layout: Layout) -> tuple[str, int] | None:
    """The column that a header names, with or without words around it, and how sure its name is (0 the surest)."""
    number = re.match(layout.item_header, header, re.ASCII) if layout.item_header else None
    plain = _plain(header[number.end() :] if number else header)
    for text in (plain, _bare(plain)):
        for column in (*WHO, OTHER):
            if text in (known := _known_as(column)):
                return column, known.index(text)
    return None


@cache
def _known_as(column: str) -> list[str]:
    """Keys of the names that a column may have, the surest first."""
    table = load_table("pupil").columns
    titles = [title for each in table if _kind(each.name) == column for title in each.titles]
    return [_plain(name) for name in (*titles, *sought().words[column])]


def _kind(column: str) -> str:
    return column if column in WHO else OTHER


def _plain(name: str) -> str:
    return _BETWEEN.sub("", header_key(name))


def _bare(plain: str) -> str:
    """Without the words that may stand around the name of a column."""
    for word in sorted(sought().around, key=len, reverse=True):
        plain = plain.replace(word, "")
    return plain
