"""Section 6: provisional tiers, "any tier" first; red counts of a school are never printed."""

from xinyu_lib.disclosure import TOTAL, SafeTable, with_shares
from xinyu_lib.disclosure.system import Key
from xinyu_lib.present import Callout, Paragraph, Section, sentence, table, tier_bar
from xinyu_lib.sections.cells import ATTENTION, NONE, SCORED, UNDETERMINED, ruled, tier_nodes
from xinyu_lib.sections.sheets import safety_rows


def rows(ev) -> dict[str, Key]:
    """Valid sheets by provisional tier, with their total, by row name.

    The total is the cell `scored` of the table of coverage. Which colours are merged for a reader is the policy's
    decision; where a part is small, all that calls for somebody is one row.
    """
    groups = ev.policy.disclosure[ev.audience].tier_groups
    nodes = tier_nodes(ev.policy, ev.audience)
    fine = {groups.get(tier, tier): nodes[tier] for tier in (*groups, "undetermined", "none")}
    merged = ev.hidden[ev.key(UNDETERMINED)]
    chosen = {"attention": ATTENTION, "none": NONE} if merged else fine
    return {name: ev.key(node) for name, node in (chosen | {TOTAL: SCORED}).items()}


def protected_tiers(ev) -> SafeTable:
    """The one table of tiers that is shown: merged to "talk or ask" against none before anything is hidden."""
    return with_shares(ev.told(rows(ev)), ev.policy)


def told_groups(ev) -> list[str]:
    """Rows of the table that call for somebody: the coloured groups, or `attention` where all are merged."""
    return [row for row in ev.tier_shares.categories if row not in ("undetermined", "none")]


def tiers_shown(ev) -> bool:
    """True when there are tiers to tell and the number of valid sheets they are of may be shown."""
    return ruled(ev.material) and not ev.outcome_shares.number("scored").masked


def section(ev) -> Section:
    """Tiers where rules exist; otherwise the sentence that none exists, and the safety item alone."""
    heading = ev.heading("sections.tiers.heading")
    blocks = _tiers(ev) if ruled(ev.material) else _no_rule(ev)
    return Section("tiers", ev.lang, (heading, *blocks))


def _tiers(ev) -> list:
    if ev.outcome_shares.number("scored").masked:
        return [Paragraph(ev.say("sections.tiers.hidden"))]
    shares = ev.tier_shares
    names = {row: ev.say(f"sections.tier.{row}") for row in shares.shown.index}
    headings = {c: ev.say(f"sections.column.{c}") for c in shares.shown.columns}
    figure = tier_bar(
        shares, names, lang=ev.lang, caption=ev.say("sections.tiers.figure"), alt=ev.say("sections.tiers.alt")
    )
    return [
        Paragraph(ev.say("sections.tiers.provisional")),
        *told(ev),
        figure,
        table(shares, lang=ev.lang, caption=ev.say("sections.tiers.table"), rows=names, columns=headings),
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
    shares = with_shares(ev.told(safety_rows(ev.material, scale, item.item)), ev.policy)
    names = {row: ev.say(f"sections.safety.{row}") for row in shares.shown.index}
    headings = {c: ev.say(f"sections.column.{c}") for c in shares.shown.columns}
    caption = ev.say("sections.safety.table", scale=scale.title.say(ev.lang), item=str(item.item))
    found = sentence("sections.safety.sentence", ev.lang, sheets=shares.number(TOTAL), **shares.numbers("ask"))
    return [found, table(shares, lang=ev.lang, caption=caption, rows=names, columns=headings)]
