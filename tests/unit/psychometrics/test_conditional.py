"""Conditional standard errors of a scale: which scores and values have one, and what each rests on."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from xinyu_lib import columns
from xinyu_lib.errors import UnknownName
from xinyu_lib.numerics import conditional_sem
from xinyu_lib.psychometrics import conditional_errors
from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import score

PHQ9, SDS, DASS21, MSSMHS, MHT = (load_scale(each) for each in ("phq9", "sds", "dass21", "mssmhs", "mht"))


def sheets(scale, rows: int, seed: int = 20260303) -> pd.DataFrame:
    """Answers that hang together: a level per pupil plus noise, within the codes of each item."""
    rng = np.random.default_rng(seed)
    level = rng.normal(0.5, 0.25, (rows, 1)) + rng.normal(0, 0.25, (rows, len(scale.numbers)))
    found = {}
    for place, item in enumerate(scale.numbers):
        codes = np.array(scale.codes_of(item))
        found[columns.item(scale.id, item)] = codes[(level[:, place] * len(codes)).astype(int).clip(0, len(codes) - 1)]
    return pd.DataFrame(found).astype("Int8")


def of(found, name: str) -> pd.DataFrame:
    return found.table[found.table["score"] == name].reset_index(drop=True)


def test_every_value_of_the_score_has_an_error_and_the_number_of_sheets_with_it():
    responses = sheets(PHQ9, 150)
    found = conditional_errors(responses, PHQ9)
    assert list(found.table) == ["scale", "score", "value", "se", "n"]
    assert found.table["scale"].unique().tolist() == ["phq9"]
    assert found.table["value"].tolist() == list(range(28))
    assert found.table["se"].tolist() == conditional_sem(responses.astype(float), range(28)).tolist()
    totals = responses.sum(axis=1).value_counts()
    assert found.table["n"].tolist() == [totals.get(value, 0) for value in range(28)]
    assert found.n_used == found.table["n"].sum() == 150
    assert found.notes == ()


def test_reversed_items_are_turned_first():
    responses = sheets(SDS, 150)
    turned = responses.astype(float).to_numpy()
    for item in SDS.reverse:
        turned[:, item - 1] = 5 - turned[:, item - 1]
    assert (
        of(conditional_errors(responses, SDS), "raw")["se"].tolist() == conditional_sem(turned, range(20, 81)).tolist()
    )


def test_the_error_of_a_mean_is_that_of_the_sum_divided_by_the_items():
    responses = sheets(MSSMHS, 150)
    found = of(conditional_errors(responses, MSSMHS), "total")
    of_sum = conditional_sem(responses.astype(float), range(60, 301))
    assert found["value"].tolist() == [each / 60 for each in range(60, 301)]
    assert found["se"].tolist() == pytest.approx(of_sum / 60)


def test_a_doubled_sum_has_even_values_and_twice_the_error():
    responses = sheets(DASS21, 150)
    rule = DASS21.score("depression")
    single = responses[[columns.item("dass21", item) for item in rule.items]].astype(float)
    found = of(conditional_errors(responses, DASS21), "depression")
    assert found["value"].tolist() == list(range(0, 43, 2))
    assert found["se"].tolist() == pytest.approx(2 * conditional_sem(single, range(22)))


def test_a_total_of_subscales_rests_on_all_their_items():
    responses = sheets(MHT, 150)
    items = [columns.item("mht", item) for item in MHT.items_of("total")]
    found = of(conditional_errors(responses, MHT), "total")
    assert found["se"].tolist() == pytest.approx(conditional_sem(responses[items].astype(float), range(91)))


@pytest.mark.parametrize(
    "scale_id",
    ["phq9", "sds", "dass21", "mssmhs", "mht", "pedsql23", "sdq-self", "k10", "cries13", "scared41", "cdi27"],
)
def test_values_and_numbers_are_those_of_scoring(scale_id):
    scale = load_scale(scale_id)
    responses = sheets(scale, 120)
    table, scores = conditional_errors(responses, scale).table, score(responses, scale)
    assert len(table)
    for name, rows in table.groupby("score"):
        counts = scores[columns.score(scale_id, name)].astype(float).value_counts().sort_index()
        occurring = rows[rows["n"] > 0]
        assert occurring["value"].tolist() == counts.index.tolist()
        assert occurring["n"].tolist() == counts.tolist()


def test_scores_of_fewer_than_four_items_and_those_worked_out_from_another_have_none():
    scale = load_scale("psc17")
    long = [rule.name for rule in scale.scores if len(scale.items_of(rule.name)) >= 4]
    assert list(conditional_errors(sheets(scale, 120), scale).table["score"].unique()) == long
    assert list(conditional_errors(sheets(SDS, 120), SDS).table["score"].unique()) == ["raw"]


def test_only_the_scores_that_are_asked_for():
    responses = sheets(MHT, 120)
    found = conditional_errors(responses, MHT, scores=["total"])
    pd.testing.assert_frame_equal(found.table, of(conditional_errors(responses, MHT), "total"))
    with pytest.raises(UnknownName):
        conditional_errors(responses, MHT, scores=["happiness"])


def test_sheets_with_a_gap_are_left_out_and_told():
    responses = sheets(PHQ9, 130)
    responses.loc[[2, 5, 9], "phq9_4"] = pd.NA
    found = conditional_errors(responses, PHQ9)
    assert found.n_used == 127
    pd.testing.assert_frame_equal(found.table, conditional_errors(responses.dropna(), PHQ9).table)
    assert [note.message_id for note in found.notes] == ["psychometrics.incomplete_dropped"]


@pytest.mark.parametrize(("rows", "least", "estimated"), [(99, 100, False), (100, 100, True), (30, 30, True)])
def test_too_few_complete_sheets_give_an_empty_table_of_the_same_columns_and_say_so(rows, least, estimated):
    found = conditional_errors(sheets(PHQ9, rows), PHQ9, least=least)
    assert found.table.dtypes.equals(conditional_errors(sheets(PHQ9, 100), PHQ9).table.dtypes)
    assert (len(found.table) > 0) == estimated
    assert [note.message_id for note in found.notes] == [] if estimated else ["psychometrics.errors_not_estimable"]


def test_one_sheet_or_none_is_never_enough():
    assert conditional_errors(sheets(PHQ9, 1), PHQ9, least=0).table.empty
    assert conditional_errors(sheets(PHQ9, 1).head(0), PHQ9, least=0).table.empty


def test_the_settings_tell_how_it_was_done():
    settings = conditional_errors(sheets(PHQ9, 100), PHQ9).settings
    assert settings == {"scale": "phq9", "missing": "listwise", "method": "brennan", "degree": 2, "least": 100}


def test_the_result_is_frozen_and_shows_itself():
    found = conditional_errors(sheets(PHQ9, 99), PHQ9)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.n_used = 3
    assert "phq9（n = 99）" in found._repr_html_()
    assert found.notes[0].text("en").startswith("99 complete sheets, at least 100 are needed")
