"""What must hold of every protected table, whatever is in it and however its rows and columns are called."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from attacker import OPEN, breaches, read
from releases import KINDS, release

from xinyu_lib.disclosure import SafeTable, protect
from xinyu_lib.policy import load_policy

POLICY = load_policy("donghu-2025")
AUDIENCES = tuple(POLICY.disclosure)
SEEDS = 1000  # the releases here are others than those of test_attack_tables.py


def releases(trials: int):
    """Kind by kind and audience by audience: seed, counts, audience."""
    for seed in range(SEEDS, SEEDS + trials // len(KINDS)):
        for kind in KINDS:
            yield f"{kind} {seed}", release(kind, seed), AUDIENCES[seed % len(AUDIENCES)]


def frame_of(counts: pd.Series | pd.DataFrame) -> pd.DataFrame:
    return counts.to_frame("n") if isinstance(counts, pd.Series) else counts


@pytest.mark.trials
def test_what_is_shown_is_the_true_count_and_what_is_hidden_is_missing(trial_count):
    for name, counts, audience in releases(trial_count(12, 600)):
        table, truth = protect(counts, POLICY, audience), frame_of(counts)
        assert list(table.shown.index) == list(truth.index), name
        assert list(table.shown.columns) == list(truth.columns), name
        assert table.masked.index.equals(table.shown.index), name
        assert table.masked.columns.equals(table.shown.columns), name
        assert table.shown.isna().equals(table.masked), name
        step = POLICY.disclosure[audience].rounding or 1
        shown = ~table.masked.to_numpy()
        expected = step * ((truth.to_numpy() + step // 2) // step)
        assert (table.shown.to_numpy()[shown] == expected[shown]).all(), name


@pytest.mark.trials
def test_no_shown_count_and_no_rest_of_a_shown_denominator_is_small(trial_count):
    for name, counts, audience in releases(trial_count(12, 600)):
        assert small_ones(counts, audience) == [], name


@pytest.mark.trials
def test_one_pupil_more_leaves_no_small_count_to_be_seen(trial_count):
    for seed in range(SEEDS, SEEDS + trial_count(3, 150)):
        draw, audience = np.random.default_rng(seed), AUDIENCES[seed % 2]
        edge = POLICY.disclosure[audience].threshold - 1
        counts = draw.choice([0, 1, edge - 1, edge, edge + 1, 30, 60], (draw.integers(2, 4), 3))
        for place in np.ndindex(counts.shape):
            counts[place] += 1
            frame = pd.DataFrame(counts, columns=["any_tier", "undetermined", "none"])
            frame["total"] = frame.sum(axis=1)
            frame.loc["total"] = frame.sum()
            assert small_ones(frame, audience) == [], f"{seed}, one more at {place}"
            counts[place] -= 1


def small_ones(counts: pd.Series | pd.DataFrame, audience: str) -> list:
    """Cells that should be hidden for their own sake and are not."""
    rule = POLICY.disclosure[audience]
    table = read(counts, rule.threshold, rule.min_denominator)
    return sorted(table.primary() - table.masked(protect(counts, POLICY, audience).masked), key=str)


@pytest.mark.trials
def test_two_runs_over_the_same_counts_hide_the_same_cells(trial_count):
    for name, counts, audience in releases(trial_count(6, 120)):
        assert protect(counts, POLICY, audience).masked.equals(protect(counts.copy(), POLICY, audience).masked), name


DIGEST = """
import sys, hashlib
sys.path.insert(0, sys.argv[1])
from releases import release
from xinyu_lib.disclosure import protect
from xinyu_lib.policy import load_policy
policy = load_policy("donghu-2025")
masks = [protect(release(kind, seed), policy).masked.to_numpy().tobytes() for kind in sys.argv[2:] for seed in (1, 2)]
print(hashlib.sha256(b"".join(masks)).hexdigest())
"""


def test_a_fresh_process_hides_the_same_cells():
    here = str(Path(__file__).parent)
    found = [
        subprocess.run(
            [sys.executable, "-c", DIGEST, here, "one_way", "sexes", "hierarchy"],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert found[0] == found[1] != ""


@pytest.mark.parametrize(("audience", "threshold"), [("school", 5), ("district", 10), ("public", 10)])
def test_the_threshold_itself_is_shown_and_one_less_is_hidden(audience, threshold):
    for count in (threshold, threshold - 1):
        frame = pd.DataFrame({"any_tier": [count, 40, 60, 80], "none": [200, 300, 400, 500]}, index=list("abcd"))
        frame["total"] = frame.sum(axis=1)
        frame.loc["total"] = frame.sum()
        assert protect(frame, POLICY, audience).masked.at["a", "any_tier"] == (count < threshold)


def hidden_numbers(table: SafeTable) -> list[list[bool]]:
    return table.masked.to_numpy().tolist()


WORDS = {"any_tier": [3, 12, 9], "undetermined": [6, 7, 8], "none": [40, 36, 28]}


def plain() -> pd.DataFrame:
    frame = pd.DataFrame(WORDS, index=["7", "8", "9"])
    frame["total"] = frame.sum(axis=1)
    frame.loc["total"] = frame.sum()
    return frame


def test_labels_as_users_give_them_change_nothing():
    expected = hidden_numbers(protect(plain(), POLICY))
    assert any(map(any, expected))
    assert not all(map(all, expected))
    whole_numbers = plain().set_axis([7, 8, 9, "total"])
    chinese = (
        plain().set_axis(["需关注", "待定", "无", "合计"], axis=1).set_axis(["七年级", "八年级", "九年级", "合计"])
    )
    excel = plain().rename(columns={"total": "All"}, index={"total": "All"})
    for frame in (whole_numbers, chinese, excel):
        table = protect(frame, POLICY)
        assert hidden_numbers(table) == expected
        assert list(table.shown.index) == list(frame.index)
        assert list(table.shown.columns) == list(frame.columns)


def pupils() -> pd.DataFrame:
    """One row a pupil, as for `pd.crosstab`: the counts of `plain`, in two classes a grade."""
    rows = [
        (g, tier) for tier, counts in WORDS.items() for g, n in zip((7, 8, 9), counts, strict=True) for _ in range(n)
    ]
    frame = pd.DataFrame(rows, columns=["grade", "tier"])
    return frame.assign(class_=frame.groupby("grade").cumcount() % 2 + 1)


def test_a_crosstab_with_margins_is_a_table_like_any_other():
    frame = pd.crosstab(pupils()["grade"], pupils()["tier"], margins=True)
    table = protect(frame, POLICY)
    assert table.masked.at[7, "any_tier"]
    known = read(frame, 5, 10, margin="All")
    assert not any(breaches(known, known.masked(table.masked)))


def test_a_crosstab_of_classes_in_grades_is_a_table_like_any_other():
    frame = pd.crosstab([pupils()["grade"], pupils()["class_"]], pupils()["tier"], margins=True)
    table = protect(frame, POLICY)
    known = read(frame, 5, 10, margin="All")
    hidden = known.masked(table.masked)
    assert {cell for cell in known.given if known.role(cell) != OPEN} <= hidden
    assert len(hidden) == len(known.given) or not any(breaches(known, hidden))
