"""Tables from protected tables, and the check that they are protected."""

from collections.abc import Mapping

from xinyu_lib.disclosure import TOTAL, SafeTable
from xinyu_lib.errors import DisclosureError
from xinyu_lib.present.blocks import Table
from xinyu_lib.present.numbers import text
from xinyu_lib.words import say


def require_safe(table: object) -> SafeTable:
    """The table itself. Raises DisclosureError when it is anything but a SafeTable."""
    if not isinstance(table, SafeTable):
        raise DisclosureError("present.not_safe_table", found=type(table).__name__)
    return table


def table(
    safe: SafeTable, *, lang: str, caption: str, rows: Mapping[str, str], columns: Mapping[str, str],
    note: str | None = None,
) -> Table:  # fmt: skip
    """A protected table as a block, the total last and set apart; every hidden cell carries the same mark.

    rows, columns: labels by the table's own names; columns also choose what is shown and in which order.
    Raises DisclosureError when `safe` is not a SafeTable.
    """
    require_safe(safe)
    names = safe.categories + [TOTAL] * safe.has_total
    return Table(
        caption=caption,
        columns=(say("present.row_heading", lang), *columns.values()),
        align=("left", *("right" for _ in columns)),
        rows=tuple((rows[name], *(_cell(safe, name, c, lang) for c in columns)) for name in names),
        masked=tuple((False, *(safe.number(name, c).masked for c in columns)) for name in names),
        note=_note(safe, lang, note),
        total=safe.has_total,
    )


def _cell(safe: SafeTable, row: str, column: str, lang: str) -> str:
    """One number as text; the limits of a total's share of itself say nothing and stay empty."""
    if safe.kind == "shares" and row == TOTAL and column in ("low", "high"):
        return ""
    return text(safe.number(row, column), lang)


def _note(safe: SafeTable, lang: str, note: str | None) -> str:
    explained = [say("present.mark_note", lang)] if safe.masked.to_numpy().any() else []
    return " ".join([*explained, *([note] if note else [])])
