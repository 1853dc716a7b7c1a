"""An import mapping drafted from scales: which question holds which item, with what to check before it is used."""

from collections.abc import Iterator, Sequence

from xinyu_lib.errors import UnknownName
from xinyu_lib.scales import Scale
from xinyu_lib.scales import scales as shipped
from xinyu_lib.scales.phrases import Phrases
from xinyu_lib.tables import load_layout
from xinyu_lib.words import say

NUMBER_QUESTION = 1  # the question in which pupils give their number, in our drafts


def drafted(scales: Sequence[Scale], *, layout: str = "wenjuanxing-number", first: int = 2, lang: str = "zh") -> str:
    """The TOML of a mapping for these scales, one after the other from question `first` on.

    Answers are read by position, or by texts that are still to be put in: the first option is the lowest code of its
    item. A layout without question numbers has a column per item, named as in the library, with the scale's own codes.
    Raises UnknownName for the layout and for scales that no mapping can name: one's own, and one named twice.
    """
    refuse_unmappable(scales)
    numbered = load_layout(layout).item_header is not None
    by_text = load_layout(layout).answers == "texts"
    lines = [*comment("draft.head", lang, n=NUMBER_QUESTION), f'layout = "{layout}"', "", *_columns(numbered, lang)]
    for scale in scales:
        last = first + len(scale.numbers) - 1
        lines += ["", "[[scales]]", f'id = "{scale.id}"']
        lines += _by_number(scale, first, last, lang, by_text) if numbered else _by_name(scale, lang)
        first = last + 1
    return "\n".join(lines) + "\n"


def refuse_unmappable(scales: Sequence[Scale]) -> None:
    """Raises UnknownName for scales that no mapping can name: one's own, and one named twice."""
    for place, scale in enumerate(scales):
        if scale.id not in shipped() or scale.id in (other.id for other in scales[:place]):
            raise UnknownName("census.draft_scale", scale=scale.id)


def _code_lines(scale: Scale, first: int, lang: str) -> Iterator[str]:
    """Per run of items with the same codes: which questions, and what each option counts."""
    words = Phrases(scale, lang)
    for codes, items in _by_codes(scale).items():
        questions = words.items([first + scale.numbers.index(item) for item in items])
        yield say("census.draft.codes", lang, questions=questions, codes=words.pairs(enumerate(codes, 1)))


def position_lines(scale: Scale, first: int, lang: str) -> Iterator[str]:
    """That options are counted, and what each then counts."""
    yield from comment("draft.positions", lang)
    yield from (f"#   {line}" for line in _code_lines(scale, first, lang))
    yield "positions = true"


def supplement_lines(scale: Scale, last: int, lang: str) -> list[str]:
    """How to add the items that not every form has."""
    extra = sum(len(each.items) for each in scale.supplements)
    return comment("draft.supplements", lang, last=last + extra, n=extra)


def comment(name: str, lang: str, **fields: object) -> list[str]:
    """A wording of the catalogue (`draft.head`) as lines of TOML that say nothing to a program."""
    return [f"# {line}" for line in say(f"census.{name}", lang, **fields).splitlines()]


def _columns(numbered: bool, lang: str) -> list[str]:
    headers = ["number", "submitted_at", "seconds"]
    named = [say(f"census.draft.{name}", lang, n=NUMBER_QUESTION) for name in headers]
    found = dict(zip(headers, named if numbered else headers, strict=True))
    return ["[columns]", *comment("draft.columns", lang), *(f'{name} = "{header}"' for name, header in found.items())]


def _by_number(scale: Scale, first: int, last: int, lang: str, by_text: bool) -> Iterator[str]:
    yield from comment("draft.questions", lang, title=scale.title.say(lang), first=first, last=last, n=last - first + 1)
    yield f"questions = [{first}, {last}]"
    if scale.supplements:
        yield from supplement_lines(scale, last, lang)
    yield from _options(scale, lang) if by_text else position_lines(scale, first, lang)


def _options(scale: Scale, lang: str) -> Iterator[str]:
    """Texts to be put in, for every item; the first one the lowest code."""
    yield from comment("draft.texts", lang)
    for codes, items in _by_codes(scale).items():
        texts = ", ".join(f'"{say("census.draft.text", lang, n=n)}" = {code}' for n, code in enumerate(codes, 1))
        whole = len(items) == len(scale.numbers)
        yield from [] if whole else ["[[scales.options]]", f"items = {list(items)}"]
        yield f"codes = {{ {texts} }}"


def _by_codes(scale: Scale) -> dict[tuple[int, ...], list[int]]:
    """Items by the codes they share."""
    found: dict[tuple[int, ...], list[int]] = {}
    for item in scale.numbers:
        found.setdefault(scale.codes_of(item), []).append(item)
    return found


def _by_name(scale: Scale, lang: str) -> Iterator[str]:
    yield from comment("draft.headers", lang, title=scale.title.say(lang), n=len(scale.numbers))
    yield f'headers = "{scale.prefix}_{{item}}"'
