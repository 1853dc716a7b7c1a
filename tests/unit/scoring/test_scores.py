"""Scores of every scale: the ends of each range, the key item by item, and the frame itself."""

import numpy as np
import pandas as pd
import pytest
from answer_sheets import FORM_IDS, FORMS, SHIPPED, drawn, ladder, row, sheets, written

from xinyu_lib.errors import DataError
from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import score

PHQ9 = load_scale("phq9")


@pytest.mark.parametrize(
    ("scale_id", "lowest", "highest"),  # all answers at the lowest code, all at the highest
    [
        ("phq9", {"total": 0}, {"total": 9 * 3}),
        ("gad7", {"total": 0}, {"total": 7 * 3}),
        # ten items straight, ten reversed: 10 x 1 + 10 x 4 both times; 50 x 1.25 = 62.5, truncated
        ("sds", {"raw": 50, "standard": 62, "index": 50 / 80}, {"raw": 50, "standard": 62, "index": 50 / 80}),
        # fifteen straight, five reversed: 15 + 5 x 4 = 35, x 1.25 = 43.75; 15 x 4 + 5 = 65, x 1.25 = 81.25
        ("sas", {"raw": 35, "standard": 43}, {"raw": 65, "standard": 81}),
        ("mht", {"total": 0, "validity": 0}, {"total": 90, "validity": 10, "somatic": 15, "impulsive": 10}),
        ("cesd", {"total": 4 * 3}, {"total": 16 * 3}),
        ("cesdc", {"total": 4 * 3}, {"total": 16 * 3}),
        ("pss10", {"total": 4 * 4}, {"total": 6 * 4}),
        ("rses", {"total": 5 * 1 + 5 * 4}, {"total": 5 * 4 + 5 * 1}),
        ("sdq-self", {"total": 5 * 2, "prosocial": 0}, {"total": 15 * 2, "prosocial": 10}),
        ("ucla20", {"total": 11 + 9 * 4}, {"total": 11 * 4 + 9}),
        ("uls8", {"total": 6 + 2 * 4}, {"total": 6 * 4 + 2}),
        ("cdi27", {"total": 13 * 2}, {"total": 14 * 2}),
        ("kidscreen10", {"total": 8 + 2 * 5}, {"total": 8 * 5 + 2}),
        ("dass21", {"depression": 0, "anxiety": 0, "stress": 0}, {"depression": 2 * 7 * 3, "stress": 2 * 7 * 3}),
        ("cries8", {"total": 0}, {"total": 8 * 5}),
        ("k10", {"total": 10}, {"total": 50}),
        ("who5", {"total": 0, "percent": 0}, {"total": 25, "percent": 100}),
        ("pedsql23", {"total": 100, "physical": 100}, {"total": 0, "psychosocial": 0}),
        ("mssmhs", {"total": 1}, {"total": 5}),
        ("scl90", {"total": 90, "positive_items": 0, "positive_symptom_mean": None}, {"total": 450, "total_mean": 5}),
    ],
)
def test_all_lowest_and_all_highest(scale_id, lowest, highest):
    scale = load_scale(scale_id)
    for end, expected in ((0, lowest), (-1, highest)):
        found = row(scale, score(sheets(scale, [scale.codes_of(item)[end] for item in scale.numbers]), scale))
        assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(("scale_id", "variant"), FORMS, ids=FORM_IDS)
def test_sheets_from_the_best_to_the_worst_reach_both_ends_of_every_range(scale_id, variant):
    scale = load_scale(scale_id, variant=variant)
    extra = bool(scale.supplements)
    found = score(sheets(scale, *ladder(scale, extra), supplements=extra), scale)
    for rule in scale.scores:
        values = found[f"{scale.prefix}_{rule.name}"].dropna()
        if values.empty:
            assert set(rule.items) & set(scale.left_out)
        else:
            assert (values.min(), values.max()) == tuple(rule.range)


@pytest.mark.parametrize(("scale_id", "variant"), FORMS, ids=FORM_IDS)
def test_each_item_moves_the_scores_that_it_belongs_to_and_in_its_direction(scale_id, variant):
    """Every item in turn from the lowest code to the highest: straight items raise a sum or mean, reversed lower it."""
    scale = load_scale(scale_id, variant=variant)
    base = [scale.codes_of(item)[0] for item in scale.numbers]
    raised = [[*base[:i], scale.codes_of(item)[-1], *base[i + 1 :]] for i, item in enumerate(scale.numbers)]
    found = score(sheets(scale, base, *raised), scale)
    turned_coding = (
        bool(scale.coded) and dict(scale.coded)[scale.codes_of(1)[0]] > dict(scale.coded)[scale.codes_of(1)[-1]]
    )
    for rule in scale.scores:
        if rule.rule not in ("sum", "mean") or not set(rule.items) <= set(scale.numbers):
            continue
        values = found[f"{scale.prefix}_{rule.name}"].astype(float)
        expected = [
            0 if n not in rule.items else -1 if (n in scale.reverse) != turned_coding else 1 for n in scale.numbers
        ]
        assert np.sign(values[1:] - values[0]).tolist() == expected, rule.name


