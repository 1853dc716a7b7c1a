"""Mappings: which columns of an answer file hold what, one small TOML file per questionnaire."""

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from xinyu_lib import registry
from xinyu_lib.census.options import option_key
from xinyu_lib.census.readers import existing
from xinyu_lib.errors import DefinitionError
from xinyu_lib.registry import Definition, Flag, Text, Whole
from xinyu_lib.scales import Scale, form_name, load_form
from xinyu_lib.scales.vocabulary import ScaleId
from xinyu_lib.tables import load_layout
from xinyu_lib.words import say

OPEN = "?"  # what a suggested mapping leaves for a person to fill in


def _filled(given: object) -> object:
    if isinstance(given, dict) and (n := list(given.values()).count(OPEN)):
        raise PydanticCustomError("open", say("census.mapping_open", n=n))
    if isinstance(given, dict):  # the quotes of the question mark are easily left around the code
        return {text: int(code) if str(code).isdecimal() else code for text, code in given.items()}
    return given


Codes = Annotated[dict[str, Whole], BeforeValidator(_filled)]


class MappedColumns(Definition):
    """Headers of the columns that say who answered, when, how long it took, and whether to the end.

    A pupil is told by number, or by class, number in class and name together (all three, with the school where the file
    holds several). finished: a sheet counts as handed in when the layout knows the value there as an end.
    """

    number: Text | None = None
    school: Text | None = None
    class_id: Text | None = None
    class_number: Text | None = None
    name: Text | None = None
    submitted_at: Text | None = None
    seconds: Text | None = None
    finished: Text | None = None

    @model_validator(mode="after")
    def _somebody_is_named(self) -> Self:
        if not (self.number or (self.class_id and self.class_number and self.name)):
            raise PydanticCustomError("nobody", say("census.mapping_nobody"))
        return self


class MappedOptions(Definition):
    """Codes of some items whose options are written otherwise than those of the rest."""

    items: tuple[Whole, ...] = Field(min_length=1)
    codes: Codes = Field(min_length=1)


class MappedScale(Definition):
    """Where the items of a scale stand: numbers of the first and last question, a pattern of headers, or all headers.

    codes: code or text of an option as the file has it -> code of the form; options: the same for some items only;
    positions: the file holds option positions, the first option being the lowest code of its item; the form's own codes
    if none is given. variant, left_out: how the form differs from the scale file. supplements: the form has the items
    beyond the scale's own.
    """

    id: ScaleId
    questions: tuple[Whole, Whole] | None = None
    headers: Text | tuple[Text, ...] | None = None
    codes: Codes = Field(default_factory=dict)
    options: tuple[MappedOptions, ...] = ()
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

    def item_headers(self) -> list[str]:
        """Headers of all items, by the pattern (`depr{item:02d}`) or as given; empty when they go by number."""
        if isinstance(self.headers, str):
            return [self.headers.format(item=item) for item in self.items]
        return list(self.headers or ())

    def file_codes(self, item: int) -> dict[str, int]:
        """Option as `written` in the file -> code of the form, for one item."""
        own = self.scale.codes_of(item)
        if self.positions:
            return {str(place): code for place, code in enumerate(own, 1)}
        given = self.given_codes(item) or {str(code): code for code in own}
        return {self.written(option): code for option, code in given.items() if code in own}

    def given_codes(self, item: int) -> dict[str, int]:
        """The codes that the mapping states for one item; none where the form's own stand in the file."""
        return next((each.codes for each in self.options if item in each.items), self.codes)

    def written(self, cell: str) -> str:
        """What counts of a cell's text when it is looked up in `file_codes`."""
        return option_key(cell)


class Mapping(Definition):
    """How to read one kind of answer file.

    ignore: patterns of headers that are known and not wanted. rows: header -> the value that a row must have there to
    belong to this questionnaire (the event of a longitudinal export); other rows are counted and left out.
    """

    layout: Text
    sheet: Text | None = None
    ignore: tuple[Text, ...] = ()
    rows: Annotated[dict[str, str], BeforeValidator(_filled)] = Field(default_factory=dict)
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
    """True when every item has a header of its own."""
    try:
        headers = each.item_headers()
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):
        return False
    return len(headers) == len(set(headers)) == len(each.items)


def _check_codes(file: str, each: MappedScale) -> None:
    groups = [each.codes, *(group.codes for group in each.options)]
    known = {code for item in each.items for code in each.scale.codes_of(item)}
    stated = [item for group in each.options for item in group.items]
    wrong = (
        (each.positions and (each.codes or each.options))
        or len(stated) > len(set(stated))
        or not set(stated) <= set(each.items)
        or any(_ambiguous(each, codes) for codes in groups)
        or any(code not in known for codes in groups for code in codes.values())
    )
    if wrong:
        raise DefinitionError("census.mapping_codes", file=file, scale=each.id, low=min(known), high=max(known))


def _ambiguous(each: MappedScale, codes: dict[str, int]) -> bool:
    """True when two spellings stand for one option: only the last would be left."""
    return len({each.written(option) for option in codes}) < len(codes)


def _check_overlap(file: str, mapping: Mapping) -> None:
    taken: set[object] = set()
    for each in mapping.scales:
        mine = {each.id, *each.numbers, *each.item_headers()}
        if mine & taken:
            raise DefinitionError("census.mapping_overlap", file=file, scale=each.id)
        taken |= mine
