"""From the check list to a confirmed tier: who was looked at, what the talk found, and what reviews made of it."""

import numpy as np
import pandas as pd

from xinyu_lib.synth.district import Round
from xinyu_lib.synth.ledgers.cases import begun_later, census_cases
from xinyu_lib.synth.ledgers.course import Stretch, due_days, stretches, tier_at
from xinyu_lib.synth.ledgers.dates import day, hours, minute
from xinyu_lib.synth.ledgers.ground import Ground, frame, some

FINDINGS = {
    "red": ["cssrs_intent", "cssrs_method_means"], "orange": ["cssrs_thoughts", "self_harm_recent"],
    "yellow": ["distress", "situational_trouble"], "none": ["nothing_found"],
}  # fmt: skip
RISK = {"red": "high", "orange": "medium", "yellow": "low", "none": "none"}
FUNCTION = {"red": "marked", "orange": "mild", "yellow": "mild", "none": "intact"}
UNFOUND = ["situational", "misread_item", "careless", "resolved"]
PROTECTION = ["family", "friends", "teacher", "interests", "seeks_help"]
SOURCES = {"peer": "peer", "class": "teacher", "grade": "teacher", "parent": "parent", "self": "self"}


def looked_at(ground: Ground) -> pd.DataFrame:
    """All cases, from the census and from signals; made once."""
    return ground.once("cases", lambda _: pd.concat([census_cases(ground), begun_later(ground)], ignore_index=True))


def courses(ground: Ground) -> list[tuple[str, list[Stretch]]]:
    """Number and tiers of every pupil who ever had one; who leaves a school is handed over with a receipt."""
    return ground.once("courses", _courses)


def _courses(ground: Ground) -> list[tuple[str, list[Stretch]]]:
    every = looked_at(ground).sort_values("talk", kind="stable")
    care = ground.parts.care
    found = [
        (str(number), stretches(mine, care, ground.calendar, min(left(ground, mine["pupil"].iloc[0]), ground.until)))
        for number, mine in every.groupby("number", sort=True)
    ]
    return [(number, mine) for number, mine in found if mine]


def left(ground: Ground, pupil: int) -> pd.Timestamp:
    """When a pupil left for good; after `until` for those who did not."""
    last = ground.district.setting.waves[-1].id
    gone = last not in ground.pupils.loc[pupil, "waves"]
    return pd.Timestamp(ground.terms[-1].starts) if gone else ground.until + pd.Timedelta(days=1)


def check_list(ground: Ground) -> pd.DataFrame:
    """Everyone whom answers, the sample or a signal named, and at each wave those who are in care already."""
    rng = ground.rng("check_list")
    rows = []
    for case in looked_at(ground).itertuples():
        rows.append({
            "ledger": case.school, "wave": case.wave, "number": case.number, "on": day(case.submitted),
            "done_on": day(case.talk),
            "source": SOURCES[case.source_level] if case.reason == "concern" else "census",
            "reason": "safety" if case.reason == "undetermined" else case.reason,  # a safety item was left blank
            "issues": some(rng, "check_list", "issues", 2) if case.tier != "none" else None,
            "staff_number": teacher(ground, case.school, rng), "outcome": "interviewed",
        })  # fmt: skip
    return frame(rows + [row for round_ in ground.district.rounds for row in _in_care(ground, round_, rng)])


def _in_care(ground: Ground, round_: Round, rng: np.random.Generator) -> list[dict]:
    """Pupils with an open tier whom the answers of a wave did not name."""
    start = pd.Timestamp(round_.wave.days[0])
    cases = looked_at(ground)
    named = set(cases.loc[cases["wave"] == round_.wave.id, "number"])
    open_ = {number for number, course in courses(ground) if tier_at(course, start) != "none"}
    there = round_.roster[round_.roster["number"].isin(open_ - named)]
    return [
        {
            "ledger": each.school, "wave": round_.wave.id, "number": each.number, "on": day(start),
            "done_on": day(start), "source": "census", "reason": "open_case", "outcome": "in_care",
            "staff_number": teacher(ground, each.school, rng),
        }
        for each in there.itertuples()
    ]  # fmt: skip


def teacher(ground: Ground, school: str, rng: np.random.Generator) -> str:
    return str(rng.choice(ground.staff_at(school, "psychology_teacher")))


def interview(ground: Ground) -> pd.DataFrame:
    rng = ground.rng("interview")
    rows = []
    for case, seen_by in zip(looked_at(ground).itertuples(), ground["check_list"]["staff_number"], strict=False):
        rows.append({
            "ledger": case.school, "wave": case.wave, "number": case.number, "on": day(case.talk),
            "at": minute(case.talk), "staff_number": seen_by,
            "findings": ";".join(sorted(FINDINGS[case.tier][: int(rng.integers(1, 3))])), "risk": RISK[case.tier],
            "function": FUNCTION[case.tier], "protection": ";".join(rng.choice(PROTECTION, 2, replace=False)),
            "guardian_contacted": "yes" if case.tier != "none" else "no",
            "outcome": "crisis" if case.tier == "red" else "tier_proposed", "words": str(rng.choice(ground.phrases)),
        })  # fmt: skip
    return frame(rows)


def tier_confirmed(ground: Ground) -> pd.DataFrame:
    """A tier after every talk and every review, and each lowering; the principals of this district sign them all."""
    rng = ground.rng("tier_confirmed")
    found = dict(courses(ground))
    rows = [row for number, course in found.items() for row in _of_course(ground, number, course, rng)]
    for case in looked_at(ground).itertuples():
        course = found.get(case.number, [])
        if case.talk not in {each.starts for each in course}:
            tier = tier_at(course, case.talk)
            reason = "interview" if tier != "none" else str(rng.choice(UNFOUND))
            rows.append(_confirmed(ground, rng, case.number, case.school, tier, case.talk, reason, case.wave))
    return frame(rows).drop_duplicates(["number", "on"], ignore_index=True)


def _of_course(ground: Ground, number: str, course: list[Stretch], rng: np.random.Generator) -> list[dict]:
    """The start of every tier, half an hour after the talk, and the reviews that left it as it was."""
    rows = []
    for each in course:
        wave, at = each.wave if each.reason == "interview" else None, each.starts + hours(0.5)
        rows.append(_confirmed(ground, rng, number, each.school, each.tier, at, each.reason, wave))
        if each.tier != "none":
            rows += [
                _confirmed(ground, rng, number, each.school, each.tier, due + hours(12), "review", None)
                for due, review in due_days(each, ground.parts.care[each.tier], ground.calendar)
                if review and due <= ground.until and (each.ends is None or due < each.ends.normalize())
            ]
    return rows


def _confirmed(ground, rng, number, school, tier, moment, reason, wave) -> dict:
    rhythm = ground.parts.care.get(tier)
    return {
        "ledger": school, "wave": wave, "number": number, "on": day(moment), "tier": tier, "reason": reason,
        "at": minute(moment) if tier == "red" else None, "staff_number": teacher(ground, school, rng),
        "second_number": ground.staff_at(school, "principal")[0],
        "review_by": day(moment + pd.Timedelta(days=rhythm.valid)) if rhythm else None,
    }  # fmt: skip
