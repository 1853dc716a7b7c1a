"""Conditions in three values: what is sure at the lowest scores and what is possible at the highest."""

import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter

from xinyu_lib.policy import Condition
from xinyu_lib.scales import load_scale
from xinyu_lib.scales.catalogue import FOLDER
from xinyu_lib.tiers.conditions import evaluate
from xinyu_lib.tiers.evidence import Evidence
from xinyu_lib.tiers.facts import Facts

SURE, POSSIBLE, NEITHER = (True, True), (False, True), (False, False)


def evidence(phq9=(0, 0), gad7=(0, 0)) -> Evidence:
    """One pupil whose totals lie in these ranges."""
    row = {"phq9_answered": 9, "phq9_critical_9": 0, "gad7_answered": 7}
    for scale, (low, high) in (("phq9", phq9), ("gad7", gad7)):
        total = low if low == high else np.nan
        row |= {f"{scale}_total": total, f"{scale}_total_lowest": low, f"{scale}_total_highest": high}
    return Evidence.read(pd.DataFrame([row]))


def total(scale: str, cut: int = 10) -> dict:
    return {"test": "threshold", "scale": scale, "score": "total", "cut": cut}


def verdict(condition: dict, found: Evidence) -> tuple[bool, bool]:
    result = evaluate(TypeAdapter(Condition).validate_python(condition), None, found)
    return bool(result.sure[0]), bool(result.possible[0])


@pytest.mark.parametrize(
    ("between", "expected"),
    [((10, 10), SURE), ((9, 9), NEITHER), ((9, 10), POSSIBLE), ((10, 27), SURE), ((0, 9), NEITHER)],
)
def test_a_threshold_is_met_at_its_cut(between, expected):
    assert verdict(total("phq9"), evidence(phq9=between)) == expected


@pytest.mark.parametrize(
    ("phq9", "gad7", "all_of", "any_of"),
    [
        ((12, 12), (12, 12), SURE, SURE),
        ((12, 12), (9, 10), POSSIBLE, SURE),
        ((12, 12), (0, 0), NEITHER, SURE),
        ((9, 10), (9, 10), POSSIBLE, POSSIBLE),
        ((9, 10), (0, 0), NEITHER, POSSIBLE),
        ((0, 0), (0, 0), NEITHER, NEITHER),
    ],
)
def test_all_and_any_compose_on_both_ends(phq9, gad7, all_of, any_of):
    parts = [total("phq9"), total("gad7")]
    found = evidence(phq9, gad7)
    assert verdict({"test": "all", "of": parts}, found) == all_of
    assert verdict({"test": "any", "of": parts}, found) == any_of


@pytest.mark.parametrize(
    ("at_8", "open_", "expected"),
    [(3, 0, SURE), (2, 0, NEITHER), (2, 1, POSSIBLE), (1, 1, NEITHER), (3, 5, SURE)],
)
def test_a_count_is_sure_without_the_open_scores_and_possible_with_them(at_8, open_, expected):
    names = list(load_scale("mht").subscales)
    row = {"mht_answered": 100, "mht_valid": True}
    for number, name in enumerate(names):
        is_open = at_8 <= number < at_8 + open_
        low, high = (8, 8) if number < at_8 else (7, 9) if is_open else (7, 7)
        row |= {f"mht_{name}": np.nan if is_open else low}
        row |= {f"mht_{name}_lowest": low, f"mht_{name}_highest": high}
    condition = {"test": "count", "scale": "mht", "scores": names, "cut": 8, "count": 3}
    assert verdict(condition, Evidence.read(pd.DataFrame([row]))) == expected


def test_a_scale_that_is_not_in_the_frame_makes_nothing_possible():
    assert verdict(total("mht", 65), evidence()) == NEITHER


def test_safety_conditions_are_false_where_no_scale_holds_such_an_item():
    found = Evidence.read(pd.DataFrame({"gad7_answered": [7]}))
    for test in ("safety_items", "safety_scales"):
        assert verdict({"test": test, "kinds": ["suicide"], "count": 1}, found) == NEITHER


@pytest.mark.parametrize(
    ("item9", "items_of_85_97", "items", "scales"),
    [
        (1, (0, 0), NEITHER, NEITHER),
        (0, (1, 1), SURE, NEITHER),  # two items, one scale
        (1, (1, 0), SURE, SURE),
        (1, (0, np.nan), POSSIBLE, POSSIBLE),
        (np.nan, (np.nan, 0), POSSIBLE, POSSIBLE),
    ],
)
def test_safety_items_and_safety_scales_are_counted_apart(item9, items_of_85_97, items, scales):
    row = {"phq9_answered": 9, "phq9_critical_9": item9, "mht_answered": 100}
    row |= dict(zip(("mht_critical_85", "mht_critical_97"), items_of_85_97, strict=True))
    found = Evidence.read(pd.DataFrame([row]))
    assert verdict({"test": "safety_items", "kinds": ["suicide"], "count": 2}, found) == items
    assert verdict({"test": "safety_scales", "kinds": ["suicide"], "count": 2}, found) == scales


@pytest.mark.parametrize(
    ("kind", "stage", "asked", "expected"),
    [
        ("violence", "census", "violence", SURE),
        ("violence", "census", "suicide", NEITHER),
        ("suicide", "interview", "suicide", NEITHER),  # an interview tool is never a census item
    ],
)
def test_only_census_items_of_the_kind_that_is_asked_for_count(tmp_path, kind, stage, asked, expected):
    text = (FOLDER / "phq9.toml").read_text(encoding="utf-8")
    text = text.replace('kind = "suicide"', f'kind = "{kind}"').replace('stage = "census"', f'stage = "{stage}"')
    path = tmp_path / "phq9.toml"
    path.write_text(text, encoding="utf-8")
    scores = pd.DataFrame({"phq9_answered": [9], "phq9_critical_9": [3]})
    condition = {"test": "safety_items", "kinds": [asked], "count": 1}
    assert verdict(condition, Evidence(scores, (load_scale(path),), Facts.read(None, scores.index, None))) == expected
