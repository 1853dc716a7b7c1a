"""Property: with the same gaps, a worse answer never gives a milder tier, and doubt never turns into "none".

Precisely: of one pupil one answered symptom item is moved one code in the direction that its scale counts as worse;
gaps, validity items, quality of the sheets, state, age and facts stay. Then the tier is at least as urgent as before,
in the order none, undetermined, yellow, orange, red; a safety signal that was "yes" stays "yes".
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_census import (
    BATTERY,
    POLICY,
    PRORATED,
    SCALES,
    URGENCY,
    filled,
    one_answer_worse,
    random_census,
    symptoms,
    urgency,
)  # fmt: skip

from xinyu_lib import columns
from xinyu_lib.scoring import score
from xinyu_lib.tiers import classify_tiers

RAW = ("phq9", "gad7", "mht", "mssmhs", "phq9-teen", "sdq-parent")


@st.composite
def a_sheet_and_a_worse_one(draw) -> tuple:
    """Scale, answers by item, and the same with one of them a step worse."""
    scale = SCALES[draw(st.sampled_from(RAW))]
    likely = draw(st.floats(0, 1))
    random = draw(st.randoms(use_true_random=False))
    blanks = draw(st.sampled_from([0, 0, 1, 2, 3, 9]))
    before = {}
    for item in scale.all_numbers:
        codes = scale.response_of(item).codes
        worst_first = codes if item in scale.reverse else codes[::-1]
        before[item] = next((code for code in worst_first[:-1] if random.random() < likely), worst_first[-1])
    item = draw(st.sampled_from(symptoms(scale)))
    for blank in random.sample([other for other in before if other != item], blanks % len(before)):
        before[blank] = None
    step, (low, high) = -1 if item in scale.reverse else 1, scale.span_of(item)
    before[item] = min(max(before[item], low - min(step, 0)), high - max(step, 0))  # so that it can get worse
    return scale, before, before | {item: before[item] + step}


@settings(max_examples=120, deadline=None)
@given(a_sheet_and_a_worse_one())
def test_one_worse_answer_on_one_sheet(case):
    scale, *sheets = case
    frame = pd.DataFrame(sheets).rename(columns=lambda item: columns.item(scale.id, item)).astype("Int8")
    before, after = urgency(classify_tiers(score(frame, scale), POLICY))
    assert after >= before


@pytest.mark.trials
@pytest.mark.parametrize("scale_id", RAW)
def test_one_worse_answer_of_everybody_in_a_census(scale_id, trial_count):
    rng = np.random.default_rng(RAW.index(scale_id))
    census = random_census(trial_count(40_000, 400_000), rng, tuple(dict.fromkeys((scale_id, "phq9", "gad7"))))
    worse = census.with_sheets(scale_id, one_answer_worse(SCALES[scale_id], census.sheets[scale_id], rng))
    before, after = census.tiers(), worse.tiers()
    assert (urgency(after) >= urgency(before)).all()
    assert (after["safety_signal"] == "yes")[before["safety_signal"] == "yes"].all()
    assert set(before["tier"]) == set(URGENCY)
    assert (urgency(after) > urgency(before)).sum() >= 100  # so many did change


def test_everybody_worse_on_every_scale_at_once():
    rng = np.random.default_rng(6)
    census = worse = random_census(2_000, rng)
    for scale_id in BATTERY:
        worse = worse.with_sheets(scale_id, one_answer_worse(SCALES[scale_id], worse.sheets[scale_id], rng))
    assert (urgency(worse.tiers()) >= urgency(census.tiers())).all()


def test_a_colour_or_a_none_that_gaps_left_standing_stands_whatever_the_blanks_held():
    """A score that its scale prorates is counted as given, so those scales are left out."""
    battery = tuple(scale_id for scale_id in BATTERY if scale_id not in PRORATED)
    census = random_census(2_000, np.random.default_rng(7), battery)
    before = census.tiers()
    for worst in (True, False):
        other = census
        for scale_id in battery:
            other = other.with_sheets(scale_id, filled(SCALES[scale_id], census.sheets[scale_id], worst))
        after = other.tiers()
        calm, coloured = before["tier"] == "none", urgency(before) >= 2
        assert calm.any()
        assert (after["tier"][calm] == "none").all()
        assert (urgency(after)[coloured] >= urgency(before)[coloured]).all()
        settled = (before["undetermined_why"] == "missing") & (after["tier"] != "undetermined")
        assert settled.any()  # what a gap left open, an answer may settle, either way
