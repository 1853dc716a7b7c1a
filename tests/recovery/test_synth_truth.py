"""Truths planted in synthetic districts can be found again, within the error that their numbers leave."""

import json
import tomllib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from xinyu_lib import census
from xinyu_lib.synth import load_setting, simulate, write_district
from xinyu_lib.synth.answers import category_probabilities, draw, load_items
from xinyu_lib.synth.latent import parts, trait_values

SEEDS = range(4)


@pytest.fixture(scope="module")
def rounds():
    """Both waves of some demo districts."""
    return [round_ for seed in SEEDS for round_ in simulate(load_setting("demo"), seed).rounds]


def pooled(rounds, share):
    return np.mean([share(round_) for round_ in rounds])


def total(round_, scale_id, items):
    codes = round_.sheets["mht" if scale_id == "mht" else "phq9-gad7"].codes
    return codes[[f"{scale_id}_{item}" for item in items]].dropna().sum(axis=1).astype(int)


def test_drawn_answers_have_the_probabilities_of_the_model_within_monte_carlo_error():
    n, factor = 200_000, load_items("phq9").factors[0]
    slopes, thresholds = np.array(factor.slopes), np.array(factor.thresholds)
    expected = category_probabilities(np.array([0.8]), slopes, thresholds)[0]
    drawn = draw(np.full(n, 0.8), slopes, thresholds, np.random.default_rng(11))
    found = np.stack([(drawn == category).mean(axis=0) for category in range(4)], axis=1)
    error = np.sqrt(expected * (1 - expected) / n)
    assert (np.abs(found - expected) < 4.5 * error).all()  # 36 cells: chance of a false alarm below 0.0003


def test_traits_correlate_between_waves_and_with_each_other_as_planted():
    traits = load_setting("demo").traits
    own = parts(50_000, 2, traits, np.random.default_rng(12))
    nobody = pd.Series(np.zeros(50_000))
    first, second = (trait_values(wave, nobody, traits) for wave in own)
    # standard error of a correlation near .7 with 50,000 pairs: (1 - .49) / sqrt(50,000) = .0023
    assert np.corrcoef(first["depression"], second["depression"])[0, 1] == pytest.approx(0.7, abs=0.01)
    assert np.corrcoef(first["depression"], first["anxiety"])[0, 1] == pytest.approx(0.88 * 0.88, abs=0.01)
    assert first.std().to_numpy() == pytest.approx(np.ones(len(traits.loading)), abs=0.015)


def test_pupils_of_a_district_keep_their_place_between_waves():
    autumn, spring = simulate(load_setting("demo"), 3).rounds
    before = autumn.traits.set_index(autumn.roster["pupil"])["depression"]
    after = spring.traits.set_index(spring.roster["pupil"])["depression"]
    both = before.index.intersection(after.index)
    # school, sex and grade stay the same, so the correlation of whole traits lies a little above .7
    assert 0.66 < np.corrcoef(before[both], after[both])[0, 1] < 0.77


def test_a_planted_school_effect_shows_in_the_mean_trait():
    district = simulate(load_setting("demo"), 0)
    round_ = district.rounds[0]
    mean = round_.traits["depression"].groupby(round_.roster["school"]).mean()
    loading, gap = 0.88, district.effects["036021"] - district.effects["036051"]
    by_grade = 0.05 * ((8 - 8) - (11 - 8))  # junior grades centre on 8, senior grades on 11
    # means of about 600 and 500 pupils: standard error sqrt(1/600 + 1/500) = .06
    assert mean["036021"] - mean["036051"] == pytest.approx(loading * (gap + by_grade), abs=0.2)


@pytest.mark.parametrize(
    ("scale_id", "items", "cut", "low", "high"),
    [
        ("phq9", range(1, 10), 10, 0.08, 0.14),
        ("phq9", [9], 1, 0.06, 0.10),
        ("gad7", range(1, 8), 10, 0.06, 0.12),
        ("mht", [*range(1, 82), *range(83, 100, 2)], 65, 0.01, 0.02),
        ("mht", range(82, 101, 2), 7, 0.03, 0.06),
    ],
)
def test_shares_above_published_cuts_are_like_those_of_published_surveys(rounds, scale_id, items, cut, low, high):
    assert low < pooled(rounds, lambda round_: (total(round_, scale_id, items) >= cut).mean()) < high


def test_shares_of_refusal_and_absence_are_like_those_of_real_censuses(rounds):
    assert 0.01 < pooled(rounds, lambda r: (r.consent == "refused").mean()) < 0.05
    assert 0.01 < pooled(rounds, lambda r: r.attendance.isin(["absent", "leave"]).mean()) < 0.04
    assert 0.90 < pooled(rounds, lambda r: (r.attendance == "finished").sum() / len(r.consent)) < 0.98


def test_phq9_and_gad7_totals_correlate_as_in_published_samples(rounds):
    def correlation(round_):
        phq9, gad7 = total(round_, "phq9", range(1, 10)), total(round_, "gad7", range(1, 8))
        both = phq9.index.intersection(gad7.index)
        return np.corrcoef(phq9[both], gad7[both])[0, 1]

    assert 0.55 < pooled(rounds, correlation) < 0.8


def imported(raw, steps):
    """What becomes of each file of the census at the user's door, in the order of the list of imports."""
    known, rosters = census.Known(), {}
    for step in steps:
        wave = step.get("wave")
        known = replace(known, pupils=census.Directory.of(rosters.get(wave, {})))
        table = census.read_file(raw / step["file"])
        if "mapping" in step:
            mapping = census.load_mapping(raw / step["mapping"])
            batch = census.take_responses(table, mapping, wave=wave, known=known)
        else:
            batch = census.take_table(table, step["table"], wave=wave, known=known)
            known = known.with_rows(step["table"], batch.frames[step["table"]])
        if "pupil" in batch.frames:
            numbers = dict(zip(batch.frames["pupil"]["number"], batch.frames["pupil"]["school"], strict=True))
            rosters[wave] = rosters.get(wave, {}) | numbers
        yield step["file"], batch


def test_an_import_keeps_and_sets_aside_exactly_what_was_planted(tmp_path):
    write_district(tmp_path, seed=5, setting="tiny")
    steps = tomllib.loads((tmp_path / "raw" / "imports.toml").read_text(encoding="utf-8"))["imports"]
    steps = [step for step in steps if "table" in step or "mapping" in step]  # ledgers have a test of their own
    truth = json.loads((tmp_path / "truth" / "truth.json").read_text(encoding="utf-8"))
    planted = {file["file"]: file for file in truth["files"]}
    reason_of = {"twice": "duplicate", "mistyped": "unknown_pupil", "out_of_range": "out_of_range"}
    for name, batch in imported(tmp_path / "raw", steps):
        file, dirt = planted[name], planted[name]["dirt"]
        reasons = {reason: dirt[kind] for kind, reason in reason_of.items() if dirt.get(kind)}
        assert batch.set_aside["reason"].value_counts().to_dict() == reasons
        assert (batch.rows_in, batch.rows_kept) == (file["rows"], file["kept"])
        assert batch.blank_rows == dirt.get("blank_rows", 0)
        assert not batch.unused_columns
