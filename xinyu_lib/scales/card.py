"""`card`: everything there is to know about a scale before using it, as one Markdown page; `index`: the way there."""

from collections.abc import Iterable, Iterator, Mapping

from xinyu_lib import columns
from xinyu_lib.scales.card_key import items_part, scores_part, scoring_part, table
from xinyu_lib.scales.card_results import bands_part, example_part, norms_part, verdicts_part
from xinyu_lib.scales.limits import cautions
from xinyu_lib.scales.phrases import Phrases
from xinyu_lib.scales.scale import Scale
from xinyu_lib.words import say


def card(scale: Scale, lang: str = "zh") -> str:
    """The card of a scale in Markdown: what it is for, key, scores, bands, warnings, rights, sources, an example."""
    words = Phrases(scale, lang)
    parts = {
        "about": _about(words),
        "items": items_part(words),
        "scoring": scoring_part(words),
        "scores": scores_part(words),
        "bands": bands_part(words),
        "verdicts": verdicts_part(words),
        "critical": _critical(words),
        "answering": _answering(words),
        "norms": norms_part(words),
        "variants": _variants(words),
        "rights": _rights(words),
        "caveats": (f"- {caveat.say(lang)}" for caveat in scale.caveats),
        "sources": _sources(words),
        "example": example_part(words),
    }
    head = [f"# {words.say('card.title', title=scale.title.say(lang), id=scale.id)}", _warnings(words)]
    told = {name: "\n".join(lines) for name, lines in parts.items()}
    body = [f"## {words.say(f'card.{name}')}\n\n{text}" for name, text in told.items() if text]
    return "\n\n".join([*head, *body]) + "\n"


def index(scales: Iterable[Scale], examples: Mapping[str, tuple[int, int]], lang: str = "zh") -> str:
    """The page that leads to all cards, in Markdown. examples: scale id -> worked examples passed, and how many."""
    headings = ("id", "name", "items", "informant", "verified", "rights", "examples")
    rows = []
    for scale in scales:
        words = Phrases(scale, lang)
        passed, total = examples.get(scale.id, (0, 0))
        rows.append(
            (
                f"[{scale.id}]({scale.id}.md)",
                scale.title.say(lang),
                str(len(scale.numbers)),
                words.say(f"informant.{scale.informant}"),
                words.status(scale.verified),
                words.say(f"licence.{scale.licence.status}"),
                words.say("index.passed", passed=passed, total=total),
            )
        )
    title, intro = say("scales.index.title", lang), say("scales.index.intro", lang)
    return f"# {title}\n\n{intro}\n\n{table([say(f'scales.index.{h}', lang) for h in headings], rows)}\n"


def _warnings(words: Phrases) -> str:
    """What must be known first, set apart."""
    lines = [f"**{words.say('card.warnings')}**", "", *(f"- {each}" for each in cautions(words.scale, words.lang))]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _about(words: Phrases) -> Iterator[str]:
    scale, lang = words.scale, words.lang
    yield words.say("card.about.measures", measures=scale.measures.say(lang))
    yield words.say("card.about.informant", informant=words.say(f"informant.{scale.informant}"))
    yield words.say("card.about.population", population=scale.population.say(lang), ages=words.ages(scale.ages))
    yield words.say("card.about.timeframe", timeframe=scale.timeframe.say(lang))


def _critical(words: Phrases) -> Iterator[str]:
    """Items that must reach a human, each with the answer from which on."""
    for each in words.scale.critical:
        yield words.say(
            "card.critical.line", item=each.item, topic=each.topic.say(words.lang), from_=each.positive_at,
            kind=words.say(f"kind.{each.kind}"), stage=words.say(f"stage.{each.stage}"), fact=words.fact(each),
            column=columns.critical(words.scale.id, each.item),
        ) + ("" if each.asks else words.say("card.critical.not_asked"))  # fmt: skip


def _answering(words: Phrases) -> Iterator[str]:
    """Signs that a sheet cannot be meant as it stands."""
    scale = words.scale
    if scale.validity:
        score, at_least = words.score(scale.validity.score), scale.validity.at_least
        yield words.say("card.answering.validity", score=score, at_least=at_least, fact=words.fact(scale.validity))
    for each in scale.contradictions:
        yield words.say("card.answering.contradiction", label=each.label.say(words.lang), fact=words.fact(each))
    seconds = f"{scale.quality.seconds_per_item:g}"
    yield words.say("card.answering.too_fast", seconds=seconds, fact=words.fact(scale.quality))


def _variants(words: Phrases) -> Iterator[str]:
    for each in words.scale.variants:
        yield words.say(
            "card.variants.line", id=each.id, label=each.label.say(words.lang), what=words.say(f"what.{each.what}"),
            note=each.note.say(words.lang), fact=words.fact(each),
        )  # fmt: skip


def _rights(words: Phrases) -> Iterator[str]:
    licence = words.scale.licence
    yield words.say(
        "card.rights.line", status=words.say(f"licence.{licence.status}"), note=licence.note.say(words.lang)
    )
    if licence.ask_first:
        yield f"\n**{words.say('limits.ask_first')}**"
    yield f"\n{words.say('card.rights.no_wording')}"


def _sources(words: Phrases) -> Iterator[str]:
    scale = words.scale
    yield words.say("card.sources.source", source=scale.source)
    yield words.say("card.sources.verified", status=words.status(scale.verified))
    yield words.say("card.sources.read_in", read_in=words.clauses(scale.read_in))
