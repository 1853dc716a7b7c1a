"""Gaps in what schools and district provide: plans, rooms, funds, staff, lessons, network, publications."""

import pandas as pd

from xinyu_lib.synth.ledgerplan import Gap
from xinyu_lib.synth.ledgers.ground import Ground
from xinyu_lib.synth.ledgers.marking import change, chosen, record, take_out
from xinyu_lib.synth.ledgers.teaching import COURSE
from xinyu_lib.tables import load_table, tables

SMALL = 0.5  # share of its area that is left of a room
OVER = 1.4  # spent for planned
QUIET_FROM = 6  # the first silent week, counted from the start
STAND_IN = "moral_education"
IN_OFFICE = ("leadership_group", "network_member", "team_member", "role_grant")


def five_open_missing(ground: Ground, gap: Gap) -> list[dict]:
    term = ground.calendar.term_of(gap.wave)
    where = {"school": gap.school, "year": term.year, "term": term.term, "item": gap.what}
    take_out(ground, "five_open", chosen(ground, "five_open", **where))
    return [record(ground, "five_open", **where)]


def crisis_plan_lapsed(ground: Ground, gap: Gap) -> list[dict]:
    """The plan was never renewed: last year's is still in force."""
    take_out(ground, "crisis_plan", chosen(ground, "crisis_plan", school=gap.school, ended_on=None))
    mine = chosen(ground, "crisis_plan", school=gap.school)
    change(ground, "crisis_plan", mine, ended_on=None)
    old = ground["crisis_plan"][mine].iloc[0]
    change(ground, "drill", chosen(ground, "drill", school=gap.school), version=old["version"])
    return [record(ground, "crisis_plan", school=gap.school, ended_on=None, approved_on=old["approved_on"])]


def drill_missing(ground: Ground, gap: Gap) -> list[dict]:
    term = ground.calendar.term_of(gap.wave)
    in_term = ground["drill"]["on"].between(term.starts, term.ends)
    take_out(ground, "drill", chosen(ground, "drill", school=gap.school) & in_term)
    more = {"from": term.starts, "to": term.ends}
    return [{"table": "drill", "where": {"school": gap.school}, "rows": 0} | more]


def standard_plan_old(ground: Ground, gap: Gap) -> list[dict]:
    where = {"school": gap.school, "kind": "standard_plan"}
    which = chosen(ground, "plan_doc", **where)
    change(ground, "plan_doc", which, year=gap.what, approved=f"{gap.what[:4]}-09-10")
    return [record(ground, "plan_doc", **where, year=gap.what)]


def network_silent(ground: Ground, gap: Gap) -> list[dict]:
    """No unit of a level reports for some weeks."""
    where = {"school": gap.school, "level": gap.what}
    weeks = sorted(ground["network_report"].loc[chosen(ground, "network_report", **where), "starts"].unique())
    where["starts"] = weeks[QUIET_FROM : QUIET_FROM + gap.n]
    missing = take_out(ground, "network_report", chosen(ground, "network_report", **where))
    return [record(ground, "network_report", {"missing": missing}, **where)]


def delegate_untrained(ground: Ground, gap: Gap) -> list[dict]:
    where = {"school": gap.school, "level": "peer"}
    rows = ground["network_member"][chosen(ground, "network_member", **where)]
    where["unit"] = rows["unit"].iloc[0]
    change(ground, "network_member", chosen(ground, "network_member", **where), trained_on=None)
    return [record(ground, "network_member", **where, trained_on=None)]


def teacher_left(ground: Ground, gap: Gap) -> list[dict]:
    """Nobody comes after the psychology teacher: others stand in, and the room stays shut."""
    where = {"school": gap.school, "posts": "psychology_teacher"}
    gone = ground["staff"].loc[chosen(ground, "staff", **where, ends=None), "staff_number"].tolist()
    stand_in = ground.staff_at(gap.school, STAND_IN)[0]
    change(ground, "staff", chosen(ground, "staff", **where), ends=gap.what)
    for table in IN_OFFICE:
        change(ground, table, chosen(ground, table, staff_number=gone), ends=gap.what)
    for table in (name for name in tables() if name in ground.made and name not in {"staff", *IN_OFFICE}):
        _stand_in(ground, table, gone, stand_in, gap.what)
    open_plans = chosen(ground, "care_plan", staff_number=gone, closed_on=None)
    change(ground, "care_plan", open_plans, staff_number=stand_in)
    shut = chosen(ground, "room_log", school=gap.school) & (ground["room_log"]["opened"].str[:10] > gap.what)
    more = {"openings_missing": take_out(ground, "room_log", shut)}
    return [record(ground, "staff", more, **where, ends=gap.what)]


