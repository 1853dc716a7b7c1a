"""A file opened for reading: its headers, and its rows a stretch at a time, so that long files need no more memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from xinyu_lib.census.cells import header_key
from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.errors import EmptyFile, UnreadableFile

Line = list[str]
STRETCH = 50_000  # rows that are read, checked and written together
LOOKED_AT = 64  # lines among which the header is looked for


@dataclass(frozen=True)
class Lines:
    """The lines of a file as they come, cells stripped; `first_row` is the row of the first one in the file.

    header_rows: how many lines make up the header where the kind of file says so; None where it has to be found.
    """

    lines: Iterator[Line]
    first_row: int = 1
    header_rows: int | None = None
    sheet: str | None = None
    encoding: str | None = None


@dataclass
class RawFile:
    """Headers of a file and the way to its rows, which can be walked once.

    Made by `raw_file`. headers, also, sheet, encoding: as in `RawTable`.
    """

    name: str
    headers: tuple[str, ...]
    also: tuple[tuple[str, ...], ...]
    sheet: str | None
    encoding: str | None
    _body: Iterator[tuple[int, Line]] = field(repr=False)

    def stretches(self, rows: int = STRETCH) -> Iterator[RawTable]:
        """The rows below the header, some at a time. Raises EmptyFile when there is none."""
        found = 0
        while part := list(islice(self._body, rows)):
            table = self._table(part)
            found += len(table.rows)
            yield table
        if not found:
            raise EmptyFile("census.no_rows", file=self.name)

    def whole(self) -> RawTable:
        """All rows at once. Raises EmptyFile when there is none."""
        parts = list(self.stretches())
        return replace(
            parts[0],
            rows=tuple(row for part in parts for row in part.rows),
            row_numbers=tuple(number for part in parts for number in part.row_numbers),
            blank_rows=sum(part.blank_rows for part in parts),
        )

    def _table(self, part: list[tuple[int, Line]]) -> RawTable:
        filled = [(number, line) for number, line in part if line]
        width = len(self.headers)
        rows = tuple(tuple(line + [""] * (width - len(line))) for _, line in filled)
        numbers = tuple(number for number, _ in filled)
        blank = len(part) - len(filled)
        return RawTable(self.name, self.headers, rows, numbers, blank, self.sheet, self.encoding, self.also)


def raw_file(name: str, found: Lines, *, titles: Iterable[str] = ()) -> RawFile:
    """Headers and rows out of the lines of a file.

    titles: headers that are looked for. The header is the line that has most of them, alone or together with the line
    above it (cells merged downwards stand in the upper one); if no line has any, the first line in which different
    texts fill more than half of the table's width: a title over the table fills one cell.
    Raises EmptyFile without any text, UnreadableFile without a header.
    """
    lines = (_without_tail(line) for line in found.lines)
    looked_at = list(islice(lines, LOOKED_AT))
    if found.header_rows:
        at, headers, also = found.header_rows - 1, *_several_headers(name, looked_at[: found.header_rows])
    else:
        at, headers = _titled_line(looked_at, {header_key(title) for title in titles}) or _widest(name, looked_at)
        also = ()
    body = chain(looked_at[at + 1 :], lines)
    numbered = enumerate(body, found.first_row + at + 1)
    return RawFile(name, tuple(headers), also, found.sheet, found.encoding, numbered)


def _without_tail(line: Line) -> Line:
    """The line up to its last filled cell."""
    width = max((place for place, cell in enumerate(line, 1) if cell), default=0)
    return line[:width]


def _several_headers(name: str, lines: list[Line]) -> tuple[Line, tuple[tuple[str, ...], ...]]:
    """Headers of the first line, and what the others call the same columns."""
    if not lines or not lines[0]:
        raise UnreadableFile("census.no_header", file=name)
    width = len(lines[0])
    others = [line + [""] * width for line in lines[1:]]
    return lines[0], tuple(tuple(line[place] for line in others) for place in range(width))


def _titled_line(lines: list[Line], titles: set[str]) -> tuple[int, Line] | None:
    """The line with most of the titles, and its headers; None when no line has any."""
    candidates = []
    for at, line in enumerate(lines):
        candidates.append((at, line))
        if at:
            candidates.append((at, _merged(lines[at - 1], line)))
    counted = [(sum(header_key(cell) in titles for cell in set(headers)), at, headers) for at, headers in candidates]
    most, at, headers = max(counted, key=lambda each: each[0], default=(0, 0, []))
    return (at, headers) if most else None


def _merged(above: Line, below: Line) -> Line:
    """One header out of two lines: what stands below counts, what was merged downwards stands above."""
    width = max(len(above), len(below))
    above, below = (line + [""] * (width - len(line)) for line in (above, below))
    return [lower or upper for upper, lower in zip(above, below, strict=True)]


def _widest(name: str, lines: list[Line]) -> tuple[int, Line]:
    width = max(map(len, lines), default=0)
    if not width:
        raise EmptyFile("census.empty_file", file=name)
    for at, line in enumerate(lines):
        if 2 * len(set(line) - {""}) > width:
            return at, line
    raise UnreadableFile("census.no_header", file=name)
