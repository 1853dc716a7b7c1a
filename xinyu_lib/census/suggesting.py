"""A mapping suggested from an answer file: what it tells is written, what it does not is left to a person."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from xinyu_lib.census.drafting import comment, position_lines, refuse_unmappable, supplement_lines
from xinyu_lib.census.mapping import OPEN
from xinyu_lib.census.questions import questions
from xinyu_lib.census.rawtable import RawTable
from xinyu_lib.census.recognising import layout_of, no_items, told_columns
from xinyu_lib.census.runs import Options, Run, chosen, runs
from xinyu_lib.census.sought import sought
from xinyu_lib.scales import Scale
from xinyu_lib.tables import Layout, load_layout, load_table
from xinyu_lib.words import say

SHOWN = 24  # characters of a header in a comment
NEVER_IN_DOUBT = ("submitted_at", "seconds", "finished")


def suggested(raw: RawTable, scales: Sequence[Scale], *, lang: str, sheet: str | None = None) -> str:
    """The TOML of a mapping for this file, with comments that say what to check and what is missing.

    raw: the file, or its first rows, with as many header rows as its layout has. scales: in the order of the
    questionnaire. sheet: the one that was asked for. A code that the file does not tell is written as `?`, which
    `load_mapping` refuses. Of the answers only values of items are shown, and only those in many rows.
    Raises UnknownName for scales that no mapping can name.
    """
    refuse_unmappable(scales)
    name = layout_of(raw)
    layout = load_layout(name)
    asked = questions(raw, layout, without=no_items(raw, layout))
    found = [runs(asked, scale, layout) for scale in scales]
    lines = [
        *comment("suggest.head", lang, file=raw.name, rows=len(raw.rows), layout=layout.label.say(lang)),
        f"layout = {_quoted(name)}",
        *([f"sheet = {_quoted(sheet)}"] if sheet else []),
        *_event(raw, layout, lang),
        "",
        *_columns(told_columns(raw, layout), lang),
    ]
    for scale, places, run in zip(scales, found, chosen(found), strict=True):
        lines += ["", *(_scale(scale, run, lang) if run else _nowhere(scale, places, lang))]
    return "\n".join(lines) + "\n"


def _columns(told: dict[str, list[str]], lang: str) -> Iterator[str]:
    yield "[columns]"
    yield from comment("suggest.columns", lang)
    for column, headers in told.items():
        if len(headers) == 1:
            yield f"{column} = {_quoted(headers[0])}"
        else:
            shown = " / ".join(map(_short, headers))
            yield from comment(
                "suggest.columns_several", lang, label=_label(column, lang), headers=shown, column=column
            )
    if not {"number"} & set(told) and not {"class_id", "class_number", "name"} <= set(told):
        yield from comment("suggest.nobody", lang)


def _label(column: str, lang: str) -> str:
    if column == "finished":
        return say("census.suggest.finished", lang)
    return load_table("administration" if column in NEVER_IN_DOUBT else "pupil").column(column).label.say(lang)


def _event(raw: RawTable, layout: Layout, lang: str) -> Iterator[str]:
    """The round that the rows have to be of, to be chosen by a person where there are several."""
    place = raw.find(layout.event) if layout.event else None
    if place is None:
        return
    times = Counter(row[place] for row in raw.rows if row[place])
    events = [event for event, n in times.most_common() if n >= sought().rows_at_least]
    if len(times) > 1:
        yield from comment("suggest.event", lang, events=" / ".join(map(_short, events)) or "…")
        yield f"rows = {{ {_quoted(layout.event)} = {_quoted(OPEN)} }}"


def _scale(scale: Scale, run: Run, lang: str) -> Iterator[str]:
    first, last = run.questions[0], run.questions[-1]
    yield "[[scales]]"
    yield f"id = {_quoted(scale.id)}"
    yield from comment(
        "suggest.run", lang, title=scale.title.say(lang), first=_short(first.title), last=_short(last.title),
        n=len(run.questions),
    )  # fmt: skip
    yield _where(run)
    if first.number is not None and scale.supplements:
        yield from supplement_lines(scale, last.number, lang)
    if run.options[0].kind == "positions":
        yield from position_lines(scale, first.number or 1, lang)
    elif any(each.kind == "open" for each in run.options):
        yield from _open(scale, run.options, lang)
    else:
        yield from comment("suggest.own", lang)


def _open(scale: Scale, options: tuple[Options, ...], lang: str) -> Iterator[str]:
    """Texts without codes; items that share them together."""
    known = sorted({code for each in options for item in each.items for code in scale.codes_of(item)})
    yield from comment("suggest.open", lang, codes=" / ".join(map(str, known)))
    if rare := sum(each.rare for each in options):
        yield from comment("suggest.rare", lang, n=rare, least=sought().rows_at_least)
    for each in options:
        if each.kind == "own":
            continue
        if len(options) > 1:
            yield "[[scales.options]]"
            yield f"items = {list(each.items)}"
        yield "codes = { " + ", ".join(f"{_quoted(text)} = {_quoted(OPEN)}" for text in each.texts) + " }"


def _nowhere(scale: Scale, found: list[Run], lang: str) -> list[str]:
    title, n = scale.title.say(lang), len(scale.numbers)
    if not found:
        return comment("suggest.none", lang, title=title, scale=scale.id, n=n)
    places = " / ".join(f"{_short(run.questions[0].title)}–{_short(run.questions[-1].title)}" for run in found[:9])
    return comment("suggest.several", lang, title=title, scale=scale.id, n=len(found), places=places)


def _where(run: Run) -> str:
    """The line that says where the items stand: by number, by a pattern of headers, or header by header."""
    if run.questions[0].number is not None:
        return f"questions = [{run.questions[0].number}, {run.questions[-1].number}]"
    if run.pattern:
        return f"headers = {_quoted(run.pattern)}"
    return f"headers = [{', '.join(_quoted(question.header) for question in run.questions)}]"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[:SHOWN] + "…"


def _quoted(text: str) -> str:
    """A string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