def with_total(n_items: int, top: int, total: int) -> list:
    """A sheet that adds up to `total`, filled from the first item on."""
    return [min(top, max(0, total - top * i)) for i in range(n_items)]


SDS_STANDARD = [  # raw, integer part of raw x 1.25, the same rounded half up
    (20, 25, 25),
    (39, 48, 49),  # 48.75
    (40, 50, 50),
    (42, 52, 53),  # 52.5: normal when truncated, mild when rounded
    (50, 62, 63),  # 62.5
    (59, 73, 74),  # 73.75
    (80, 100, 100),
]


@pytest.mark.parametrize(("raw", "truncated", "rounded"), SDS_STANDARD)
def test_sds_standard_score_is_truncated_and_rounded_only_on_request(raw, truncated, rounded):
    sds = load_scale("sds")
    keyed = [1 + extra for extra in with_total(20, 3, raw - 20)]
    answers = sheets(sds, [5 - k if n in sds.reverse else k for n, k in enumerate(keyed, 1)])
    found = row(sds, score(answers, sds))
    assert (found["raw"], found["standard"], found["index"]) == (raw, truncated, raw / 80)
    other = load_scale("sds", variant="rounded")
    assert row(other, score(answers, other))["standard"] == rounded


@pytest.mark.parametrize(("yes", "valid"), [(0, True), (6, True), (7, False), (10, False)])
def test_mht_is_not_valid_from_7_on_and_the_total_does_not_move(yes, valid):
    lies = list(range(82, 101, 2))[:yes]
    mht = load_scale("mht")
    found = row(mht, score(sheets(mht, [int(n in lies) for n in range(1, 101)]), mht))
    assert (found["validity"], found["valid"], found["total"]) == (yes, valid, 0)


def test_a_critical_answer_is_given_as_it_is_even_when_the_total_is_missing():
    found = row(PHQ9, score(written(PHQ9, "...000002"), PHQ9))
    assert (found["total"], found["critical_9"], found["critical_9_shown"]) == (None, 2, True)


def test_an_unanswered_critical_item_is_missing_and_never_no():
    found = row(PHQ9, score(written(PHQ9, "00000000."), PHQ9))
    assert (found["total"], found["critical_9"], found["critical_9_shown"]) == (0, None, True)


def test_a_critical_answer_is_the_one_before_reversal():
    scale = PHQ9.model_copy(update={"reverse": (9,)})
    assert row(scale, score(written(scale, "000000001"), scale))["critical_9"] == 1


def test_a_critical_item_that_was_not_to_be_asked_was_not_shown():
    asq = load_scale("asq")
    not_asked, unanswered = (row(asq, score(written(asq, text), asq)) for text in ("0000.", "1000."))
    assert (not_asked["critical_5"], not_asked["critical_5_shown"]) == (None, False)
    assert (unanswered["critical_5"], unanswered["critical_5_shown"]) == (None, True)


def test_the_columns_of_a_short_scale():
    found = score(written(PHQ9, "0" * 9), PHQ9)
    assert found.dtypes.astype(str).to_dict() == {
        "phq9_total": "Int16",
        "phq9_total_lowest": "int8",
        "phq9_total_highest": "int8",
        "phq9_total_band": "category",
        "phq9_positive_10": "boolean",
        "phq9_positive_11_teen": "boolean",
        "phq9_algorithm": "category",
        "phq9_algorithm_lowest": "category",
        "phq9_algorithm_highest": "category",
        "phq9_critical_9": "Int8",
        "phq9_critical_9_shown": "bool",
        "phq9_answered": "int16",
    }


def test_bands_and_decisions_are_ordered_from_mild_to_severe():
    found = score(written(PHQ9, "222220000"), PHQ9).iloc[:1]
    bands = found["phq9_total_band"].cat
    assert bands.ordered
    assert bands.categories.tolist() == ["minimal", "mild", "moderate", "moderately_severe", "severe"]
    assert (found["phq9_total_band"] >= "moderate").all()
    assert found["phq9_algorithm"].cat.ordered
    assert found["phq9_algorithm"].cat.categories.tolist() == ["none", "other_depressive", "major"]


@pytest.mark.parametrize("scale_id", SHIPPED)
def test_types_do_not_depend_on_the_answers(scale_id):
    scale = load_scale(scale_id)
    blank, whole, mixed, none = (
        score(sheets(scale, *rows), scale).dtypes
        for rows in ([[None] * scale.n_items], [ladder(scale)[0]], drawn(scale, 6, seed=5), [])
    )
    assert blank.equals(whole)
    assert mixed.equals(whole)
    assert none.equals(whole)


