"""Mappings: which columns of an answer file hold what, one small TOML file per questionnaire."""

from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import Field

from xinyu_lib import registry
from xinyu_lib.census.readers import existing
from xinyu_lib.census.values import plain_code
from xinyu_lib.errors import DefinitionError
from xinyu_lib.registry import Definition, Text, Whole
from xinyu_lib.scales import Scale, load_scale
from xinyu_lib.tables import load_layout


class MappedColumns(Definition):
    """Headers of the columns that say who answered, when, and how long it took."""

    number: Text
    submitted_at: Text | None = None
    seconds: Text | None = None


class MappedScale(Definition):
    """Where the items of a scale stand: numbers of the first and last question, or a pattern of headers.

    codes: code in the file -> code in the scale; the scale's own codes if not given.
    """

    id: Text
    questions: tuple[Whole, Whole] | None = None
    headers: Text | None = None
    codes: dict[str, Whole] = Field(default_factory=dict)

    @property
    def numbers(self) -> range:
        """Numbers of the questions, first to last; empty when the items go by header."""
        return range(self.questions[0], self.questions[1] + 1) if self.questions else range(0)

    def header_of(self, item: int) -> str:
        """Header of one item by the pattern (`depr{item:02d}`)."""
        return (self.headers or "").format(item=item)

    def item_headers(self, scale: Scale) -> list[str]:
        """Headers of all items by the pattern; empty when the items go by question number."""
        return [self.header_of(item) for item in range(1, scale.n_items + 1)] if self.headers else []

    def file_codes(self, scale: Scale) -> dict[str, int]:
        """Code as written in the file -> code of the scale."""
        same = {str(code): code for code in range(scale.response.min, scale.response.max + 1)}
        return {plain_code(written): code for written, code in self.codes.items()} or same


class Mapping(Definition):
    """How to read one kind of answer file. ignore: patterns of headers that are known and not wanted."""

    layout: Text
    sheet: Text | None = None
    ignore: tuple[Text, ...] = ()
    columns: MappedColumns
    scales: tuple[MappedScale, ...]

    def ignores(self, header: str) -> bool:
        """True for a header that is known and not wanted."""
        return any(fnmatchcase(header, pattern) for pattern in self.ignore)


def load_mapping(path: str | Path) -> Mapping:
    """Read a mapping file and hold it against its layout and scales.

    Raises FileMissing, DefinitionError naming file and scale, UnknownName for a layout or scale not declared.
    """
    path = existing(Path(path))
    mapping = registry.read(path, Mapping)
    numbered = load_layout(mapping.layout).item_header is not None
    for each in mapping.scales:
        _check_items(path.name, each, load_scale(each.id), numbered=numbered)
        _check_codes(path.name, each, load_scale(each.id))
    _check_overlap(path.name, mapping)
    return mapping


def _check_items(file: str, each: MappedScale, scale: Scale, *, numbered: bool) -> None:
    if (each.questions is None) == (each.headers is None):
        raise DefinitionError("census.mapping_questions_or_headers", file=file, scale=each.id)
    if each.questions and not numbered:
        raise DefinitionError("census.mapping_no_numbers", file=file, scale=each.id)
    if each.questions and len(each.numbers) != scale.n_items:
        found = len(each.numbers)
        raise DefinitionError("census.mapping_count", file=file, scale=each.id, found=found, needed=scale.n_items)
    if each.headers and not _is_pattern(each):
        raise DefinitionError("census.mapping_pattern", file=file, scale=each.id)


def _is_pattern(each: MappedScale) -> bool:
    """True when the pattern gives every item a header of its own."""
    try:
        return each.header_of(1) != each.header_of(2)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):
        return False


def _check_codes(file: str, each: MappedScale, scale: Scale) -> None:
    low, high = scale.response.min, scale.response.max
    if any(not low <= code <= high for code in each.codes.values()):
        raise DefinitionError("census.mapping_codes", file=file, scale=each.id, low=low, high=high)


def _check_overlap(file: str, mapping: Mapping) -> None:
    taken: set[object] = set()
    for each in mapping.scales:
        mine = {each.id, *each.numbers, *each.item_headers(load_scale(each.id))}
        if mine & taken:
            raise DefinitionError("census.mapping_overlap", file=file, scale=each.id)
        taken |= mine
