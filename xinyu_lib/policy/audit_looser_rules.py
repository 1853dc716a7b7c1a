"""Where tier rules find fewer pupils than those of the policy that comes with the library: cuts, known facts."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from xinyu_lib.policy.audit_floors import shipped
from xinyu_lib.policy.audit_rules import MILDNESS
from xinyu_lib.policy.conditions import Condition, Count, Threshold, comparisons
from xinyu_lib.policy.findings import Finding, Term, notice
from xinyu_lib.policy.phrases import condition_in_words, score_name
from xinyu_lib.policy.policy import Policy
from xinyu_lib.policy.requirements import TooMany, requirements
from xinyu_lib.policy.rules import Level, Rule

Floor = tuple[str, float]  # the result, and for how many months a fact means it


@dataclass(frozen=True)
class Phrase:
    """A condition that is put in words when its finding is told."""

    condition: Condition
    scale: str | None

    def say(self, lang: str) -> str:
        return condition_in_words(self.condition, self.scale, lang)


def audit_looser_rules(policy: Policy) -> Iterator[Finding]:
    """Findings level by level, then on known facts. A rule that a district wrote under another id is its own."""
    usual = shipped()
    rules = {rule.id: rule for rule in policy.rules}
    for rule in usual.rules:
        for level in rule.levels:
            if level.result != "note":
                yield from _level(rules.get(rule.id), rule, level)
    yield from _floors(policy, usual)


def _level(own: Rule | None, rule: Rule, level: Level) -> Iterator[Finding]:
    """A usual level stands or a more urgent one in its place, and none of its cuts is higher."""
    said = {"rule": rule.id, "result": Term(f"result.{level.result}")}
    where = f"rules.{rule.id}.{level.result}"
    as_urgent = MILDNESS[: MILDNESS.index(level.result) + 1]
    stands = [each for each in (own.levels if own else ()) if each.result in as_urgent]
    if not stands:
        yield notice("looser_level", where, **said, usual=Phrase(level.when, rule.scale))
    for each in stands:
        if each.result == level.result and (higher := tuple(_higher(own, each, rule, level))):
            yield notice("looser_cut", where, **said, cuts=higher)


def _higher(own: Rule, level: Level, rule: Rule, usual: Level) -> Iterator[Term]:
    """Cuts on the same scores, the lowest against the lowest: each that is higher here."""
    here = _cuts(own, level)
    for what, known in _cuts(rule, usual).items():
        for (cut, count, _), (usual_cut, usual_count, read) in zip(here.get(what, []), known, strict=False):
            if cut > usual_cut or count > usual_count:
                names = tuple(score_name(read, rule.scale, score) for score in what[1])
                numbers = {"own": cut, "usual": usual_cut, "count": count, "usual_count": usual_count}
                yield Term(
                    "audit.looser_count" if len(names) > 1 else "audit.looser_cut_of", {"score": names, **numbers}
                )


def _cuts(rule: Rule, level: Level) -> dict[tuple, list[tuple[float, int, Threshold | Count]]]:
    """Cuts of a level by scale and scores, ascending."""
    found = defaultdict(list)
    for each in comparisons(level.when):
        scores, count = (each.scores, each.count) if isinstance(each, Count) else ((each.score,), 1)
        found[each.scale or rule.scale, tuple(sorted(scores))].append((each.cut, count, each))
    return {what: sorted(cuts, key=lambda cut: cut[:2]) for what, cuts in found.items()}


def _floors(policy: Policy, usual: Policy) -> Iterator[Finding]:
    """Facts that count for a time count as long and as much. Those that always count are examined for themselves."""
    own = _facts(policy)
    for fact, known in _facts(usual).items():
        here = own.get(fact, [])
        for result, months in known:
            covered = any(MILDNESS.index(r) <= MILDNESS.index(result) and m >= months for r, m in here)
            if math.isfinite(months) and not covered:
                words = {"own": _in_words(here), "usual": _in_words(known)}
                yield notice("looser_floor", "[[rules]]", fact=Term(f"fact.{fact}"), **words)


def _facts(policy: Policy) -> dict[str, list[Floor]]:
    """What each fact alone means at every age, by safety rules."""
    found = defaultdict(list)
    for rule in policy.rules:
        for level in rule.levels if rule.is_safety and not rule.min_age else ():
            for need in _needs(level):
                if len(need) == 1 and (None, (fact := next(iter(need))[1])) in need:
                    found[fact].append((level.result, -need[None, fact]))
    return found


def _needs(level: Level) -> list[dict]:
    try:
        return requirements(level.when)
    except TooMany:  # which is told by itself
        return []


def _in_words(floors: list[Floor]) -> tuple[Term, ...]:
    words = (
        Term(
            "audit.floor_within" if math.isfinite(months) else "audit.floor_always",
            {
                "result": Term(f"result.{result}"),
                "months": months,
            },
        )
        for result, months in floors
    )
    return tuple(words) or (Term("audit.no_floor"),)