@pytest.mark.parametrize("scale_id", SHIPPED)
def test_every_score_has_a_nullable_type_and_its_ends_a_plain_one(scale_id):
    scale = load_scale(scale_id)
    types = score(sheets(scale, *ladder(scale)), scale).dtypes.astype(str)
    for rule in scale.scores:
        if f"{scale.prefix}_{rule.name}" in types:
            value, low, high = (types[f"{scale.prefix}_{rule.name}{end}"] for end in ("", "_lowest", "_highest"))
            assert value == ("Int16" if rule.whole else "Float64")
            assert low == high
            assert low in (("int8", "int16") if rule.whole else ("float64",))


@pytest.mark.parametrize("scale_id", SHIPPED)
def test_the_index_is_that_of_the_responses_and_they_stay_as_they_were(scale_id):
    scale = load_scale(scale_id)
    responses = sheets(scale, *drawn(scale, 4, seed=6)).set_axis(["d", "b", "a", "a"])
    before = responses.copy()
    assert score(responses, scale).index.tolist() == ["d", "b", "a", "a"]
    pd.testing.assert_frame_equal(responses, before)


@pytest.mark.parametrize("scale_id", ["phq9", "sdq-self"])
def test_writing_into_a_result_changes_that_column_alone(scale_id):
    scale = load_scale(scale_id)
    responses = sheets(scale, *ladder(scale))
    before, kept = score(responses, scale), responses.copy()
    for column in [c for c in before if before[c].dtype.kind in "iu"]:
        found = score(responses, scale)
        found.loc[0, column] += 1
        found[column].array[1] += 1
        pd.testing.assert_frame_equal(found.drop(columns=column), before.drop(columns=column))
        pd.testing.assert_frame_equal(responses, kept)


@pytest.mark.parametrize("dtype", ["bool", "boolean", "category", "int8[pyarrow]", "str"])
def test_yes_and_no_may_come_as_truth_values_categories_or_arrow_columns(dtype):
    mht = load_scale("mht")
    whole, gaps = sheets(mht, *ladder(mht)), sheets(mht, *drawn(mht, 6, seed=7))
    for responses in (whole,) if dtype == "bool" else (whole, gaps):
        pd.testing.assert_frame_equal(score(responses.astype(dtype), mht), score(responses, mht))


@pytest.mark.parametrize(
    "dtype", ["int8", "int64", "uint8", "Int8", "Int64", "float32", "float64", "Float64", "object"]
)
@pytest.mark.parametrize("scale_id", ["phq9", "sds", "cries8", "sdq-self"])
def test_whatever_the_columns_are_made_of_scores_are_the_same(scale_id, dtype):
    scale = load_scale(scale_id)
    gaps = dtype not in ("int8", "int64", "uint8")
    responses = sheets(scale, *(drawn(scale, 10, seed=7) if gaps else ladder(scale)))
    other = responses.astype("float64").astype(dtype) if dtype.startswith("float") else responses.astype(dtype)
    pd.testing.assert_frame_equal(score(other, scale), score(responses, scale))


def test_an_empty_cell_of_an_object_column_may_be_none_nan_or_na():
    responses = written(PHQ9, "111111111").astype(object)
    expected = score(written(PHQ9, "11111111."), PHQ9)
    for empty in (None, np.nan, pd.NA):
        responses["phq9_9"] = pd.Series([empty], dtype=object)
        pd.testing.assert_frame_equal(score(responses, PHQ9), expected)


@pytest.mark.parametrize("scale_id", SHIPPED)
def test_an_answer_outside_the_codes_is_refused_with_column_and_count_but_never_the_value(scale_id):
    scale = load_scale(scale_id)
    codes = scale.codes_of(scale.numbers[-1])
    wrong = next(code for code in range(77, 100) if code not in codes)
    responses = sheets(scale, *[ladder(scale)[0]] * 3)
    column = responses.columns[-1]
    responses.loc[[0, 2], column] = wrong
    with pytest.raises(DataError) as caught:
        score(responses, scale)
    for text in (caught.value.text("zh"), caught.value.text("en")):
        assert f"{column} (2)" in text
        assert (f"{codes[0]}–{codes[-1]}" in text) or ("/".join(map(str, codes)) in text)
        assert str(wrong) not in text


def test_codes_that_leave_out_a_number_refuse_it():
    cries8 = load_scale("cries8")
    with pytest.raises(DataError, match=r"0/1/3/5.*cries8_2 \(1\)"):
        score(written(cries8, "02000000"), cries8)


@pytest.mark.parametrize("scale_id", SHIPPED)
def test_answers_to_other_scales_and_names_are_left_alone(scale_id):
    scale = load_scale(scale_id)
    responses = sheets(scale, *drawn(scale, 4, seed=8))
    beside = responses.assign(name="甲", other_1=99).iloc[:, ::-1]
    pd.testing.assert_frame_equal(score(beside, scale), score(responses, scale))


def test_several_scales_at_once_give_what_each_gives_alone():
    scales = [load_scale(each) for each in SHIPPED if each != "phq9-teen"]
    responses = pd.concat([sheets(each, *drawn(each, 6, seed=9)) for each in scales], axis=1)
    together = score(responses, scales)
    pd.testing.assert_frame_equal(together, pd.concat([score(responses, each) for each in scales], axis=1))
