"""The waterfall as people read it: tables of counts with their words, and lists of who is still to be measured.

Counts are not protected and lists hold names: both are for whoever holds the key, and no page is made of them.
"""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from xinyu_lib.census.waterfall import Named, to_measure, waterfall_counts, way
from xinyu_lib.errors import WorkspaceError
from xinyu_lib.policy import load_policy
from xinyu_lib.tables import load_table
from xinyu_lib.words import say
from xinyu_lib.workspace.outcomes import waterfall_of
from xinyu_lib.workspace.workbooks import write_private

GROUPS = {"all": [], "school": ["school"], "grade": ["grade"], "class": ["school", "class_id"]}
RESTRICTED = "restricted"  # the folder of a workspace for sheets with names


def followed(ws, wave: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The way of every pupil of a wave by the workspace's policy (see `waterfall_of`), and the roster.

    Raises WorkspaceError when the wave has no roster.
    """
    roster = ws.read("pupil", wave=wave)
    if roster.empty:
        raise WorkspaceError("workspace.no_roster", wave=wave)
    return waterfall_of(ws, wave, load_policy(ws.settings["policy"])), roster


def counted(ws, steps: pd.DataFrame, roster: pd.DataFrame, by: str, lang: str) -> pd.DataFrame:
    """Pupils who reached each step and those lost for each reason, a row per group, with headings in words.

    by: `all`, `school`, `grade` or `class`.
    """
    counts, n = waterfall_counts(steps, roster, by=GROUPS[by]), len(way().steps)
    groups = _in_words(ws, counts[GROUPS[by]].iloc[::n].reset_index(drop=True), lang)
    reached = pd.DataFrame(counts["n"].to_numpy().reshape(-1, n))
    lost = counts[[loss.id for loss in way().losses]].groupby(counts.index // n).sum()
    headings = [*groups, *labels(way().steps, lang).values(), *labels(way().losses, lang).values()]
    return pd.concat([groups, reached, lost], axis=1).set_axis(headings, axis=1)


def write_counts(ws, steps: pd.DataFrame, roster: pd.DataFrame, path: Path, lang: str) -> None:
    """The table for all, by school, grade and class, as a workbook with a sheet for each; see `write_private`."""
    write_private(path, {say(f"workspace.by.{by}", lang): counted(ws, steps, roster, by, lang) for by in GROUPS})


def write_lists(ws, wave: str, as_of: str, lang: str) -> tuple[Path, pd.DataFrame]:
    """Lists of pupils who are still to be measured, a workbook per school with a sheet per list, in `restricted/`.

    Each pupil with number, name, grade, class and reason. A second run on one day takes the place of the first. That
    names left the vault stands in the audit chain. Returns the folder, and who is on which list as `to_measure` does.
    """
    due = to_measure(*followed(ws, wave))
    with ws.vault() as vault:
        named = due.merge(vault.people(), on="pupil_key", how="left", validate="1:1")
        vault.log(as_of, "lists", f"{wave} {len(due)}")
    folder = ws.folder / RESTRICTED / f"lists-{wave}-{as_of}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.glob("*.xlsx"):
        old.unlink()
    for school, rows in named.groupby("school"):
        sheets = {each.label.say(lang): _worksheet(rows[rows["list"] == each.id], lang) for each in way().lists}
        write_private(folder / f"{school}.xlsx", sheets)
    return folder, due


def _worksheet(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Number, name, grade, class and reason of pupils, by class and number, with headings in words."""
    pupil = load_table("pupil")
    names = ["number", "name", "grade", "class_id"]
    rows = rows.sort_values(["grade", "class_id", "number"])
    told = rows[names].assign(grade=_grades(rows["grade"], lang), why=rows["reason"].map(labels(way().losses, lang)))
    return told.set_axis([*(pupil.column(name).label.say(lang) for name in names), say("workspace.why", lang)], axis=1)


def _in_words(ws, groups: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Columns of groups with their labels; a school with its name beside the code, a grade in words."""
    told = {}
    for name, values in groups.items():
        told[load_table("pupil").column(name).label.say(lang)] = _grades(values, lang) if name == "grade" else values
        if name == "school":
            names = ws.read("school").set_index("school")["name"]
            told[load_table("school").column("name").label.say(lang)] = values.map(names)
    return pd.DataFrame(told, index=groups.index)


def _grades(grades: pd.Series, lang: str) -> pd.Series:
    words = {int(code.code): code.label.say(lang) for code in load_table("pupil").column("grade").codes}
    return grades.map(words)


def labels(named: Iterable[Named], lang: str) -> dict[str, str]:
    """Label by id, in order."""
    return {each.id: each.label.say(lang) for each in named}
