"""Conditions of tier rules in words, as they are told to somebody who does not read TOML."""

from xinyu_lib.policy.conditions import All, AnyOf, Condition, Count, Known, SafetyItems, SafetyScales, Threshold
from xinyu_lib.policy.findings import Term
from xinyu_lib.registry import Label
from xinyu_lib.scales import load_scale
from xinyu_lib.words import say


def condition_in_words(condition: Condition, scale: str | None, lang: str) -> str:
    """A condition as a phrase without a full stop. scale: the rule's, None where comparisons name their own."""
    match condition:
        case Threshold(score=score, cut=cut):
            return Term("condition.threshold", {"score": score_name(condition, scale, score), "cut": cut}).say(lang)
        case Count(scores=scores, cut=cut, count=count):
            names = tuple(score_name(condition, scale, score) for score in scores)
            return Term("condition.count", {"count": count, "cut": cut, "scores": names}).say(lang)
        case SafetyItems(kinds=kinds, count=count) | SafetyScales(kinds=kinds, count=count):
            fields = {"count": count, "kinds": tuple(say(f"scales.kind.{kind}", lang) for kind in kinds)}
            return Term(f"condition.{condition.test}", fields).say(lang)
        case Known(facts=facts, months=months):
            fields = {"facts": tuple(Term(f"fact.{fact}") for fact in facts), "months": months}
            return Term("condition.known_within" if months else "condition.known", fields).say(lang)
        case All(of=of) | AnyOf(of=of):
            parts = (condition_in_words(part, scale, lang) for part in of)
            bracketed = (f"[{part}]" if hasattr(each, "of") else part for each, part in zip(of, parts, strict=True))
            return say(f"policy.condition.{condition.test}", lang).join(bracketed)


def score_name(comparison: Threshold | Count, scale: str | None, score: str) -> Label | Term:
    """What a score is called; with its scale where the comparison names it."""
    name = named_score(comparison.scale or scale, score)
    return Term("condition.of_scale", {"scale": comparison.scale, "score": name}) if comparison.scale else name


def named_score(scale: str, score: str) -> Label | Term:
    """What a score of a scale is called; the answer to a critical item by the number of the item."""
    if score.startswith("critical_"):
        return Term("condition.item", {"item": score.removeprefix("critical_")})
    return load_scale(scale).score(score).label
