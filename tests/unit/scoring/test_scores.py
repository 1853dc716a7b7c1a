"""Scores of the four scales: ends of the range, edges of the bands, the key, gaps, and the frame itself."""

import numpy as np
import pandas as pd
import pytest

from xinyu_lib.errors import DataError
from xinyu_lib.scales import load_scale, scales
from xinyu_lib.scoring import score

ENDS = {  # all answers at the lowest code, all at the highest
    "phq9": ({"total": 0}, {"total": 9 * 3}),
    "gad7": ({"total": 0}, {"total": 7 * 3}),
    # ten items straight, ten reversed: 10 x 1 + 10 x 4 both times; 50 x 1.25 = 62.5, truncated
    "sds": ({"raw": 50, "standard": 62, "index": 50 / 80}, {"raw": 50, "standard": 62, "index": 50 / 80}),
    "mht": ({"total": 0, "validity": 0}, {"total": 90, "validity": 10, "somatic": 15, "impulsive": 10}),
}


def sheets(scale_id: str, *rows: list) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(load_scale(scale_id).items)).astype("Int8")


def row(scale_id: str, answers: list) -> dict:
    return score(sheets(scale_id, answers), load_scale(scale_id)).iloc[0].to_dict()


@pytest.mark.parametrize("scale_id", scales())
def test_all_lowest_and_all_highest(scale_id):
    scale = load_scale(scale_id)
    for code, expected in zip((scale.response.min, scale.response.max), ENDS[scale_id], strict=True):
        found = row(scale_id, [code] * scale.n_items)
        assert {name: found[f"{scale_id}_{name}"] for name in expected} == expected


@pytest.mark.parametrize("scale_id", scales())
def test_the_worst_keyed_sheet_reaches_the_top_of_every_range_and_the_best_the_bottom(scale_id):
    scale = load_scale(scale_id)
    low, high = scale.response.min, scale.response.max
    worst = [low if n in scale.reverse else high for n in range(1, scale.n_items + 1)]
    best = [high if n in scale.reverse else low for n in range(1, scale.n_items + 1)]
    found = score(sheets(scale_id, best, worst), scale)
    for rule in scale.scores:
        assert tuple(found[f"{scale_id}_{rule.name}"]) == tuple(rule.range)


def with_total(n_items: int, top: int, total: int) -> list:
    """A sheet that adds up to `total`, filled from the first item on."""
    return [min(top, max(0, total - top * i)) for i in range(n_items)]


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "moderate"),
        (14, "moderate"),
        (15, "moderately_severe"),
        (19, "moderately_severe"),
        (20, "severe"),
        (27, "severe"),
    ],
)
def test_phq9_band_edges(total, band):
    found = row("phq9", with_total(9, 3, total))
    assert (found["phq9_total"], found["phq9_total_band"]) == (total, band)


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "moderate"),
        (14, "moderate"),
        (15, "severe"),
        (21, "severe"),
    ],
)
def test_gad7_band_edges(total, band):
    found = row("gad7", with_total(7, 3, total))
    assert (found["gad7_total"], found["gad7_total_band"]) == (total, band)


SDS_EDGES = [  # raw, integer part of raw x 1.25, band by the Chinese norm, band by the original
    (20, 25, "normal", "normal"),
    (39, 48, "normal", "normal"),  # 48.75
    (40, 50, "normal", "mild"),
    (42, 52, "normal", "mild"),  # 52.5: rounding would make it 53 and mild
    (43, 53, "mild", "mild"),  # 53.75
    (47, 58, "mild", "mild"),  # 58.75
    (48, 60, "mild", "moderate"),
    (50, 62, "mild", "moderate"),  # 62.5
    (51, 63, "moderate", "moderate"),  # 63.75
    (55, 68, "moderate", "moderate"),  # 68.75
    (56, 70, "moderate", "severe"),
    (58, 72, "moderate", "severe"),  # 72.5
    (59, 73, "severe", "severe"),  # 73.75
    (80, 100, "severe", "severe"),
]


@pytest.mark.parametrize(("raw", "standard", "chinese", "original"), SDS_EDGES)
def test_sds_standard_score_and_band_edges(raw, standard, chinese, original):
    sds = load_scale("sds")
    keyed = [1 + extra for extra in with_total(20, 3, raw - 20)]
    answers = sheets("sds", [5 - k if n in sds.reverse else k for n, k in enumerate(keyed, 1)])
    found = score(answers, sds).iloc[0]
    assert (found["sds_raw"], found["sds_standard"], found["sds_index"]) == (raw, standard, raw / 80)
    assert found["sds_standard_band"] == chinese
    assert score(answers, sds.with_bands("original")).iloc[0]["sds_standard_band"] == original


