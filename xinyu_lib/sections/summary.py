"""Section 1: the page a principal in a hurry reads: findings, actions with owner and date, cautions."""

from xinyu_lib.disclosure import TOTAL
from xinyu_lib.present import Bullets, Callout, Facts, Heading, Kpis, Paragraph, Section, interval, sentence, text
from xinyu_lib.sections import coverage
from xinyu_lib.sections.tiers import ruled, told

CAUTIONS = ("screen", "masked", "no_ranking")


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
    items = [
        _kpi(ev, "eligible", outcomes.number(TOTAL)),
        _kpi(ev, "scored", outcomes.number("scored", "share"), outcomes, "scored"),
    ]
    if ruled(ev):
        tiers = ev.tier_shares
        first = tiers.categories[0]
        items.append(_kpi(ev, first, tiers.number(first, "share"), tiers, first))
        items.append(_kpi(ev, "undetermined", tiers.number("undetermined", "share"), tiers, "undetermined"))
    return Kpis(tuple(items))


def _kpi(ev, name: str, number, shares=None, row: str = "") -> tuple[str, str, str]:
    label = ev.say(f"sections.kpi.{name}")
    if shares is None:
        return label, text(number, ev.lang), ev.say("sections.kpi.persons")
    count, total = text(shares.number(row), ev.lang), text(shares.number(TOTAL), ev.lang)
    span = interval(shares.number(row, "low"), shares.number(row, "high"), ev.lang)
    return label, text(number, ev.lang), ev.say("sections.kpi.of", n=count, total=total, interval=span)


def _findings(ev) -> list[Paragraph]:
    found = [coverage.told(ev)]
    if ruled(ev):
        found += told(ev, ev.tier_shares)
        numbers = ev.tier_shares.numbers("undetermined")
        found.append(sentence("sections.summary.undetermined", ev.lang, **numbers))
    return found + [block for scale in ev.material.scales for block in _highest(ev, scale)]


def _highest(ev, scale) -> list[Paragraph]:
    """The subscale with the highest share of its range; only for scales that have several."""
    means = ev.means(scale)
    shown = means.shown["mean"].drop(index=scale.main).dropna()
    if len(shown) < 2:
        return []
    name = shown.idxmax()
    names = {"scale": scale.title.say(ev.lang), "subscale": scale.score(name).label.say(ev.lang)}
    return [sentence("sections.summary.highest", ev.lang, **names, **means.numbers(name))]


def _actions(ev) -> list[tuple[str, str]]:
    """Actions in the order of their urgency: who and until when, then what."""
    names = ["safety", "remeasure", "interview", "coverage", "inform"]
    if not ruled(ev):
        names = ["safety", "rule", "coverage", "inform"]
    return [(ev.say(f"sections.action.{name}.who"), ev.say(f"sections.action.{name}.what")) for name in names]


def _cautions(ev) -> list[str]:
    return [f"{number}. {ev.say(f'sections.caution.{name}')}" for number, name in enumerate(CAUTIONS, 1)]
