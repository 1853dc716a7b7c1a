"""The time limits examined: nobody waits without one, and the more urgent never longer."""

from collections.abc import Iterator
from typing import get_args

from xinyu_lib.policy.findings import Finding, Term, fault, notice
from xinyu_lib.policy.policy import Policy
from xinyu_lib.policy.stages import Colour, Limit, Span

# Causes from the most to the least urgent, each of which is under its own clocks.
ORDERS = (("red", "safety_signal", "orange", "yellow", "none"), ("invalid_over_cut", "invalid"))
# Days that a unit stands for when two limits are held against each other: five school days a week, two waves a year.
DAYS = {"hours": 1 / 24, "days": 1, "school_days": 7 / 5, "weeks": 7, "waves": 365 / 2}
# Steps by which somebody reaches a pupil of the census, before anything can be confirmed.
REACHES = ("first_contact", "ask_in_person", "remeasure")
# Causes that nobody may wait with unknown to a second person.
URGENT = (*get_args(Colour), "safety_signal", "safety_unanswered")


def audit_clocks(policy: Policy) -> Iterator[Finding]:
    """Findings on clocks that are not there, on their order, and on escalation."""
    for cause, step in due_steps(policy):
        if step not in policy.clocks.get(cause, {}):
            yield fault("clock_absent", f"clocks.{cause}", **named(cause, step))
    yield from _starts(policy)
    for causes in ORDERS:
        yield from _order(policy, causes)
    yield from _escalation(policy)


def due_steps(policy: Policy) -> list[tuple[str, str]]:
    """What must have a clock: seeing a pupil, asking what was left blank, measuring again."""
    seen = [(cause, "first_contact") for cause in (*get_args(Colour), "safety_signal")]
    again = [(each.why, "remeasure") for each in policy.tiers.undetermined if each.remeasure]
    return [*seen, ("safety_unanswered", "ask_in_person"), *again]


def _starts(policy: Policy) -> Iterator[Finding]:
    """A limit that starts at a confirmation never runs for whom nobody has seen yet."""
    for cause, steps in policy.clocks.items():
        for step, limit in steps.items():
            if step in REACHES and limit.starts == "confirmed":
                yield fault("starts_confirmed", f"clocks.{cause}.{step}", **named(cause, step))


def _order(policy: Policy, causes: tuple[str, ...]) -> Iterator[Finding]:
    """Each limit against that of the next milder cause with the same step, where both start alike."""
    for place, cause in enumerate(causes):
        for step, limit in policy.clocks.get(cause, {}).items():
            milder = next((each for each in causes[place + 1 :] if step in policy.clocks.get(each, {})), None)
            if milder and _longer(limit, other := policy.clocks[milder][step]):
                spans = {"span": in_words(limit), "other": in_words(other), "milder": Term(f"cause.{milder}")}
                yield fault("clock_order", f"clocks.{cause}.{step}", **named(cause, step), **spans)


def _longer(limit: Limit, other: Limit) -> bool:
    alike = (limit.starts, limit.every) == (other.starts, other.every)
    return alike and latest(limit) > latest(other)


def latest(span: Span) -> float:
    """Days until a limit is over: hours to the minute, all others to the end of their last day."""
    return span.within * DAYS[span.unit] + (span.unit != "hours")


def _escalation(policy: Policy) -> Iterator[Finding]:
    """Only what has a clock can be late, and what is urgent is told when it is."""
    due = {cause for cause, _ in due_steps(policy)}  # whose clocks are missed by name
    told = {cause for each in policy.escalation for cause in each.causes}
    for number, each in enumerate(policy.escalation):
        if idle := [cause for cause in each.causes if cause not in due and not policy.clocks.get(cause)]:
            causes = tuple(Term(f"cause.{cause}") for cause in idle)
            yield notice("escalation_idle", f"escalation.{number}.causes", causes=causes)
    if untold := [cause for cause in URGENT if policy.clocks.get(cause) and cause not in told]:
        yield notice("not_escalated", "[[escalation]]", causes=tuple(Term(f"cause.{cause}") for cause in untold))


def named(cause: str, step: str) -> dict[str, Term]:
    return {"cause": Term(f"cause.{cause}"), "step": Term(f"step.{step}")}


def in_words(span: Span) -> Term:
    """A stretch of time as it is told."""
    return Term(f"span.{span.unit}", {"n": span.within})
