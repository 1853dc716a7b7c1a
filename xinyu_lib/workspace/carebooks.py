"""Sheets of care in words: register, what is overdue by reader, who was lost, and the bureau's list without names."""

from functools import cache
from pathlib import Path
from typing import get_args

import pandas as pd

from xinyu_lib.care.clocks import moment_of
from xinyu_lib.care.register import NEXT_CONTACT, NONE_SET
from xinyu_lib.care.steps import steps
from xinyu_lib.policy import Policy
from xinyu_lib.policy.stages import Role
from xinyu_lib.provenance import digest
from xinyu_lib.registry import Definition, Label, Text, read
from xinyu_lib.tables import Column, load_table
from xinyu_lib.words import say
from xinyu_lib.workspace.checkbooks import worded

WHO = ("number", "name", "grade", "class_id")  # columns of the roster
BUREAU, CLASS_TEACHER = "bureau", "class_teacher"
NO_CLASS = "no_class"  # no class is called so: codes have no such sign
SHORT = 8  # digits of a case number that no school has given


class Shown(Definition):
    """A column of a sheet; see `carebooks.toml`."""

    name: Text
    like: Text | None = None
    label: Label | None = None

    @property
    def column(self) -> Column | None:
        """The declared column whose label and codes it takes."""
        table, _, name = (self.like or "").partition(".")
        return load_table(table).column(name) if table else None

    def heading(self, lang: str) -> str:
        return (self.label or self.column.label).say(lang)


class Books(Definition):
    """Columns by sheet."""

    care: tuple[Shown, ...]
    lost: tuple[Shown, ...]


@cache
def books() -> Books:
    """The sheets as declared."""
    return read(Path(__file__).with_suffix(".toml"), Books)


def register_sheets(rows: pd.DataFrame, lang: str) -> dict[str, pd.DataFrame]:
    """Who is in care and who was, by class and number. rows: the register with `WHO` and `responsible`."""
    parts = {"open": rows[rows["open"]], "closed": rows[~rows["open"]]}
    return {say(f"workspace.caring.{name}", lang): _register(part, lang) for name, part in parts.items()}


