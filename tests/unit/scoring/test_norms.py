"""Norms: a score beside a described group, by sex, age and grade; the norm set is named beside every value."""

import pandas as pd
import pytest
from answer_sheets import drawn, sheets

from xinyu_lib.errors import DefinitionError
from xinyu_lib.scales import load_norms, load_scale, scales
from xinyu_lib.scoring import score

GAD7 = load_scale("gad7")
LOCAL = """
id = "district"
version = "2025"
scale = "gad7"
kind = "z"
title = { zh = "本区常模", en = "District" }
population = { zh = "本区学生", en = "Pupils of the district" }
collected = "2025-10"
source = "made up"
status = "derived"

[[groups]]
who = { sex = "female", ages = { min = 12, max = 14 } }
n = 100
scores.total = { mean = 6.0, sd = 4.0 }

[[groups]]
who = { sex = "female" }
scores.total = { mean = 5.0, sd = 2.0 }

[[groups]]
who = { grades = [10, 12] }
scores.total = { mean = 8.0, sd = 5.0 }
"""
EVERYBODY = "[[groups]]\n" + "scores.total = { mean = 4.0, sd = 3.0 }\n"
PUPILS = pd.DataFrame(
    [
        ("female", 12.0, 7, (10 - 6) / 4),
        ("female", 14.9, 7, (10 - 6) / 4),
        ("female", 15.0, 7, (10 - 5) / 2),
        ("female", None, 7, (10 - 5) / 2),
        ("male", 16.0, 10, (10 - 8) / 5),
        (None, 16.0, 12, (10 - 8) / 5),
        ("female", 16.0, 12, (10 - 5) / 2),  # the first group that fits
        ("male", 13.0, 7, None),
        (None, None, None, None),
    ],
    columns=["sex", "age", "grade", "z"],
)


def local(tmp_path, text: str = LOCAL):
    path = tmp_path / "district.toml"
    path.write_text(text, encoding="utf-8")
    return load_norms(path)


def tens(rows: int) -> pd.DataFrame:
    """Sheets with a total of 10."""
    return sheets(GAD7, *[[2, 2, 2, 2, 2, 0, 0]] * rows)


def plain(values: pd.Series) -> list:
    return [None if pd.isna(value) else value for value in values]


def test_the_first_group_that_fits_counts_and_a_pupil_of_no_group_has_no_value(tmp_path):
    found = score(tens(len(PUPILS)), GAD7, pupils=PUPILS[["sex", "age", "grade"]], norms=[local(tmp_path)])
    assert plain(found["gad7_total_z"]) == plain(PUPILS["z"])
    named = ["district@2025" if value is not None else None for value in plain(PUPILS["z"])]
    assert plain(found["gad7_total_z_norm"]) == named


def test_of_pupils_nobody_knows_only_a_group_of_everybody_fits(tmp_path):
    assert score(tens(2), GAD7, norms=[local(tmp_path)])["gad7_total_z"].isna().all()
    found = score(tens(2), GAD7, norms=[local(tmp_path, LOCAL + EVERYBODY)])
    assert found["gad7_total_z"].tolist() == [(10 - 4) / 3] * 2


@pytest.mark.parametrize(
    ("kind", "value"),
    [("z", (10 - 4) / 3), ("t", 50 + 10 * (10 - 4) / 3), ("percentile", 97.7249868)],  # normal curve at 2.0
)
def test_z_t_and_percentile_from_mean_and_spread(tmp_path, kind, value):
    norms = local(tmp_path, LOCAL.replace('kind = "z"', f'kind = "{kind}"') + EVERYBODY)
    found = score(tens(1), GAD7, norms=[norms])
    assert found[f"gad7_total_{kind}"].tolist() == [pytest.approx(value)]
    assert found[f"gad7_total_{kind}_norm"].tolist() == ["district@2025"]


@pytest.mark.parametrize(("total", "percentile"), [(0, 5), (4, 5), (5, 60), (9, 60), (10, 90), (21, 90)])
def test_a_table_gives_the_value_of_the_highest_raw_score_reached(tmp_path, total, percentile):
    table = "[[groups]]\nscores.total = { table = [[0, 5.0], [5, 60.0], [10, 90.0]] }\n"
    norms = local(tmp_path, LOCAL[: LOCAL.index("[[groups]]")].replace('"z"', '"percentile"') + table)
    answers = sheets(GAD7, [min(3, max(0, total - 3 * i)) for i in range(7)])
    assert score(answers, GAD7, norms=[norms])["gad7_total_percentile"].tolist() == [percentile]


