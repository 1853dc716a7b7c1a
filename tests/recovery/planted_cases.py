"""A wave with planted cases: who is in need is known, and so is every share that the library is to find again.

A pupil's true state is drawn first, the answers from the state alone. `TRUTH` says in plain arithmetic what the default
rules T01, T02, T05 and T07 make of such answers; it asks the library nothing.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from xinyu_lib.care.sampling import verification_sample
from xinyu_lib.policy import load_policy
from xinyu_lib.scales import load_scale
from xinyu_lib.tiers import classify_tiers, reasons_json

WAVE, SCHOOLS = "2025-2026-autumn", 6
POLICY = load_policy("donghu-2025")
STATES = np.array(["none", "yellow", "orange", "red"])
SHARES = np.array([0.93, 0.04, 0.02, 0.01])  # of each true state
YOUNG = 0.4  # share of grades 4-6: MHT; the others: PHQ-9
# by true state: PHQ-9 total (bell-shaped over 0..27), then the chances of each answer to item 9
MEAN, SPREAD = np.array([3.0, 8.0, 12.0, 16.0]), np.array([3.5, 4.0, 4.5, 5.0])
ITEM_9 = np.array(
    [[0.985, 0.012, 0.002, 0.001], [0.90, 0.07, 0.02, 0.01], [0.6, 0.25, 0.1, 0.05], [0.2, 0.3, 0.3, 0.2]]
)
# by true state: chance of an MHT total of 65, of three content scales at 8, of each of the two safety items
TOTAL_65, THREE_AT_8 = np.array([0.01, 0.15, 0.4, 0.7]), np.array([0.04, 0.35, 0.5, 0.6])
ITEM_85_97 = np.array([0.01, 0.06, 0.3, 0.6])
REACHED = {"red": 1.0, "orange": 0.9, "yellow": 0.65, "none": 0.95}  # share interviewed, by provisional tier
FINDING = {tier: getattr(POLICY.interview, tier)[0] for tier in STATES}
FIRST_DAY = pd.Timestamp("2025-10-13")  # a Monday
MEAN_HOURS, LIMIT, HOURS = 60.0, 72.0, (24, 72, 120)  # until a contact; its time limit; where the curve is looked at
WATCHED = 168.0  # hours from the first day until one looks: some clocks still run then


def _bell() -> np.ndarray:
    totals = np.arange(28)
    weight = np.exp(-0.5 * ((totals - MEAN[:, None]) / SPREAD[:, None]) ** 2)
    return weight / weight.sum(axis=1, keepdims=True)


PHQ_TOTAL = _bell()


def _tiers_of_phq9() -> np.ndarray:
    """Chance of each provisional tier (none, yellow, orange, red) by true state: total and item 9 are independent."""
    low, middle, high = PHQ_TOTAL[:, :10].sum(axis=1), PHQ_TOTAL[:, 10:15].sum(axis=1), PHQ_TOTAL[:, 15:].sum(axis=1)
    no, once = ITEM_9[:, 0], ITEM_9[:, 1]
    orange = no * high + once * (low + middle)  # once and a total of 15 is red
    return np.stack([no * low, no * middle, orange, 1 - no * (low + middle) - orange], axis=1)


def _tiers_of_mht() -> np.ndarray:
    neither, both = (1 - ITEM_85_97) ** 2, ITEM_85_97**2
    none, yellow = (neither * (1 - TOTAL_65) * chance for chance in (1 - THREE_AT_8, THREE_AT_8))
    return np.stack([none, yellow, 1 - both - none - yellow, both], axis=1)


def _truth() -> dict[str, float]:
    """Shares among pupils like these, by hand: sums over true states (rows) and provisional tiers (columns)."""
    chances = SHARES[:, None] * (YOUNG * _tiers_of_mht() + (1 - YOUNG) * _tiers_of_phq9())
    over_cut = SHARES * PHQ_TOTAL[:, 10:].sum(axis=1)  # T05
    flagged, in_need = chances[:, 1:], chances[1:]
    return {
        "sensitivity": in_need[:, 1:].sum() / in_need.sum(),
        "specificity": chances[0, 0] / chances[0].sum(),
        "npv": chances[0, 0] / chances[:, 0].sum(),
        "ppv_any": in_need[:, 1:].sum() / flagged.sum(),
        "ppv_same": np.tril(chances)[:, 1:].sum() / flagged.sum(),
        "ppv_of_t05": over_cut[1:].sum() / over_cut.sum(),
        "in_time": 1 - np.exp(-LIMIT / MEAN_HOURS),
    } | {f"waiting_{hours}": np.exp(-hours / MEAN_HOURS) for hours in HOURS}


TRUTH = _truth()


class Wave(NamedTuple):
    """The tables of one wave, and what was planted in it: pupils in need whom no rule flagged, interviews asked for."""

    provisional: pd.DataFrame
    confirmed: pd.DataFrame
    interviews: pd.DataFrame
    check_list: pd.DataFrame
    missed: int
    due: int


def planted_wave(seed: int, pupils: int = 3000) -> Wave:
    """Answers, tiers by the library, the sample, interviews of those who were reached; confirmed = the true state."""
    rng = np.random.default_rng(seed)
    state = rng.choice(4, size=pupils, p=SHARES)
    keys = pd.Index([f"p{seed:04d}{place:05d}" for place in range(pupils)], name="pupil_key")
    tiers = classify_tiers(_scores(rng, state, keys), POLICY)
    provisional = pd.DataFrame({
        "wave": WAVE, "school": [f"S{place % SCHOOLS}" for place in range(pupils)], "pupil_key": keys,
        "tier": tiers["tier"].array, "safety_signal": tiers["safety_signal"].array,
        "reasons": [reasons_json(each) for each in tiers["reasons"]],
    })  # fmt: skip
    tier = provisional["tier"]
    drawn = keys.isin(verification_sample(keys[tier == "none"], WAVE, POLICY.sample))
    asked = (tier != "none").to_numpy() | drawn
    seen = asked & (rng.random(pupils) < tier.map(REACHED).to_numpy())
    on = (FIRST_DAY + pd.to_timedelta(rng.integers(0, 25, pupils), unit="D")).strftime("%Y-%m-%d")
    rows = pd.DataFrame({"wave": WAVE, "school": provisional["school"], "pupil_key": keys, "on": on, "sequence": 1})
    rows = rows.assign(at=pd.Series(pd.NA, index=rows.index, dtype="str"))
    found = pd.Series(STATES[state])
    missed = int(((tier == "none") & (state > 0)).sum())
    return Wave(
        provisional,
        rows.assign(tier=found)[seen],
        rows.assign(findings=found.map(FINDING))[seen],
        rows.assign(reason=np.where(drawn, "sample", "tier"))[asked],
        missed,
        int(asked.sum()),
    )


def _scores(rng: np.random.Generator, state: np.ndarray, keys: pd.Index) -> pd.DataFrame:
    """A score frame in which the young have MHT and the others PHQ-9, as `scoring` would give it."""
    young = rng.random(len(state)) < YOUNG
    total = _drawn(rng, PHQ_TOTAL[state])
    answered = {"phq9_answered": 9, "phq9_total": total, "phq9_total_lowest": total, "phq9_total_highest": total}
    phq9 = answered | {"phq9_critical_9": _drawn(rng, ITEM_9[state])}
    high, three = (rng.random(len(state)) < chance[state] for chance in (TOTAL_65, THREE_AT_8))
    contents = {
        f"mht_{name}{end}": np.where(three, 8, 7) if place < 3 else 7
        for place, name in enumerate(load_scale("mht").subscales)
        for end in ("", "_lowest", "_highest")
    }
    total = np.where(high, 65, 64)
    mht = {"mht_answered": 100, "mht_total": total, "mht_total_lowest": total, "mht_total_highest": total}
    items = {f"mht_critical_{item}": rng.random(len(state)) < ITEM_85_97[state] for item in (85, 97)}
    mht |= contents | {"mht_validity": 0} | items
    frame = pd.DataFrame(phq9 | mht, index=keys, dtype="Int16")
    frame.loc[young, list(phq9)] = pd.NA
    frame.loc[~young, list(mht)] = pd.NA
    return frame.assign(mht_valid=pd.Series(young, index=keys).astype("boolean").where(young))


def _drawn(rng: np.random.Generator, chances: np.ndarray) -> np.ndarray:
    """One category per row, by the chances of the row."""
    return (rng.random(len(chances))[:, None] > chances.cumsum(axis=1)[:, :-1]).sum(axis=1)


def planted_contacts(seed: int, pupils: int = 400) -> tuple[pd.DataFrame, str]:
    """Duties `first_contact`, with exponential times until the contact, and the moment at which one looks."""
    rng = np.random.default_rng(seed)
    starts = FIRST_DAY + pd.to_timedelta(rng.integers(0, 5 * 24 * 60, pupils), unit="min")
    done = starts + pd.to_timedelta(np.ceil(rng.exponential(MEAN_HOURS, pupils) * 3600), unit="s")
    duties = pd.DataFrame({"pupil_key": [f"p{place}" for place in range(pupils)], "step": "first_contact"})
    duties = duties.assign(starts=starts, due=starts + pd.Timedelta(hours=LIMIT), done=done)
    return duties, (FIRST_DAY + pd.Timedelta(hours=WATCHED)).strftime("%Y-%m-%dT%H:%M")
