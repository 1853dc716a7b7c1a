"""Section 1: the page a principal in a hurry reads: findings, actions with owner and date, cautions."""

from xinyu_lib.disclosure import TOTAL, SafeTable
from xinyu_lib.present import Bullets, Callout, Facts, Heading, Kpis, Paragraph, Section, interval, text
from xinyu_lib.sections import coverage
from xinyu_lib.sections.cells import ruled
from xinyu_lib.sections.tiers import tiers_shown, told

CAUTIONS = ("screen", "masked", "no_ranking")
ACTIONS = {
    "school": ("red", "safety", "remeasure", "interview", "coverage", "inform"),
    "no_rule": ("safety", "rule", "coverage", "inform"),
    "district": ("watch", "staff", "support"),
}
LIMITS = {
    "red": "first_contact",
    "safety_signal": "first_contact",
    "safety_unanswered": "ask_in_person",
    "orange": "first_contact",
    "yellow": "first_contact",
    "invalid": "remeasure",
    "invalid_over_cut": "remeasure",
}


def section(ev) -> Section:
    """Key figures with their intervals, then findings, actions and three cautions."""
    blocks = [
        ev.heading("sections.summary.heading"),
        _kpis(ev),
        Heading(ev.say("sections.summary.findings"), 2),
        Bullets(tuple(block.text for block in _findings(ev))),
        Heading(ev.say("sections.summary.actions"), 2),
        Facts(tuple(_actions(ev))),
        Callout("caution", ev.say("sections.summary.cautions"), " ".join(_cautions(ev))),
    ]
    return Section("summary", ev.lang, tuple(blocks))


def _kpis(ev) -> Kpis:
    outcomes = ev.outcome_shares
    items = [(ev.say("sections.kpi.eligible"), text(outcomes.number(TOTAL), ev.lang), ev.say("sections.kpi.persons"))]
    items.append(_kpi(ev, outcomes, "scored", "sections.kpi.of"))
    if tiers_shown(ev):
        rows = [row for row in ev.tier_shares.categories if row != "none"]
        items += [_kpi(ev, ev.tier_shares, row, "sections.kpi.of_valid") for row in rows]
    return Kpis(tuple(items))


def _kpi(ev, shares: SafeTable, row: str, detail: str) -> tuple[str, str, str]:
    """Label, share, and what it is a share of."""
    numbers = shares.numbers(row)
    words = {name: text(numbers[name], ev.lang) for name in ("n", "share")}
    span = interval(numbers["low"], numbers["high"], ev.lang)
    of = ev.say(detail, n=words["n"], total=text(shares.number(TOTAL), ev.lang), interval=span)
    return ev.say(f"sections.kpi.{row}"), words["share"], of


def _findings(ev) -> list[Paragraph]:
    found = [coverage.told(ev)]
    if tiers_shown(ev):
        found += told(ev)
    return [*found, Paragraph(ev.say("sections.summary.undetermined"))]


def _actions(ev) -> list[tuple[str, str]]:
    """Actions in the order of their urgency: who and until when by the policy's clocks, then what."""
    limits = {cause: str(ev.policy.clocks[cause][step].within) for cause, step in LIMITS.items()}
    own = "district" if ev.material.school is None else "school" if ruled(ev.material) else "no_rule"
    return [
        tuple(ev.say(f"sections.action.{name}.{part}", **limits) for part in ("who", "what")) for name in ACTIONS[own]
    ]


def _cautions(ev) -> list[str]:
    return [f"{number}. {ev.say(f'sections.caution.{name}')}" for number, name in enumerate(CAUTIONS, 1)]
