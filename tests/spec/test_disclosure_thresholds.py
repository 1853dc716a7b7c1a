"""What each audience may see, as a table with sources; and thresholds published elsewhere, written as our rules."""

import pandas as pd
import pytest

from xinyu_lib.disclosure import TOTAL, SafeTable, protect, with_shares
from xinyu_lib.errors import DefinitionError
from xinyu_lib.policy import Policy, load_policy
from xinyu_lib.policy.catalogue import FOLDER
from xinyu_lib.policy.settings import Cap

POLICY = load_policy("donghu-2025")
SECTION_10 = "the district's rules on suppression, table by audience (domain.md, section 10)"
ACRO = "AI-SDC ACRO, default.yaml: degrees of freedom 10 (anchors.md, suppression numbers met)"

THRESHOLDS = [
    # audience, key, value, source
    ("school", "min_denominator", 10, SECTION_10),
    ("district", "min_denominator", 20, SECTION_10),
    ("public", "min_denominator", 50, SECTION_10),
    ("school", "threshold", 5, SECTION_10),  # count and complement alike
    ("district", "threshold", 10, SECTION_10),
    ("public", "threshold", 10, SECTION_10),
    ("school", "rounding", 0, SECTION_10),
    ("district", "rounding", 0, SECTION_10),  # "none or 5"
    ("public", "rounding", 5, SECTION_10),
    ("school", "hide_0_and_100", True, SECTION_10),
    ("school", "caps", (), SECTION_10),
    ("district", "caps", (Cap(below=100, percent=5),), SECTION_10),
    ("public", "caps", (Cap(below=100, percent=5), Cap(below=300, percent=2)), SECTION_10),
    *((audience, "zero", "hide", f"{SECTION_10}, rule (1)") for audience in POLICY.disclosure),
    *((audience, "means_min_n", 10, f"{SECTION_10}, rule (3)") for audience in POLICY.disclosure),
    *((audience, "dominance", 0.9, f"{SECTION_10}, rule (5)") for audience in POLICY.disclosure),
    *((audience, "min_residual_df", 10, ACRO) for audience in POLICY.disclosure),
    *((audience, "curve_min_events", 10, "domain.md, section 10, pages that tempt") for audience in POLICY.disclosure),
]


@pytest.mark.parametrize(("audience", "key", "value", "source"), THRESHOLDS)
def test_the_shipped_policy_says_what_the_table_says(audience, key, value, source):
    assert getattr(POLICY.disclosure[audience], key) == value, source


def protected(audience: str, *cells: int, policy: Policy = POLICY) -> SafeTable:
    """Categories a, b, c ... with their total, as the audience sees them."""
    counts = pd.Series(cells, index=list("abcdefgh")[: len(cells)])
    counts[TOTAL] = counts.sum()
    return protect(counts, policy, audience)


def told(audience: str, *cells: int, policy: Policy = POLICY) -> list[int | None]:
    """What is shown of every cell, the total last; None is the mark."""
    table = protected(audience, *cells, policy=policy)
    return [None if masked else int(n) for n, masked in zip(table.shown["n"], table.masked["n"], strict=True)]


BOUNDARIES = [
    # audience, cells, what is told (None: hidden), the total last
    ("school", (5, 60, 60), [5, 60, 60, 125]),  # the threshold itself is shown
    ("school", (4, 60, 61), [None, None, 61, 125]),  # one less is hidden, and a second cell with it
    ("school", (40, 5), [40, 5, 45]),  # so is a complement of the threshold
    ("school", (41, 4), [None, None, 45]),  # 41 of 45 leaves 4
    ("school", (5, 5), [5, 5, 10]),  # ten persons are enough
    ("school", (5, 4), [None, None, None]),  # nine are not: the total is hidden too
    ("district", (10, 60, 60), [10, 60, 60, 130]),
    ("district", (9, 60, 61), [None, None, 61, 130]),
    ("district", (35, 10), [35, 10, 45]),
    ("district", (36, 9), [None, None, 45]),
    ("district", (10, 10), [10, 10, 20]),
    ("district", (10, 9), [None, None, None]),
    ("public", (10, 60, 60), [10, 60, 60, 130]),
    ("public", (9, 60, 61), [None, None, 60, 130]),  # rounded to 5
    ("public", (42, 10), [40, 10, 50]),
    ("public", (43, 9), [None, None, 50]),
    ("public", (25, 25), [25, 25, 50]),
    ("public", (25, 24), [None, None, None]),  # 49 persons, though both cells are large
]


@pytest.mark.parametrize(("audience", "cells", "expected"), BOUNDARIES)
def test_boundaries_of_each_audience(audience, cells, expected):
    assert told(audience, *cells) == expected


def practice(**rule: object) -> Policy:
    """The shipped policy with the numbers of somebody else for the district."""
    district = POLICY.disclosure["district"].model_copy(update={"caps": (), "min_denominator": 0} | rule)
    return POLICY.model_copy(update={"disclosure": POLICY.disclosure | {"district": district}})


def test_wisconsin_hides_groups_of_5_and_fewer_and_the_companion_group():
    rule = practice(threshold=6)
    assert told("district", 6, 30, policy=rule) == [6, 30, 36]
    assert told("district", 5, 30, policy=rule) == [None, None, 35]
    # of three groups the next smallest is the companion: 17 persons in two groups, the first 0-5, the second 12-17
    assert told("district", 5, 12, 40, policy=rule) == [None, None, 40, 57]


def test_delaware_hides_15_and_fewer_with_complementary_cells():
    rule = practice(threshold=16)
    assert told("district", 16, 40, policy=rule) == [16, 40, 56]
    # 35 persons in two cells: the first 0-15, the second 20-35
    assert told("district", 15, 20, 100, policy=rule) == [None, None, 100, 135]


