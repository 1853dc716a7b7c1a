"""The engine and a second scorer, written apart from it, give the same for every scale and form, gaps and all."""

import pandas as pd
import pytest
from answer_sheets import FORM_IDS, FORMS, SHIPPED, drawn, drawn_pupils, on_form, plain, sheets
from reference import reference

from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import keyed_sheets, score

ROWS = 26


def disagreements(scale, rows: list, supplements: bool) -> list[str]:
    pupils = drawn_pupils(len(rows), len(rows))
    found = score(sheets(scale, *rows, supplements=supplements), scale, pupils=pupils)
    wrong = []
    for place, answers in enumerate(rows):
        pupil = {name: plain(value) for name, value in pupils.iloc[place].items()}
        expected = reference(scale, dict(zip(on_form(scale, supplements), answers, strict=True)), pupil)
        assert set(found) == {f"{scale.prefix}_{name}" for name in expected}
        for name, value in expected.items():
            here = plain(found[f"{scale.prefix}_{name}"].iloc[place])
            same = here == value or (isinstance(value, float) and here == pytest.approx(value, abs=1e-12))
            wrong += [] if same else [f"{name}: expected {value}, found {here}, sheet {answers}"]
    return wrong


@pytest.mark.parametrize(("scale_id", "variant"), FORMS, ids=FORM_IDS)
def test_both_scorers_agree_on_random_sheets_with_gaps(scale_id, variant):
    scale = load_scale(scale_id, variant=variant)
    wrong = disagreements(scale, drawn(scale, ROWS, seed=1), supplements=False)
    if scale.supplements:
        wrong += disagreements(scale, drawn(scale, ROWS, seed=2, supplements=True), supplements=True)
    assert not wrong, "\n".join(wrong[:5])


@pytest.mark.parametrize("scale_id", SHIPPED)
def test_both_scorers_agree_on_a_form_that_leaves_an_item_out(scale_id):
    scale = load_scale(scale_id).without(load_scale(scale_id).n_items)
    wrong = disagreements(scale, drawn(scale, ROWS, seed=3), supplements=False)
    assert not wrong, "\n".join(wrong[:5])


@pytest.mark.parametrize("rows", [1, 3], ids=["one by one", "three at a time"])
@pytest.mark.parametrize("scale_id", SHIPPED)
def test_a_pupil_gets_the_same_whoever_is_scored_beside(scale_id, rows, monkeypatch):
    scale = load_scale(scale_id)
    answers = sheets(scale, *drawn(scale, 10, seed=4, supplements=True), supplements=True)
    pupils = drawn_pupils(10, seed=4)
    whole = score(answers, scale, pupils=pupils, norms=scale.norm_sets)
    monkeypatch.setattr(keyed_sheets, "ROWS", rows)
    pd.testing.assert_frame_equal(score(answers, scale, pupils=pupils, norms=scale.norm_sets), whole)
