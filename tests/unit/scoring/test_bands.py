"""Bands: every value a score can take, edges included, falls where the declaration says; and for whom a set is."""

from functools import cache

import pandas as pd
import pytest
from answer_sheets import SHIPPED, sheets

from xinyu_lib.errors import DataError
from xinyu_lib.scales import Scale, load_scale
from xinyu_lib.scales.bands import Band, BandSet
from xinyu_lib.scales.vocabulary import Ages, Who
from xinyu_lib.scoring import score


@cache
def every_sum(scale_id: str, name: str) -> pd.DataFrame:
    """A sheet for every sum that the items of a score can have; all other items at their lowest code."""
    scale = load_scale(scale_id)
    reached = {0: {}}
    for item in scale.items_of(name):
        options = [(code, counted(scale, name, code)) for code in scale.response_of(item).codes]
        reached = {
            total + value: chosen | {item: code}
            for total, chosen in reversed(reached.items())
            for code, value in options
        }
    items = [*scale.numbers, *(item for each in scale.supplements for item in each.items)]
    keyed = [
        {item: scale.response_of(item).codes[0] for item in items} | chosen for _, chosen in sorted(reached.items())
    ]
    gates = {gate for skip in scale.skips for gate in skip.gates}
    rows = [
        [as_given(scale, item, scale.span_of(item)[1] if item in gates else each[item]) for item in items]
        for each in keyed
    ]
    return sheets(scale, *rows, supplements=True)


def counted(scale: Scale, name: str, code: int) -> int:
    rule = scale.score(name)
    return rule.value(code) if rule.of_items else code


def as_given(scale: Scale, item: int, keyed: int) -> int:
    answer = sum(scale.span_of(item)) - keyed if item in scale.reverse else keyed
    return {key: code for code, key in scale.coded}.get(answer, answer)


def holds(band: Band, value: float) -> bool:
    """By the letter of the declaration: both ends included, or up to but without `below`."""
    return band.low <= value and (value <= band.high if band.high is not None else value < band.below)


SETS = [
    pytest.param(scale_id, each.id, id=f"{scale_id}: {each.id}")
    for scale_id in SHIPPED
    for each in load_scale(scale_id).band_sets
    if each.who is None
]


@pytest.mark.parametrize(("scale_id", "band_set"), SETS)
def test_every_value_falls_in_its_band_and_no_band_is_out_of_reach(scale_id, band_set):
    scale = load_scale(scale_id).with_bands(band_set)
    (used,) = [each for each in scale.band_sets if each.id == band_set]
    for name in used.scores:
        found = score(every_sum(scale_id, name), scale)
        values, places = (found[f"{scale.prefix}_{name}{end}"] for end in ("", f"_{used.column}"))
        expected = [[band.code for band in used.bands if holds(band, value)] for value in values]
        assert [[place] for place in places] == expected
        assert set(places) == {band.code for band in used.bands}
        assert places.cat.categories.tolist() == [band.code for band in used.bands]


EDGES = [  # score, band below it, first value of the band, band from it on
    ("phq9", "total", 4, "minimal", 5, "mild"),
    ("phq9", "total", 9, "mild", 10, "moderate"),
    ("phq9", "total", 14, "moderate", 15, "moderately_severe"),
    ("phq9", "total", 19, "moderately_severe", 20, "severe"),
    ("gad7", "total", 9, "mild", 10, "moderate"),
    ("sds", "standard", 52, "normal", 53, "mild"),
    ("sds", "standard", 62, "mild", 63, "moderate"),
    ("sas", "standard", 48, "normal", 50, "mild"),  # raw 39 and 40: 48.75 and 50
    ("mht", "total", 64, "not_flagged", 65, "high"),
    ("mht", "somatic", 7, "mid", 8, "high"),
    ("mht", "phobic", 3, "low", 4, "mid"),
    ("dass21", "anxiety", 14, "moderate", 16, "severe"),  # doubled sums are even: 15 never comes up
    ("who5", "percent", 48, "poor_wellbeing", 52, "adequate"),
    ("k10", "total", 29, "high", 30, "very_high"),
    ("sdq-self", "total", 15, "normal", 16, "borderline"),
    ("sdq-parent", "peer", 3, "borderline", 4, "abnormal"),
    ("sdq-teacher", "prosocial", 5, "borderline", 6, "normal"),
]