def test_delaware_tells_shares_under_5_and_over_95_per_cent_as_bands():
    # our caps always name a denominator; one that no district reaches means "for every denominator"
    rule = practice(threshold=16, caps=(Cap(below=10_000_000, percent=5),))
    shares = with_shares(protected("district", 16, 384, policy=rule), rule)  # 16 of 400 = 4 %
    assert shares.bands["share"].dropna().to_dict() == {"a": "<5", "b": ">95"}
    shares = with_shares(protected("district", 20, 380, policy=rule), rule)  # 5 % and 95 %
    assert shares.bands is None


def test_california_hides_fewer_than_10():
    rule = practice(threshold=10)
    assert told("district", 10, 40, policy=rule) == [10, 40, 50]
    # 21 persons in two cells: the first 0-9, the second 12-21
    assert told("district", 9, 12, 80, policy=rule) == [None, None, 80, 101]


UTAH_CAPS = (Cap(below=100, percent=5), Cap(below=300, percent=2))


def test_utah_hides_fewer_than_10_and_its_caps_are_then_never_reached():
    rule = practice(threshold=10, caps=UTAH_CAPS)
    assert told("district", 9, 41, policy=rule) == [None, None, 50]
    assert with_shares(protected("district", 10, 89, policy=rule), rule).bands is None  # 10 of 99 = 10 %


@pytest.mark.parametrize(("cells", "band"), [((2, 58), "<5"), ((2, 148), "<2"), ((6, 294), None)])
def test_utah_with_caps_that_widen_as_the_group_shrinks_cannot_be_had_without_a_threshold_of_2_persons(cells, band):
    # groups of fewer than 10 hidden, the rest by caps alone: 2 of 60 = 3.3 %, 2 of 150 = 1.3 %, 6 of 300 has no cap
    rule = practice(min_denominator=10, threshold=2, caps=UTAH_CAPS)
    shares = with_shares(protected("district", *cells, policy=rule), rule)
    assert (None if shares.bands is None else shares.bands.at["a", "share"]) == band
    assert told("district", 4, 5, policy=rule) == [None, None, None]


def test_nhs_hides_1_to_7_and_rounds_the_rest_to_5_with_zeros_open():
    rule = practice(threshold=8, rounding=5, zero="show")
    assert told("district", 0, 8, 43, policy=rule) == [0, 10, 45, 50]


def test_nhs_rounding_instead_of_complementary_hiding_cannot_be_written_we_hide_more_than_the_1_to_7():
    rule = practice(threshold=8, rounding=5, zero="show")
    shown = told("district", 7, 60, 80, 100, policy=rule)
    assert shown[0] is None
    assert shown[:-1].count(None) > 1  # the NHS would show 60, 80 and 100
    assert shown[-1] == 245  # 247


def test_opensafely_hides_7_and_fewer_and_rounds_the_rest_to_5():
    rule = practice(threshold=8, rounding=5)
    # 15 persons in two cells: the first 0-7, the second 8-15
    assert told("district", 7, 8, 43, policy=rule) == [None, None, 45, 60]  # 43 and 58
    assert told("district", 8, 22, 43, policy=rule) == [10, 20, 45, 75]  # 73


SHIPPED = (FOLDER / "donghu-2025.toml").read_text(encoding="utf-8")
PUBLIC = SHIPPED.index("[disclosure.public]")


@pytest.mark.parametrize(
    ("before", "after", "key", "also"),
    [
        ("curve_min_events = 10", "curve_min_events = 9", "disclosure.public.curve_min_events", "10"),
        ("means_min_n = 10", "means_min_n = 9", "disclosure.public.means_min_n", "10"),
        ('zero = "hide"', 'zero = "show"', "disclosure.public.hide_0_and_100", "hide"),
        ("below = 100, percent = 5", "below = 100, percent = 2", "disclosure.public.caps", "percent"),
        ("below = 100, percent = 5", "below = 300, percent = 5", "disclosure.public.caps", "percent"),
        ("below = 100, percent = 5", "below = 100, percent = 51", "disclosure.public.caps.0.percent", "50"),
        ("below = 100, percent = 5", "below = 100, percent = 0", "disclosure.public.caps.0.percent", "1"),
        ("below = 100, percent = 5", "under = 100, percent = 5", "disclosure.public.caps.0", "required"),
        ("dominance = 0.9", "dominance = 90", "disclosure.public.dominance", "1"),
        ("min_residual_df = 10", "min_residual_fd = 10", "disclosure.public.min_residual_df", "required"),
        ("min_residual_df = 10", "min_residual_df = 10\nmin_df = 10", "disclosure.public.min_df", "permitted"),
        ("hide_0_and_100 = true", "hide_0_and_100 = 1", "disclosure.public.hide_0_and_100", "boolean"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused_naming_file_and_key(tmp_path, before, after, key, also):
    assert before in SHIPPED[PUBLIC:]
    path = tmp_path / "own.toml"
    path.write_text(SHIPPED[:PUBLIC] + SHIPPED[PUBLIC:].replace(before, after, 1), encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        load_policy(path)
    for text in (refused.value.text("zh"), refused.value.text("en")):
        assert "own.toml" in text
        assert key in text
        assert also in text


def test_zeros_may_be_open_where_no_0_per_cent_is_promised(tmp_path):
    own = SHIPPED[PUBLIC:].replace('zero = "hide"', 'zero = "show"', 1)
    own = own.replace("hide_0_and_100 = true", "hide_0_and_100 = false", 1)
    path = tmp_path / "own.toml"
    path.write_text(SHIPPED[:PUBLIC] + own, encoding="utf-8")
    assert load_policy(path).disclosure["public"].zero == "show"
