"""`verify_scales`: what is compared, and that nothing an example says is passed over."""

import pytest

from xinyu_lib.scales.examples import Example
from xinyu_lib.scoring.verifying import verify_scales


def verified(scale: str = "gad7", responses: str = "2222200", form: str | None = None, **expected) -> list[tuple]:
    example = Example(id="own", scale=scale, form=form, responses=responses, expected=expected)
    return list(verify_scales([example])[["field", "passed"]].itertuples(index=False, name=None))


def test_one_row_per_field_with_what_was_expected_and_found():
    example = Example(id="own", scale="gad7", responses="2222200", expected={"total": 11, "band": "moderate"})
    found = verify_scales([example])[["scale", "example", "field", "expected", "found", "passed"]]
    assert found.to_numpy().tolist() == [
        ["gad7", "own", "total", 11, 10, False],
        ["gad7", "own", "band", "moderate", "moderate", True],
    ]


def test_a_table_of_scores_gives_a_row_for_each():
    fields = verified("mht", "1" * 8 + "0" * 92, content={"learning_anxiety": 8, "social_anxiety": 1})
    assert fields == [("content.learning_anxiety", True), ("content.social_anxiety", False)]


@pytest.mark.parametrize(
    ("field", "value"),
    [("sum", 10), ("total_bands", "mild"), ("scores", {"sum": 10}), ("sums", {"total": 10}), ("total", {"total": 10})],
)
def test_a_field_that_nothing_explains_has_failed(field, value):
    assert [passed for _, passed in verified(**{field: value})] == [False]


@pytest.mark.parametrize(
    ("scale", "form", "responses"),
    [
        ("gad8", None, "2222200"),
        ("gad7", "nobody", "2222200"),
        ("gad7", None, "222220"),
        ("gad7", None, "22222000"),
        ("gad7", None, "222220x"),
        ("gad7", None, "222220９"),
        ("gad7", None, "2222204"),
    ],
    ids=["unknown scale", "unknown form", "too few", "too many", "a letter", "a full-width 9", "outside the codes"],
)
def test_a_sheet_that_cannot_be_scored_has_failed(scale, form, responses):
    assert verified(scale, responses, form, total=10) == [("responses", False)]


@pytest.mark.parametrize(
    ("responses", "total", "passed"),
    [
        ("222220.", None, True),
        ("222220.", "NA", True),
        ("222220.", 10, False),
        ("2222200", None, False),
        ("2222200", "NA", False),
    ],
)
def test_a_missing_result_is_expected_as_missing(responses, total, passed):
    assert verified(responses=responses, total=total) == [("total", passed)]


@pytest.mark.parametrize(("mean", "passed"), [(1.8333, True), (1.83333, True), (1.8335, False), (2, False)])
def test_decimals_are_compared_to_four_places(mean, passed):
    # obsessive: items 3, 10, 12, 22, 23, 48 = 6, here 5 more on item 3 and 12: 11 / 6
    responses = "1141111111 1311111111 1111111111 1111111111 1111111111 1111111111"
    assert verified("mssmhs", responses, obsessive=mean) == [("obsessive", passed)]


def test_whole_numbers_have_no_tolerance():
    assert verified(total=10.00001) == [("total", False)]


@pytest.mark.parametrize(("expected", "passed"), [(True, True), (False, False), (1, False), ("true", False)])
def test_yes_is_neither_one_nor_a_word(expected, passed):
    assert verified("phq9", "222220000", positive_10=expected) == [("positive_10", passed)]


@pytest.mark.parametrize(("items", "passed"), [([85, 97], True), ([97, 85], True), ([85], False), (85, False)])
def test_lists_of_items_are_compared_whole_in_any_order(items, passed):
    responses = "".join("1" if n in (85, 97) else "0" for n in range(1, 101))
    assert verified("mht", responses, critical_yes=items) == [("critical_yes", passed)]


def test_an_informant_is_a_form():
    answers = "0002002011 0010100002 11010"
    assert verified("sdq", answers, "teacher", total=12, band="borderline") == [("total", True), ("band", True)]
    assert verified("sdq", answers, "parent", total=12, band="borderline") == [("total", True), ("band", False)]


def test_a_variant_is_a_form():
    assert verified("cesd", "1" * 20, "coded_1_4", total=4 * 3) == [("total", True)]


def test_blanks_only_group():
    assert verified(responses="22 222 00", total=10) == [("total", True)]
