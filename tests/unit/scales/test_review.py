"""A review tells every fault of a scale file in one go; a plain load stops at the first."""

import pytest

from xinyu_lib.errors import DefinitionError, UnknownName
from xinyu_lib.scales import load_scale, scales
from xinyu_lib.scales.catalogue import FOLDER
from xinyu_lib.scales.review import review

SKELETON = FOLDER / "skeleton" / "new-scale.toml"


@pytest.fixture
def own(tmp_path):
    """Writes the skeleton with changes, each (old, new) standing exactly once in it."""

    def write(*changes: tuple[str, str], more: str = ""):
        text = SKELETON.read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "own.toml"
        path.write_text(text + more, encoding="utf-8")
        return path

    return write


def keys(found) -> list[str]:
    return [error.fields["key"] for error in found]


@pytest.mark.parametrize("scale_id", scales())
def test_scales_that_are_shipped_have_no_fault(scale_id):
    assert review(FOLDER / f"{scale_id}.toml") == []


def test_the_skeleton_has_no_fault_and_loads(own):
    assert review(own()) == []
    assert load_scale(own()).n_items == 4


ITEMS = ("items = [1, 2, 3, 4]", "items = [1, 2, 3, 5]")
RANGE = ("range = [0, 12]", "range = [0, 11]")
OVERLAP = ("low = 6, high = 12", "low = 5, high = 12")
GAP = ("low = 6, high = 12", "low = 7, high = 12")
TWICE = ("reverse = [2]", "reverse = [2, 2]")
SOURCE = ('source = "分级的出处 / source of the bands"\n', "")
LICENCE = ('status = "unclear-ask-author"', 'status = "unknown"')
RECODED = ("items = [1, 2, 3, 4]", "items = [1, 2, 3, 4]\nrecode = [[0, 3], [1, 2], [2, 1], [3, 0]]")

FAULTS = {
    "an item that the scale does not have": ([ITEMS], "scores.total.items", "1–4"),
    "a range that items do not give": ([RANGE], "scores.total.range", "0 到 12"),
    "bands that overlap": ([OVERLAP], "band_sets.published.bands", "“high”应从 6 开始"),
    "bands with a gap": ([GAP], "band_sets.published.bands", "“high”应从 6 开始"),
    "an item reversed twice": ([TWICE], "reverse", "出现两次"),
    "an item reversed here and by a recode": ([RECODED], "scores.total.recode", "反向题只写在 reverse"),
    "a source that is missing": ([SOURCE], "band_sets.published.source", "缺少"),
    "a source that is blank": ([(SOURCE[0], 'source = ""\n')], "band_sets.published.source", "不能是空白"),
    "an unknown licence": ([LICENCE], "licence.status", "public-domain, free,"),
    "a number in quotes": ([("n_items = 4", 'n_items = "4"')], "n_items", "整数，不加引号"),
    "a decimal that must be a number": (
        [("seconds_per_item = 1.0", 'seconds_per_item = "quick"')], "quality.seconds_per_item", "应为数字",
    ),
    "a text without quotes": ([('source = "出处 / source"', "source = 3")], "critical.4.source", "加引号"),
    "a misspelt key": ([('topic = { zh', 'tpic = { zh')], "critical.4.tpic", "topic"),
    "a rule that does not exist": ([('rule = "sum"', 'rule = "total"')], "scores.total.rule", "sum, mean"),
    "a score without a rule": ([('rule = "sum"\n', "")], "scores.total.rule", "缺少"),
    "an id with a capital": ([('id = "new-scale"\n', 'id = "New"\n')], "id", "小写"),
    "a range of one number": ([("range = [0, 12]", "range = [0]")], "scores.total.range.1", "缺少"),
    "a band with two ends": (
        [("low = 0, high = 5", "low = 0, high = 5, below = 6")], "band_sets.published.bands.low", "high, below",
    ),
    "a critical code everybody reaches": ([("positive_at = 1", "positive_at = 0")], "critical.4.positive_at", "3"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_with_its_file_its_key_and_what_is_allowed(case, own):
    changes, key, words = FAULTS[case]
    told = [error for error in review(own(*changes)) if error.fields["key"] == key]
    assert len(told) == 1
    assert "own.toml" in told[0].text("zh")
    assert words in told[0].text("zh")
    assert key in told[0].text("en")


def test_all_faults_are_told_in_one_go(own):
    path = own(ITEMS, RANGE, OVERLAP, TWICE, SOURCE, LICENCE, ("positive_at = 1", "positive_at = 9"))
    assert set(keys(review(path))) == {
        "scores.total.items",
        "scores.total.range",
        "band_sets.published.bands",
        "reverse",
        "band_sets.published.source",
        "licence.status",
        "critical.4.positive_at",
    }


ALONE = {
    "a wrong item, though the range then fits no sum": [ITEMS],
    "a missing source, though more of the same set is read": [SOURCE],
    "a missing range, though bands need one": [("range = [0, 12]\n", "")],
    "a band without a lower end": [("low = 6, high", "high")],
}


@pytest.mark.parametrize("case", ALONE)
def test_what_only_follows_from_a_fault_is_not_told_as_another(case, own):
    assert len(review(own(*ALONE[case]))) == 1


def test_faults_of_variants_are_told_and_those_of_the_scale_itself_not_again(own):
    variant = """
[[variants]]
id = "other"
what = "key"
label = { zh = "另一种", en = "Other" }
note = { zh = "说明", en = "Note" }
source = "made up"
status = "derived"
[variants.change]
informant = "pupil"
reverse = [9]
"""
    found = review(own(TWICE, LICENCE, more=variant))
    assert keys(found) == ["licence.status", "reverse", "variants.other → informant", "variants.other → reverse"]


def test_where_the_rest_cannot_be_looked_at_that_is_said(own):
    found = review(own(("response = { min = 0, max = 3 }\n", ""), TWICE))
    assert keys(found) == ["response", "-"]
    assert "再查一次" in found[-1].text("zh")


def test_a_file_that_is_no_toml_has_that_fault(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text("id = [", encoding="utf-8")
    (found,) = review(path)
    assert isinstance(found, DefinitionError)
    assert "TOML" in found.text("zh")


def test_a_base_that_does_not_exist_is_told(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text('extends = "no-such-scale"', encoding="utf-8")
    (found,) = review(path)
    assert isinstance(found, UnknownName)
    path.write_text("extends = 3", encoding="utf-8")
    assert keys(review(path)) == ["extends"]


def test_a_file_that_load_refuses_always_has_a_fault(own):
    for changes, _, _ in FAULTS.values():
        path = own(*changes)
        with pytest.raises(DefinitionError):
            load_scale(path)
        assert review(path)
