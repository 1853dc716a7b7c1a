"""Published answers of real people: our figures against figures computed apart from this library from the same files.

Data, sources and licences: real/NOTICE.md. The figures were computed when the files were collected, before this library
scored them (alpha = Cronbach on complete sheets, sample variance), and are held to as many digits as were handed over.
"""

from pathlib import Path

import pandas as pd
import pytest

from xinyu_lib.numerics import cronbach_alpha
from xinyu_lib.psychometrics import reliability
from xinyu_lib.scales import Scale, load_scale
from xinyu_lib.scoring import score

DATA = Path(__file__).parent / "real"
PHQ9, GAD7, PSS10 = (load_scale(each) for each in ("phq9", "gad7", "pss10"))
CESD = load_scale("cesd", variant="coded_1_4")
FILES = {  # file, and how its columns begin
    "ukm": ("ukm_phq9_gad7_pss10.csv", {"phq9": "D", "gad7": "A", "pss10": "S"}),
    "mexmed": ("mexmed_phq9_gad7_ess_odd.csv", {"phq9": "phq", "gad7": "gad"}),
    "bggm 1": ("bggm_phq9_gad7_t1.csv", {"phq9": "PHQ", "gad7": "GAD"}),
    "bggm 2": ("bggm_phq9_gad7_t2.csv", {"phq9": "PHQ", "gad7": "GAD"}),
    "prosetta": ("prosetta_cesd20_promisdep28.csv", {"cesd": "CESD"}),
}


def answers(name: str) -> pd.DataFrame:
    file, begins = FILES[name]
    names = {f"{start}{n}": f"{scale}_{n}" for scale, start in begins.items() for n in range(1, 21)}
    return pd.read_csv(DATA / file, encoding="utf-8-sig").rename(columns=names)


def occasions() -> pd.DataFrame:
    raw = pd.read_csv(DATA / "pospsy_ahi_cesd_long_uncorrected.csv")
    return raw.rename(columns={f"cesd{n:02d}": f"cesd_{n}" for n in range(1, 21)})


def unreversed(scale: Scale) -> Scale:
    return scale.model_copy(update={"reverse": ()})


def alpha(responses: pd.DataFrame, scale: Scale) -> tuple[float, int]:
    found = reliability(responses, scale)
    return found.table.loc["total", "alpha"], found.n_used


def bands(responses: pd.DataFrame, scale: Scale) -> list[int]:
    return score(responses, scale)[f"{scale.id}_total_band"].value_counts(sort=False).tolist()


@pytest.mark.parametrize(
    ("name", "counts"),
    [("ukm", [61, 82, 43, 18, 19]), ("bggm 1", [158, 125, 63, 36, 21]), ("bggm 2", [190, 119, 53, 28, 13])],
)
def test_phq9_bands(name, counts):
    assert bands(answers(name), PHQ9) == counts


@pytest.mark.parametrize(("name", "counts"), [("ukm", [115, 64, 26, 18]), ("mexmed", [153, 145, 60, 33])])
def test_gad7_bands(name, counts):
    assert bands(answers(name), GAD7) == counts


def test_mexmed_phq9_bands_rest_on_complete_sheets():
    """115/172/71/23/8 are the 389 complete sheets. By the published rule the two sheets with one gap are prorated, to 8
    and 3 (7 x 9/8, 3 x 9/8), and join the first two bands; one sheet is blank.
    """
    responses = answers("mexmed")
    assert bands(responses, load_scale("phq9", variant="no_prorating")) == [115, 172, 71, 23, 8]
    assert bands(responses, PHQ9) == [116, 173, 71, 23, 8]
    found = score(responses, PHQ9)
    assert found["phq9_answered"].value_counts().to_dict() == {9: 389, 8: 2, 0: 1}
    assert found.loc[found["phq9_answered"] == 8, "phq9_total"].tolist() == [8, 3]


def test_mexmed_has_35_empty_cells_and_11_of_them_in_the_phq9():
    responses = answers("mexmed")
    assert responses.isna().sum().sum() == 35
    assert (9 - score(responses, PHQ9)["phq9_answered"]).sum() == 9 + 1 + 1


@pytest.mark.parametrize(
    ("name", "positive", "below_10"), [("ukm", 65, 15), ("mexmed", 31, 8), ("bggm 1", 77, None), ("bggm 2", 53, None)]
)
def test_answers_of_1_or_more_to_item_9_and_how_many_of_them_a_cut_at_10_would_miss(name, positive, below_10):
    found = score(answers(name), PHQ9)
    yes = found["phq9_critical_9"] >= PHQ9.critical[0].positive_at
    assert yes.sum() == positive
    if below_10 is not None:
        assert (yes & (found["phq9_total"] < 10)).sum() == below_10


@pytest.mark.parametrize(
    ("name", "scale", "value", "n"),
    [
        ("ukm", PHQ9, 0.9051, 223),
        ("ukm", GAD7, 0.9439, 223),
        ("ukm", PSS10, 0.8339, 223),
        ("ukm", unreversed(PSS10), 0.7535, 223),
        ("mexmed", PHQ9, 0.8202, 389),
        ("mexmed", GAD7, 0.8831, 391),
        ("bggm 1", PHQ9, 0.8998, 403),
        ("bggm 2", PHQ9, 0.9012, 403),
        ("bggm 1", GAD7, 0.8985, 403),
        ("bggm 2", GAD7, 0.9038, 403),
        ("prosetta", unreversed(CESD), 0.9319, 740),
        ("prosetta", CESD, 0.7249, 740),
    ],
)
def test_alpha(name, scale, value, n):
    assert alpha(answers(name), scale) == (pytest.approx(value, abs=0.00005), n)


@pytest.mark.parametrize(
    ("scale", "first", "second", "r"), [(PHQ9, 7.479, 6.288, 0.783), (GAD7, 6.206, 5.159, 0.753)], ids=["phq9", "gad7"]
)
def test_bggm_means_of_both_waves_and_their_correlation(scale, first, second, r):
    totals = [score(answers(name), scale)[f"{scale.id}_total"].astype(float) for name in ("bggm 1", "bggm 2")]
    assert [each.mean() for each in totals] == pytest.approx([first, second], abs=0.0005)
    assert totals[0].corr(totals[1]) == pytest.approx(r, abs=0.0005)


def test_pospsy_stored_totals_are_ours_on_every_occasion():
    responses = occasions()
    assert len(responses) == 992
    assert score(responses, CESD)["cesd_total"].tolist() == responses["cesdTotal"].tolist()


def test_pospsy_alpha_needs_the_four_items_reversed():
    assert alpha(occasions(), CESD) == (pytest.approx(0.9391, abs=0.00005), 992)
    items = occasions()[list(CESD.items)]
    assert cronbach_alpha(items) == pytest.approx(0.7397, abs=0.00005)


def test_prosetta_mean_and_cut_with_items_that_the_source_has_already_reversed():
    found = score(answers("prosetta"), unreversed(CESD))
    total = found["cesd_total"].dropna()
    assert len(total) == 740
    assert total.mean() == pytest.approx(10.591, abs=0.0005)
    assert (total >= 16).sum() == found["cesd_ge16"].sum() == 180
