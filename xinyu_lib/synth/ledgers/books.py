"""The workbooks: every declared table that the census does not bring, a sheet each, references before what refers."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from xinyu_lib.synth.district import District
from xinyu_lib.synth.files import labelled, write_book
from xinyu_lib.synth.ledgers import (
    archives,
    care,
    conditions,
    crisis,
    learning,
    network,
    organisation,
    outreach,
    people,
    plans,
    station,
    teaching,
)  # fmt: skip
from xinyu_lib.synth.ledgers.gaps import plant
from xinyu_lib.synth.ledgers.ground import DISTRICT, Ground, load_parts
from xinyu_lib.synth.mappings import Import
from xinyu_lib.synth.setting import Setting
from xinyu_lib.synth.wavefiles import Sent
from xinyu_lib.tables import load_table

TABLES: dict[str, Callable[[Ground], pd.DataFrame]] = {
    table.__name__: table
    for table in (
        organisation.org_unit, people.staff, people.qualification, people.team_member, people.role_grant,
        organisation.leadership_group, organisation.meeting, organisation.regulation, organisation.plan_doc,
        organisation.review_meeting, organisation.issue, organisation.assessment,
        learning.training, learning.attendance, learning.supervision,
        conditions.budget, conditions.room, conditions.room_log, outreach.brand, conditions.honour,
        teaching.course, teaching.timetable, teaching.lesson, teaching.five_open, teaching.lesson_feedback,
        outreach.partner, outreach.activity, outreach.programme, outreach.event, outreach.event_attendance,
        outreach.publication,
        network.network_member, network.network_report, network.signal,
        care.check_list, care.interview, care.tier_confirmed, plans.care_plan, plans.contact, plans.guardian_contact,
        plans.referral, crisis.crisis_plan, crisis.drill, crisis.crisis_event,
        station.station, station.station_case, archives.enrolment, archives.archive, archives.archive_entry,
    )
}  # fmt: skip


def ledgers(district: District, submitted: Mapping[str, pd.Series]) -> tuple[dict[str, pd.DataFrame], list[dict]]:
    """All tables with the planted gaps, and where those are; `ledger` says in which workbook a row stands."""
    ground = Ground(district, submitted)
    for name, make in TABLES.items():
        ground.made[name] = _placed(make(ground))
    found = plant(ground)
    return {name: ground[name] for name in TABLES}, found


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with their workbook: the school's, the district's where there is none."""
    if "ledger" in rows:
        return rows
    return rows.assign(ledger=rows["school"].where(rows["school"].notna(), DISTRICT) if "school" in rows else DISTRICT)


def write_ledgers(raw: Path, tables: Mapping[str, pd.DataFrame], setting: Setting) -> Iterator[Sent]:
    """Write the workbooks, the district's first: schools refer to its units, trainings and partners."""
    parts = load_parts()
    titles = {DISTRICT: parts.district_title}
    titles |= {school.code: parts.book_title.format(school=school.name) for school in setting.schools}
    for ledger, title in titles.items():
        mine = {name: rows[rows["ledger"] == ledger] for name, rows in tables.items()}
        mine = {name: rows for name, rows in mine.items() if len(rows)}
        step = Import(f"ledgers/{ledger}.xlsx")
        sheets = {load_table(name).label.zh: _sheet(rows, name) for name, rows in mine.items()}
        write_book(raw / step.file, sheets, title=title)
        school = "" if ledger == DISTRICT else ledger
        yield Sent(step, sum(map(len, mine.values())), school)


def _sheet(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """A sheet has all columns of the template, filled or not."""
    return labelled(rows.reindex(columns=[column.name for column in load_table(name).file_columns]), name)
