"""Provisional tiers of real published answers, pupil by pupil, against a recount by hand from the raw answers.

Answers and provenance: tests/oracle/real. They are adults' (students), the tiers those of our own policy: what is held
is the arithmetic of rules T01 to T06, and how many a district would have to talk to; no norm and no prevalence.
Ages are on file in mexmed alone; rule T05 holds for pupils of unknown age too.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xinyu_lib.policy import load_policy
from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import score
from xinyu_lib.tiers import classify_tiers

DATA = Path(__file__).parent / "real"
POLICY = load_policy("donghu-2025")
SCALES = [load_scale("phq9"), load_scale("gad7")]
FILES = {
    "ukm": ("ukm_phq9_gad7_pss10.csv", "D", "A"),
    "mexmed": ("mexmed_phq9_gad7_ess_odd.csv", "phq", "gad"),
    "bggm 1": ("bggm_phq9_gad7_t1.csv", "PHQ", "GAD"),
    "bggm 2": ("bggm_phq9_gad7_t2.csv", "PHQ", "GAD"),
}
KINDS = [("red", ""), ("orange", ""), ("yellow", ""), ("undetermined", "safety_unanswered"), ("none", "")]
COUNTS = {  # pupils of each of these kinds, and those with a positive safety item
    "ukm": ([36, 34, 27, 0, 126], 65),
    "mexmed": ([18, 42, 86, 1, 245], 31),
    "bggm 1": ([43, 58, 54, 0, 248], 77),
    "bggm 2": ([29, 48, 47, 0, 279], 53),
}


def raw(name: str) -> tuple[pd.DataFrame, list[str], list[str]]:
    """The file, and the names of its PHQ-9 and GAD-7 columns."""
    file, phq, gad = FILES[name]
    frame = pd.read_csv(DATA / file, encoding="utf-8-sig")
    return frame, [f"{phq}{n}" for n in range(1, 10)], [f"{gad}{n}" for n in range(1, 8)]


def classified(name: str) -> pd.DataFrame:
    frame, phq, gad = raw(name)
    names = {old: f"phq9_{n}" for n, old in enumerate(phq, 1)} | {old: f"gad7_{n}" for n, old in enumerate(gad, 1)}
    return classify_tiers(score(frame.rename(columns=names), SCALES), POLICY, ages=frame.get("age"))


def recounted(phq: np.ndarray, gad: np.ndarray) -> tuple[str, str, str]:
    """Tier, why undetermined and safety signal of one pupil, from the answers (NaN = blank)."""
    item9, blanks = phq[8], int(np.isnan(phq).sum())
    low, high = np.nansum(phq), np.nansum(phq) + 3 * blanks
    if 1 <= blanks <= 2:  # the published rule for one or two blanks, half up
        low = high = np.floor(np.nansum(phq) * 9 / (9 - blanks) + 0.5)
    gad_low, gad_high = np.nansum(gad), np.nansum(gad) + 3 * np.isnan(gad).sum()  # no published rule for a blank
    signal = "unanswered" if np.isnan(item9) else "yes" if item9 >= 1 else "no"
    if item9 >= 2 or (item9 >= 1 and low >= 15):  # T02
        return "red", "", signal
    if item9 >= 1 or max(low, gad_low) >= 15:  # T01, T05, T06
        return "orange", "", signal
    if max(low, gad_low) >= 10:  # T05, T06
        return "yellow", "", signal
    if np.isnan(item9):  # T03
        return "undetermined", "safety_unanswered", signal
    if max(high, gad_high) >= 10:  # T04: a blank leaves it open
        return "undetermined", "missing", signal
    return "none", "", signal


@pytest.mark.parametrize("name", FILES)
def test_every_pupil_has_the_tier_of_the_recount(name):
    frame, phq, gad = raw(name)
    expected = [recounted(*pair) for pair in zip(frame[phq].to_numpy(float), frame[gad].to_numpy(float), strict=True)]
    found = classified(name)[["tier", "undetermined_why", "safety_signal"]].fillna("")
    assert list(found.itertuples(index=False, name=None)) == expected


@pytest.mark.parametrize(("name", "expected", "positive"), [(name, *counts) for name, counts in COUNTS.items()])
def test_how_many_pupils_each_tier_holds(name, expected, positive):
    found = classified(name)
    kinds = found["tier"] + "/" + found["undetermined_why"].fillna("")
    assert [(kinds == f"{tier}/{why}").sum() for tier, why in KINDS] == expected
    assert len(found) == sum(expected)
    assert (found["safety_signal"] == "yes").sum() == positive


def test_ages_are_on_file_in_mexmed_alone_and_nobody_there_is_too_young_for_the_phq9():
    ages = {name: raw(name)[0].get("age") for name in FILES}
    assert [name for name, each in ages.items() if each is not None] == ["mexmed"]
    assert ages["mexmed"].min() == 18
