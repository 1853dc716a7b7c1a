"""Limits of use: what must be said wherever a scale is used or its results are read."""

from collections.abc import Iterator

from xinyu_lib.scales.phrases import Phrases
from xinyu_lib.scales.scale import Scale


def limits(scale: Scale, ages: tuple[int, int] | None, lang: str) -> list[str]:
    """Sentences to print beside results of a scale; empty where nothing speaks against its use.

    ages: youngest and oldest age of the pupils it was given to, in whole years; None where not known. The sentences
    name the range of the scale and never an age or a count of pupils.
    """
    words = Phrases(scale, lang)
    found = [words.say("limits.age_outside", ages=words.ages(scale.ages))] if _outside(scale, ages) else []
    return found + list(_always(words))


def cautions(scale: Scale, lang: str) -> list[str]:
    """Sentences for the head of a scale's card: whom it is not for, what it cannot see, what is not sure."""
    words = Phrases(scale, lang)
    return [_ages(words), *_always(words), *_suicide(words), *_recalled_parts(words)]


def _outside(scale: Scale, ages: tuple[int, int] | None) -> bool:
    return scale.ages is not None and ages is not None and not all(scale.ages.holds(age) for age in ages)


def _always(words: Phrases) -> Iterator[str]:
    if words.scale.licence.ask_first:
        yield words.say("limits.ask_first")
    if words.scale.verified == "recalled":
        yield words.say("limits.recalled")


def _ages(words: Phrases) -> str:
    ages = words.scale.ages
    return words.say("limits.ages_unknown") if ages is None else words.say("limits.ages", ages=words.ages(ages))


def _suicide(words: Phrases) -> Iterator[str]:
    found = [each.asks for each in words.scale.critical if each.kind == "suicide"]
    if not any(found):
        yield words.say("limits.unsure_suicide_item" if found else "limits.no_suicide_item")


def _recalled_parts(words: Phrases) -> Iterator[str]:
    """One sentence naming what else only rests on memory."""
    scale = words.scale
    parts = [rule.label.say(words.lang) for rule in scale.scores if rule.status == "recalled"]
    parts += [each.label.say(words.lang) for each in (*scale.cuts, *scale.decisions) if each.status == "recalled"]
    bands = [name for each in scale.band_sets if each.status == "recalled" for name in each.scores]
    parts += [words.say("limits.bands_of", score=words.score(name)) for name in dict.fromkeys(bands)]
    items = [each.item for each in scale.critical if each.status == "recalled"]
    parts += [words.say("limits.critical", items=words.items(items))] if items else []
    parts += [each.title.say(words.lang) for each in scale.norm_sets if each.status == "recalled"]
    if parts:
        yield words.say("limits.recalled_parts", parts=words.list(parts))
