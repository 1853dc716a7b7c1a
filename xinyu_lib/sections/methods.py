"""Section 16: scales with their sources and limits, reliability in this school, rules and versions."""

import pandas as pd

from xinyu_lib.present import Callout, Facts, Heading, Paragraph, Section, sentence, table
from xinyu_lib.psychometrics import reliability
from xinyu_lib.scales.limits import limits
from xinyu_lib.scales.phrases import Phrases
from xinyu_lib.workspace.ages import ages_on


def section(ev) -> Section:
    """One card per scale, then the rules that were applied."""
    blocks = [ev.heading("sections.methods.heading"), Paragraph(ev.say("sections.methods.intro"))]
    for scale in ev.material.scales:
        blocks += [
            Heading(scale.title.say(ev.lang), 2),
            *_warnings(ev, scale),
            card(ev, scale),
            *_reliability(ev, scale),
        ]
    blocks += [Heading(ev.say("sections.methods.rules"), 2), Paragraph(_rules(ev))]
    return Section("methods", ev.lang, tuple(blocks))


def _warnings(ev, scale) -> list[Callout]:
    """What speaks against reading this scale's results as they stand, in these pupils."""
    told = limits(scale, _ages(ev, scale), ev.lang)
    return [Callout("caution", ev.say("sections.methods.limits"), " ".join(told))] if told else []


def _ages(ev, scale) -> tuple[int, int] | None:
    """Youngest and oldest age of the pupils who were given the scale; used to choose sentences and never printed."""
    given = ev.material.roster["pupil_key"].isin(ev.material.all_scores(scale)["pupil_key"])
    ages = ages_on(ev.material.roster[given], ev.as_of).dropna()
    return (int(ages.min()), int(ages.max())) if len(ages) else None


def card(ev, scale) -> Facts:
    """The short card: what the scale is, how it is scored, how sure its key is, what its text may be used for."""
    words = Phrases(scale, ev.lang)
    values = {
        "id": scale.id,
        "items": f"{len(scale.numbers)} · {words.codes(scale.response.codes)}",
        "informant": words.say(f"informant.{scale.informant}"),
        "ages": words.ages(scale.ages),
        "missing": words.gaps(scale.missing),
        "verified": words.status(scale.verified),
        "bands": "; ".join(dict.fromkeys(chosen.source for chosen in scale.bands_from.values())),
        "licence": scale.licence.note.say(ev.lang),
        "source": scale.source,
    }
    rows = [(ev.say(f"sections.card.{name}"), value) for name, value in values.items() if value]
    rows += [(ev.say("sections.card.caveat"), caveat.say(ev.lang)) for caveat in scale.caveats]
    return Facts(tuple(rows))


def _reliability(ev, scale) -> list:
    """Cronbach's alpha of each score in these pupils, protected like any other coefficient."""
    if ev.outcome_shares.number("scored").masked:
        return [Paragraph(ev.say("sections.overall.hidden"))]
    alphas = reliability(ev.material.answers(scale), scale).table
    frame = pd.DataFrame(
        {"n": alphas["n_used"], "mean": alphas["alpha"], "low": alphas["low"], "high": alphas["high"]}
    ).astype({"n": "int64"})
    safe = ev.protect_coefficients(frame)
    if safe.masked.to_numpy().all():
        return [sentence("sections.methods.too_few", ev.lang, n=str(safe.threshold))]
    labels = {name: scale.score(name).label.say(ev.lang) for name in frame.index}
    headings = {"n": ev.say("sections.column.n"), "mean": ev.say("sections.column.alpha")}
    headings |= {c: ev.say(f"sections.column.{c}") for c in ("low", "high")}
    caption = ev.say("sections.methods.reliability", scale=scale.title.say(ev.lang))
    return [table(safe, lang=ev.lang, caption=caption, rows=labels, columns=headings)]


def _rules(ev) -> str:
    ids = ev.say("sections.comma").join(ev.policy.rule_ids)
    return ev.say("sections.methods.rule_set", policy=ev.policy.id, version=ev.policy.fingerprint[:12], rules=ids)
