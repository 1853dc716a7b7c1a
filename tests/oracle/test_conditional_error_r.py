"""Conditional standard errors of measurement of published answers against base R (aov, lm), and against alpha.

Answers: tests/oracle/real. Values and the script that made them: tests/oracle/data, with versions in NOTICE.md.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xinyu_lib.numerics import by_total
from xinyu_lib.psychometrics import conditional_errors, reliability
from xinyu_lib.scales import answers, keyed, load_scale

HERE = Path(__file__).parent
BY_R = pd.read_csv(HERE / "data" / "conditional_error_r.csv")
FILES = {
    "ukm": ("ukm_phq9_gad7_pss10.csv", {"phq9": "D", "gad7": "A", "pss10": "S"}),
    "mexmed": ("mexmed_phq9_gad7_ess_odd.csv", {"phq9": "phq", "gad7": "gad"}),
    "bggm 1": ("bggm_phq9_gad7_t1.csv", {"phq9": "PHQ", "gad7": "GAD"}),
}
EXACT = {"rel": 1e-9, "abs": 1e-9}


@pytest.fixture(params=BY_R[["data", "scale"]].drop_duplicates().itertuples(index=False), ids=" ".join)
def case(request):
    """Answers, scale and R's rows for one scale of one data set."""
    name, scale_id = request.param
    file, begins = FILES[name]
    start, scale = begins[scale_id], load_scale(scale_id)
    names = {f"{start}{number}": f"{scale_id}_{number}" for number in scale.numbers}
    responses = pd.read_csv(HERE / "real" / file, encoding="utf-8-sig").rename(columns=names)
    return responses, scale, BY_R[(BY_R["data"] == name) & (BY_R["scale"] == scale_id)]


def total(responses, scale) -> pd.DataFrame:
    return conditional_errors(responses, scale, scores=["total"]).table.set_index("value")


def test_standard_errors_at_every_score_that_occurs_are_those_of_r(case):
    responses, scale, by_r = case
    found = total(responses, scale)
    assert found["n"].sum() == by_r["n_all"].iloc[0]
    assert found.loc[found["n"] > 0, "n"].tolist() == by_r["n"].tolist()
    assert found.loc[by_r["value"], "se"].tolist() == pytest.approx(by_r["se"].tolist(), **EXACT)


def test_mean_error_variances_at_every_score_are_those_of_r(case):
    responses, scale, by_r = case
    matrix = keyed(answers(responses, scale), scale)
    groups = by_total(matrix[~np.isnan(matrix).any(axis=1)])
    assert groups.variance == pytest.approx(by_r["variance"].to_numpy(), **EXACT)


def test_their_mean_over_pupils_is_the_error_that_alpha_leaves(case):
    """R's overall error is the root of k x the mean square of its residuals; ours comes from alpha."""
    responses, scale, by_r = case
    alpha = reliability(responses, scale).table.loc["total", "alpha"]
    assert alpha == pytest.approx(by_r["alpha"].iloc[0], **EXACT)
    spread = np.repeat(by_r["value"], by_r["n"]).var()
    overall = np.sqrt(spread * (1 - alpha))
    assert overall == pytest.approx(by_r["overall"].iloc[0], **EXACT)
    assert np.average(by_r["variance"], weights=by_r["n"]) == pytest.approx(overall**2, **EXACT)


@pytest.mark.parametrize(("name", "cut", "more"), [("ukm", 10, 1.15), ("mexmed", 10, 1.17), ("bggm 1", 10, 1.20)])
def test_at_the_cut_of_the_phq9_the_error_is_larger_than_the_one_for_everybody(name, cut, more):
    by_r = BY_R[(BY_R["data"] == name) & (BY_R["scale"] == "phq9")].set_index("value")
    assert by_r.loc[cut, "se"] / by_r.loc[cut, "overall"] == pytest.approx(more, abs=0.005)