@pytest.mark.parametrize(("yes", "band"), [(0, "not_flagged"), (64, "not_flagged"), (65, "high"), (90, "high")])
def test_mht_total_cut(yes, band):
    content = [n for n in range(1, 101) if not (n > 80 and n % 2 == 0)][:yes]
    found = row("mht", [int(n in content) for n in range(1, 101)])
    assert (found["mht_total"], found["mht_total_band"]) == (yes, band)


@pytest.mark.parametrize("first_item", [1, 16, 56], ids=["15 items", "10 items", "15 items again"])
@pytest.mark.parametrize(("yes", "band"), [(0, "low"), (3, "low"), (4, "mid"), (7, "mid"), (8, "high")])
def test_mht_content_bands_are_the_same_on_10_and_15_items(first_item, yes, band):
    name = {1: "learning_anxiety", 16: "social_anxiety", 56: "somatic"}[first_item]
    found = row("mht", [int(first_item <= n < first_item + yes) for n in range(1, 101)])
    assert (found[f"mht_{name}"], found[f"mht_{name}_band"]) == (yes, band)


@pytest.mark.parametrize(("yes", "valid"), [(0, True), (6, True), (7, False), (10, False)])
def test_mht_is_not_valid_from_7_on_and_the_total_does_not_move(yes, valid):
    lies = list(range(82, 101, 2))[:yes]
    found = row("mht", [int(n in lies) for n in range(1, 101)])
    assert (found["mht_validity"], found["mht_valid"], found["mht_total"]) == (yes, valid, 0)


@pytest.mark.parametrize("scale_id", scales())
def test_every_item_counts_once_and_in_its_direction(scale_id):
    """From the middle of the keyed range one item up moves the sum by one, a reversed item by minus one."""
    scale = load_scale(scale_id)
    low = scale.response.min
    column = f"{scale_id}_raw" if scale_id == "sds" else f"{scale_id}_total"
    base = row(scale_id, [low] * scale.n_items)[column]
    raised = [[low + (n == item) for n in range(scale.n_items)] for item in range(scale.n_items)]
    moves = score(sheets(scale_id, *raised), scale)[column] - base
    lies = scale.items_of("validity") if scale.validity else ()
    expected = [0 if n in lies else -1 if n in scale.reverse else 1 for n in range(1, scale.n_items + 1)]
    assert moves.tolist() == expected


def test_a_critical_answer_is_given_as_it_is_even_when_the_total_is_missing():
    found = row("phq9", [None, None, None, 0, 0, 0, 0, 0, 2])
    assert pd.isna(found["phq9_total"])
    assert found["phq9_critical_9"] == 2


def test_an_unanswered_critical_item_is_missing_and_never_no():
    found = row("phq9", [0] * 8 + [None])
    assert pd.isna(found["phq9_critical_9"])
    assert found["phq9_total"] == 0


@pytest.mark.parametrize("scale_id", scales())
def test_columns_are_nullable_and_carry_the_index(scale_id):
    scale = load_scale(scale_id)
    responses = sheets(scale_id, *[[scale.response.min] * scale.n_items] * 2).set_axis(["b", "a"])
    found = score(responses, scale)
    assert found.index.tolist() == ["b", "a"]
    assert set(found.dtypes.astype(str)) <= {"Int8", "Int16", "Float64", "boolean", "str"}
    bands = [f"{scale_id}_{name}_band" for name in scale.bands]
    assert [c for c in found if found[c].dtype == "str"] == sorted(bands, key=list(found).index)


def test_the_columns_of_a_short_scale():
    assert list(score(sheets("phq9", [0] * 9), load_scale("phq9"))) == [
        "phq9_total",
        "phq9_total_lowest",
        "phq9_total_highest",
        "phq9_total_band",
        "phq9_critical_9",
        "phq9_answered",
    ]


@pytest.mark.parametrize("scale_id", scales())
def test_a_frame_without_rows_gives_the_same_columns_and_dtypes(scale_id):
    scale = load_scale(scale_id)
    empty = score(pd.DataFrame(columns=list(scale.items)), scale)
    full = score(sheets(scale_id, [scale.response.min] * scale.n_items), scale)
    assert len(empty) == 0
    assert empty.dtypes.equals(full.dtypes)


def test_the_responses_are_left_as_they_were():
    responses = sheets("sds", [2] * 20, [None] * 20)
    before = responses.copy()
    score(responses, load_scale("sds"))
    pd.testing.assert_frame_equal(responses, before)


def test_integers_floats_and_nullable_columns_score_alike():
    nullable = sheets("phq9", [1, 2, 3, 0, 1, None, 3, 0, 1], [0] * 9)
    floats = nullable.astype("float64")
    assert np.isnan(floats.iat[0, 5])
    pd.testing.assert_frame_equal(score(nullable, load_scale("phq9")), score(floats, load_scale("phq9")))


def test_a_code_outside_the_range_is_refused():
    responses = sheets("mht", [0] * 100)
    responses["mht_7"] = 2
    with pytest.raises(DataError, match=r"mht_7 \(1\)"):
        score(responses, load_scale("mht"))
