"""What may be entered in a column: as a clerk is told, and as Excel checks it."""

from datetime import date
from typing import Any

from xinyu_lib.tables.catalogue import load_table
from xinyu_lib.tables.table import Column
from xinyu_lib.words import say

EARLIEST = date(1990, 1, 1)
WIDEST = 999_999_999  # the importer reads whole numbers of up to nine digits
FEW = 30  # numbers that a drop-down still offers one by one
LONGEST_MESSAGE, LONGEST_TITLE = 255, 32  # what Excel takes; xlsxwriter leaves out what is longer


def hints(column: Column, lang: str) -> list[str]:
    """What a clerk has to know, a line each: must it be filled, with what, what a blank means, remarks, example."""
    lines = [say(f"tables.template.{'required' if column.required else 'optional'}", lang), allowed(column, lang)]
    if column.default:
        words = {code.code: code.label.say(lang) for code in column.codes}
        lines.append(say("tables.template.default", lang, value=words.get(column.default, column.default)))
    if column.references:
        lines.append(_refers(column.references, lang))
    if column.note:
        lines.append(column.note.say(lang))
    if column.example:
        lines.append(say("tables.dictionary.example", lang, example=column.example))
    return lines


def allowed(column: Column, lang: str) -> str:
    """The words, bounds or form that a cell must keep to."""
    bounds = []
    if column.min is not None:
        bounds = [f"{column.min}–{column.max}" if column.max is not None else f"≥ {column.min}"]
    if column.codes and column.type != "text":
        words = _words(column, lang) + bounds
        amount = "several" if column.type == "codes" else "one"
        return say(f"tables.template.{amount}", lang, words=say("tables.template.comma", lang).join(words))
    form = column.form.say(lang) if column.form else say(f"tables.form.{column.type}", lang)
    return say("tables.template.comma", lang).join([form, *bounds])


def choices(column: Column, lang: str) -> list[str | int]:
    """What a drop-down offers; numbers, if they are few, beside the words that stand for some. Empty: no drop-down."""
    if column.type not in {"code", "whole"} or not column.codes:
        return []
    numbers = _numbers(column) if column.type == "whole" else range(0)
    return [*_words(column, lang), *numbers] if len(numbers) <= FEW else []


def check(column: Column, cell: str, lang: str) -> dict[str, Any]:
    """The validation of a column without a drop-down, in xlsxwriter's words; `cell` is the first cell of the column.

    Several codes are left to the importer: a list in Excel admits one choice only.
    """
    if column.type in {"date", "timestamp"}:
        return {"validate": "date", "criteria": ">=", "value": EARLIEST}
    if column.type not in {"whole", "number"}:
        return {"validate": "any"}
    if column.codes:
        return {"validate": "custom", "value": _number_or_word(column, cell, lang)}
    bounds = {"minimum": _numbers(column)[0], "maximum": _numbers(column)[-1]}
    return {"validate": "whole" if column.type == "whole" else "decimal", "criteria": "between", **bounds}


def messages(column: Column, lang: str) -> dict[str, str]:
    """What Excel says when a cell is entered, and when it refuses what was typed."""
    return {
        "input_title": _cut(column.label.say(lang), LONGEST_TITLE),
        "input_message": _cut("\n".join(hints(column, lang)), LONGEST_MESSAGE),
        "error_title": say("tables.template.refused", lang),
        "error_message": _cut(allowed(column, lang), LONGEST_MESSAGE),
    }


def _numbers(column: Column) -> range:
    """The whole numbers between the bounds of a column."""
    low = -WIDEST if column.min is None else column.min
    high = WIDEST if column.max is None else column.max
    return range(low, high + 1)


def _number_or_word(column: Column, cell: str, lang: str) -> str:
    """An Excel formula: the cell holds a number within the bounds, or a word that stands for one."""
    numbers = _numbers(column)
    number = [f"ISNUMBER({cell})", f"{cell}>={numbers[0]}", f"{cell}<={numbers[-1]}"]
    whole = [f"{cell}=INT({cell})"] if column.type == "whole" else []
    words = [f'{cell}="{word}"' for word in _words(column, lang)]
    return f"=OR(AND({','.join([*number, *whole])}),{','.join(words)})"


def _words(column: Column, lang: str) -> list[str]:
    return [code.label.say(lang) for code in column.codes]


def _refers(reference: str, lang: str) -> str:
    target, _, name = reference.partition(".")
    table = load_table(target)
    return say("tables.template.refers", lang, table=table.label.say(lang), column=table.column(name).label.say(lang))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