def _stand_in(ground: Ground, table: str, gone: list[str], stand_in: str, after: str) -> None:
    """What those who are gone did not do any more, somebody else did."""
    dated = [column.name for column in load_table(table).file_columns if column.type in {"date", "timestamp"}]
    if dated and "staff_number" in ground[table]:
        later = ground[table][dated[0]].astype("str").str[:10] > after
        change(ground, table, chosen(ground, table, staff_number=gone) & later, staff_number=stand_in)


def teacher_shared(ground: Ground, gap: Gap) -> list[dict]:
    """Nothing to change: the shared teacher stands in the staff list of both schools from the start."""
    staff = ground["staff"][chosen(ground, "staff", school=[gap.school, gap.what], posts="psychology_teacher")]
    shared = staff[staff["staff_number"].duplicated(keep=False)]
    fte = dict(zip(shared["school"], shared["fte"], strict=True))
    where = {"school": list(fte), "posts": "psychology_teacher", "employment": "part"}
    more = {"persons": int(shared["staff_number"].nunique()), "fte": fte}
    return [record(ground, "staff", more, **where)]


def lessons_lost(ground: Ground, gap: Gap) -> list[dict]:
    return _lessons(ground, gap, {"school": gap.school}, delivered="no", lost_to=gap.what, moved_to=None)


def remote_alone(ground: Ground, gap: Gap) -> list[dict]:
    """Lessons from afar without a teacher in the room do not count."""
    return _lessons(ground, gap, {"school": gap.school, "course": COURSE["dual"]}, local_present="no")


def _lessons(ground: Ground, gap: Gap, where: dict, **values: object) -> list[dict]:
    rows = ground["lesson"][chosen(ground, "lesson", **where)]
    picked = ground.rng(gap.kind).choice(rows.index, gap.n, replace=False)
    change(ground, "lesson", pd.Series(ground["lesson"].index.isin(picked)), **values)
    kept = {column: value for column, value in values.items() if value is not None}
    return [record(ground, "lesson", {"on": sorted(rows.loc[picked, "on"])}, school=gap.school, **kept)]


def overspent(ground: Ground, gap: Gap) -> list[dict]:
    """More was spent on an item than was planned, and no other item gave for it."""
    rows = ground["budget"]
    mine = rows[chosen(ground, "budget", school=gap.school, item=gap.what) & rows["spent"].notna()]
    year, planned = int(mine["fiscal_year"].max()), int(mine.sort_values("fiscal_year")["planned"].iloc[-1])
    where = {"school": gap.school, "item": gap.what, "fiscal_year": year}
    change(ground, "budget", chosen(ground, "budget", **where), spent=int(planned * OVER))
    return [record(ground, "budget", {"planned": planned, "spent": int(planned * OVER)}, **where)]


def publication_missing(ground: Ground, gap: Gap) -> list[dict]:
    where = {"school": None, "no": int(gap.what)}
    take_out(ground, "publication", chosen(ground, "publication", no=int(gap.what)))
    return [{"table": "publication", "where": where, "rows": 0}]


def no_letter_box(ground: Ground, gap: Gap) -> list[dict]:
    change(ground, "room", chosen(ground, "room", school=gap.school), letter_box="no")
    return [record(ground, "room", school=gap.school, letter_box="no")]


def room_too_small(ground: Ground, gap: Gap) -> list[dict]:
    where = {"school": gap.school, "function": gap.what}
    area = float(ground["room"].loc[chosen(ground, "room", **where), "area"].iloc[0]) * SMALL
    change(ground, "room", chosen(ground, "room", **where), area=area)
    return [record(ground, "room", **where, area=area)]


def no_supervision(ground: Ground, gap: Gap) -> list[dict]:
    """A psychology teacher goes to every training and has no supervision."""
    where = {"school": gap.school, "posts": "psychology_teacher", "employment": "full"}
    number = ground["staff"].loc[chosen(ground, "staff", **where), "staff_number"].iloc[0]
    take_out(ground, "supervision", chosen(ground, "supervision", staff_number=number))
    hours = ground["attendance"].loc[chosen(ground, "attendance", staff_number=number), "hours"].sum()
    return [record(ground, "staff", {"supervision_hours": 0, "training_hours": float(hours)}, **where)]


PLANTERS = {
    planter.__name__: planter
    for planter in (
        five_open_missing, crisis_plan_lapsed, drill_missing, standard_plan_old, network_silent, delegate_untrained,
        teacher_left, teacher_shared, lessons_lost, remote_alone, overspent, publication_missing, no_letter_box,
        room_too_small, no_supervision,
    )
}  # fmt: skip