@pytest.mark.parametrize(("scale_id", "name", "below", "lower", "start", "upper"), EDGES)
def test_edges_of_bands_as_printed(scale_id, name, below, lower, start, upper):
    found = score(every_sum(scale_id, name), load_scale(scale_id))
    prefix = scale_id.replace("-", "_")
    values, places = found[f"{prefix}_{name}"].tolist(), found[f"{prefix}_{name}_band"].tolist()
    place = values.index(below)
    assert (values[place], places[place], values[place + 1], places[place + 1]) == (below, lower, start, upper)


def with_ages(scale: Scale) -> Scale:
    """PHQ-9 with bands of its own for ages 13-17 and, on top, for girls of these ages."""

    def bands(id_: str, cut: int, who: Who) -> BandSet:
        label = {"zh": "甲", "en": "a"}
        ends = [{"code": "no", "low": 0, "high": cut - 1}, {"code": "yes", "low": cut, "high": 27}]
        return BandSet(
            id=id_, scores=("total",), who=who, bands=[e | {"label": label} for e in ends], source="x", status="derived"
        )

    teens = Ages(min=13, max=17)
    own = (bands("teens", 11, Who(ages=teens)), bands("girls", 12, Who(ages=teens, sex="female")))
    return scale.model_copy(update={"band_sets": (*scale.band_sets, *own)})


PUPILS = [  # age, sex, band of a total of 11
    (13.0, "male", "yes"),
    (17.9, "male", "yes"),  # still 17
    (18.0, "male", "moderate"),
    (12.9, "male", "moderate"),
    (None, "male", "moderate"),
    (None, "female", "moderate"),
    (15.0, "female", "no"),
    (15.0, None, "yes"),
    (None, None, "moderate"),
]


def test_bands_for_some_pupils_hold_for_them_and_the_general_ones_for_all_of_whom_too_little_is_known():
    scale = with_ages(load_scale("phq9"))
    responses = sheets(scale, *[[3, 3, 3, 2, 0, 0, 0, 0, 0]] * len(PUPILS))
    pupils = pd.DataFrame({"age": [p[0] for p in PUPILS], "sex": [p[1] for p in PUPILS]})
    found = score(responses, scale, pupils=pupils)["phq9_total_band"]
    assert found.tolist() == [band for _, _, band in PUPILS]
    assert score(responses, scale)["phq9_total_band"].unique().tolist() == ["moderate"]


def test_pupils_are_matched_by_index_and_not_by_row():
    scale = with_ages(load_scale("phq9"))
    responses = sheets(scale, *[[3, 3, 3, 2, 0, 0, 0, 0, 0]] * 3).set_axis(["a", "b", "c"])
    pupils = pd.DataFrame({"age": [15, 20]}, index=["c", "a"])
    assert score(responses, scale, pupils=pupils)["phq9_total_band"].tolist() == ["moderate", "moderate", "yes"]


def test_another_word_for_sex_is_refused_with_a_count():
    scale = load_scale("phq9")
    pupils = pd.DataFrame({"sex": ["female", "女", "F", None]})
    with pytest.raises(DataError, match=r"2"):
        score(sheets(scale, *[[0] * 9] * 4), scale, pupils=pupils)


def test_a_missing_score_has_no_band():
    gad7 = load_scale("gad7")
    found = score(sheets(gad7, [2] * 6 + [None], [2] * 7), gad7)["gad7_total_band"]
    assert found.isna().tolist() == [True, False]
