import re

import matplotlib
import pytest

from xinyu_lib.disclosure import with_shares
from xinyu_lib.errors import DefinitionError, DisclosureError
from xinyu_lib.present import (
    Declared,
    dots_with_intervals,
    figures,
    icon_array,
    icons,
    outcome_bars,
    tier_bar,
)
from xinyu_lib.present.canvas import draw, wrap

LONG = "未同意或尚未征求同意（含监护人未签字、已退回意见表者和其他说不清的情形）"
LABELS = {"scored": "有效结果", "lost": LONG, "total": "合计"}
WORDS = {"lang": "zh", "caption": "图", "alt": "说明"}


def texts(figure) -> list[str]:
    """Texts of a drawing: matplotlib leaves each as a comment beside its outlines."""
    return re.findall(r"<!-- (.*?) -->", figure.svg, flags=re.DOTALL)


@pytest.fixture
def drawings(safe_counts, safe_means):
    """One call per kind of figure, each with long labels and something masked where it can be."""
    counts = safe_counts({"scored": 1180, "lost": 98, "total": 1278}, hidden=("lost",))
    means = safe_means({"scored": (120, 34.126, 33.0, 35.3), "lost": (9, 50, 40, 60)}, hidden=("lost",))
    dots = Declared({"scored": 31, "lost": 69}, "published")
    return {
        "outcome": lambda: outcome_bars(counts, LABELS, **WORDS),
        "tier": lambda: tier_bar(with_shares(counts), LABELS, **WORDS),
        "dots": lambda: dots_with_intervals(means, LABELS, **WORDS),
        "icons": lambda: icon_array(dots, LABELS, **WORDS),
    }


KINDS = ["outcome", "tier", "dots", "icons"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_the_same_on_every_run_and_leaves_settings_alone(drawings, kind):
    first = drawings[kind]()
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "none", "axes.grid": True}):
        before = dict(matplotlib.rcParams)
        second = drawings[kind]()
        assert dict(matplotlib.rcParams) == before
    assert first == second
    assert "<text" not in first.svg
    assert "<dc:date>" not in first.svg


@pytest.mark.parametrize("kind", KINDS)
def test_no_label_leaves_the_page(drawings, kind, monkeypatch):
    held = []

    def keep(paint, height):
        return draw(lambda axes: (held.append(axes.figure), paint(axes)), height)

    for module in (figures, icons):
        monkeypatch.setattr(module, "draw", keep)
    drawn = "".join(texts(drawings[kind]()))
    page = held[0].bbox
    for text in held[0].findobj(matplotlib.text.Text):
        if text.get_text() and text.get_text() in drawn:
            box = text.get_window_extent()
            assert box.x0 >= page.x0 - 1, text
            assert box.x1 <= page.x1 + 1, text
            assert box.y0 >= page.y0 - 1, text
            assert box.y1 <= page.y1 + 1, text
            assert text.get_fontsize() >= 8


def test_outcome_bars_say_count_share_and_total(safe_counts):
    shares = with_shares(safe_counts({"scored": 30, "lost": 10, "total": 40}))
    found = texts(outcome_bars(shares, LABELS, **WORDS))
    assert "30（75.0%）" in found
    assert any("合计" in text and "40" in text for text in found)


def test_the_block_of_a_masked_bar_has_one_size_whatever_the_other_numbers_are(safe_counts):
    def block(scored: int, total: int) -> str:
        counts = safe_counts({"scored": scored, "lost": total - scored, "total": total}, hidden=("lost",))
        svg = outcome_bars(counts, LABELS, **WORDS).svg
        return re.search(r'<path d="([^"]*)" clip-path="[^"]*" style="fill: url', svg)[1]

    assert block(10, 50) == block(40, 90)


def test_a_masked_bar_differs_from_a_bar_of_zero(safe_counts):
    values = {"scored": 40, "lost": 0, "total": 40}
    masked = outcome_bars(safe_counts(values, hidden=("lost",)), LABELS, **WORDS)
    zero = outcome_bars(safe_counts(values), LABELS, **WORDS)
    assert "＊" in texts(masked)
    assert "＊" not in texts(zero)
    assert "0" in texts(zero)


def test_a_figure_of_masked_values_only_has_no_scale(safe_counts):
    all_rows = ("scored", "lost", "total")
    found = texts(outcome_bars(safe_counts({"scored": 3, "lost": 2, "total": 5}, hidden=all_rows), LABELS, **WORDS))
    assert found.count("＊") == 2
    assert not [text for text in found if text.replace(".", "").isdigit()]


def test_tier_bars_show_the_share_with_its_interval(safe_counts):
    shares = with_shares(safe_counts({"scored": 30, "lost": 10, "total": 40}))
    # Wilson limits of 30 / 40: 59.8 % and 85.8 %
    assert "75.0%（59.8%–85.8%）" in texts(tier_bar(shares, LABELS, **WORDS))


def test_means_are_drawn_on_the_whole_possible_range(drawings):
    found = texts(drawings["dots"]())
    assert {"0", "100", "34", "＊"} <= set(found)


@pytest.mark.parametrize("draw_it", [outcome_bars, tier_bar, dots_with_intervals])
def test_only_a_safe_table_is_drawn(draw_it, safe_counts):
    with pytest.raises(DisclosureError, match="DataFrame"):
        draw_it(safe_counts({"scored": 1180, "total": 1180}).shown, LABELS, **WORDS)


def test_an_icon_array_draws_declared_values_only(safe_counts):
    with pytest.raises(DisclosureError, match="SafeTable"):
        icon_array(safe_counts({"scored": 31, "lost": 69}), LABELS, **WORDS)


def test_an_icon_array_has_a_hundred_dots_and_says_how_many_of_each(drawings):
    figure = drawings["icons"]()
    assert any("有效结果：31" in text for text in texts(figure))
    in_legend = 2
    assert len(re.findall(r"<use [^>]*style=\"fill", figure.svg)) == 100 + in_legend


def test_declared_values_must_be_a_hundred():
    with pytest.raises(ValueError, match="100"):
        Declared({"true": 31, "false": 68}, "published")


def test_a_character_without_a_glyph_is_an_error_that_names_it(safe_counts):
    labels = {"scored": "𠮷中", "total": "合计"}
    with pytest.raises(DefinitionError, match=r"U\+20BB7"):
        outcome_bars(safe_counts({"scored": 40, "total": 40}), labels, **WORDS)


def test_labels_break_between_chinese_characters_and_english_words():
    assert wrap("学习焦虑", 8) == "学习焦虑"
    assert wrap("学习焦虑（总分）", 8) == "学习焦虑\n（总分）"
    assert wrap("peer relationship problems", 18) == "peer relationship\nproblems"
    assert wrap("甲乙丙丁，戊", 8) == "甲乙丙\n丁，戊"  # a comma starts no line
