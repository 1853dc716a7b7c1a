"""Who is looked at, and what is found: from traits and from answers to safety items, never from scores."""

import numpy as np
import pandas as pd

from xinyu_lib import columns
from xinyu_lib.scales import load_scale
from xinyu_lib.synth.answers import load_items
from xinyu_lib.synth.district import Round
from xinyu_lib.synth.ledgers.dates import hours
from xinyu_lib.synth.ledgers.ground import Ground
from xinyu_lib.synth.setting import Battery

RANK = {"none": 0, "yellow": 1, "orange": 2, "red": 3}
FORCED = {"red_overdue": "red", "red_review_lapsed": "red", "no_next_contact": "orange", "handover_lost": "orange"}
OWN = ["wave", "pupil", "number", "school", "class_id", "grade", "reason", "need", "tier", "talk", "gap"]
LATEST = 16.5  # o'clock at which a same-day talk begins at the latest


def census_cases(ground: Ground) -> pd.DataFrame:
    """One row per pupil who was looked at in a wave: reason, need (SD), tier that was found, and when they talked.

    submitted: when it became known. gap: the planted gap that takes this case, "" for most.
    """
    return ground.once("census cases", _of_waves)


def _of_waves(ground: Ground) -> pd.DataFrame:
    return pd.concat([_of_wave(ground, round_) for round_ in ground.district.rounds], ignore_index=True)


def _of_wave(ground: Ground, round_: Round) -> pd.DataFrame:
    rng = ground.rng(f"cases {round_.wave.id}")
    sheets = [_sheets(ground, round_, battery) for battery in ground.district.setting.batteries]
    every = round_.roster.join(pd.concat(sheets), how="inner").assign(wave=round_.wave.id)
    every["reason"] = _reasons(every, ground, rng)
    listed = every[every["reason"] != ""].copy()
    listed["tier"] = [_tier(each, ground) for each in listed.itertuples()]
    listed["gap"] = ""
    for gap in ground.district.setting.gaps:
        if gap.kind in FORCED and gap.wave == round_.wave.id:
            free = listed[(listed["school"] == gap.school) & (listed["gap"] == "")]
            chosen = free.assign(safety=free["reason"] == "safety").sort_values(["safety", "need"]).index[-1]
            listed.loc[chosen, ["tier", "gap"]] = [FORCED[gap.kind], gap.kind]
    submitted = ground.submitted[round_.wave.id].loc[listed.index]
    listed["talk"] = [_talk(*each, ground, rng) for each in zip(listed["reason"], submitted, strict=True)]
    return listed.assign(submitted=submitted)[[*OWN, "submitted"]]


def _sheets(ground: Ground, round_: Round, battery: Battery) -> pd.DataFrame:
    """Need, and answers to safety items: how many speak of danger, whether one does gravely, whether one is blank."""
    codes = round_.sheets[battery.id].codes
    traits = [factor.trait for scale in battery.scales for factor in load_items(scale).factors]
    lie = ground.district.setting.conduct.lie_trait
    need = round_.traits.loc[codes.index, [trait for trait in traits if trait != lie]].mean(axis=1)
    items = [
        (columns.item(scale, critical.item), critical.positive_at)
        for scale in battery.scales
        for critical in load_scale(scale).critical
    ]
    answers = codes[[name for name, _ in items]].astype("Float64")
    above = answers - [at for _, at in items]  # 0 and more speaks of danger, more than 0 gravely
    positive = (above >= 0).fillna(False)
    grave = (above > 0).fillna(False).any(axis=1) | (positive.sum(axis=1) > 1)
    return pd.DataFrame(
        {"need": need, "positive": positive.any(axis=1), "grave": grave, "blank": answers.isna().any(axis=1)}
    )


def _reasons(every: pd.DataFrame, ground: Ground, rng: np.random.Generator) -> pd.Series:
    """Why a pupil is looked at, "" for most: an answer, a blank safety item, need, or the sample of the rest."""
    parts = ground.parts
    return pd.Series(
        np.select(
            [every["positive"], every["blank"], every["need"] >= parts.care["yellow"].need,
             rng.random(len(every)) < parts.sample],
            ["safety", "undetermined", "tier", "sample"], "",
        ), index=every.index,
    )  # fmt: skip


def _tier(each, ground: Ground) -> str:
    """What the talk finds: answers alone make no tier, for some were given without care."""
    care = ground.parts.care
    if each.grave and each.need >= care["red"].need:
        return "red"
    if each.positive and each.need >= care["orange"].need:
        return "orange"
    return "yellow" if each.need >= care["yellow"].need else "none"


def _talk(reason: str, submitted: pd.Timestamp, ground: Ground, rng: np.random.Generator) -> pd.Timestamp:
    """When they talked: the same day after an answer that speaks of danger, within days otherwise."""
    calendar = ground.calendar
    if reason == "safety":
        latest = submitted.normalize() + hours(LATEST)
        soon = submitted + pd.Timedelta(minutes=int(rng.integers(20, 100)))
        return max(min(soon, latest), submitted + pd.Timedelta(minutes=10)).floor("min")
    first, last = {"undetermined": (1, 2), "tier": (1, 3), "sample": (3, 10)}[reason]
    return calendar.after(submitted, int(rng.integers(first, last))) + hours(int(rng.integers(9, 16)))


def begun_later(ground: Ground) -> pd.DataFrame:
    """Cases that began with a signal outside the census: the signals that put a pupil on the check list."""
    signals = ground["signal"]
    listed = signals[signals["outcome"] == "listed"]
    place = ground.pupils.reset_index().set_index("number")
    rows = listed.join(place[["pupil", "class_id", "grade"]], on="number")
    talks = [ground.calendar.after(pd.Timestamp(at), 1) + hours(10) for at in rows["received_at"]]
    tiers = ["yellow" if number % 2 else "none" for number in range(len(rows))]
    known = pd.to_datetime(rows["received_at"])
    rows = rows.assign(wave=None, reason="concern", need=np.nan, tier=tiers, talk=talks, gap="", submitted=known)
    return rows[[*OWN, "submitted", "source_level"]]
