"""The data dictionary, computed from the declarations: `docs/data-dictionary.md`."""

from typing import get_args

from xinyu_lib.tables.catalogue import load_table, tables
from xinyu_lib.tables.table import Column, Privacy, Table
from xinyu_lib.words import say

FIELDS = ("column", "zh", "en", "type", "required", "allowed", "privacy", "note")


def dictionary(lang: str) -> str:
    """All tables as one Markdown page; labels of columns in both languages, everything else in `lang`."""
    sections = [_section(load_table(table_id), lang) for table_id in tables()]
    privacy = [f"- {say(f'tables.privacy.{level}', lang)}" for level in get_args(Privacy)]
    return "\n".join(
        [
            f"# {say('tables.dictionary.title', lang)}\n",
            f"{say('tables.dictionary.intro', lang)}\n",
            *privacy,
            "",
            *sections,
            *_every_row(lang),
        ]
    )


def _section(table: Table, lang: str) -> str:
    stored = f"{table.id}/…" if table.per_scale else table.id
    origin = say("tables.dictionary.from_file" if table.from_file else "tables.dictionary.written_by_us", lang)
    key = say("tables.dictionary.key", lang, key=", ".join(f"`{name}`" for name in table.key))
    head = [f"## {table.label.say(lang)} `{stored}`\n", f"{table.note.say(lang)} {key} {origin}\n"]
    return "\n".join([*head, *_grid(table.columns, lang), ""])


def _every_row(lang: str) -> list[str]:
    heading = f"## {say('tables.dictionary.every_row', lang)}\n"
    return [heading, *_grid(load_table("school").every_row, lang), ""]


def _grid(columns: tuple[Column, ...], lang: str) -> list[str]:
    head = [say(f"tables.dictionary.field.{field}", lang) for field in FIELDS]
    rows = [_cells(column, lang) for column in columns]
    return [_line(head), _line(["---"] * len(FIELDS)), *[_line(row) for row in rows]]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(column: Column, lang: str) -> list[str]:
    required = say("tables.dictionary.yes", lang) if column.required else ""
    kind = say(f"tables.type.{column.type}", lang)
    privacy = say(f"tables.privacy_name.{column.privacy}", lang)
    return [
        f"`{column.name}`", column.label.zh, column.label.en, kind, required,
        _allowed(column, lang), privacy, _remarks(column, lang),
    ]  # fmt: skip


def _allowed(column: Column, lang: str) -> str:
    if column.type == "code":
        return "; ".join(f"`{code.code}` {code.label.say(lang)}" for code in column.codes)
    if column.min is not None:
        return f"{column.min}–{column.max}" if column.max is not None else f"≥ {column.min}"
    return column.form.say(lang) if column.form else ""


def _remarks(column: Column, lang: str) -> str:
    example = say("tables.dictionary.example", lang, example=column.example) if column.example else ""
    stands = say("tables.dictionary.stands_for", lang, column=column.stands_for) if column.stands_for else ""
    refers = say("tables.dictionary.references", lang, column=column.references) if column.references else ""
    note = column.note.say(lang) if column.note else ""
    return " ".join(part for part in (note, stands, refers, example) if part)
