"""A drafted mapping is one that the import takes: questions in order, options by position."""

import pytest

from xinyu_lib.census.drafting import drafted
from xinyu_lib.census.mapping import load_mapping
from xinyu_lib.errors import UnknownName
from xinyu_lib.scales import load_scale, scales


@pytest.fixture
def draft(tmp_path):
    """The mapping that a draft is read as."""

    def read(*scale_ids: str, **how):
        path = tmp_path / "draft.toml"
        path.write_text(drafted([load_scale(each) for each in scale_ids], **how), encoding="utf-8")
        return load_mapping(path)

    return read


@pytest.mark.parametrize("layout", ["wenjuanxing-number", "plain"])
def test_a_draft_for_every_scale_loads(draft, layout):
    mapping = draft(*scales(), layout=layout)
    assert [each.id for each in mapping.scales] == scales()


def test_scales_follow_one_another_from_the_first_question_on(draft):
    # phq9 has 9 items: 3-11; gad7 has 7: 12-18
    mapping = draft("phq9", "gad7", first=3)
    assert [each.questions for each in mapping.scales] == [(3, 11), (12, 18)]


def test_question_one_is_the_pupil_number_unless_told_otherwise(draft):
    mapping = draft("gad7")
    assert mapping.columns.number == "1、学籍号"
    assert mapping.scales[0].questions == (2, 8)


CODES = {
    "0 to 3": ("phq9", 1, {"1": 0, "2": 1, "3": 2, "4": 3}),
    "codes with a hole": ("cries8", 1, {"1": 0, "2": 1, "3": 3, "4": 5}),
    "yes or no among other items": ("phq9-teen", 12, {"1": 0, "2": 1}),
    "an item of its own beside them": ("phq9-teen", 11, {"1": 0, "2": 1, "3": 2, "4": 3}),
}


@pytest.mark.parametrize("case", CODES)
def test_the_first_option_is_the_lowest_code_of_its_item(draft, case):
    scale_id, item, codes = CODES[case]
    assert draft(scale_id).scales[0].file_codes(item) == codes


def test_a_draft_tells_what_each_option_counts_and_what_to_check():
    text = drafted([load_scale("phq9-teen")])
    assert "#   第 2–10、12 题：1→0、2→1、3→2、4→3" in text
    assert "#   第 11、13–14 题：1→0、2→1" in text
    assert "请核对" in text


def test_a_draft_says_how_to_add_items_that_not_every_form_has(tmp_path):
    text = drafted([load_scale("phq9")])
    assert "# supplements = true" in text
    path = tmp_path / "with.toml"
    changed = text.replace("# supplements = true", "supplements = true").replace("[2, 10]", "[2, 11]")
    path.write_text(changed, encoding="utf-8")
    assert load_mapping(path).scales[0].items == (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)


def test_a_layout_without_numbers_has_a_column_per_item(draft):
    # the plain layout holds the codes themselves
    (mapped,) = draft("sdq-self", layout="plain").scales
    assert mapped.item_headers()[:2] == ["sdq_self_1", "sdq_self_2"]
    assert mapped.file_codes(1) == {"0": 0, "1": 1, "2": 2}


def test_a_draft_comes_in_english_too(draft):
    assert "Check that the options ascend" in drafted([load_scale("gad7")], lang="en")
    assert draft("gad7", lang="en").scales[0].id == "gad7"


def test_an_unknown_layout_lists_the_known_ones(draft):
    with pytest.raises(UnknownName, match="wenjuanxing-number"):
        draft("gad7", layout="excel")
