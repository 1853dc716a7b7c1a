"""`xinyu tiers --checklist`: who is to be looked at, told by counts; names only in `restricted/`."""

from xinyu_lib.care.checklist import TABLE, counted
from xinyu_lib.cli.console import stdout
from xinyu_lib.tables import load_table
from xinyu_lib.words import default_language, say
from xinyu_lib.workspace import Workspace
from xinyu_lib.workspace.checklists import write_checklist

COUNTS = ("listed", "new", "sooner", "done", "overdue")


def checklist(ws: Workspace, wave: str, as_of: str) -> None:
    """Make and store the check list of a wave, and print how many stand on it from each source for each reason."""
    lang = default_language()
    written = write_checklist(ws, wave, as_of, lang)
    counts = counted(written.listing)
    for row in counts.to_dict("records"):
        stdout.print(say("cli.checklist.line", **_in_words(row, lang)))
    total = {name: int(counts[name].sum()) for name in COUNTS}
    stdout.print(say("cli.checklist.total", **total, pupils=written.listing["pupil_key"].nunique()))
    if n := int(written.unassigned.sum()):
        stdout.print(say("cli.checklist.unassigned", n=n, schools=len(written.unassigned)))
    if written.left_open:
        stdout.print(say("cli.checklist.left_open", n=written.left_open))
    stdout.print(say("cli.checklist.done", folder=str(written.folder)))
    stdout.print(say("cli.waterfall.not_protected"))


def _in_words(row: dict, lang: str) -> dict:
    """A row of counts with source and reason by their labels."""
    columns = [load_table(TABLE).column(name) for name in ("source", "reason")]
    labels = {column.name: {code.code: code.label.say(lang) for code in column.codes} for column in columns}
    return row | {name: words[row[name]] for name, words in labels.items()}
