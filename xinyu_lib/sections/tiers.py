"""Section 6: provisional tiers, "any tier" first; red counts of a school are never printed."""

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.disclosure import TOTAL, SafeTable, with_shares
from xinyu_lib.present import Callout, Paragraph, Section, sentence, table, tier_bar

# Merged before anything is hidden. Inside a school only "any tier" is told; the district may tell red with orange.
GROUPS = {
    "school": {"red": "any_tier", "orange": "any_tier", "yellow": "any_tier"},
    "district": {"red": "red_or_orange", "orange": "red_or_orange", "yellow": "yellow"},
    "public": {"red": "any_tier", "orange": "any_tier", "yellow": "any_tier"},
}


def tier_counts(ev) -> pd.Series:
    """Eligible pupils by merged provisional tier, with the total."""
    tiers = ev.material.tiers.set_index("pupil_key")["tier"]
    eligible = ev.material.outcomes[ev.material.outcomes != "not_eligible"].index
    groups = GROUPS[ev.audience]
    shown = [*dict.fromkeys(groups.values()), "undetermined", "none"]
    counts = tiers.loc[eligible].replace(groups).value_counts().reindex(shown, fill_value=0)
    counts[TOTAL] = counts.sum()
    return counts


def protected_tiers(ev) -> SafeTable:
    """The one table of tiers that is shown."""
    return with_shares(ev.protect(tier_counts(ev)))


def ruled(ev) -> bool:
    """True when a tier rule reads at least one scale that was used here."""
    return any(scale.id in ev.policy.ruled_scales for scale in ev.material.scales)


def section(ev) -> Section:
    """Tiers where rules exist; otherwise the sentence that none exists, and the safety item alone."""
    heading = ev.heading("sections.tiers.heading")
    blocks = _tiers(ev) if ruled(ev) else _no_rule(ev)
    return Section("tiers", ev.lang, (heading, *blocks))


def _tiers(ev) -> list:
    shares = ev.tier_shares
    rows = {row: ev.say(f"sections.tier.{row}") for row in shares.shown.index}
    headings = {c: ev.say(f"sections.column.{c}") for c in shares.shown.columns}
    figure = tier_bar(
        shares, rows, lang=ev.lang, caption=ev.say("sections.tiers.figure"), alt=ev.say("sections.tiers.alt")
    )
    return [
        Paragraph(ev.say("sections.tiers.provisional")),
        *told(ev, shares),
        figure,
        table(shares, lang=ev.lang, caption=ev.say("sections.tiers.table"), rows=rows, columns=headings),
        Paragraph(ev.say("sections.tiers.undetermined")),
        Callout("note", ev.say("sections.note"), ev.say(f"sections.tiers.named_access.{ev.audience}")),
    ]


def told(ev, shares: SafeTable) -> list:
    """Share of pupils per coloured group, and the interviews that this means."""
    return [_told(ev, shares, group) for group in dict.fromkeys(GROUPS[ev.audience].values())]


def _told(ev, shares: SafeTable, group: str) -> Paragraph:
    fields = {"eligible": shares.number(TOTAL), **shares.numbers(group)}
    return sentence(f"sections.tiers.sentence.{group}", ev.lang, **fields)


def _no_rule(ev) -> list:
    names = "、".join(scale.title.say(ev.lang) for scale in ev.material.scales)
    blocks = [Callout("caution", ev.say("sections.caution"), ev.say("sections.tiers.no_rule", scales=names))]
    for scale in ev.material.scales:
        blocks += [block for item in scale.critical for block in _safety(ev, scale, item)]
    return blocks


def _safety(ev, scale, item) -> list:
    """Sheets by safety item: positive or left blank (both mean: ask in person) against answered below the line."""
    answers = ev.material.all_scores(scale)[columns.critical(scale.id, item.item)]
    ask = int((answers.isna() | (answers >= item.positive_at)).sum())
    shares = with_shares(ev.protect(pd.Series({"ask": ask, "not_raised": len(answers) - ask, TOTAL: len(answers)})))
    rows = {row: ev.say(f"sections.safety.{row}") for row in shares.shown.index}
    headings = {c: ev.say(f"sections.column.{c}") for c in shares.shown.columns}
    caption = ev.say("sections.safety.table", scale=scale.title.say(ev.lang), item=str(item.item))
    found = sentence("sections.safety.sentence", ev.lang, sheets=shares.number(TOTAL), **shares.numbers("ask"))
    return [found, table(shares, lang=ev.lang, caption=caption, rows=rows, columns=headings)]
