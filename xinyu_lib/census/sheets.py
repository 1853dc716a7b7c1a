"""Answer files: one row per sheet, read through a mapping into answers per scale."""

import re
from collections.abc import Mapping as Pairs
from dataclasses import replace

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.census.batch import Batch
from xinyu_lib.census.cells import tidy
from xinyu_lib.census.claims import Claims, claimed
from xinyu_lib.census.known import Known
from xinyu_lib.census.mapping import MappedScale, Mapping
from xinyu_lib.census.problems import Problems, Seen
from xinyu_lib.census.rawtable import RawTable, RepeatedColumn
from xinyu_lib.census.refusals import refuse_if_nothing_is_kept
from xinyu_lib.census.safety import heard
from xinyu_lib.census.values import Parser, allowed, parse_time, parsed
from xinyu_lib.errors import ImportRefused
from xinyu_lib.tables import Layout, load_layout, load_table
from xinyu_lib.waves import Wave


def take_responses(raw: RawTable, mapping: Mapping, *, wave: str | None, known: Known, **how) -> Batch:
    """`check_responses` of a whole file. Raises RowsRefused (the commonest reason) when no row can be kept."""
    return refuse_if_nothing_is_kept(check_responses(raw, mapping, wave=wave, known=known, **how))


def check_responses(
    raw: RawTable, mapping: Mapping, *, wave: str | None, known: Known, seen: Seen | None = None,
    school: str | None = None, decided: Pairs[int, str] | None = None,
) -> Batch:  # fmt: skip
    """Check the sheets of an answer file, or of a stretch of it, against scales and roster.

    A sheet is kept whole or set aside whole. Every kept sheet gives an `administration` row of state
    `finished` and a row in `response/<scale id>`, unless the survey's logic skipped all items of the scale:
    that pupil was not given it. Of sheets set aside, positive safety items become rows of `safety_answer`, and
    `sheet_set_aside` says that there is one.
    seen: pupils of the earlier stretches. school: the school of all sheets, where the file does not say it.
    decided: row of the file -> pupil number, where a person has told whose sheet it is.
    Raises ImportRefused without a wave, MissingColumn.
    """
    if wave is None:
        raise ImportRefused("census.wave_needed", file=raw.name)
    wave, layout = Wave.parse(wave).id, load_layout(mapping.layout)
    raw, left_out = _belonging(raw, mapping)
    places = _system_places(raw, mapping)
    items = {each.id: _item_places(raw, each, layout) for each in mapping.scales}
    problems = Problems(raw, seen)
    claims = claimed(raw, places, known, problems, school=school, decided=decided or {})
    when = _when(raw, places, layout, problems)
    _note_unfinished(raw, places, layout, when, problems)
    answers = {each.id: _answers(raw, each, items[each.id], layout, problems) for each in mapping.scales}
    problems.add_repeats(claims.number.to_frame(), claims.header)
    sheets = _sheets(claims.number[problems.clean], when, wave, known)
    forms = {each.id: each for each in mapping.scales}
    frames = _frames(sheets, answers, forms)
    apart, unclaimed = _set_aside(claims, problems, answers, forms, known, wave)
    unused = _unused(raw, mapping, layout, {*places.values(), *(p for each in items.values() for p in each)})
    return Batch(
        raw.name, frames | apart, problems.set_aside(), len(raw.rows), len(sheets), raw.blank_rows, unused, unclaimed,
        left_out, claims.unresolved(problems).join(when["submitted_at"]),
    )  # fmt: skip


def _belonging(raw: RawTable, mapping: Mapping) -> tuple[RawTable, int]:
    """The rows that belong to this questionnaire, and how many others there are."""
    if not mapping.rows:
        return raw, 0
    wanted = raw.find_all({header: (header,) for header in mapping.rows})
    keep = [
        place
        for place, row in enumerate(raw.rows)
        if all(tidy(row[at]) == mapping.rows[header] for header, at in wanted.items())
    ]
    rows, numbers = (tuple(each[place] for place in keep) for each in (raw.rows, raw.row_numbers))
    return replace(raw, rows=rows, row_numbers=numbers), len(raw.rows) - len(keep)


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


