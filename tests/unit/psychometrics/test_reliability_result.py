"""The reliability result: which rows, who was counted, what is said when it cannot be computed."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from xinyu_lib.numerics import cronbach_alpha, feldt_interval
from xinyu_lib.psychometrics import reliability
from xinyu_lib.scales import load_scale

PHQ9, SDS, MHT = load_scale("phq9"), load_scale("sds"), load_scale("mht")


def sheets(scale, rows: int, seed: int = 20260301) -> pd.DataFrame:
    """Answers that hang together: a level per pupil plus noise, within the codes."""
    rng = np.random.default_rng(seed)
    low, high = scale.response.min, scale.response.max
    drawn = rng.normal((low + high) / 2, 1, (rows, 1)) + rng.normal(0, 1, (rows, scale.n_items))
    return pd.DataFrame(drawn.round().clip(low, high), columns=list(scale.items)).astype("Int8")


def test_alpha_and_interval_come_from_the_keyed_answers():
    responses = sheets(SDS, 40)
    keyed = responses.astype(float).to_numpy()
    for item in SDS.reverse:
        keyed[:, item - 1] = 5 - keyed[:, item - 1]
    alpha = cronbach_alpha(keyed)
    found = reliability(responses, SDS).table.loc["raw"]
    assert found["alpha"] == alpha
    assert (found["low"], found["high"]) == feldt_interval(alpha, 40, 20)
    assert (found["n_used"], found["k"]) == (40, 20)


def test_n_used_is_counted_after_incomplete_sheets_are_dropped_and_the_interval_uses_it():
    responses = sheets(PHQ9, 12)
    responses.loc[[2, 5, 9], "phq9_4"] = pd.NA
    found, complete = reliability(responses, PHQ9), reliability(responses.dropna(), PHQ9)
    assert found.n_used == 9
    pd.testing.assert_frame_equal(found.table, complete.table)
    assert [note.message_id for note in found.notes] == ["psychometrics.incomplete_dropped"]
    assert complete.notes == ()
    assert found.notes[0].text("en").startswith("3 sheets with unanswered items were left out; the other 9")


def test_a_row_for_every_score_of_two_items_or_more():
    table = reliability(sheets(MHT, 30), MHT).table
    assert list(table.index) == [*MHT.subscales, "validity", "total"]
    assert table["k"].tolist() == [15, 10, 10, 10, 10, 15, 10, 10, 10, 90]
    assert table.loc["phobic", ["label_zh", "label_en"]].tolist() == ["恐怖倾向", "Phobic tendency"]


def test_a_score_computed_from_another_has_no_row_of_its_own():
    assert list(reliability(sheets(SDS, 10), SDS).table.index) == ["raw"]


def test_the_columns_and_settings():
    found = reliability(sheets(PHQ9, 10), PHQ9, level=0.9)
    assert list(found.table) == ["label_zh", "label_en", "alpha", "low", "high", "n_used", "k"]
    assert found.settings == {"scale": "phq9", "missing": "listwise", "interval": "feldt", "level": 0.9}


@pytest.mark.parametrize("rows", [0, 1])
def test_too_few_sheets_leave_reliability_missing_and_say_so(rows):
    found = reliability(sheets(PHQ9, 10).head(rows), PHQ9)
    assert found.n_used == rows
    assert found.table[["alpha", "low", "high"]].isna().all(axis=None)
    assert [note.message_id for note in found.notes] == ["psychometrics.undefined"]
    assert "total" in found.notes[0].text("en")


def test_pupils_who_all_have_the_same_total_leave_reliability_missing():
    same = pd.DataFrame([[1] * 9, [1] * 9], columns=list(PHQ9.items))
    assert np.isnan(reliability(same, PHQ9).table.loc["total", "alpha"])


def test_the_result_is_frozen_and_shows_itself():
    found = reliability(sheets(PHQ9, 20), PHQ9)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.n_used = 3
    html = found._repr_html_()
    assert "phq9（n = 20）" in html
    assert f"{found.table.loc['total', 'alpha']:.3f}" in html
