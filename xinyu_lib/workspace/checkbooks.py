"""The check list as the psychology teacher of a school gets it: a form to be filled in, with reasons in words."""

import pandas as pd

from xinyu_lib.policy import Policy
from xinyu_lib.tables import Column, Table, load_table
from xinyu_lib.tables.entries import allowed
from xinyu_lib.tiers import reasons_from_json
from xinyu_lib.tiers.explain import in_words
from xinyu_lib.words import say

PLACE = ("name", "grade", "class_id")  # columns of the roster
TOLD = ("why", "ask", "overdue")  # columns that the form does not have
FIRST = ("number", *PLACE, "source", "reason", *TOLD, "due_on", "on", "issues")
TO_FILL = ("issues", "staff_number", "done_on", "outcome")
FINDING = ["tier", "safety_signal", "undetermined_why", "reasons", "remeasure", "queue"]  # of the provisional tier
FOUND = ("safety", "tier", "undetermined")  # reasons that rest on the provisional tier


def sheets_of(
    table: Table, rows: pd.DataFrame, tiers: pd.DataFrame, stands: pd.DataFrame, policy: Policy, lang: str
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """The list under the name of its table, so that the importer finds it, and how to fill it in.

    rows: open rows of the list, with number, staff_number and `PLACE`. tiers: provisional tiers of the wave.
    """
    return {table.label.say(lang): _list(table, rows, tiers, stands, policy, lang),
            say("tables.template.how", lang): _how(table, lang)}  # fmt: skip


def _list(
    table: Table, rows: pd.DataFrame, tiers: pd.DataFrame, stands: pd.DataFrame, policy: Policy, lang: str
) -> pd.DataFrame:  # fmt: skip
    """Most urgent first: safety signals, then by limit and number of yellow scales; a pupil's rows stand together."""
    columns = {name: load_table("pupil").column(name) for name in PLACE} | {c.name: c for c in table.file_columns}
    heads = {name: column.label.say(lang) for name, column in columns.items()}
    heads |= {name: say(f"workspace.checklist.{name}", lang) for name in TOLD}
    order = [*FIRST, *(name for name in columns if name not in FIRST)]
    found = tiers.set_index("pupil_key").reindex(columns=FINDING).reindex(rows["pupil_key"]).set_index(rows.index)
    told = _told(rows, found, stands, policy, lang)
    rows = _by_urgency(rows.drop(columns="overdue").join(told), found["queue"])
    cells = {name: worded(rows[name], columns.get(name), lang) for name in order}
    return pd.DataFrame(cells).set_axis([heads[name] for name in order], axis=1)


def _by_urgency(rows: pd.DataFrame, queue: pd.Series) -> pd.DataFrame:
    pupil, mild, early = rows["pupil_key"], rows["reason"] != "safety", -queue.astype("Float64").fillna(0)
    first = {"_mild": mild, "_due": rows["due"]}
    keys = {name: each.groupby(pupil).transform("min") for name, each in first.items()} | {"_early": early}
    order = [*keys, "grade", "class_id", "number", "_own", "source"]
    return rows.assign(**keys, _own=mild).sort_values(order, kind="stable")


def _told(rows: pd.DataFrame, found: pd.DataFrame, stands: pd.DataFrame, policy: Policy, lang: str) -> pd.DataFrame:
    """`TOLD` in words: why each pupil is listed, what to ask, and whether the limit has passed.

    found: the provisional tier of each row.
    """
    census = rows["source"].eq("census") & rows["reason"].isin(FOUND)
    blank = census & found["safety_signal"].eq("unanswered")
    asks = {each: say(f"workspace.checklist.ask.{each}", lang) for each in [*rows["reason"].unique(), "blank"]}
    late = {True: say("workspace.checklist.late", lang), False: ""}
    since = rows["pupil_key"].map(stands["since"]).astype("str")
    parts = [_why(found, policy, lang).where(census), _decided(since, lang)]
    why = [" ".join(part for part in both if isinstance(part, str) and part) for both in zip(*parts, strict=True)]
    ask = rows["reason"].mask(blank, "blank").map(asks)
    red = census & found["tier"].eq("red")
    ask = ask.mask(red, say("workspace.checklist.ask.red", lang) + ask)
    return pd.DataFrame({"why": why, "ask": ask, "overdue": rows["overdue"].map(late)}, index=rows.index)


def _why(found: pd.DataFrame, policy: Policy, lang: str) -> pd.Series:
    """The reasons of the provisional tier one after the other, why it is undetermined, and what is to be repeated."""
    known = {rule.id for rule in policy.rules} | {policy.tiers.several_yellow.rule}
    codes = load_table("tier_provisional").column("undetermined_why").codes
    doubts = {code.code: [say("tiers.explain.undetermined", lang, why=code.label.say(lang))] for code in codes}
    again = {"yes": [say("tiers.explain.remeasure", lang)]}
    reasons = [reasons_from_json(text) if isinstance(text, str) else () for text in found["reasons"]]
    told = [
        " ".join([
            *(in_words(each, policy, lang) for each in mine if each.rule in known),  # an older policy may have others
            *doubts.get(doubt, []), *again.get(repeat, []),
        ])
        for mine, doubt, repeat in zip(reasons, found["undetermined_why"], found["remeasure"], strict=True)
    ]  # fmt: skip
    return pd.Series(told, index=found.index, dtype="str")


def _decided(since: pd.Series, lang: str) -> pd.Series:
    """That people have confirmed a tier, and when; which one is not told."""
    return since.map({day: say("workspace.checklist.decided", lang, since=day) for day in since.dropna().unique()})


def worded(values: pd.Series, column: Column | None, lang: str) -> pd.Series:
    """Values as a person reads them: codes by their labels; blank where there is none."""
    if column is None or not column.codes:
        return values.fillna("")
    words = {code.code: code.label.say(lang) for code in column.codes}
    comma = say("tables.template.comma", lang)
    told = {each: comma.join(words[part] for part in str(each).split(";")) for each in values.dropna().unique()}
    return values.map(told).astype("str").fillna("")


def _how(table: Table, lang: str) -> pd.DataFrame:
    """What may stand in the cells that are to be filled in."""
    columns = [table.column(name) for name in TO_FILL]
    heads = [say("workspace.checklist.cell", lang), say("workspace.checklist.allowed", lang)]
    return pd.DataFrame([[each.label.say(lang), allowed(each, lang)] for each in columns], columns=heads)
