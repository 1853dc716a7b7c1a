"""Section 6: provisional tiers, "any tier" first; red counts of a school are never printed."""

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.disclosure import TOTAL, SafeTable, with_shares
from xinyu_lib.present import Callout, Paragraph, Section, sentence, table, tier_bar


def tier_counts(ev) -> pd.Series:
    """Pupils with a valid sheet by merged provisional tier, with the total.

    The total is the cell `scored` of the table of coverage and nothing else links the two, so that neither can be
    worked out from the other. Which colours are merged for a reader is the policy's decision.
    """
    groups = ev.policy.disclosure[ev.audience].tier_groups
    tiers = ev.material.tiers.set_index("pupil_key")["tier"]
    valid = ev.material.outcomes.index[ev.material.outcomes == "scored"]
    order = [*(groups[colour] for colour in ("red", "orange", "yellow")), "undetermined", "none"]
    counts = tiers.loc[valid].replace(groups).value_counts().reindex(dict.fromkeys(order), fill_value=0)
    counts[TOTAL] = counts.sum()
    return counts


def protected_tiers(ev) -> SafeTable:
    """The one table of tiers that is shown: merged to "talk or ask" against none before anything is hidden."""
    counts = tier_counts(ev)
    table = ev.protect(counts) if _all_large(ev, counts) else ev.protect(_merged(counts))
    return with_shares(table)


def _all_large(ev, counts: pd.Series) -> bool:
    return bool((counts >= ev.policy.disclosure[ev.audience].threshold).all())


def _merged(counts: pd.Series) -> pd.Series:
    none, total = counts["none"], counts[TOTAL]
    return pd.Series({"attention": total - none, "none": none, TOTAL: total})


def told_groups(ev) -> list[str]:
    """Rows of the table that call for somebody: the coloured groups, or `attention` where all are merged."""
    return [row for row in ev.tier_shares.categories if row not in ("undetermined", "none")]


def ruled(ev) -> bool:
    """True when a tier rule reads at least one scale that was used here."""
    return any(scale.id in ev.policy.ruled_scales for scale in ev.material.scales)


def tiers_shown(ev) -> bool:
    """True when there are tiers to tell and the number of valid sheets they are of may be shown."""
    return ruled(ev) and not ev.outcome_shares.number("scored").masked


def section(ev) -> Section:
    """Tiers where rules exist; otherwise the sentence that none exists, and the safety item alone."""
    heading = ev.heading("sections.tiers.heading")
    blocks = _tiers(ev) if ruled(ev) else _no_rule(ev)
    return Section("tiers", ev.lang, (heading, *blocks))


def _tiers(ev) -> list:
    if ev.outcome_shares.number("scored").masked:
        return [Paragraph(ev.say("sections.tiers.hidden"))]
    shares = ev.tier_shares
    rows = {row: ev.say(f"sections.tier.{row}") for row in shares.shown.index}
    headings = {c: ev.say(f"sections.column.{c}") for c in shares.shown.columns}
    figure = tier_bar(
        shares, rows, lang=ev.lang, caption=ev.say("sections.tiers.figure"), alt=ev.say("sections.tiers.alt")
    )
    return [
        Paragraph(ev.say("sections.tiers.provisional")),
        *told(ev),
        figure,
        table(shares, lang=ev.lang, caption=ev.say("sections.tiers.table"), rows=rows, columns=headings),
        Paragraph(ev.say("sections.tiers.undetermined")),
        Callout("note", ev.say("sections.note"), ev.say(f"sections.tiers.named_access.{ev.audience}")),
    ]


def told(ev) -> list[Paragraph]:
    """Share of valid sheets per group, and the interviews that this means."""
    return [_told(ev, group) for group in told_groups(ev)]


def _told(ev, group: str) -> Paragraph:
    fields = {"valid": ev.tier_shares.number(TOTAL), **ev.tier_shares.numbers(group)}
    hours = str(ev.policy.reports.hours_per_talk)
    return sentence(f"sections.tiers.sentence.{group}", ev.lang, hours=hours, **fields)


def _no_rule(ev) -> list:
    names = ev.say("sections.comma").join(scale.title.say(ev.lang) for scale in ev.material.scales)
    blocks = [Callout("caution", ev.say("sections.caution"), ev.say("sections.tiers.no_rule", scales=names))]
    for scale in ev.material.scales:
        blocks += [block for item in scale.critical for block in _safety(ev, scale, item)]
    return blocks


def _safety(ev, scale, item) -> list:
    """Sheets by safety item: positive or left blank (both mean: ask in person) against answered below the line."""
    sheets = ev.material.all_scores(scale)
    answers = sheets.loc[sheets[columns.shown(scale.id, item.item)], columns.critical(scale.id, item.item)]
    ask = int((answers.isna() | (answers >= item.positive_at)).sum())
    shares = with_shares(ev.protect(pd.Series({"ask": ask, "not_raised": len(answers) - ask, TOTAL: len(answers)})))
    rows = {row: ev.say(f"sections.safety.{row}") for row in shares.shown.index}
    headings = {c: ev.say(f"sections.column.{c}") for c in shares.shown.columns}
    caption = ev.say("sections.safety.table", scale=scale.title.say(ev.lang), item=str(item.item))
    found = sentence("sections.safety.sentence", ev.lang, sheets=shares.number(TOTAL), **shares.numbers("ask"))
    return [found, table(shares, lang=ev.lang, caption=caption, rows=rows, columns=headings)]
