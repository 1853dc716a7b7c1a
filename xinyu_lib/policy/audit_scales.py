"""The cuts of the tier rules examined against the scale files: which end of a score is worrying, what is published."""

import math
from collections.abc import Iterator

from xinyu_lib.policy.conditions import Count, comparisons
from xinyu_lib.policy.findings import Finding, Term, fault, notice
from xinyu_lib.policy.phrases import score_name
from xinyu_lib.policy.policy import Policy
from xinyu_lib.policy.rules import Level, Rule
from xinyu_lib.registry import Label
from xinyu_lib.scales import Scale, load_scale
from xinyu_lib.scales.conditions import Scores
from xinyu_lib.scales.conditions import comparisons as comparisons_of

Compared = tuple[Label | Term, Scale, str, float]  # what a score is called, its scale, its name, the cut


def audit_scales(policy: Policy) -> Iterator[Finding]:
    """Findings level by level. Answers to critical items have no bands: they are left to the coverage table."""
    for rule in policy.rules:
        for level in rule.levels:
            where = f"rules.{rule.id}.{level.result}"
            named = {"rule": rule.id, "result": Term(f"result.{level.result}")}
            read = list(_compared(rule, level))
            if good := tuple(name for name, scale, score, _ in read if scale.score(score).risk == "low"):
                yield fault("direction", where, **named, scores=good)
            if unknown := tuple(name for name, scale, score, _ in read if not published_edges(scale, score)):
                yield notice("no_band", where, **named, scores=unknown)
            if other := tuple(_differs(*each) for each in read if _unpublished(*each[1:])):
                yield notice("cut_unpublished", where, **named, cuts=other)


def published_edges(scale: Scale, score: str) -> list[float]:
    """Values from which something published begins to hold, ascending: ends of bands, cuts, the validity limit."""
    bands = [band.low for each in scale.band_sets if score in each.scores for band in each.bands[1:]]
    asked = [part for cut in scale.cuts for part in comparisons_of(cut.when)]
    cuts = [part.cut for part in asked if isinstance(part, Scores) and score in part.scores]
    lie = [scale.validity.at_least] if scale.validity and scale.validity.score == score else []
    return sorted({float(edge) for edge in (*bands, *cuts, *lie)})


def _compared(rule: Rule, level: Level) -> Iterator[Compared]:
    for each in comparisons(level.when):
        for score in each.scores if isinstance(each, Count) else (each.score,):
            if not score.startswith("critical_"):
                yield score_name(each, rule.scale, score), load_scale(each.scale or rule.scale), score, each.cut


def _unpublished(scale: Scale, score: str, cut: float) -> bool:
    """On a score of whole numbers 9.5 is the same cut as 10."""
    edges = published_edges(scale, score)
    return bool(edges) and (math.ceil(cut) if scale.score(score).whole else cut) not in edges


def _differs(name: Label | Term, scale: Scale, score: str, cut: float) -> Term:
    edges = tuple(published_edges(scale, score))
    return Term("audit.cut_and_edges", {"score": name, "cut": cut, "edges": edges})
