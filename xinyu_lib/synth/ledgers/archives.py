"""Files of pupils: who came and went, when each file was opened, and what has been filed in it."""

import pandas as pd

from xinyu_lib.synth.district import Round
from xinyu_lib.synth.ledgers.dates import day
from xinyu_lib.synth.ledgers.ground import Ground, frame

OPENED = (10, 19)  # school days of the first term in which files are opened
NEWCOMERS = (5, 25)  # days after entry
CARED_FOR = {
    "interview": ("interview", "on"), "tier": ("tier_confirmed", "on"), "guardian_contact": ("guardian_contact", "on"),
    "referral": ("referral", "proposed_on"), "counselling": ("contact", "done_on"),
}  # fmt: skip
STAGES = [7, 10]  # first grades of a stage, to which files are handed over


def enrolment(ground: Ground) -> pd.DataFrame:
    """Entry into new stages, and who came, went or moved between the waves, all with receipts."""
    before, after = ground.district.rounds[0].roster, ground.district.rounds[-1].roster
    first = before[before["grade"].isin(STAGES)]
    rows = [_came(each, ground.terms[0].starts, "stage_change") for each in first.itertuples()]
    changed = ground.terms[-1].starts
    known, there = set(before["pupil"]), after.set_index("pupil")
    rows += [_came(each, changed, "transferred_in") for each in after.itertuples() if each.pupil not in known]
    for each in before[~before["pupil"].isin(there.index)].itertuples():
        rows.append(_went(each, changed, None))
    for each in before[before["pupil"].isin(there.index)].itertuples():
        target = there.at[each.pupil, "school"]
        if target != each.school:
            rows.append(_went(each, changed, target))
            rows.append(_came(next(there.loc[[each.pupil]].itertuples()), changed, "transferred_in", each.school))
    return frame(rows)


def _came(each, on: str, event: str, other: str | None = None) -> dict:
    row = {"school": each.school, "number": each.number, "class_id": each.class_id, "event": event, "on": on}
    return row | {"other_school": other} | _receipt(on)


def _went(each, on: str, other: str | None) -> dict:
    row = {"school": each.school, "number": each.number, "class_id": each.class_id, "event": "transferred_out"}
    return row | {"on": on, "other_school": other} | _receipt(on)


def _receipt(on: str) -> dict:
    start = pd.Timestamp(on)
    return {"handed_over_on": day(start + pd.Timedelta(days=7)), "receipt_on": day(start + pd.Timedelta(days=10))}


def archive(ground: Ground) -> pd.DataFrame:
    """One file per pupil, opened in the first weeks of the year, or within 30 days of entry."""
    rng = ground.rng("archive")
    days, changed = ground.calendar.of(ground.terms[0]), pd.Timestamp(ground.terms[-1].starts)
    opened = days[rng.integers(*OPENED, len(ground.pupils))]
    later = changed + pd.to_timedelta(rng.integers(*NEWCOMERS, len(ground.pupils)), unit="D")
    first, last = ground.district.setting.waves[0].id, ground.district.setting.waves[-1].id
    gone = {"sealed_on": _receipt(ground.terms[-1].starts)["receipt_on"], "ending": "handed_over"}
    return frame([
        {
            "ledger": each.school, "number": each.number, "opened_on": day(on if first in each.waves else after),
            "hold": "no", "staff_number": ground.staff_at(each.school, "psychology_teacher")[0],
        } | (gone if last not in each.waves else {})
        for each, on, after in zip(ground.pupils.itertuples(), opened, later, strict=True)
    ])  # fmt: skip


def archive_entry(ground: Ground) -> pd.DataFrame:
    """Consent, measurement or observation, and what care has left behind.

    Who the pupil is (the first part) stands in the roster and is not filed again. What a wave brought is filed when its
    term is over, so the last wave is not in the files yet.
    """
    files = ground["archive"][["ledger", "number", "staff_number"]]
    parts = [_consents(ground)]
    parts += [part for round_ in ground.district.rounds for part in _measured(ground, round_)]
    for part, (table, column) in CARED_FOR.items():
        first = ground[table].dropna(subset=[column]).groupby("number", as_index=False)[column].min()
        parts.append(first.rename(columns={column: "on"}).assign(part=part))
    every = pd.concat(parts, ignore_index=True).merge(files, on="number")
    return every.assign(reference=[f"A-{place:05d}" for place in range(1, len(every) + 1)])


def _consents(ground: Ground) -> pd.DataFrame:
    """The form of everybody who was asked, filed once."""
    found = [
        each.roster.loc[each.consent.index[each.consent != "not_asked"], ["number"]].assign(on=each.wave.consent_on)
        for each in ground.district.rounds
    ]
    return pd.concat(found).drop_duplicates("number").assign(part="consent_access")


def _measured(ground: Ground, round_: Round) -> list[pd.DataFrame]:
    """What is known of the pupils of a wave whose term is over: their sheet, or what teachers saw."""
    roster, ends = round_.roster, pd.Timestamp(ground.calendar.term_of(round_.wave.id).ends)
    if ends > ground.until:
        return []
    sheets = round_.attendance.index[round_.attendance == "finished"]
    young = roster.index[roster["battery"] == ""]
    return [
        roster.loc[sheets, ["number"]].assign(part="measurement", on=day(ends), wave=round_.wave.id),
        roster.loc[young, ["number"]].assign(part="observation", on=day(ends)),
    ]
