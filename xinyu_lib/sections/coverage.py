"""Section 3: who was reached, and every loss on the way with its reason."""

import pandas as pd

from xinyu_lib.disclosure import TOTAL, SafeTable, with_shares
from xinyu_lib.present import Callout, Paragraph, Section, outcome_bars, sentence, table

# Merged before anything is hidden: a refusal must not be told from a missing signature, nor leave from absence.
GROUPS = {
    "not_eligible": "not_eligible",
    "scored": "scored",
    "invalid": "invalid",
    "absent": "not_reached",
    "other_loss": "not_reached",
    "not_started": "not_reached",
    "unfinished": "not_reached",
    "refused": "no_consent",
    "not_asked": "no_consent",
}


def outcome_counts(ev) -> pd.Series:
    """Pupils by outcome group with the total; a group that cannot occur here is left out rather than shown as 0."""
    groups = ev.material.outcomes.map(GROUPS)
    counts = groups.value_counts().reindex(_possible(ev), fill_value=0)
    counts[TOTAL] = counts.sum()
    return counts


def _possible(ev) -> list[str]:
    young = (ev.material.roster["grade"] < ev.policy.census.census_min_grade).any()
    order = ["scored", "invalid", "not_reached"]
    return order + ["no_consent"] * ev.material.consent_reported + ["not_eligible"] * bool(young)


def eligible_counts(ev) -> pd.Series:
    """The same among pupils of grades that answer questionnaires."""
    counts = outcome_counts(ev).drop([TOTAL, "not_eligible"], errors="ignore")
    counts[TOTAL] = counts.sum()
    return counts


def protected_outcomes(ev) -> SafeTable:
    """Outcomes of eligible pupils. A full count of the roster, so its shares have no interval of sampling."""
    return with_shares(ev.protect(eligible_counts(ev)))


def section(ev) -> Section:
    """Table, bars and the sentence that says how far the results can be read."""
    shares = ev.outcome_shares
    rows = {row: ev.say(f"sections.outcome.{row}") for row in shares.shown.index}
    columns = {c: ev.say(f"sections.column.{c}") for c in ("n", "share")}
    figure = outcome_bars(
        shares, rows, lang=ev.lang, caption=ev.say("sections.coverage.figure"), alt=ev.say("sections.coverage.alt")
    )
    blocks = [
        ev.heading("sections.coverage.heading"),
        told(ev),
        figure,
        table(shares, lang=ev.lang, caption=ev.say("sections.coverage.table"), rows=rows, columns=columns),
        *_not_eligible(ev),
        *_caution(ev, shares),
    ]
    return Section("coverage", ev.lang, tuple(blocks))


def told(ev) -> Paragraph:
    """How many of the eligible pupils have a valid result."""
    shares = ev.outcome_shares
    return sentence("sections.coverage.sentence", ev.lang, eligible=shares.number(TOTAL), **shares.numbers("scored"))


def _not_eligible(ev) -> list:
    if "not_eligible" not in outcome_counts(ev).index:
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
