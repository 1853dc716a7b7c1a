"""The four scale files: that they say what the published key says."""

import pytest

from xinyu_lib.errors import UnknownName
from xinyu_lib.scales import load_scale, scales


def test_four_scales_are_shipped_and_named_after_their_files():
    assert scales() == ["gad7", "mht", "phq9", "sds"]
    assert [load_scale(each).id for each in scales()] == scales()


def test_an_unknown_scale_is_refused_with_the_known_ones():
    with pytest.raises(UnknownName, match=r"phq8.*gad7, mht, phq9, sds"):
        load_scale("phq8")


def test_a_scale_is_read_once():
    assert load_scale("phq9") is load_scale("phq9")


def test_a_scale_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        load_scale("phq9").main = "other"


def test_items_are_columns_counted_from_1():
    assert load_scale("gad7").items == tuple(f"gad7_{n}" for n in range(1, 8))


def test_mht_scales_and_validity_items_cover_every_item_once():
    mht = load_scale("mht")
    parts = [*mht.subscales, "validity"]
    assert sorted(item for name in parts for item in mht.items_of(name)) == list(range(1, 101))


def test_mht_total_leaves_the_validity_items_out():
    mht = load_scale("mht")
    assert set(range(1, 101)) - set(mht.items_of("total")) == set(range(82, 101, 2))


def test_item_100_is_a_validity_item_and_not_loneliness():
    mht = load_scale("mht")
    assert 100 in mht.items_of("validity")
    assert mht.items_of("loneliness") == tuple(range(26, 36))


def test_zung_reverses_the_ten_positive_items():
    assert load_scale("sds").reverse == (2, 5, 6, 11, 12, 14, 16, 17, 18, 20)


@pytest.mark.parametrize(
    ("scale_id", "found"),
    [
        ("phq9", [(9, 1, "suicide", "census")]),
        ("gad7", []),
        ("mht", [(85, 1, "suicide", "census"), (97, 1, "suicide", "census")]),
        ("sds", [(19, 3, "suicide", "census")]),
    ],
)
def test_critical_items(scale_id, found):
    critical = load_scale(scale_id).critical
    assert [(each.item, each.positive_at, each.kind, each.stage) for each in critical] == found


def test_zung_uses_the_chinese_norm_and_says_why():
    used = load_scale("sds").bands_from["standard"]
    assert (used.id, used.bands[1].low) == ("chinese_norm", 53)
    assert "53" in used.note.zh


def test_another_band_set_is_chosen_by_name_and_leaves_the_scale_as_it_is():
    sds = load_scale("sds")
    original = sds.with_bands("original")
    assert [band.low for band in original.bands["standard"]] == [25, 50, 60, 70]
    assert [band.low for band in sds.bands["standard"]] == [25, 53, 63, 73]


def test_choosing_bands_for_one_score_leaves_the_others():
    mht = load_scale("mht").with_bands("with_watch")
    assert [band.code for band in mht.bands["total"]] == ["normal", "watch", "high"]
    assert mht.bands["phobic"] == load_scale("mht").bands["phobic"]


def test_an_unknown_band_set_or_score_is_refused_with_the_known_ones():
    with pytest.raises(UnknownName, match=r"zung.*chinese_norm, original"):
        load_scale("sds").with_bands("zung")
    with pytest.raises(UnknownName, match=r"sum.*raw, standard, index"):
        load_scale("sds").score("sum")


@pytest.mark.parametrize("scale_id", scales())
def test_every_label_and_band_stands_in_both_languages(scale_id):
    scale = load_scale(scale_id)
    labels = [scale.title, scale.population, scale.timeframe, scale.licence.note, *scale.caveats]
    labels += [rule.label for rule in scale.scores]
    labels += [band.label for each in scale.band_sets for band in each.bands]
    assert all(label.say("zh") != label.say("en") for label in labels)
