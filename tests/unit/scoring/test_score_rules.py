"""Rules that no shipped scale uses yet: a mean, and a mean with gaps."""

import pandas as pd
import pytest

from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import score

OWN = """
id = "own"
title = { zh = "自编", en = "Own" }
informant = "self"
population = { zh = "学生", en = "pupils" }
timeframe = { zh = "一周", en = "a week" }
n_items = 4
response = { min = 1, max = 5 }
reverse = [4]
main = "mean"
verified = "recalled"
source = "made up"
read_in = ["nowhere"]

[[scores]]
name = "mean"
label = { zh = "均分", en = "Mean" }
role = "total"
rule = "mean"
items = [1, 2, 3, 4]
range = [1, 5]

[missing]
rule = "prorate"
allowed = 1
source = "made up"
status = "derived"

[quality]
seconds_per_item = 1.0
source = "made up"
status = "derived"

[licence]
status = "free"
note = { zh = "自编", en = "own" }
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return load_scale(path)


@pytest.mark.parametrize(
    ("answers", "mean", "lowest", "highest"),
    [
        ([1, 2, 3, 4], (1 + 2 + 3 + 2) / 4, 8 / 4, 8 / 4),
        ([1, 2, 3, None], (1 + 2 + 3) / 3, (6 + 1) / 4, (6 + 5) / 4),
        ([1, 2, None, None], pd.NA, (3 + 2) / 4, (3 + 10) / 4),
    ],
)
def test_a_mean_is_that_of_the_answered_items_within_the_gaps_allowed(own, answers, mean, lowest, highest):
    found = score(pd.DataFrame([answers], columns=list(own.items)).astype("Int8"), own).iloc[0]
    assert found["own_mean"] is mean or found["own_mean"] == mean
    assert (found["own_mean_lowest"], found["own_mean_highest"]) == (lowest, highest)
