"""The part of a card that says what results mean: bands, cuts and decisions, norms, and a worked example."""

from collections.abc import Iterator
from typing import Any

from xinyu_lib.scales.bands import Band, BandSet
from xinyu_lib.scales.examples import MISSING
from xinyu_lib.scales.norms import NormSet
from xinyu_lib.scales.phrases import Phrases, number, span
from xinyu_lib.scales.verdicts import Decision

KINDS = ("band", "band4", "lowest", "highest")  # what a result is of a score or decision, by the end of its column


def bands_part(words: Phrases) -> Iterator[str]:
    """Every band set, those in use by default marked."""
    if not words.scale.band_sets:
        yield words.say("card.bands.none")
    for each in words.scale.band_sets:
        yield words.say(
            "card.bands.line", scores=words.scores(each.scores), id=each.id, use=_use(words, each),
            bands=words.clauses(_band(words, band) for band in each.bands), fact=words.fact(each),
        ) + _note(words, each.note)  # fmt: skip


def _use(words: Phrases, each: BandSet) -> str:
    """Whether a set is in use, in which system, and for whom."""
    told = [words.say("card.bands.default" if each.default else "card.bands.other")]
    told += [words.say("card.bands.second")] if each.column == "band4" else []
    who = words.who(each.who)
    return words.list([*told, *([words.say("card.bands.who", who=who)] if who else [])])


def _band(words: Phrases, band: Band) -> str:
    label = band.label.say(words.lang)
    if band.below is None:
        return f"{label} {span(band.low, band.high)}"
    return words.say("card.bands.below", label=label, low=number(band.low), below=number(band.below))


def _note(words: Phrases, note: Any) -> str:
    return "" if note is None else words.say("card.note", note=note.say(words.lang))


def verdicts_part(words: Phrases) -> Iterator[str]:
    """Cuts and decisions in words."""
    for each in words.scale.cuts:
        label, when = each.label.say(words.lang), words.condition(each.when)
        yield words.say("card.verdicts.cut", label=label, name=each.name, when=when, fact=words.fact(each)) + _note(
            words, each.note
        )
    for each in words.scale.decisions:
        yield from _decision(words, each)


def _decision(words: Phrases, each: Decision) -> Iterator[str]:
    label, gaps = each.label.say(words.lang), words.say(f"card.verdicts.gaps_{each.gaps}")
    yield words.say("card.verdicts.decision", label=label, name=each.name, gaps=gaps, fact=words.fact(each)) + _note(
        words, each.note
    )
    for level in each.levels:
        when = words.condition(level.when)
        yield "    " + words.say("card.verdicts.level", label=level.label.say(words.lang), when=when)
    yield "    " + words.say("card.verdicts.otherwise", label=each.otherwise.label.say(words.lang))


def norms_part(words: Phrases) -> Iterator[str]:
    for each in words.scale.norm_sets:
        yield words.say(
            "card.norms.line", title=each.title.say(words.lang), name=each.name, kind=words.say(f"norm.{each.kind}"),
            population=each.population.say(words.lang), collected=each.collected, groups=_groups(words, each),
            fact=words.fact(each),
        ) + _note(words, each.note)  # fmt: skip


def _groups(words: Phrases, each: NormSet) -> str:
    """Who was measured, and how many, group by group."""
    told = []
    for group in each.groups:
        who = words.who(group.who) or words.say("card.norms.everybody")
        size = words.say("card.norms.n_unknown") if group.n is None else words.say("card.norms.n", n=group.n)
        told.append(f"{who} {size}")
    return words.clauses(told)


def example_part(words: Phrases) -> Iterator[str]:
    """The first worked example of the file: its sheet and what must come of it."""
    example = next((each for each in words.scale.examples if each.form is None), None)
    if example is None:
        return
    yield words.say("card.example.responses", responses=example.responses)
    if example.why:
        yield words.say("card.example.why", why=example.why)
    for field, value in example.expected.items():
        yield f"- {_field(words, field, value)}"


def _field(words: Phrases, field: str, value: Any) -> str:
    """One expected result under the name the scale gives it; a field of the file alone keeps its own."""
    scale = words.scale
    if isinstance(value, dict):
        inner = words.list(_of_score(words, name, each) for name, each in value.items())
        return words.say("card.example.field", name=f"`{field}`", value=inner)
    name = f"{scale.main}_band" if field == "band" else field
    score, _, kind = name.rpartition("_")
    labels, of = _labels(words), name
    label = labels.get(name, f"`{name}`")
    if kind in KINDS and score in labels:
        label = words.say(f"card.example.{kind}", of=labels[score])
        of = name if kind.startswith("band") else score
    return words.say("card.example.field", name=label, value=_value(words, of, value))


def _of_score(words: Phrases, name: str, value: Any) -> str:
    """A value of one score, or its band of either system, among others."""
    bands = (_outcomes(words).get((f"{name}_{column}", value)) for column in ("band", "band4"))
    return f"{_labels(words).get(name, name)} {next(filter(None, bands), None) or _value(words, name, value)}"


def _labels(words: Phrases) -> dict[str, str]:
    scale = words.scale
    named = {each.name: each.label.say(words.lang) for each in (*scale.scores, *scale.cuts, *scale.decisions)}
    return named | {f"critical_{word}": words.say(f"card.example.critical_{word}") for word in ("yes", "unanswered")}


def _value(words: Phrases, name: str, value: Any) -> str:
    """A result in words: yes and no, band and outcome by their labels, nothing where none may be given."""
    if value is None or value == MISSING:
        return words.say("card.example.missing")
    if isinstance(value, bool):
        return words.say("yes" if value else "no")
    if isinstance(value, list):
        told = words.list(_labels(words).get(str(each), str(each)) for each in value)
        return told or words.say("card.example.nothing")
    return _outcomes(words).get((name, value), number(value) if isinstance(value, int | float) else str(value))


def _outcomes(words: Phrases) -> dict[tuple[str, Any], str]:
    """Label of every band and decision outcome, by column and code."""
    bands = {
        (f"{score}_{each.column}", band.code): band.label.say(words.lang)
        for each in words.scale.band_sets for score in each.scores for band in each.bands
    }  # fmt: skip
    return bands | {(d.name, o.code): o.label.say(words.lang) for d in words.scale.decisions for o in d.outcomes}
