"""The Keng pupils (Zung SDS, two waves): figures computed by others from the same raw files.

Data: qyaozh/Keng at be5e3923, CC BY 4.0, unchanged, in data/keng. The figures were computed from these
files apart from this library, before it was written, and are given as precisely as they were handed over.
"""

from pathlib import Path

import pandas as pd
import pytest

from xinyu_lib.numerics import cronbach_alpha
from xinyu_lib.psychometrics import reliability
from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import check_quality, score

DATA = Path(__file__).parents[2] / "data" / "keng"
SDS = load_scale("sds")


def read(wave: int) -> pd.DataFrame:
    raw = pd.read_csv(DATA / f"keng_d_wave{wave}_raw.csv").set_index("id")
    return raw.rename(columns={f"depr{n:02d}": f"sds_{n}" for n in range(1, 21)})


@pytest.fixture(scope="module", params=[1, 2])
def wave(request) -> int:
    return request.param


def test_168_pupils_answered_in_both_waves():
    first, second = read(1).index, read(2).index
    assert (len(first), len(second), len(first.intersection(second))) == (174, 173, 168)


def test_alpha_after_reversal(wave):
    found = reliability(read(wave), SDS)
    alpha, n = {1: (0.768, 165), 2: (0.825, 160)}[wave]
    assert found.n_used == n
    assert found.table.loc["raw", "alpha"] == pytest.approx(alpha, abs=0.0005)


def test_alpha_without_reversal_shows_what_a_forgotten_key_does(wave):
    complete = read(wave)[list(SDS.items)].dropna()
    assert cronbach_alpha(complete) == pytest.approx({1: 0.446, 2: 0.498}[wave], abs=0.0005)


def test_mean_and_spread_of_the_reversed_raw_sum(wave):
    raw = score(read(wave), SDS)["sds_raw"]
    mean, sd = {1: (38.25, 7.58), 2: (39.74, 8.68)}[wave]
    assert (raw.mean(), raw.std()) == pytest.approx((mean, sd), abs=0.005)


def test_complete_sheets_at_or_above_the_chinese_cut(wave):
    scores = score(read(wave), SDS)
    over = (scores["sds_standard"] >= 53).sum()
    assert over == {1: 46, 2: 51}[wave]
    assert over == scores["sds_standard_band"].isin(["mild", "moderate", "severe"]).sum()


def test_share_positive_on_the_critical_item(wave):
    answers = score(read(wave), SDS)["sds_critical_19"].dropna()
    share = 100 * (answers >= SDS.critical[0].positive_at).mean()
    assert share == pytest.approx({1: 5.8, 2: 7.5}[wave], abs=0.05)


def test_empty_cells_stay_unanswered(wave):
    scores = score(read(wave), SDS)
    assert (20 - scores["sds_answered"]).sum() == {1: 10, 2: 14}[wave]
    assert scores["sds_raw"].notna().sum() == {1: 165, 2: 160}[wave]


def test_incomplete_sheets_are_the_ones_flagged_missing(wave):
    flags = check_quality(read(wave), SDS)
    assert flags["missing"].sum() == {1: 174 - 165, 2: 173 - 160}[wave]
    assert len(flags) == len(read(wave))
