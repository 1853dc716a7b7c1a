"""What must hold for any sheet: order of pupils is irrelevant, a worse answer never lowers a score."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from xinyu_lib.scales import load_scale, scales
from xinyu_lib.scoring import check_quality, score


def frame(scale, codes: np.ndarray) -> pd.DataFrame:
    """Codes as a frame; the code below the lowest stands for unanswered."""
    answers = pd.DataFrame(codes, columns=list(scale.items), dtype="Int8")
    return answers.mask(answers < scale.response.min)


def some_sheets(scale, rows: int, lowest: int):
    codes = st.integers(lowest, scale.response.max)
    return arrays.arrays(np.int64, (rows, scale.n_items), elements=codes)


@pytest.mark.parametrize("scale_id", scales())
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_permuting_pupils_permutes_results(scale_id, data):
    scale = load_scale(scale_id)
    responses = frame(scale, data.draw(some_sheets(scale, 5, scale.response.min - 1)))
    order = data.draw(st.permutations(range(5)))
    for verb in (score, check_quality):
        pd.testing.assert_frame_equal(verb(responses.iloc[order], scale), verb(responses, scale).iloc[order])


@pytest.mark.parametrize("scale_id", scales())
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_score_falls_when_an_item_gets_worse(scale_id, data):
    scale = load_scale(scale_id)
    codes = data.draw(some_sheets(scale, 1, scale.response.min - 1))
    item = data.draw(st.integers(0, scale.n_items - 1))
    worse = codes.copy()
    worse[0, item] += -1 if item + 1 in scale.reverse else 1
    if codes[0, item] < scale.response.min or not scale.response.min <= worse[0, item] <= scale.response.max:
        return
    before, after = (score(frame(scale, each), scale).iloc[0] for each in (codes, worse))
    for rule in scale.scores:
        for end in ("", "_lowest", "_highest"):
            column = f"{scale_id}_{rule.name}{end}"
            assert pd.isna(before[column]) or after[column] >= before[column]


@pytest.mark.parametrize("scale_id", scales())
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_score_lies_between_the_ends_that_gaps_leave_possible(scale_id, data):
    scale = load_scale(scale_id)
    found = score(frame(scale, data.draw(some_sheets(scale, 2, scale.response.min - 1))), scale)
    for rule in scale.scores:
        value, low, high = (found[f"{scale_id}_{rule.name}{end}"] for end in ("", "_lowest", "_highest"))
        assert ((low <= value) & (value <= high)).fillna(True).all()
        assert (low >= rule.range[0]).all()
        assert (high <= rule.range[1]).all()
        whole = found[f"{scale_id}_answered"] == scale.n_items
        assert (low[whole] == value[whole]).all()
        assert (high[whole] == value[whole]).all()
