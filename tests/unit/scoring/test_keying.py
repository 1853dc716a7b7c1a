"""Items that point the other way than the key says."""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xinyu_lib.scales import load_scale
from xinyu_lib.scoring.keying import SuspectKey, check_key, suspects
from xinyu_lib.scoring.quality import check_quality

ROOT = Path(__file__).parents[3]
SDS, PHQ9 = load_scale("sds"), load_scale("phq9")
SHIPPED = (ROOT / "xinyu_lib" / "scales" / "sds.toml").read_text(encoding="utf-8")
SHARES = np.linspace(0.5, 0.8, 20)


def frame(matrix, scale=SDS) -> pd.DataFrame:
    return pd.DataFrame(np.asarray(matrix, dtype=float), columns=list(scale.items))


def one_trait(n: int, seed: int = 5, items: int = 20) -> np.ndarray:
    """Keyed answers 1-4: every item shows the trait, with loadings from .5 to .8."""
    rng = np.random.default_rng(seed)
    shares = np.resize(SHARES, items)
    trait = shares * rng.normal(size=(n, 1)) + np.sqrt(1 - shares**2) * rng.normal(size=(n, items))
    return 1 + sum((trait > cut).astype(int) for cut in (0, 0.8, 1.5))


def turned(matrix, *items: int) -> np.ndarray:
    """The same answers with these items turned in the file."""
    matrix = np.array(matrix, dtype=float)
    places = [item - 1 for item in items]
    matrix[:, places] = 5 - matrix[:, places]
    return matrix


def as_given(n: int, **kind) -> np.ndarray:
    return turned(one_trait(n, **kind), *SDS.reverse)


@pytest.fixture
def four_of_twenty(tmp_path):
    """A scale of 20 items, 4, 8, 12 and 16 reversed, as the CES-D has them."""
    text = SHIPPED.replace("reverse = [2, 5, 6, 11, 12, 14, 16, 17, 18, 20]", "reverse = [4, 8, 12, 16]")
    assert text != SHIPPED
    (tmp_path / "sds.toml").write_text(text, encoding="utf-8")
    return load_scale(tmp_path / "sds.toml")


def test_a_right_key_raises_no_doubt():
    key = check_key(frame(as_given(300)), SDS)
    assert key.index.tolist() == list(range(1, 21))
    assert list(key) == ["score", "item_rest_r", "item_rest_r_if_turned", "suspect", "looks"]
    assert not key["suspect"].any()
    assert key["looks"].isna().all()
    assert (key["item_rest_r"] > 0.3).all()
    assert key["item_rest_r_if_turned"].to_numpy() == pytest.approx(-key["item_rest_r"].to_numpy())


def test_the_rest_correlation_is_that_of_the_item_with_the_sum_of_the_others():
    keyed = one_trait(80)
    rest = np.corrcoef(keyed[:, 0], keyed[:, 1:].sum(axis=1))[0, 1]
    assert check_key(frame(turned(keyed, *SDS.reverse)), SDS).loc[1, "item_rest_r"] == pytest.approx(rest)


def test_four_of_twenty_reversed_before_are_named(four_of_twenty):
    key = check_key(frame(one_trait(300)), four_of_twenty)  # keyed already, and the key reverses again
    assert suspects(key) == (4, 8, 12, 16)
    assert set(key.loc[[4, 8, 12, 16], "looks"]) == {"already_reversed"}
    assert (key.loc[[4, 8, 12, 16], "item_rest_r"] < -0.2).all()
    assert (key.loc[[4, 8, 12, 16], "item_rest_r_if_turned"] > 0.4).all()


def test_where_half_of_the_items_are_reversed_it_is_the_reversed_ones_that_were_turned_before():
    assert suspects(check_key(frame(one_trait(300)), SDS)) == SDS.reverse


def test_some_of_the_reversed_items_turned_before_are_told_from_the_others():
    assert suspects(check_key(frame(turned(as_given(400), 5, 14)), SDS)) == (5, 14)


def test_a_straight_item_that_runs_the_other_way_is_told_so():
    key = check_key(frame(turned(as_given(400), 7)), SDS)
    assert suspects(key) == (7,)
    assert key.loc[7, "looks"] == "wrong_way"


def test_an_item_wrong_within_its_own_subscale_is_found_there():
    mht = load_scale("mht")
    rng = np.random.default_rng(3)
    answers = pd.DataFrame(index=range(400))
    for rule in mht.scores:
        if rule.of_items:
            trait = 1.2 * rng.normal(size=(400, 1))
            for item in rule.items:
                answers[f"mht_{item}"] = (trait[:, 0] + rng.normal(size=400) > 0.3).astype(int)
    assert suspects(check_key(answers, mht)) == ()
    answers["mht_20"] = 1 - answers["mht_20"]
    key = check_key(answers, mht)
    assert suspects(key) == (20,)
    assert key.loc[20, "score"] == "social_anxiety"


