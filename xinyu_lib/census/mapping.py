"""Mappings: which columns of an answer file hold what, one small TOML file per questionnaire."""

from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import Field

from xinyu_lib import registry
from xinyu_lib.census.readers import existing
from xinyu_lib.census.values import plain_code
from xinyu_lib.errors import DefinitionError
from xinyu_lib.registry import Definition, Flag, Text, Whole
from xinyu_lib.scales import Scale, form_name, load_form
from xinyu_lib.scales.vocabulary import ScaleId
from xinyu_lib.tables import load_layout


class MappedColumns(Definition):
    """Headers of the columns that say who answered, when, and how long it took."""

    number: Text
    submitted_at: Text | None = None
    seconds: Text | None = None


class MappedScale(Definition):
    """Where the items of a scale stand: numbers of the first and last question, or a pattern of headers.

    codes: code in the file -> code of the form; positions: the file holds option positions, the first option being the
    lowest code of its item; the form's own codes if neither is given. variant, left_out: how the form differs from the
    scale file. supplements: the form has the items beyond the scale's own.
    """

    id: ScaleId
    questions: tuple[Whole, Whole] | None = None
    headers: Text | None = None
    codes: dict[str, Whole] = Field(default_factory=dict)
    positions: Flag = False
    variant: Text | None = None
    left_out: tuple[Whole, ...] = ()
    supplements: Flag = False

    @property
    def form(self) -> str:
        """The form in one word, as it is stored with every sheet."""
        return form_name(self.variant, self.left_out, supplements=self.supplements)

    @property
    def scale(self) -> Scale:
        """The scale as this form has it."""
        return load_form(self.id, self.form)

    @property
    def items(self) -> tuple[int, ...]:
        """Numbers of the items on the form, in questionnaire order."""
        return self.scale.all_numbers

    @property
    def numbers(self) -> range:
        """Numbers of the questions, first to last; empty when the items go by header."""
        return range(self.questions[0], self.questions[1] + 1) if self.questions else range(0)

    def header_of(self, item: int) -> str:
        """Header of one item by the pattern (`depr{item:02d}`)."""
        return (self.headers or "").format(item=item)

    def item_headers(self) -> list[str]:
        """Headers of all items by the pattern; empty when the items go by question number."""
        return [self.header_of(item) for item in self.items] if self.headers else []

    def file_codes(self, item: int) -> dict[str, int]:
        """Code as written in the file -> code of the form, for one item."""
        own = self.scale.codes_of(item)
        if self.positions:
            return {str(place): code for place, code in enumerate(own, 1)}
        given = self.codes or {str(code): code for code in own}
        return {plain_code(written): code for written, code in given.items() if code in own}


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
        _check_items(path.name, each, numbered=numbered)
        _check_codes(path.name, each)
    _check_overlap(path.name, mapping)
    return mapping


def _check_items(file: str, each: MappedScale, *, numbered: bool) -> None:
    if (each.questions is None) == (each.headers is None):
        raise DefinitionError("census.mapping_questions_or_headers", file=file, scale=each.id)
    if each.questions and not numbered:
        raise DefinitionError("census.mapping_no_numbers", file=file, scale=each.id)
    if each.questions and (found := each.questions[1] - each.questions[0] + 1) != len(each.items):
        needed = len(each.items)
        raise DefinitionError("census.mapping_count", file=file, scale=each.id, found=found, needed=needed)
    if each.headers and not _is_pattern(each):
        raise DefinitionError("census.mapping_pattern", file=file, scale=each.id)


def _is_pattern(each: MappedScale) -> bool:
    """True when the pattern gives every item a header of its own."""
    try:
        return len(set(each.item_headers())) == len(each.items)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):
        return False


def _check_codes(file: str, each: MappedScale) -> None:
    known = {code for item in each.items for code in each.scale.codes_of(item)}
    both = bool(each.positions and each.codes)
    written = {plain_code(code) for code in each.codes}  # two spellings of one code would leave only the last
    if both or len(written) < len(each.codes) or any(code not in known for code in each.codes.values()):
        raise DefinitionError("census.mapping_codes", file=file, scale=each.id, low=min(known), high=max(known))


def _check_overlap(file: str, mapping: Mapping) -> None:
    taken: set[object] = set()
    for each in mapping.scales:
        mine = {each.id, *each.numbers, *each.item_headers()}
        if mine & taken:
            raise DefinitionError("census.mapping_overlap", file=file, scale=each.id)
        taken |= mine
