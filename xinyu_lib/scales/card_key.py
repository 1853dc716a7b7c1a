"""The part of a card that says how a scale is scored: items and codes, rules in words, the table of scores."""

from collections.abc import Iterable, Iterator

from xinyu_lib import columns
from xinyu_lib.scales.phrases import Phrases, span
from xinyu_lib.scales.scale import Response


def items_part(words: Phrases) -> Iterator[str]:
    """How many items there are and in which codes they are answered."""
    scale = words.scale
    yield words.say("card.items.count", n=len(scale.numbers), response=_response(words, scale.response))
    if scale.left_out:
        yield words.say("card.items.left_out", items=words.items(scale.left_out))
    for each in scale.other_responses:
        yield words.say("card.items.other", items=words.items(each.items), response=_response(words, each))
    for each in scale.supplements:
        response, label = _response(words, each), each.label.say(words.lang)
        yield words.say("card.items.supplement", label=label, items=words.items(each.items), response=response)
    for each in scale.skips:
        yield words.say(
            "card.items.skip_always" if each.overrides else "card.items.skip",
            items=words.items(each.items), gates=words.items(each.gates), at_least=each.at_least, fact=words.fact(each),
        )  # fmt: skip
    if scale.coded:
        yield words.say("card.items.coded", pairs=words.pairs(scale.coded))


def _response(words: Phrases, response: Response) -> str:
    codes = words.codes(response.codes)
    if response.coding is None:
        return words.say("card.items.codes", codes=codes)
    return words.say("card.items.codes_meaning", codes=codes, coding=response.coding.say(words.lang))


def scoring_part(words: Phrases) -> Iterator[str]:
    """Reversed items, every score in words, and what unanswered items do."""
    scale = words.scale
    if scale.reverse:
        yield words.say("card.scoring.reverse", items=words.items(scale.reverse))
    else:
        yield words.say("card.scoring.no_reverse")
    for rule in scale.scores:
        made = words.rule(rule)
        yield words.say("card.scoring.score", label=rule.label.say(words.lang), rule=made)
    yield words.say("card.scoring.gaps", gaps=words.gaps(scale.missing), fact=words.fact(scale.missing))


def scores_part(words: Phrases) -> Iterator[str]:
    """The table of scores, main one marked."""
    scale = words.scale
    if not scale.scores:
        return
    headings = ("label", "column", "role", "range", "risk", "status")
    rows = []
    for rule in scale.scores:
        label = rule.label.say(words.lang)
        rows.append(
            (
                words.say("card.scores.main", label=label) if rule.name == scale.main else label,
                f"`{columns.score(scale.id, rule.name)}`",
                words.say(f"role.{rule.role}"),
                span(*rule.range),
                words.say(f"risk.{rule.risk}"),
                words.status(rule.status or scale.verified),
            )
        )
    yield table([words.say(f"card.scores.{heading}") for heading in headings], rows)


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    headings = list(headings)
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
