"""What must hold for any sheet: order of pupils does not count, a worse answer lowers no sum, ends enclose a score."""

import pandas as pd
import pytest
from answer_sheets import SHIPPED, keyed_codes, sheets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import score

few = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.data_too_large])
every_scale = pytest.mark.parametrize("scale_id", SHIPPED)


def some_sheets(scale, rows: int):
    """Rows of answers with gaps, every one an item's own code."""
    one = st.tuples(*(st.sampled_from([None, *keyed_codes(scale, item)]) for item in scale.numbers))
    return st.lists(one, min_size=rows, max_size=rows)


@every_scale
@few
@given(data=st.data())
def test_permuting_pupils_permutes_results(scale_id, data):
    scale = load_scale(scale_id)
    responses = sheets(scale, *data.draw(some_sheets(scale, 3)))
    order = data.draw(st.permutations(range(3)))
    pd.testing.assert_frame_equal(score(responses.iloc[order], scale), score(responses, scale).iloc[order])


@every_scale
@few
@given(data=st.data())
def test_no_sum_falls_when_an_item_gets_worse(scale_id, data):
    """One step up the keyed codes of an answered item; sums, means, what is made of them, their ends, yes and no."""
    scale = load_scale(scale_id)
    (answers,) = data.draw(some_sheets(scale, 1))
    place = data.draw(st.integers(0, len(answers) - 1))
    codes = keyed_codes(scale, scale.numbers[place])
    step = data.draw(st.integers(0, len(codes) - 2))
    milder, worse = ([*answers[:place], code, *answers[place + 1 :]] for code in codes[step : step + 2])
    found = score(sheets(scale, milder, worse), scale)
    for rule in scale.scores:
        if rule.rule == "mean_of_positive" or getattr(rule, "at_most", None) is not None:  # these may fall
            continue
        for end in ("", "_lowest", "_highest"):
            if f"{scale.prefix}_{rule.name}" in found:
                before, after = found[f"{scale.prefix}_{rule.name}{end}"]
                assert pd.isna(before) or after >= before
    for each in scale.decisions:
        if f"{scale.prefix}_{each.name}" in found:
            before, after = found[f"{scale.prefix}_{each.name}_highest"].cat.codes
            assert after >= before


@every_scale
@few
@given(data=st.data())
def test_a_score_lies_between_the_ends_that_gaps_leave_possible(scale_id, data):
    scale = load_scale(scale_id)
    found = score(sheets(scale, *data.draw(some_sheets(scale, 2))), scale)
    whole = found[f"{scale.prefix}_answered"] == scale.n_items
    for rule in scale.scores:
        if f"{scale.prefix}_{rule.name}" not in found:
            continue
        value, low, high = (found[f"{scale.prefix}_{rule.name}{end}"] for end in ("", "_lowest", "_highest"))
        assert ((low <= value) & (value <= high)).fillna(True).all()
        assert ((low >= rule.range[0]) & (high <= rule.range[1]) | low.isna()).all()
        assert (low[whole] == high[whole]).all() or low[whole].isna().any()


@every_scale
@few
@given(data=st.data())
def test_filling_a_gap_keeps_a_score_within_the_ends_it_had(scale_id, data):
    scale = load_scale(scale_id)
    (answers,) = data.draw(some_sheets(scale, 1))
    filled = [
        answer if answer is not None else data.draw(st.sampled_from(keyed_codes(scale, item)))
        for item, answer in zip(scale.numbers, answers, strict=True)
    ]
    open_, done = (score(sheets(scale, each), scale).iloc[0] for each in (answers, filled))
    for rule in scale.scores:
        column = f"{scale.prefix}_{rule.name}"
        if column in done and pd.notna(done[column]):
            assert open_[f"{column}_lowest"] - 1e-9 <= done[column] <= open_[f"{column}_highest"] + 1e-9
