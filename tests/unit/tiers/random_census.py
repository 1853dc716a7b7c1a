"""A census of random pupils for properties of tiers: sheets of every severity, gaps, faults, states, facts."""

from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import pandas as pd

from xinyu_lib import columns
from xinyu_lib.policy import Policy, load_policy
from xinyu_lib.policy.conditions import FactName
from xinyu_lib.scales import Scale, load_scale
from xinyu_lib.scoring import score
from xinyu_lib.tiers import classify_tiers

POLICY = load_policy("donghu-2025")
BATTERY = ("phq9", "phq9-teen", "gad7", "mht", "mssmhs", "sdq-self", "sdq-parent", "sdq-teacher", "sds", "scl90")
SCALES = {scale_id: load_scale(scale_id) for scale_id in BATTERY}
PRORATED = {scale_id for scale_id, scale in SCALES.items() if scale.missing.rule == "prorate"}
AS_OF = "2026-03-15"
URGENCY = ("none", "undetermined", "yellow", "orange", "red")


@dataclass(frozen=True)
class Census:
    """sheets: answers by scale, NA = blank, rows of those who were given it. The rest as `classify_tiers` takes it."""

    pupils: pd.Index
    sheets: dict[str, pd.DataFrame]
    quality: dict[str, pd.DataFrame]
    states: pd.Series
    ages: pd.Series
    facts: pd.DataFrame

    @property
    def scores(self) -> pd.DataFrame:
        found = [score(sheets, SCALES[scale_id]) for scale_id, sheets in self.sheets.items()]
        return pd.concat(found, axis=1).reindex(self.pupils)

    def tiers(self, policy: Policy = POLICY, scores: pd.DataFrame | None = None) -> pd.DataFrame:
        return classify_tiers(
            self.scores if scores is None else scores, policy, quality=self.quality, states=self.states,
            ages=self.ages, facts=self.facts, as_of=AS_OF,
        )  # fmt: skip

    def with_sheets(self, scale_id: str, sheets: pd.DataFrame) -> "Census":
        return replace(self, sheets=self.sheets | {scale_id: sheets})


def random_census(pupils: int, rng: np.random.Generator, battery: tuple[str, ...] = BATTERY) -> Census:
    index = pd.Index([f"p{number}" for number in range(pupils)])
    severity = rng.beta(0.8, 2.0, pupils)  # many are well, some are not
    given = {scale_id: rng.random(pupils) < 0.5 for scale_id in battery}
    sheets = {i: random_sheets(SCALES[i], severity, rng).set_axis(index)[mine] for i, mine in given.items()}
    fast = rng.random((len(battery), pupils)) < 0.1
    quality = {
        i: pd.DataFrame({"too_fast": fast[n], "usable": ~fast[n]}, index=index) for n, i in enumerate(battery)
    }  # fmt: skip
    states = pd.Series(rng.choice([*POLICY.tiers.states, *[None] * 40], pupils), index=index, dtype="str")
    ages = pd.Series(rng.choice([10, 11, 12, 15, np.nan], pupils), index=index).astype("Float64")
    return Census(index, sheets, quality, states, ages, random_facts(index, rng))


def random_sheets(scale: Scale, severity: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Each answer is as bad as the pupil is, give or take; validity items go their own way; a fifth leave blanks."""
    numbers, pupils = scale.all_numbers, len(severity)
    low, high = np.array([scale.span_of(item) for item in numbers]).T
    lies = np.isin(numbers, scale.items_of(scale.validity.score)) if scale.validity else np.zeros(len(numbers), bool)
    chance = np.where(lies, rng.random((pupils, 1)), severity[:, None])
    keyed = low + rng.binomial(high - low, chance)
    codes = np.where(np.isin(numbers, scale.reverse), low + high - keyed, keyed).astype(float)
    often = rng.choice([0, 0, 0, 0, 0.03, 0.3], pupils)[:, None]
    codes[rng.random(codes.shape) < often] = np.nan
    names = [columns.item(scale.id, item) for item in numbers]
    return pd.DataFrame(codes, columns=names).astype("Int8")


def random_facts(index: pd.Index, rng: np.random.Generator, share: float = 0.1) -> pd.DataFrame:
    n = int(len(index) * share)
    days = np.datetime64(AS_OF) - rng.integers(-10, 500, n)
    return pd.DataFrame(
        {"pupil": rng.choice(index, n), "fact": rng.choice(get_args(FactName), n), "on": days.astype(str)}
    )


def symptoms(scale: Scale) -> list[int]:
    """Items of which a higher keyed answer is worse: not those of the validity score or of strengths."""
    good = [rule.name for rule in scale.scores if rule.risk == "low"]
    aside = {item for name in good for item in scale.items_of(name)}
    aside |= set(scale.items_of(scale.validity.score)) if scale.validity else set()
    return [item for item in scale.all_numbers if item not in aside]


def one_answer_worse(scale: Scale, sheets: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One answered symptom item of each pupil a step worse: a code up, on reversed items a code down."""
    codes, numbers = sheets.to_numpy(float, na_value=np.nan), np.array(scale.all_numbers)
    low, high = np.array([scale.span_of(item) for item in numbers]).T
    step = np.where(np.isin(numbers, scale.reverse), -1, 1)
    may_rise = np.isin(numbers, symptoms(scale)) & (codes + step >= low) & (codes + step <= high)
    chosen = np.where(may_rise, rng.random(codes.shape), -1.0).argmax(axis=1)
    rows = np.flatnonzero(may_rise.any(axis=1))
    codes[rows, chosen[rows]] += step[chosen[rows]]
    return pd.DataFrame(codes, index=sheets.index, columns=sheets.columns).astype("Int8")


def filled(scale: Scale, sheets: pd.DataFrame, worst: bool) -> pd.DataFrame:
    """Blank symptom items filled with the worst or the best answer there is."""
    sheets = sheets.copy()
    for item in symptoms(scale):
        low, high = scale.span_of(item)
        name = columns.item(scale.id, item)
        sheets[name] = sheets[name].fillna(high if worst != (item in scale.reverse) else low)
    return sheets


def urgency(tiers: pd.DataFrame) -> np.ndarray:
    """Place of each tier in `URGENCY`."""
    return pd.Index(URGENCY).get_indexer(tiers["tier"])
