"""Careless-response indices and Guttman errors against the R packages careless 1.2.2 and PerFit 1.4.6.

Data and values: tests/oracle/data, with calls, versions and licences in NOTICE.md.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from xinyu_lib import numerics

DATA = Path(__file__).parent / "data"
ENTRIES = {each["id"]: each for each in json.loads((DATA / "careless_perfit.json").read_text())["entries"]}
REVERSED = ["A1", "C4", "C5", "E1", "E2", "O2", "O5"]
FIVE = [range(start, start + 5) for start in range(0, 25, 5)]
CLOSED = {"rel": 1e-6, "abs": 1e-6, "nan_ok": True}
ROUNDED = {"abs": 1e-4}  # PerFit rounds to four decimals


def rows(entry: str) -> pd.DataFrame:
    """The complete rows R was given."""
    return pd.read_csv(DATA / ENTRIES[entry]["data"])[ENTRIES[entry]["items"]].dropna()


def matrix(entry: str) -> np.ndarray:
    return rows(entry).to_numpy(float)


def values(entry: str, *keys: str) -> np.ndarray:
    found = ENTRIES[entry]["result"]
    for key in keys:
        found = found[key]
    return np.array(found, dtype=float)


def test_long_string():
    found = matrix("careless_longstring")
    assert numerics.longest_run(found)[:200] == pytest.approx(
        values("careless_longstring", "first200", "data", "longstr")
    )
    average = values("careless_longstring", "first200", "data", "avgstr")
    assert numerics.average_run(found)[:200] == pytest.approx(average, **CLOSED)


def test_long_string_of_every_row():
    lengths, n = np.unique(numerics.longest_run(matrix("careless_longstring")), return_counts=True)
    table = ENTRIES["careless_longstring"]["result"]["table"]
    assert dict(zip(map(str, lengths), n, strict=True)) == table


def test_response_variability():
    found = numerics.response_variability(matrix("careless_irv"))
    assert found[:200] == pytest.approx(values("careless_irv", "first200"), **CLOSED)
    assert found.mean() == pytest.approx(float(values("careless_irv", "mean")), **CLOSED)
    assert found.std(ddof=1) == pytest.approx(float(values("careless_irv", "sd")), **CLOSED)


@pytest.mark.parametrize("part", [1, 2, 3, 4, 5])
def test_response_variability_of_a_part(part):
    found = numerics.response_variability(matrix("careless_irv")[:50, 5 * part - 5 : 5 * part])
    assert found == pytest.approx(values("careless_irv", "split_first50", "data", f"irv{part}"), **CLOSED)


def test_mahalanobis_distance():
    squared, rank = numerics.mahalanobis(matrix("careless_mahad"))
    assert squared[:200] == pytest.approx(values("careless_mahad", "first200"), **CLOSED)
    assert stats.chi2.ppf(0.99, rank) == pytest.approx(float(values("careless_mahad", "cutoff")), **CLOSED)
    assert (squared > stats.chi2.ppf(0.99, rank)).sum() == ENTRIES["careless_mahad"]["result"]["flagged"]


def test_even_odd():
    keyed = rows("careless_evenodd")
    keyed[REVERSED] = 7 - keyed[REVERSED]
    found = numerics.even_odd(keyed, FIVE)
    assert found[:200] == pytest.approx(values("careless_evenodd", "first200"), **CLOSED)
    assert np.nanmean(found) == pytest.approx(float(values("careless_evenodd", "mean")), **CLOSED)
    assert np.isnan(found).sum() == ENTRIES["careless_evenodd"]["result"]["n_na"]


def test_synonym_pairs_and_their_correlations():
    table = pd.DataFrame(ENTRIES["careless_psychsyn"]["result"]["pairs"]["data"])
    items = ENTRIES["careless_psychsyn"]["items"]
    found = numerics.synonym_pairs(matrix("careless_psychsyn"), above=0.4)
    listed = {frozenset(pair) for pair in table.loc[table["cor"] > 0.4, ["var1", "var2"]].to_numpy()}
    assert {frozenset(items[place] for place in pair) for pair in found} == listed
    assert len(listed) == 16


def test_antonym_pairs():
    items = ENTRIES["careless_psychsyn"]["items"]
    found = numerics.antonym_pairs(matrix("careless_psychsyn"), below=-0.4)
    assert [[items[place] for place in pair] for pair in found] == [["E4", "E1"], ["E4", "E2"]]


def test_correlation_over_synonyms_wherever_it_is_defined():
    found = matrix("careless_psychsyn")
    ours = numerics.pair_correlation(found, numerics.synonym_pairs(found, above=0.5))[:200]
    theirs = values("careless_psychsyn", "syn_first200")
    defined = ~np.isnan(ours)
    assert defined.sum() == 196  # in the other 4 one side is constant: careless shuffles at random
    assert ours[defined] == pytest.approx(theirs[defined], **CLOSED)


def test_correlation_over_two_antonym_pairs_is_undefined_here_and_there():
    found = matrix("careless_psychsyn")
    assert np.isnan(numerics.pair_correlation(found, numerics.antonym_pairs(found, below=-0.4))).all()
    assert np.isnan(values("careless_psychsyn", "ant_first200")).all()


@pytest.mark.parametrize(("entry", "n_codes"), [("perfit_G", 2), ("perfit_Gpoly", 3)])
def test_guttman_errors(entry, n_codes):
    found = numerics.guttman_errors(matrix(entry), n_codes)
    assert found[:200] == pytest.approx(values(entry, "first200"), **ROUNDED)
    assert found.mean() == pytest.approx(float(values(entry, "mean")), **ROUNDED)


@pytest.mark.parametrize(("entry", "n_codes"), [("perfit_Gnormed", 2), ("perfit_Gnormed.poly", 3)])
def test_normed_guttman_errors(entry, n_codes):
    found = numerics.normed_guttman_errors(matrix(entry), n_codes)
    assert found[:200] == pytest.approx(values(entry, "first200"), **ROUNDED)
    assert found.mean() == pytest.approx(float(values(entry, "mean")), **ROUNDED)