def _register(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    none_set = rows["next_kind"] == NONE_SET
    told = _told(rows.assign(next_kind=rows["next_kind"].mask(none_set)), books().care, lang)
    told["next_kind"] = told["next_kind"].mask(none_set, say("workspace.caring.none_set", lang))
    return _sheet(rows, {each: told[each.name] for each in books().care}, lang)


def handover_sheets(rows: pd.DataFrame, lang: str) -> dict[str, pd.DataFrame]:
    """Who was lost between schools."""
    told = _told(rows, books().lost, lang)
    told["missing"] = rows["missing"].map(lambda each: say(f"workspace.caring.{each}", lang))
    sheet = _sheet(rows, {each: told[each.name] for each in books().lost}, lang)
    return {say("workspace.caring.lost", lang): sheet}


def overdue_sheets(
    rows: pd.DataFrame, policy: Policy, as_of: str, lang: str
) -> dict[str, dict[str, pd.DataFrame]]:  # fmt: skip
    """What each reader in a school has to do or is told of, by role; of class teachers by role and class.

    rows: what is overdue in the school, with `WHO` and `class_here`, the class in this school (NA: in none). Not every
    role reads why a step is due. Who has nothing to read has no sheet.
    """
    found = {}
    for role in roles(policy):
        if role != BUREAU:
            for reader, mine in rows[concerns(rows, role)].groupby(_reader(rows, role)):
                found[str(reader)] = {role_label(role, lang): _overdue(mine, role, as_of, lang)}
    return found


def _reader(rows: pd.DataFrame, role: str) -> pd.Series:
    """Whose file a row belongs to: a class teacher reads of the own class only."""
    if role != CLASS_TEACHER:
        return pd.Series(role, index=rows.index)
    return role + "-" + rows["class_here"].astype("str").fillna(NO_CLASS)


def _overdue(rows: pd.DataFrame, role: str, as_of: str, lang: str) -> pd.DataFrame:
    told = {"step": step_labels(rows["step"], lang)}
    if role in steps().reads_cause:
        told["cause"] = rows["cause"].map(lambda each: say(f"policy.cause.{each}", lang), na_action="ignore")
    days, hours = late(rows, as_of)
    told |= {
        "due": rows["due"].dt.strftime("%Y-%m-%d %H:%M"), "days": days, "hours": hours,
        "owner": rows["owner"].map(lambda each: role_label(each, lang)),
    }  # fmt: skip
    return _sheet(rows, {say(f"workspace.caring.{name}", lang): values for name, values in told.items()}, lang)


def bureau_sheets(rows: pd.DataFrame, events: pd.DataFrame, as_of: str, lang: str) -> dict[str, pd.DataFrame]:
    """Reds of which the bureau is told by now, by case number.

    rows: what is overdue. events: rows of `crisis_event`.
    """
    mine = rows[concerns(rows, BUREAU) & (rows["cause"] == "red")]
    days, hours = late(mine, as_of)
    told = {"case": case_numbers(mine["pupil_key"], events), "school": mine["school"],
            "step": step_labels(mine["step"], lang), "days": days, "hours": hours}  # fmt: skip
    sheet = pd.DataFrame(told).sort_values(["school", "case", "days", "hours"], ascending=[True, True, False, False])
    return {role_label(BUREAU, lang): sheet.set_axis([say(f"workspace.caring.{name}", lang) for name in told], axis=1)}


def case_numbers(pupils: pd.Series, events: pd.DataFrame) -> pd.Series:
    """The number of the newest crisis event, else one that comes of the pupil's random key and says nothing else."""
    newest = events[events["pupil_key"].notna()].sort_values("found_at", kind="stable")
    given = newest.drop_duplicates("pupil_key", keep="last").set_index("pupil_key")["record"]
    return pupils.map(given).fillna(pupils.map(lambda key: digest(["case", key])[:SHORT]))


def late(rows: pd.DataFrame, as_of: str) -> tuple[pd.Series, pd.Series]:
    """Whole days, and whole hours beyond them, since each step was due."""
    since = moment_of(as_of) - rows["due"]
    return since.dt.days, since.dt.components["hours"]


def roles(policy: Policy) -> tuple[str, ...]:
    """Roles that have a duty or are told of one, in the order of their declaration."""
    named = {*policy.duties.values(), *(each.tell for each in policy.escalation)}
    return tuple(role for role in get_args(Role) if role in named)


def concerns(rows: pd.DataFrame, role: str) -> pd.Series:
    """Steps that a role has to do or is told of."""
    return (rows["owner"] == role) | rows["told"].map(lambda told: role in told).astype(bool)


def role_label(role: str, lang: str) -> str:
    posts = {code.code: code.label.say(lang) for code in load_table("staff").column("posts").codes}
    return posts.get(role) or say(f"workspace.caring.{role}", lang)


def step_labels(names: pd.Series, lang: str) -> pd.Series:
    words = {each: say(f"policy.step.{each}", lang) for each in names.unique() if each != NEXT_CONTACT}
    return names.map(words | {NEXT_CONTACT: say("workspace.caring.next_contact", lang)})


def _told(rows: pd.DataFrame, shown: tuple[Shown, ...], lang: str) -> dict[str, pd.Series]:
    return {each.name: _worded(rows[each.name], each.column, lang) for each in shown}


def _worded(values: pd.Series, column: Column | None, lang: str) -> pd.Series:
    """Codes by their labels; anything else as it is."""
    return worded(values, column, lang) if column and column.codes else values


def _sheet(rows: pd.DataFrame, told: dict, lang: str) -> pd.DataFrame:
    """Number, name, grade and class, and what is told, by class and number."""
    pupil = load_table("pupil")
    who = {pupil.column(name).label.say(lang): _worded(rows[name], pupil.column(name), lang) for name in WHO}
    heads = {each.heading(lang) if isinstance(each, Shown) else each: values for each, values in told.items()}
    order = rows.sort_values(["grade", "class_id", "number"], kind="stable").index
    return pd.DataFrame(who | heads, index=rows.index).loc[order]
