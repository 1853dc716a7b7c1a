"""Section 5: overall state by scale and subscale, with no comparison that was not validated."""

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.disclosure import TOTAL, SafeTable, with_shares
from xinyu_lib.numerics.intervals import mean_interval
from xinyu_lib.present import Callout, Figure, Heading, Paragraph, Section, dots_with_intervals, sentence, table
from xinyu_lib.sections.sheets import band_rows, told_in_bands


def section(ev) -> Section:
    """One part per scale: means as a share of the possible range, and bands where no tier rule reads the scale."""
    blocks = [ev.heading("sections.overall.heading"), Paragraph(ev.say("sections.overall.how"))]
    for scale in ev.material.scales:
        blocks += [Heading(scale.title.say(ev.lang), 2), *_means(ev, scale), *_bands(ev, scale)]
    blocks.append(Callout("note", ev.say("sections.note"), ev.say("sections.overall.no_comparison")))
    return Section("overall", ev.lang, tuple(blocks))


def mean_table(ev, scale) -> pd.DataFrame:
    """Means of the scores a reader sees, in per cent of the possible range: n, mean, low, high per score.

    All rows rest on the same pupils, those who have every one of the scores: two rows that differ by one pupil would
    tell that pupil's score.
    """
    names = shown_scores(scale)
    scored = ev.material.scores(scale)[[columns.score(scale.id, name) for name in names]].dropna().astype(float)
    rows = {name: _per_cent(scored[columns.score(scale.id, name)], scale.score(name).range) for name in names}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["n", "mean", "low", "high"])


def shown_scores(scale) -> list[str]:
    """Subscales, then the main score where there is one; those that need a supplement are left out."""
    names = [*scale.subscales, *([scale.main] if scale.main else [])]
    return [name for name in names if set(scale.items_of(name)) <= set(scale.numbers)]


def _per_cent(values: pd.Series, possible: tuple[float, float]) -> list[float]:
    lowest, highest = possible
    if len(values) < 2:
        return [len(values), float("nan"), float("nan"), float("nan")]
    return [len(values), *mean_interval(((values - lowest) / (highest - lowest) * 100).to_numpy())]


def _means(ev, scale) -> list:
    """Sentence, figure and table; nothing where the count of valid sheets is hidden, which a mean would undo."""
    if ev.outcome_shares.number("scored").masked:
        return [Paragraph(ev.say("sections.overall.hidden"))]
    if not shown_scores(scale):
        return []
    means = ev.protect_means(mean_table(ev, scale))
    if means.masked.to_numpy().all():
        return [sentence("sections.overall.too_few", ev.lang, n=str(means.threshold))]
    labels = {name: scale.score(name).label.say(ev.lang) for name in means.shown.index}
    headings = {c: ev.say(f"sections.column.{'mean_percent' if c == 'mean' else c}") for c in means.shown.columns}
    title = scale.title.say(ev.lang)
    caption = ev.say("sections.overall.table", scale=title)
    return [
        sentence("sections.overall.sentence", ev.lang, scale=title, **means.numbers(shown_scores(scale)[-1])),
        *_figure(ev, means, labels, title),
        table(means, lang=ev.lang, caption=caption, rows=labels, columns=headings),
    ]


def _figure(ev, means: SafeTable, labels: dict[str, str], title: str) -> list[Figure]:
    """Dots side by side; a scale with one score needs no picture."""
    if len(labels) < 2:
        return []
    words = {name: ev.say(f"sections.overall.{name}", scale=title) for name in ("figure", "alt")}
    return [dots_with_intervals(means, labels, lang=ev.lang, caption=words["figure"], alt=words["alt"])]


def _bands(ev, scale) -> list:
    """Bands of the main score, only where no tier rule reads the scale: elsewhere they would tell the tiers."""
    if not told_in_bands(ev.material, scale):
        return []
    chosen = scale.bands_from[scale.main]
    shares = with_shares(ev.told(band_rows(ev.material, scale)), ev.policy)
    labels = {band.code: band.label.say(ev.lang) for band in chosen.bands} | {TOTAL: ev.say("sections.outcome.total")}
    headings = {c: ev.say(f"sections.column.{c}") for c in shares.shown.columns}
    caption = ev.say("sections.overall.bands", scale=scale.title.say(ev.lang))
    return [
        table(shares, lang=ev.lang, caption=caption, rows=labels, columns=headings),
        Paragraph(ev.say("sections.overall.bands_source", source=chosen.source)),
    ]
