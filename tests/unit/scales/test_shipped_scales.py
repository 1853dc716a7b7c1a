"""The scales that come with the library: what every file must hold, and how a scale is asked for its parts."""

import pytest

from xinyu_lib.errors import UnknownName
from xinyu_lib.scales import load_scale, scales
from xinyu_lib.scales.catalogue import FOLDER
from xinyu_lib.scales.review import review

every_scale = pytest.mark.parametrize("scale_id", scales())


@every_scale
def test_a_scale_is_named_after_its_file_and_all_its_variants_are_whole(scale_id):
    scale = load_scale(scale_id)
    assert scale.id == scale_id
    assert review(FOLDER / f"{scale_id}.toml") == []


@every_scale
def test_every_label_and_note_stands_in_both_languages(scale_id):
    scale = load_scale(scale_id)
    labels = [scale.title, scale.measures, scale.population, scale.timeframe, scale.licence.note, *scale.caveats]
    labels += [each.label for each in (*scale.scores, *scale.cuts, *scale.decisions, *scale.contradictions)]
    labels += [band.label for each in scale.band_sets for band in each.bands]
    labels += [outcome.label for each in scale.decisions for outcome in each.outcomes]
    labels += [each.note for each in (*scale.band_sets, *scale.cuts, *scale.decisions, *scale.norm_sets) if each.note]
    labels += [each.topic for each in scale.critical]
    labels += [label for each in scale.variants for label in (each.label, each.note)]
    assert [label.en for label in labels if label.say("zh") == label.say("en")] == []
    assert [label.zh for label in labels if not chinese(label.zh) and any(map(str.isalpha, label.zh))] == []
    assert [label.en for label in labels if chinese(label.en)] == []


def chinese(text: str) -> bool:
    return any("一" <= sign <= "鿿" for sign in text)


@every_scale
def test_a_key_of_two_sources_names_two(scale_id):
    scale = load_scale(scale_id)
    assert scale.verified != "two-sources" or len(scale.read_in) >= 2


@every_scale
def test_a_default_that_is_in_dispute_says_why_it_was_chosen(scale_id):
    scale = load_scale(scale_id)
    rivals = [(a, b) for a in scale.band_sets for b in scale.band_sets if a.default and not b.default]
    for default, other in rivals:
        if set(default.scores) & set(other.scores) and (default.column, default.who) == (other.column, other.who):
            assert default.note or other.note, f"{default.id} / {other.id}"


@every_scale
def test_every_critical_item_can_be_answered_both_ways(scale_id):
    scale = load_scale(scale_id)
    for each in scale.critical:
        codes = scale.response_of(each.item).codes
        assert codes[0] < each.positive_at <= codes[-1]


def test_an_unknown_scale_is_refused_with_the_known_ones():
    with pytest.raises(UnknownName, match=r"phq8.*gad7, .*mht, .*phq9, .*sds"):
        load_scale("phq8")


def test_an_unknown_variant_is_refused_with_the_known_ones():
    with pytest.raises(UnknownName, match=r"cesd.*coded_2_5.*coded_1_4"):
        load_scale("cesd", variant="coded_2_5")


def test_a_scale_is_read_once():
    assert load_scale("phq9") is load_scale("phq9")


def test_a_scale_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        load_scale("phq9").main = "other"


def test_items_are_columns_counted_from_1_and_dashes_become_underscores():
    assert load_scale("gad7").items == tuple(f"gad7_{n}" for n in range(1, 8))
    assert load_scale("sdq-self").items[-1] == "sdq_self_25"


def test_mht_scales_and_validity_items_cover_every_item_once():
    mht = load_scale("mht")
    parts = [*mht.subscales, "validity"]
    assert sorted(item for name in parts for item in mht.items_of(name)) == list(range(1, 101))


def test_mht_total_leaves_the_validity_items_out_and_item_100_is_one_of_them():
    mht = load_scale("mht")
    assert set(range(1, 101)) - set(mht.items_of("total")) == set(range(82, 101, 2)) == set(mht.items_of("validity"))
    assert mht.items_of("loneliness") == tuple(range(26, 36))


@pytest.mark.parametrize(
    ("scale_id", "found"),
    [
        ("phq9", [(9, 1, "suicide", "census")]),
        ("phq9-teen", [(9, 1, "suicide", "census"), (12, 1, "suicide", "census"), (13, 1, "suicide", "census")]),
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


def test_choosing_bands_for_one_score_leaves_the_others_and_the_second_system():
    mht = load_scale("mht").with_bands("with_watch")
    assert [band.code for band in mht.bands["total"]] == ["normal", "watch", "high"]
    assert mht.bands["phobic"] == load_scale("mht").bands["phobic"]
    sdq = load_scale("sdq-self")
    assert sdq.with_bands("china_total").bands_in("band4") == sdq.bands_in("band4")


def test_an_unknown_band_set_or_score_is_refused_with_the_known_ones():
    with pytest.raises(UnknownName, match=r"zung.*chinese_norm, original"):
        load_scale("sds").with_bands("zung")
    with pytest.raises(UnknownName, match=r"sum.*raw, standard, index"):
        load_scale("sds").score("sum")


def test_the_items_of_a_sum_of_scores_are_those_of_its_parts():
    sdq = load_scale("sdq-self")
    assert sorted(sdq.items_of("internalising")) == [3, 6, 8, 11, 13, 14, 16, 19, 23, 24]


def test_a_scale_that_extends_another_takes_over_its_key_and_none_of_its_variants():
    teen, parent = load_scale("phq9-teen"), load_scale("sdq-parent")
    assert teen.score("total").items == load_scale("phq9").score("total").items
    assert teen.response_of(13).codes == (0, 1)
    assert parent.reverse == load_scale("sdq-self").reverse
    assert parent.informant == "parent"
    assert not {each.id for each in parent.examples} & {each.id for each in load_scale("sdq-self").examples}