@pytest.mark.parametrize("n", [49, 50])
def test_fewer_than_fifty_complete_sheets_suspect_nothing(n):
    responses = frame(one_trait(n, seed=1))
    assert bool(suspects(check_key(responses, SDS))) == (n >= 50)
    assert check_key(responses, SDS)["item_rest_r"].isna().all() == (n < 50)


def test_incomplete_sheets_are_left_out():
    matrix = one_trait(60).astype(float)
    matrix[40:, 3] = np.nan
    assert suspects(check_key(frame(matrix), SDS)) == ()


@pytest.mark.parametrize("n", [50, 100, 1000])
def test_answers_without_any_relation_suspect_nothing(n):
    for seed in range(20):
        random = np.random.default_rng(seed).integers(1, 5, (n, 20))
        assert suspects(check_key(frame(random), SDS)) == ()


def test_two_traits_that_have_nothing_to_do_with_each_other_suspect_nothing():
    for seed in range(10):
        both = np.hstack([one_trait(300, seed=seed, items=10), one_trait(300, seed=100 + seed, items=10)])
        order = [*[n for n in range(1, 21) if n not in SDS.reverse], *SDS.reverse]  # one trait straight, one reversed
        matrix = np.empty_like(both)
        matrix[:, [item - 1 for item in order]] = both
        assert suspects(check_key(frame(turned(matrix, *SDS.reverse)), SDS)) == ()


def test_an_item_that_never_varies_is_not_judged_and_hides_no_other():
    matrix = turned(as_given(300), 7)
    matrix[:, 8] = 1
    key = check_key(frame(matrix), SDS)
    assert suspects(key) == (7,)
    assert np.isnan(key.loc[9, "item_rest_r"])


# --- Real answers: Zung SDS of Chinese pupils, two waves (data/keng) --------------------------------------------------


def keng(wave: int) -> np.ndarray:
    raw = pd.read_csv(ROOT / "data" / "keng" / f"keng_d_wave{wave}_raw.csv")
    return raw[[f"depr{n:02d}" for n in range(1, 21)]].to_numpy(float)


@pytest.mark.parametrize("wave", [1, 2])
def test_real_answers_under_the_right_key_suspect_nothing(wave):
    assert suspects(check_key(frame(keng(wave)), SDS)) == ()


@pytest.mark.parametrize("wave", [1, 2])
def test_real_answers_reversed_before_are_named_whole_or_in_part(wave):
    assert suspects(check_key(frame(turned(keng(wave), *SDS.reverse)), SDS)) == SDS.reverse
    assert suspects(check_key(frame(turned(keng(wave), 2, 11, 12)), SDS)) == (2, 11, 12)


# --- What the user sees -----------------------------------------------------------------------------------------------


def test_check_quality_warns_and_names_the_items():
    with pytest.warns(SuspectKey) as caught:
        flags = check_quality(frame(one_trait(300)), SDS)
    assert flags.attrs["suspect_items"] == SDS.reverse
    warning = caught[0].message
    assert (warning.scale, warning.items) == ("sds", SDS.reverse)
    assert "sds" in str(warning)
    assert "2、5、6、11、12、14、16、17、18、20" in str(warning)


def test_check_quality_is_silent_under_a_right_key():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        flags = check_quality(frame(as_given(300)), SDS)
    assert flags.attrs["suspect_items"] == ()


@pytest.mark.parametrize(
    ("lang", "reversed_before", "wrong_way"),
    [
        ("zh", "第 5、14 题看来在文件中已经反向计分", "第 7 题的计分方向看来与其他题相反"),
        ("en", "items 5, 14 look already reversed", "items 7 look keyed the wrong way round"),
    ],
)
def test_both_kinds_are_told_in_words_of_their_own(lang, reversed_before, wrong_way):
    key = check_key(frame(turned(as_given(400), 5, 7, 14)), SDS)
    said = str(SuspectKey(SDS, key, lang))
    assert reversed_before in said
    assert wrong_way in said


def test_a_frame_without_rows_suspects_nothing():
    assert suspects(check_key(frame(np.empty((0, 20))), SDS)) == ()
    assert suspects(check_key(frame(np.empty((0, 9)), PHQ9), PHQ9)) == ()
