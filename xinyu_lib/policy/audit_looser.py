"""Where a policy asks for less than the one that comes with the library: reviews, sample, interview, time limits."""

from collections.abc import Iterator

from xinyu_lib.policy.audit_clocks import REACHES, URGENT, due_steps, in_words, latest, named
from xinyu_lib.policy.audit_floors import finding_name, milder_findings, shipped
from xinyu_lib.policy.findings import Finding, Term, notice
from xinyu_lib.policy.policy import Policy
from xinyu_lib.policy.stages import Escalation, Limit


def audit_looser(policy: Policy) -> Iterator[Finding]:
    """Findings in the order of the policy: measuring again, sample, interview, reviews, limits, escalation.

    What is told as a fault or by another examination is not told again.
    """
    usual = shipped()
    yield from _remeasure(policy, usual)
    yield from _numbers(policy, usual)
    for finding, own, tier in milder_findings(policy, from_red=False):
        tiers = {"own": Term(f"cause.{own}"), "usual": Term(f"cause.{tier}")}
        yield notice("looser_interview", f"interview.{own}", finding=finding_name(finding), **tiers)
    yield from _clocks(policy, usual)
    yield from _escalation(policy, usual)


def _remeasure(policy: Policy, usual: Policy) -> Iterator[Finding]:
    again = {each.why for each in usual.tiers.undetermined if each.remeasure}
    for each in policy.tiers.undetermined:
        if each.why in again and not each.remeasure:
            where = f"tiers.undetermined.{each.why}.remeasure"
            yield notice("looser_remeasure", where, why=Term(f"cause.{each.why}"), own="false", usual="true")


def _numbers(policy: Policy, usual: Policy) -> Iterator[Finding]:
    numbers = {
        "sample.share": (policy.sample.share, usual.sample.share),
        "sample.at_least": (policy.sample.at_least, usual.sample.at_least),
        "confirmation.stable_reviews": (policy.confirmation.stable_reviews, usual.confirmation.stable_reviews),
    }
    for where, (own, known) in numbers.items():
        if own < known:
            yield notice(f"looser_{where.split('.')[1]}", where, own=own, usual=known)


def _clocks(policy: Policy, usual: Policy) -> Iterator[Finding]:
    """Each usual limit: still there, and no longer; a step that must have a clock is missed as `clock_absent`."""
    due = due_steps(policy)
    for cause, steps in usual.clocks.items():
        for step, limit in steps.items():
            own = policy.clocks.get(cause, {}).get(step)
            words = {**named(cause, step), "usual": _limit_in_words(limit)}
            if own is None and (cause, step) not in due:
                yield notice("looser_clock_absent", f"clocks.{cause}", **words)
            elif own and _looser(own, limit, step):
                yield notice("looser_clock", f"clocks.{cause}.{step}", own=_limit_in_words(own), **words)


def _looser(own: Limit, usual: Limit, step: str) -> bool:
    """Over later, begun later, done once instead of again and again, or standing still in exam weeks."""
    begun_later = (usual.starts, own.starts) == ("answer", "confirmed") and step not in REACHES
    rests = own.not_in_exams and not usual.not_in_exams
    return latest(own) > latest(usual) or begun_later or rests or (usual.every and not own.every)


def _limit_in_words(limit: Limit) -> tuple[Term, ...]:
    said = {
        "limit.every": limit.every,
        "limit.confirmed": limit.starts == "confirmed",
        "limit.not_in_exams": limit.not_in_exams,
    }
    return (in_words(limit), *(Term(word) for word, holds in said.items() if holds))


def _escalation(policy: Policy, usual: Policy) -> Iterator[Finding]:
    """For each cause the first to be told is told no later than usual, so is the second; who it is a district says."""
    for cause in usual.clocks:
        own = _told(policy, cause)
        if not own and cause in URGENT:  # told as `not_escalated`, or without any clock
            continue
        for place, known in enumerate(_told(usual, cause)):
            here = own[place] if place < len(own) else None
            if here is None or latest(here.after) > latest(known.after):
                words = {"own": _escalation_in_words(here), "usual": _escalation_in_words(known)}
                yield notice("looser_escalation", "[[escalation]]", cause=Term(f"cause.{cause}"), **words)


def _told(policy: Policy, cause: str) -> list[Escalation]:
    return sorted((each for each in policy.escalation if cause in each.causes), key=lambda each: latest(each.after))


def _escalation_in_words(each: Escalation | None) -> Term:
    return in_words(each.after) if each else Term("audit.nobody_further")