def _when(raw: RawTable, places: dict[str, int], layout: Layout, problems: Problems) -> pd.DataFrame:
    """Submission time and seconds of every row; missing where the file is silent."""
    parsers: dict[str, tuple[Parser, str]] = {
        "submitted_at": (lambda cell: parse_time(cell, layout.submitted_at, "timestamp"), "str"),
        "seconds": (lambda cell: _seconds(cell, layout), "Int32"),
    }
    when = pd.DataFrame(index=range(len(raw.rows)))
    for name, (parse, dtype) in parsers.items():
        text = raw.column(places.get(name))
        when[name], bad = parsed(text.mask(text.isin(layout.unanswered), ""), parse, dtype)
        header = raw.headers[places[name]] if name in places else name
        problems.add(bad, "bad_value", header, allowed(load_table("administration").column(name)))
    return when


def _seconds(cell: str, layout: Layout) -> int | None:
    match = re.fullmatch(layout.seconds, cell, re.ASCII)
    return int(match["seconds"]) if match else None


def _note_unfinished(
    raw: RawTable, places: dict[str, int], layout: Layout, when: pd.DataFrame, problems: Problems
) -> None:
    """Note sheets that were begun and never handed in, by what the tool says of them."""
    if "finished" in places:
        done = raw.column(places["finished"]).isin(layout.finished)
        problems.add(~done, "unfinished", raw.headers[places["finished"]], "/".join(layout.finished))
    elif layout.finished_by == "submitted_at" and "submitted_at" in places:
        problems.add(when["submitted_at"].isna(), "unfinished", raw.headers[places["submitted_at"]], "")


def _answers(raw: RawTable, each: MappedScale, places: list[int], layout: Layout, problems: Problems) -> pd.DataFrame:
    """Answers to one scale as `Int8`, NA = unanswered; rows to which the scale was not given are left out."""
    skipped = pd.Series(True, index=range(len(raw.rows)))
    blank = {*layout.unanswered, *layout.skipped}
    answers = {}
    for item, place in zip(each.items, places, strict=True):
        cells, codes = raw.column(place), each.file_codes(item)
        values, bad = parsed(cells, lambda cell, codes=codes: codes.get(each.written(cell)), "Int8", blank=blank)
        problems.add(bad, "out_of_range", raw.headers[place], _span(codes))
        answers[columns.item(each.id, item)] = values
        if layout.skipped:
            skipped &= cells.isin(layout.skipped)
    return pd.DataFrame(answers)[~skipped] if layout.skipped else pd.DataFrame(answers)


def _span(codes: dict[str, int]) -> str:
    """The codes a file may hold: `1–4` when they are consecutive numbers, else one by one."""
    numbers = sorted(int(code) for code in codes if code.isdecimal())
    if len(numbers) == len(codes) and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]}–{numbers[-1]}"
    return "/".join(codes)


def _sheets(number: pd.Series, when: pd.DataFrame, wave: str, known: Known) -> pd.DataFrame:
    """The administration rows of kept sheets, on their positions in the file."""
    school = known.pupils.school_of(number)
    sheets = pd.DataFrame({"wave": wave, "number": number, "school": school, "state": "finished"}, dtype="str")
    return sheets.join(when[["submitted_at", "seconds"]])


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


def _set_aside(
    claims: Claims, problems: Problems, answers: dict[str, pd.DataFrame], forms: dict[str, MappedScale], known: Known,
    wave: str,
) -> tuple[dict[str, pd.DataFrame], int]:  # fmt: skip
    """What is still known of sheets set aside, by table; and positive sheets of nobody on the roster."""
    who = claims.number[~problems.clean].to_frame()
    spoken, unclaimed = heard(who, answers, forms, known.pupils, wave)
    codes = {code.code for code in load_table("sheet_set_aside").column("reason").codes}
    reason = problems.first_reasons.reindex(who.index)
    mine = who.assign(wave=wave, reason=reason.where(reason.isin(codes), "other"))[known.pupils.holds(who["number"])]
    mine = mine.assign(school=known.pupils.school_of(mine["number"])).drop_duplicates().reset_index(drop=True)
    found = {"safety_answer": spoken, "sheet_set_aside": mine}
    return {name: frame for name, frame in found.items() if len(frame)}, unclaimed


def _unused(raw: RawTable, mapping: Mapping, layout: Layout, used: set[int]) -> tuple[str, ...]:
    """Headers that neither the mapping nor the survey tool accounts for."""
    others = [header for place, header in enumerate(raw.headers) if header and place not in used]
    return tuple(h for h in others if h not in layout.system and not mapping.ignores(h))
