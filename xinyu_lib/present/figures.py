"""Figures from protected tables: bars of counts, bars of shares, means with their intervals.

A masked value is drawn as a hatched grey block of one fixed size with the mark beside it, never as 0,
and no axis is scaled by it.
"""

from collections.abc import Callable, Mapping

import pandas as pd

from xinyu_lib.disclosure import TOTAL, SafeTable
from xinyu_lib.present.blocks import Figure
from xinyu_lib.present.canvas import ACCENT, FILLS, GREY, INK, PALE, draw, wrap
from xinyu_lib.present.numbers import interval, text
from xinyu_lib.present.tables import require_safe
from xinyu_lib.words import say

MARGIN_MM, LINE_MM, GAP_MM = 16, 3.8, 3.8
BAR = 0.56
MASKED_SHARE = 0.05  # length of the block for a masked value, as a share of the axis


def outcome_bars(safe: SafeTable, labels: Mapping[str, str], *, lang: str, caption: str, alt: str) -> Figure:
    """Counts as horizontal bars before a pale bar of the total's length.

    safe: counts or shares with the row `total`. labels: names of all rows, the total included.
    Raises DisclosureError when `safe` is not a SafeTable.
    """
    total = require_safe(safe).number(TOTAL)
    end = 1.0 if total.masked else total.value

    def paint(axes) -> None:
        axes.barh(range(len(safe.categories)), end, height=BAR, color=PALE)
        for place, row in enumerate(safe.categories):
            _bar(axes, place, safe.shown.at[row, "n"], end)
        axes.set_xlim(0, end)
        axes.locator_params(axis="x", nbins=6, integer=True)
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.set_xlabel(say("present.axis.persons", lang, label=labels[TOTAL], total=text(total, lang)))
        if total.masked:
            axes.set_xticks([])

    return Figure(_rows(safe, labels, paint, lambda row: _count(safe, row, lang)), alt, caption)


def tier_bar(safe: SafeTable, labels: Mapping[str, str], *, lang: str, caption: str, alt: str) -> Figure:
    """Shares of the total as horizontal bars with whiskers for their 95 % intervals, from 0 to 100 %.

    safe: shares. labels: names of all rows. Raises DisclosureError when `safe` is not a SafeTable.
    """
    shown = require_safe(safe).shown * 100

    def paint(axes) -> None:
        for place, row in enumerate(safe.categories):
            _bar(axes, place, shown.at[row, "share"], 100)
            _whisker(axes, place, shown.loc[row], INK)
        _percent_axis(axes, say("present.axis.share", lang))

    return Figure(_rows(safe, labels, paint, lambda row: _share(safe, row, lang)), alt, caption)


def dots_with_intervals(safe: SafeTable, labels: Mapping[str, str], *, lang: str, caption: str, alt: str) -> Figure:
    """Means as dots with their intervals, on an axis from 0 to 100 % of the possible range.

    safe: means in 0..100. labels: names of all rows. Raises DisclosureError when `safe` is not a SafeTable.
    """
    shown = require_safe(safe).shown

    def paint(axes) -> None:
        for place, row in enumerate(safe.categories):
            _dot(axes, place, shown.loc[row], safe.masked.at[row, "mean"])
        axes.grid(axis="x", color=PALE)
        _percent_axis(axes, say("present.axis.range", lang))

    return Figure(_rows(safe, labels, paint, lambda row: text(safe.number(row, "mean"), lang)), alt, caption)


def _rows(safe: SafeTable, labels: Mapping[str, str], paint: Callable, value: Callable[[str], str]) -> str:
    """SVG of a row per category: label on the left, what `paint` draws, the value as text on the right."""
    names = [wrap(labels[row]) for row in safe.categories]
    heights = [name.count("\n") + 1 for name in names]

    def whole(axes) -> None:
        paint(axes)
        axes.set_yticks(range(len(names)), names, linespacing=1.4)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
        axes.spines[["top", "right", "bottom"]].set_visible(False)
        beside = axes.get_yaxis_transform()
        for place, row in enumerate(safe.categories):
            axes.text(1.02, place, value(row), transform=beside, va="center")

    return draw(whole, MARGIN_MM + len(names) * (max(heights) * LINE_MM + GAP_MM))


def _bar(axes, place: int, value: object, end: float) -> None:
    """A bar of the given length, or the block that stands for a masked value (NA)."""
    if pd.isna(value):
        length, style = end * MASKED_SHARE, {"color": "white", "edgecolor": GREY, "hatch": "//////"}
    else:
        colour, hatch = FILLS[place % len(FILLS)]
        length, style = float(value), {"color": colour, "edgecolor": INK, "hatch": hatch}
    axes.barh(place, length, height=BAR, linewidth=0.6, **style)


def _dot(axes, place: int, row: pd.Series, masked: bool) -> None:
    """A mean with its interval, the block of a masked one, or nothing where none could be computed."""
    if masked:
        _bar(axes, place, pd.NA, 100)
    elif not pd.isna(row["mean"]):
        _whisker(axes, place, row, ACCENT)
        axes.plot(float(row["mean"]), place, "o", color=ACCENT, markersize=6)


def _whisker(axes, place: int, row: pd.Series, colour: str) -> None:
    """The interval as a line with short ends; nothing where it is masked."""
    if not row[["low", "high"]].isna().any():
        ends = [float(row["low"]), float(row["high"])]
        axes.plot(ends, [place, place], "|-", color=colour, markersize=7, markeredgewidth=1.2, linewidth=1.2)


def _percent_axis(axes, label: str) -> None:
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 101, 20))
    axes.set_xlabel(label)


def _count(safe: SafeTable, row: str, lang: str) -> str:
    count = text(safe.number(row), lang)
    if safe.kind != "shares" or safe.number(row).masked:
        return count
    return say("present.count_and_share", lang, count=count, share=text(safe.number(row, "share"), lang))


def _share(safe: SafeTable, row: str, lang: str) -> str:
    share = text(safe.number(row, "share"), lang)
    if safe.number(row, "share").masked:
        return share
    limits = interval(safe.number(row, "low"), safe.number(row, "high"), lang)
    return say("present.share_and_interval", lang, share=share, interval=limits)
