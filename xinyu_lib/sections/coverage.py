"""Section 3: who was reached, and every loss on the way with its reason."""

from xinyu_lib.disclosure import TOTAL, SafeTable, with_shares
from xinyu_lib.disclosure.system import Key
from xinyu_lib.present import Callout, Paragraph, Section, outcome_bars, sentence, table
from xinyu_lib.sections.cells import ELIGIBLE, outcome_nodes


def rows(ev) -> dict[str, Key]:
    """Outcomes of eligible pupils with their total, by row name."""
    nodes = {node.rpartition("/")[2]: node for node in outcome_nodes(ev.material)}
    return {name: ev.key(node) for name, node in (nodes | {TOTAL: ELIGIBLE}).items()}


def protected_outcomes(ev) -> SafeTable:
    """Outcomes of eligible pupils. A full count of the roster, so its shares have no interval of sampling."""
    return with_shares(ev.told(rows(ev)), ev.policy)


def section(ev) -> Section:
    """Table, bars and the sentence that says how far the results can be read."""
    shares = ev.outcome_shares
    names = {row: ev.say(f"sections.outcome.{row}") for row in shares.shown.index}
    columns = {c: ev.say(f"sections.column.{c}") for c in ("n", "share")}
    figure = outcome_bars(
        shares, names, lang=ev.lang, caption=ev.say("sections.coverage.figure"), alt=ev.say("sections.coverage.alt")
    )
    blocks = [
        ev.heading("sections.coverage.heading"),
        told(ev),
        figure,
        table(shares, lang=ev.lang, caption=ev.say("sections.coverage.table"), rows=names, columns=columns),
        *_not_eligible(ev),
        *_caution(ev, shares),
    ]
    return Section("coverage", ev.lang, tuple(blocks))


def told(ev) -> Paragraph:
    """How many of the eligible pupils have a valid result."""
    shares = ev.outcome_shares
    return sentence("sections.coverage.sentence", ev.lang, eligible=shares.number(TOTAL), **shares.numbers("scored"))


def _not_eligible(ev) -> list:
    if (ev.material.roster["grade"] >= ev.policy.census.census_min_grade).all():
        return []
    return [sentence("sections.coverage.not_eligible", ev.lang, grade=str(ev.policy.census.census_min_grade))]


def _caution(ev, shares: SafeTable) -> list:
    """Below the policy's floor of coverage no comparison is allowed; a masked share gets the same words."""
    floor = ev.policy.reports.min_coverage_to_compare
    scored = shares.number("scored", "share")
    if not scored.masked and scored.value >= floor:
        return []
    text = ev.say("sections.coverage.low", floor=f"{floor:.0%}")
    return [Callout("caution", ev.say("sections.caution"), text)]
