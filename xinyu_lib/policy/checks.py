"""What a policy file must also hold, beyond the type of each key; the first fault is raised on load."""

from collections.abc import Iterator
from itertools import chain, pairwise
from typing import NamedTuple, get_args

from xinyu_lib.errors import DefinitionError
from xinyu_lib.policy.conditions import Count, SafetyItems, Threshold, comparisons
from xinyu_lib.policy.policy import Policy
from xinyu_lib.policy.rules import Level, Result, Rule, Why
from xinyu_lib.policy.settings import Audience
from xinyu_lib.policy.stages import Step
from xinyu_lib.scales import Scale, load_scale, scales
from xinyu_lib.tables import load_table


class Fault(NamedTuple):
    key: str
    message_id: str
    fields: dict[str, object]


def check(policy: Policy, file: str) -> None:
    """Raises DefinitionError naming file, key and what is allowed."""
    faults = chain(
        _scales(policy),
        _rules(policy),
        _comparisons(policy),
        _safety(policy),
        _undetermined(policy),
        _named_rules(policy),
        _interview(policy),
        _duties(policy),
        _audiences(policy),
        _protection(policy),
    )
    for fault in faults:
        raise DefinitionError(fault.message_id, file=file, key=fault.key, **fault.fields)


def _scales(policy: Policy) -> Iterator[Fault]:
    """Every scale that is named exists."""
    named = [(f"rules.{rule.id}.scale", rule.scale) for rule in policy.rules if rule.scale]
    for rule, key, comparison in _all_comparisons(policy):
        if comparison.scale:
            named.append((f"{key}.scale", comparison.scale))
        if rule.is_safety != bool(comparison.scale):
            yield Fault(f"{key}.scale", "policy.scale_once", {})
    for number, each in enumerate(policy.census.battery):
        named += [(f"census.battery.{number}.scales", scale) for scale in each.scales]
    for key, name in named:
        if name not in scales():
            yield _unknown(key, name, scales())


def _rules(policy: Policy) -> Iterator[Fault]:
    """Ids stand once; levels go from the most to the least urgent."""
    seen = [policy.tiers.several_yellow.rule]
    for rule in policy.rules:
        if rule.id in seen:
            yield Fault(f"rules.{rule.id}", "policy.rule_twice", {})
        seen.append(rule.id)
        order = [get_args(Result).index(level.result) for level in rule.levels]
        if any(upper >= lower for upper, lower in pairwise(order)):
            allowed = " > ".join(get_args(Result))
            yield Fault(f"rules.{rule.id}.levels", "policy.level_order", {"order": allowed})


def _comparisons(policy: Policy) -> Iterator[Fault]:
    """Every score exists in its scale and can reach its cut."""
    for rule, key, comparison in _all_comparisons(policy):
        ranges = _ranges(load_scale(comparison.scale or rule.scale))
        names = comparison.scores if isinstance(comparison, Count) else (comparison.score,)
        for name in names:
            if name not in ranges:
                yield _unknown(f"{key}.score", name, list(ranges))
            low, high = ranges[name]
            if not low < comparison.cut <= high:
                yield Fault(f"{key}.cut", "policy.cut_outside", {"score": name, "low": low, "high": high})
        if isinstance(comparison, Count) and (comparison.count > len(names) or len(set(names)) < len(names)):
            yield Fault(f"{key}.count", "policy.count", {"scores": len(set(names))})


def _ranges(scale: Scale) -> dict[str, tuple[float, float]]:
    """Lowest and highest value of every score a rule may read, the answers to critical items included."""
    answers = {f"critical_{each.item}": (scale.response.min, scale.response.max) for each in scale.critical}
    return {rule.name: rule.range for rule in scale.scores} | answers


def _safety(policy: Policy) -> Iterator[Fault]:
    """A positive safety item alone is always at least orange: no policy may switch that off."""
    levels = [level for rule in policy.rules if rule.is_safety and not rule.min_age for level in rule.levels]
    if not any(_urgent_at_one_item(level, policy) for level in levels):
        yield Fault("rules", "policy.safety_rule", {"kinds": ", ".join(policy.tiers.safety_kinds)})


def _urgent_at_one_item(level: Level, policy: Policy) -> bool:
    when, urgent = level.when, level.result in ("red", "orange")
    one_item = isinstance(when, SafetyItems) and when.count == 1
    return urgent and one_item and set(policy.tiers.safety_kinds) <= set(when.kinds)


def _undetermined(policy: Policy) -> Iterator[Fault]:
    """Every reason stands once, so that the order of precedence is complete."""
    found = [each.why for each in policy.tiers.undetermined]
    if sorted(found) != sorted(get_args(Why)):
        yield Fault("[[tiers.undetermined]]", "policy.each_once", {"all": ", ".join(get_args(Why))})


def _named_rules(policy: Policy) -> Iterator[Fault]:
    """A reason that names a rule names one of the common rule set for it (T03, T04, T13), or one that stands here."""
    known = sorted({"T03", "T04", "T13", *(rule.id for rule in policy.rules)})
    for each in policy.tiers.undetermined:
        if each.rule and each.rule not in known:
            yield _unknown(f"tiers.undetermined.{each.why}.rule", each.rule, known)


def _interview(policy: Policy) -> Iterator[Fault]:
    """Every finding that an interview may have means one tier."""
    named = [finding for _, findings in policy.interview for finding in findings]
    codes = [code.code for code in load_table("interview").column("findings").codes]
    if sorted(named) != sorted(codes):
        yield Fault("interview", "policy.each_once", {"all": ", ".join(codes)})


def _duties(policy: Policy) -> Iterator[Fault]:
    """Somebody does every step."""
    if set(policy.duties) != set(get_args(Step)):
        yield Fault("duties", "policy.each_once", {"all": ", ".join(get_args(Step))})


def _audiences(policy: Policy) -> Iterator[Fault]:
    if absent := [name for name in get_args(Audience) if name not in policy.disclosure]:
        yield Fault("disclosure", "policy.audience_absent", {"absent": ", ".join(absent)})


def _protection(policy: Policy) -> Iterator[Fault]:
    """No two numbers of one audience contradict each other."""
    for name, rule in policy.disclosure.items():
        for key in ("means_min_n", "curve_min_events"):
            if getattr(rule, key) < rule.threshold:
                yield Fault(f"disclosure.{name}.{key}", "disclosure.below_threshold", {"threshold": rule.threshold})
        if rule.hide_0_and_100 and rule.zero == "show":
            yield Fault(f"disclosure.{name}.hide_0_and_100", "disclosure.open_zero", {})
        narrowing = sorted(rule.caps, key=lambda cap: (cap.below, cap.percent))
        if any(a.below == b.below or a.percent <= b.percent for a, b in pairwise(narrowing)):
            yield Fault(f"disclosure.{name}.caps", "disclosure.cap_never_used", {})


def _all_comparisons(policy: Policy) -> Iterator[tuple[Rule, str, Threshold | Count]]:
    for rule in policy.rules:
        for level in rule.levels:
            for comparison in comparisons(level.when):
                yield rule, f"rules.{rule.id}.{level.result}", comparison


def _unknown(key: str, name: str, known: list[str]) -> Fault:
    return Fault(key, "policy.unknown", {"name": name, "known": ", ".join(known)})
