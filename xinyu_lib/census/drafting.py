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

    Answers are read by position: the first option is the lowest code of its item. A layout without question numbers
    has a column per item, named as in the library, with the scale's own codes. Raises UnknownName for the layout and
    for scales that no mapping can name: one's own, and one named twice.
    """
    for place, scale in enumerate(scales):
        if scale.id not in shipped() or scale.id in (other.id for other in scales[:place]):
            raise UnknownName("census.draft_scale", scale=scale.id)
    numbered = load_layout(layout).item_header is not None
    lines = [*_comment("head", lang, n=NUMBER_QUESTION), f'layout = "{layout}"', "", *_columns(numbered, lang)]
    for scale in scales:
        last = first + len(scale.numbers) - 1
        lines += ["", "[[scales]]", f'id = "{scale.id}"']
        lines += _by_number(scale, first, last, lang) if numbered else _by_name(scale, lang)
        first = last + 1
    return "\n".join(lines) + "\n"


def _columns(numbered: bool, lang: str) -> list[str]:
    headers = ["number", "submitted_at", "seconds"]
    named = [say(f"census.draft.{name}", lang, n=NUMBER_QUESTION) for name in headers]
    found = dict(zip(headers, named if numbered else headers, strict=True))
    return ["[columns]", *_comment("columns", lang), *(f'{name} = "{header}"' for name, header in found.items())]


def _by_number(scale: Scale, first: int, last: int, lang: str) -> Iterator[str]:
    yield from _comment("questions", lang, title=scale.title.say(lang), first=first, last=last, n=len(scale.numbers))
    yield f"questions = [{first}, {last}]"
    yield from _comment("positions", lang)
    yield from (f"#   {line}" for line in _codes(scale, first, lang))
    yield "positions = true"
    if scale.supplements:
        extra = sum(len(each.items) for each in scale.supplements)
        yield from _comment("supplements", lang, last=last + extra, n=extra)


def _codes(scale: Scale, first: int, lang: str) -> Iterator[str]:
    """Per run of items with the same codes: which questions, and what each option counts."""
    words = Phrases(scale, lang)
    by_codes: dict[tuple[int, ...], list[int]] = {}
    for place, item in enumerate(scale.numbers):
        by_codes.setdefault(scale.codes_of(item), []).append(first + place)
    for codes, questions in by_codes.items():
        yield say("census.draft.codes", lang, questions=words.items(questions), codes=words.pairs(enumerate(codes, 1)))


def _by_name(scale: Scale, lang: str) -> Iterator[str]:
    yield from _comment("headers", lang, title=scale.title.say(lang), n=len(scale.numbers))
    yield f'headers = "{scale.prefix}_{{item}}"'


def _comment(name: str, lang: str, **fields: object) -> list[str]:
    return [f"# {line}" for line in say(f"census.draft.{name}", lang, **fields).splitlines()]
