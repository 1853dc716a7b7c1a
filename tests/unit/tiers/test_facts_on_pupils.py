"""Known facts on the pupils of a score frame: what is asked of them, and how the day decides."""

import numpy as np
import pandas as pd
import pytest

from xinyu_lib.errors import DataError, ParameterError
from xinyu_lib.policy import load_policy
from xinyu_lib.tiers import Reason, classify_tiers
from xinyu_lib.tiers.facts import Facts

POLICY = load_policy("donghu-2025")
PUPILS = pd.Index(["a", "b", "c"])


def facts(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["pupil", "fact", "on"])


def known(rows: pd.DataFrame, fact: str, months: int | None, as_of: str = "2026-03-15") -> list[bool]:
    return Facts.read(rows, PUPILS, as_of).known(fact, months).tolist()


def test_a_fact_is_found_at_its_pupil_whatever_the_order_of_rows():
    rows = facts(("c", "concern", "2026-03-01"), ("a", "concern", "2026-03-02"))
    assert known(rows, "concern", 6) == [True, False, True]
    assert known(rows[::-1], "concern", 6) == [True, False, True]


def test_facts_of_other_kinds_are_kept_apart():
    rows = facts(("a", "concern", "2026-03-01"), ("b", "hardship", "2026-03-01"))
    assert known(rows, "concern", None) == [True, False, False]
    assert known(rows, "hardship", None) == [False, True, False]
    assert known(rows, "danger", None) == [False, False, False]


@pytest.mark.parametrize("seed", range(5))
def test_many_facts_are_each_looked_at_on_their_newest_day(seed):
    """Against a loop: known within m months is some day from m months before to today."""
    rng = np.random.default_rng(seed)
    days = np.datetime64("2026-03-15") - rng.integers(-40, 400, 60)
    rows = facts(*zip(rng.choice(PUPILS, 60), rng.choice(["concern", "self_harm"], 60), days.astype(str), strict=True))
    for fact, months, first in (("concern", 6, "2025-09-15"), ("self_harm", 12, "2025-03-15")):
        mine = rows[(rows["fact"] == fact) & (rows["on"] >= first) & (rows["on"] <= "2026-03-15")]
        assert known(rows, fact, months) == [pupil in set(mine["pupil"]) for pupil in PUPILS]


@pytest.mark.parametrize("none", [None, facts()])
def test_no_facts_need_no_day(none):
    assert known(none, "danger", None, as_of=None) == [False, False, False]


def test_facts_without_a_day_to_look_from_are_refused():
    with pytest.raises(ParameterError, match="as_of"):
        Facts.read(facts(("a", "danger", "2026-03-01")), PUPILS, None)


def test_a_fact_that_no_policy_can_name_is_refused():
    with pytest.raises(DataError, match=r"rumour.*danger"):
        Facts.read(facts(("a", "rumour", "2026-03-01")), PUPILS, "2026-03-15")


def test_a_fact_of_somebody_else_is_refused_with_a_count_and_without_a_name():
    with pytest.raises(DataError) as refused:
        Facts.read(facts(("张三", "danger", "2026-03-01"), ("a", "danger", "2026-03-01")), PUPILS, "2026-03-15")
    assert refused.value.fields["n"] == 1
    assert "张三" not in refused.value.text("zh") + refused.value.text("en")


def test_a_reason_from_a_fact_has_no_scale_and_counts_one():
    scores = pd.DataFrame({"phq9_answered": [9], "phq9_total": [0], "phq9_critical_9": [0]}, index=["a"])
    scores = scores.assign(phq9_total_lowest=0, phq9_total_highest=0)
    out = classify_tiers(scores, POLICY, facts=facts(("a", "open_orange", "2025-03-01")), as_of="2026-03-15")
    assert out.loc["a", "reasons"] == (Reason("T11", None, "open_orange", 1.0, 1.0, 0.0),)
