"""A positive safety item is found, whatever else is missing, invalid or refused: 10,000 random records, none missed.

What is expected is worked out from the raw answers and the lines in the scale files, not from scores.
"""

from typing import get_args

import numpy as np
import pandas as pd
import pytest

from xinyu_lib import columns
from xinyu_lib.policy import load_policy
from xinyu_lib.policy.conditions import FactName
from xinyu_lib.scales import load_scale, scales
from xinyu_lib.scoring import score
from xinyu_lib.tiers import classify_tiers

POLICY = load_policy("donghu-2025")
RECORDS = 10_000
ITEMS = {
    scale.id: [each for each in scale.critical if each.kind == "suicide" and each.stage == "census"]
    for scale in map(load_scale, scales())
}
ASKING = {scale_id: items for scale_id, items in ITEMS.items() if items}


def random_records(rng: np.random.Generator, share_given: float, share_blank: float) -> dict[str, pd.DataFrame]:
    """Answers by scale, of the pupils who were given it; each pupil has a darkness and a share of blanks."""
    index, found = pd.RangeIndex(RECORDS), {}
    dark, blank = rng.random(RECORDS) ** 2, rng.random(RECORDS) * share_blank
    for scale_id in ASKING:
        scale = load_scale(scale_id)
        low, high = np.array([scale.span_of(item) for item in scale.numbers]).T
        codes = (low + rng.binomial(high - low, dark[:, None], (RECORDS, len(low)))).astype(float)
        codes[rng.random(codes.shape) < blank[:, None]] = np.nan
        sheets = pd.DataFrame(codes, index=index, columns=list(scale.items)).astype("Int8")
        found[scale_id] = sheets[rng.random(RECORDS) < share_given]
    return found


def positives(records: dict[str, pd.DataFrame]) -> pd.Series:
    """How many safety items each pupil answered at or above the line of the scale file."""
    found = pd.Series(0, index=pd.RangeIndex(RECORDS))
    for scale_id, items in ASKING.items():
        for each in items:
            said = records[scale_id][columns.item(scale_id, each.item)]
            found = found.add((said >= each.positive_at).fillna(False).astype(int), fill_value=0)
    return found


def circumstances(rng: np.random.Generator) -> dict:
    """Anything that may stand beside a record: faulty sheets, every state of the census, ages and facts."""
    index = pd.RangeIndex(RECORDS)
    checks = [*POLICY.validity.alone, *POLICY.validity.several.checks]
    quality = {
        scale_id: pd.DataFrame(rng.random((RECORDS, len(checks))) < 0.15, index=index, columns=checks)
        .assign(usable=rng.random(RECORDS) < 0.7)
        for scale_id in ASKING
    }  # fmt: skip
    days = (np.datetime64("2026-03-15") - rng.integers(0, 800, RECORDS // 4)).astype(str)
    facts = {"pupil": rng.choice(index, RECORDS // 4), "fact": rng.choice(get_args(FactName), RECORDS // 4), "on": days}
    return {
        "quality": quality,
        "states": pd.Series(rng.choice([*POLICY.tiers.states, None], RECORDS), index=index, dtype="str"),
        "ages": pd.Series(rng.choice([6, 9, 11, 12, 15, 18, np.nan], RECORDS), index=index).astype("Float64"),
        "facts": pd.DataFrame(facts),
        "as_of": "2026-03-15",
    }


def tiers_of(records: dict[str, pd.DataFrame], rng: np.random.Generator) -> pd.DataFrame:
    scores = pd.concat([score(sheets, load_scale(scale_id)) for scale_id, sheets in records.items()], axis=1)
    return classify_tiers(scores.reindex(pd.RangeIndex(RECORDS)), POLICY, **circumstances(rng))


def test_the_scales_with_a_safety_item_are_known_and_many():
    assert {"phq9", "phq9-teen", "mht", "mssmhs", "sds", "scl90", "mfq", "cdi27"} <= set(ASKING)


@pytest.mark.parametrize(
    ("share_given", "share_blank"),
    [(0.3, 0.0), (0.3, 0.5), (0.05, 0.9), (1.0, 0.98)],
    ids=["no blanks", "some blanks", "few scales and many blanks", "every scale and hardly an answer"],
)
def test_nobody_with_a_positive_safety_item_is_missed(share_given, share_blank):
    rng = np.random.default_rng(int(share_given * 100 + share_blank * 1000))
    records = random_records(rng, share_given, share_blank)
    out = tiers_of(records, rng)
    positive = positives(records) > 0
    assert positive.sum() > 1_000
    assert (~positive).sum() > 500
    missed = positive & ~((out["safety_signal"] == "yes") & out["tier"].isin(["orange", "red"]))
    assert missed.sum() == 0
    assert (out.loc[~positive, "safety_signal"] != "yes").all()
    named = out["reasons"].map(lambda reasons: sum(each.rule == "T01" for each in reasons))
    assert named.tolist() == positives(records).tolist()  # each positive answer is a reason, and nothing else is


def test_two_scales_that_agree_are_red_for_everybody():
    rng = np.random.default_rng(11)
    records = random_records(rng, 0.4, 0.5)
    out = tiers_of(records, rng)
    agreeing = pd.Series(0, index=out.index)
    for scale_id in ASKING:
        alone = records | {other: sheets.iloc[:0] for other, sheets in records.items() if other != scale_id}
        agreeing += (positives(alone) > 0).astype(int)
    assert (agreeing >= 2).sum() > 1_000
    assert (out.loc[agreeing >= 2, "tier"] == "red").all()


def test_a_blank_safety_item_is_told_where_nothing_else_is_louder():
    """Shown, left blank, no yes anywhere: unanswered and never none, in every state and on every faulty sheet."""
    rng = np.random.default_rng(12)
    records = random_records(rng, 0.3, 0.9)
    out = tiers_of(records, rng)
    blank = pd.Series(False, index=out.index)
    for scale_id, items in ASKING.items():
        asked = [columns.item(scale_id, each.item) for each in items if each.asks]
        blank |= records[scale_id][asked].isna().any(axis=1).reindex(out.index, fill_value=False)
    silent = blank & (positives(records) == 0)
    assert silent.sum() > 1_000
    assert (out.loc[silent, "safety_signal"] == "unanswered").all()
    assert (out.loc[silent, "tier"] != "none").all()
