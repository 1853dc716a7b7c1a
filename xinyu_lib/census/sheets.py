"""Answer files: one row per sheet, read through a mapping into answers per scale."""

import re

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.census.batch import Batch, Known
from xinyu_lib.census.mapping import MappedScale, Mapping
from xinyu_lib.census.problems import Problems
from xinyu_lib.census.rawtable import RawTable, RepeatedColumn
from xinyu_lib.census.refusals import refuse_if_nothing_is_kept
from xinyu_lib.census.safety import heard
from xinyu_lib.census.values import Parser, allowed, parse_time, parsed, plain_code, take_column
from xinyu_lib.errors import ImportRefused
from xinyu_lib.tables import Layout, load_layout, load_table
from xinyu_lib.waves import Wave


def take_responses(raw: RawTable, mapping: Mapping, *, wave: str | None, known: Known) -> Batch:
    """Check the sheets of an answer file against scales and roster.

    A sheet is kept whole or set aside whole. Every kept sheet gives an `administration` row of state
    `finished` and a row in `response/<scale id>`, unless the survey's logic skipped all items of the scale:
    that pupil was not given it. Positive safety items of sheets set aside become rows of `safety_answer`.
    Raises ImportRefused without a wave, MissingColumn, RowsRefused (the commonest reason) when no row can be
    kept.
    """
    if wave is None:
        raise ImportRefused("census.wave_needed", file=raw.name)
    layout = load_layout(mapping.layout)
    places = _system_places(raw, mapping)
    items = {each.id: _item_places(raw, each, layout) for each in mapping.scales}
    problems = Problems(raw)
    who = _who(raw, places, layout, problems)
    number, number_header = who["number"], raw.headers[places["number"]]
    problems.add(number.notna() & ~number.isin(known.roster), "unknown_pupil", number_header, "")
    answers = {each.id: _answers(raw, each, items[each.id], layout, problems) for each in mapping.scales}
    problems.add_repeats(who[["number"]], number_header)
    sheets = _sheets(who[problems.clean], Wave.parse(wave).id, known)
    unused = _unused(raw, mapping, layout, {*places.values(), *(p for each in items.values() for p in each)})
    forms = {each.id: each for each in mapping.scales}
    spoken, unclaimed = heard(who.loc[~problems.clean, ["number"]], answers, forms, known.roster, Wave.parse(wave).id)
    frames = _frames(sheets, answers, forms) | ({"safety_answer": spoken} if len(spoken) else {})
    aside = problems.set_aside()
    return refuse_if_nothing_is_kept(
        Batch(raw.name, frames, aside, len(raw.rows), len(sheets), raw.blank_rows, unused, unclaimed)
    )


def _system_places(raw: RawTable, mapping: Mapping) -> dict[str, int]:
    wanted = mapping.columns.model_dump(exclude_none=True)
    return raw.find_all({ours: (header,) for ours, header in wanted.items()})


def _item_places(raw: RawTable, each: MappedScale, layout: Layout) -> list[int]:
    """Positions of a scale's items in questionnaire order. Raises MissingColumn, RepeatedColumn."""
    if each.headers:
        return list(raw.find_all({header: (header,) for header in each.item_headers()}).values())
    found: dict[int, list[int]] = {number: [] for number in each.numbers}
    for place, header in enumerate(raw.headers):
        if (number := layout.question(header)) in found:
            found[number].append(place)
    raw.refuse_missing([f"{number}、…" for number, places in found.items() if not places])
    for number, places in found.items():
        if len(places) > 1:
            raise RepeatedColumn("census.repeated_column", file=raw.name, column=f"{number}、…")
    return [places[0] for places in found.values()]


def _who(raw: RawTable, places: dict[str, int], layout: Layout, problems: Problems) -> pd.DataFrame:
    """Number, submission time and seconds of every row; the last two are missing where the file is silent."""
    headers = {name: raw.headers[place] for name, place in places.items()}
    number = load_table("pupil").column("number")
    who = pd.DataFrame({"number": take_column(raw.column(places["number"]), number, headers["number"], problems)})
    parsers: dict[str, tuple[Parser, str]] = {
        "submitted_at": (lambda cell: parse_time(cell, layout.submitted_at, "timestamp"), "str"),
        "seconds": (lambda cell: _seconds(cell, layout), "Int32"),
    }
    for name, (parse, dtype) in parsers.items():
        text = raw.column(places.get(name))
        who[name], bad = parsed(text.mask(text.isin(layout.unanswered), ""), parse, dtype)
        column = load_table("administration").column(name)
        problems.add(bad, "bad_value", headers.get(name, name), allowed(column))
    return who


def _seconds(cell: str, layout: Layout) -> int | None:
    match = re.fullmatch(layout.seconds, cell, re.ASCII)
    return int(match["seconds"]) if match else None


def _answers(raw: RawTable, each: MappedScale, places: list[int], layout: Layout, problems: Problems) -> pd.DataFrame:
    """Answers to one scale as `Int8`, NA = unanswered; rows to which the scale was not given are left out."""
    skipped = pd.Series(True, index=range(len(raw.rows)))
    answers = {}
    for item, place in zip(each.items, places, strict=True):
        cells, codes = raw.column(place), each.file_codes(item)
        filled = cells.mask(cells.isin([*layout.unanswered, *layout.skipped]), "")
        values, bad = parsed(filled, lambda cell, codes=codes: codes.get(plain_code(cell)), "Int8")
        problems.add(bad, "out_of_range", raw.headers[place], _span(codes))
        answers[columns.item(each.id, item)] = values
        skipped &= cells.isin(layout.skipped)
    return pd.DataFrame(answers)[~skipped]


def _span(codes: dict[str, int]) -> str:
    """The codes a file may hold: `1–4` when they are consecutive numbers, else one by one."""
    numbers = sorted(int(code) for code in codes if code.isdecimal())
    if len(numbers) == len(codes) and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]}–{numbers[-1]}"
    return "/".join(codes)


def _sheets(who: pd.DataFrame, wave: str, known: Known) -> pd.DataFrame:
    """The administration rows of kept sheets, on their positions in the file."""
    school = who["number"].map(known.roster).astype("str")
    sheets = pd.DataFrame({"wave": wave, "number": who["number"], "school": school, "state": "finished"})
    return sheets.astype("str").join(who[["submitted_at", "seconds"]])


def _frames(
    sheets: pd.DataFrame, answers: dict[str, pd.DataFrame], forms: dict[str, MappedScale]
) -> dict[str, pd.DataFrame]:
    """The batch's frames by table; a scale that no pupil of the file was given has none."""
    who = sheets[["wave", "number", "school"]]
    given = {
        f"response/{scale}": who.assign(form=forms[scale].form).astype({"form": "str"}).join(codes, how="inner")
        for scale, codes in answers.items()
    }
    frames = {"administration": sheets} | {name: frame for name, frame in given.items() if len(frame)}
    return {name: frame.reset_index(drop=True) for name, frame in frames.items()}


def _unused(raw: RawTable, mapping: Mapping, layout: Layout, used: set[int]) -> tuple[str, ...]:
    """Headers that neither the mapping nor the survey tool accounts for."""
    others = [header for place, header in enumerate(raw.headers) if header and place not in used]
    return tuple(h for h in others if h not in layout.system and not mapping.ignores(h))