def test_below_the_first_entry_of_a_table_there_is_no_value(tmp_path):
    table = "[[groups]]\nscores.total = { table = [[11, 5.0], [12, 60.0]] }\n"
    norms = local(tmp_path, LOCAL[: LOCAL.index("[[groups]]")] + table)
    found = score(tens(1), GAD7, norms=[norms])
    assert plain(found["gad7_total_z"]) == [None]
    assert plain(found["gad7_total_z_norm"]) == [None]


def test_a_missing_score_has_no_norm_value(tmp_path):
    answers = sheets(GAD7, [2, 2, 2, 2, 2, 0, None], [2, 2, 2, 2, 2, 0, 0])
    found = score(answers, GAD7, norms=[local(tmp_path, LOCAL + EVERYBODY)])
    assert plain(found["gad7_total_z"]) == [None, 2.0]
    assert plain(found["gad7_total_z_norm"]) == [None, "district@2025"]


def test_norms_of_another_scale_are_left_alone(tmp_path):
    other = local(tmp_path, LOCAL.replace('scale = "gad7"', 'scale = "phq9"') + EVERYBODY)
    pd.testing.assert_frame_equal(score(tens(1), GAD7, norms=[other]), score(tens(1), GAD7))


@pytest.mark.parametrize("scale_id", [each for each in scales() if load_scale(each).norm_sets])
def test_norms_of_a_scale_file_never_place_a_score_of_another_scale(scale_id):
    scale = load_scale(scale_id)
    answers = pd.concat([tens(1), sheets(scale, *drawn(scale, 3, seed=1)[2:])], axis=1)
    pupils = pd.DataFrame({"sex": ["female"], "age": [13.0], "grade": [8]})
    found = score(answers, [GAD7, scale], pupils=pupils, norms=scale.norm_sets)
    assert [column for column in found if column.startswith("gad7") and column.endswith("_norm")] == []


def test_scl90_beside_the_norm_of_1986():
    scl90 = load_scale("scl90")
    found = score(sheets(scl90, [2] * 90), scl90, norms=scl90.norm_sets)
    assert found["scl90_total_z"].tolist() == [pytest.approx((180 - 129.96) / 38.76)]
    assert found["scl90_depression_z"].tolist() == [pytest.approx((2 - 1.50) / 0.59)]
    assert found["scl90_total_z_norm"].tolist() == [scl90.norm_sets[0].name]


@pytest.mark.parametrize("scale_id", [each for each in scales() if load_scale(each).norm_sets])
def test_every_norm_of_a_scale_file_gives_values_for_a_pupil_of_its_groups(scale_id):
    scale = load_scale(scale_id)
    answers = sheets(scale, *drawn(scale, 4, seed=1)[2:3])
    for norms in scale.norm_sets:
        for group in norms.groups:
            pupil = pd.DataFrame({"sex": [group.who.sex], "age": [group.who.ages.min if group.who.ages else None]})
            found = score(answers, scale, pupils=pupil, norms=[norms])
            for name, norm in group.scores.items():
                value = found[f"{scale.prefix}_{name}"].iloc[0]
                assert found[f"{scale.prefix}_{name}_{norms.kind}"].iloc[0] == pytest.approx(
                    (value - norm.mean) / norm.sd
                )


WRONG = {
    "a mean without a spread": ("mean = 5.0, sd = 2.0", "mean = 5.0"),
    "a spread of nothing": ("sd = 2.0", "sd = 0.0"),
    "a mean and a table": ("mean = 5.0, sd = 2.0", "mean = 5.0, sd = 2.0, table = [[0, 1.0]]"),
    "neither": ("{ mean = 5.0, sd = 2.0 }", "{}"),
    "a table that does not ascend": ("{ mean = 5.0, sd = 2.0 }", "{ table = [[5, 1.0], [5, 2.0]] }"),
    "a kind that is not known": ('kind = "z"', 'kind = "stanine"'),
}


@pytest.mark.parametrize(("old", "new"), WRONG.values(), ids=WRONG)
def test_a_wrong_norm_file_is_refused_by_name(tmp_path, old, new):
    assert LOCAL.count(old) == 1
    with pytest.raises(DefinitionError, match=r"district\.toml"):
        local(tmp_path, LOCAL.replace(old, new))
