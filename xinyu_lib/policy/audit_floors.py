"""What no district may give up, examined: signatures, sheets that can be void, pupils who stay in the queue."""

from collections.abc import Iterator

from xinyu_lib.policy.catalogue import load_policy
from xinyu_lib.policy.findings import Finding, Term, fault
from xinyu_lib.policy.policy import Policy
from xinyu_lib.registry import Label
from xinyu_lib.tables import load_table

SHIPPED = "donghu-2025"
TIERS = ("red", "orange", "yellow", "none")  # of an interview, from the most urgent down


def shipped() -> Policy:
    """The policy that comes with the library: what others are held against."""
    return load_policy(SHIPPED)


def audit_floors(policy: Policy) -> Iterator[Finding]:
    """Findings on signatures, on validity, on states of the census, on what an interview must mean."""
    yield from _signatures(policy)
    yield from _void(policy)
    yield from _states(policy)
    for finding, own, _ in milder_findings(policy, from_red=True):
        result = Term(f"cause.{own}")
        yield fault("interview_below_red", f"interview.{own}", finding=finding_name(finding), result=result)


def _signatures(policy: Policy) -> Iterator[Finding]:
    """Nobody confirms red alone, and nobody lowers red or orange alone."""
    if "red" not in policy.confirmation.second_signature:
        yield fault("red_signed_alone", "confirmation.second_signature")
    alone = [tier for tier in ("red", "orange") if tier not in policy.confirmation.second_signature_to_lower]
    if alone:
        results = tuple(Term(f"result.{tier}") for tier in alone)
        yield fault("lowered_alone", "confirmation.second_signature_to_lower", results=results)


def _void(policy: Policy) -> Iterator[Finding]:
    """Some check voids a sheet: alone, or several that can come together once gaps are put aside."""
    validity, several = policy.validity, policy.validity.several
    gaps = set(validity.gap_checks)
    together = several is not None and len(set(several.checks) - gaps) >= several.at_least
    if not set(validity.alone) - gaps and not together:
        yield fault("nothing_void", "[validity]")


def _states(policy: Policy) -> Iterator[Finding]:
    """Sheets that were handed in count, and whoever was not reached or did not finish is measured again."""
    usual = shipped()
    again = {each.why for each in usual.tiers.undetermined if each.remeasure}
    kept = {state.why for state in usual.tiers.states.values()} & again
    for name, known in usual.tiers.states.items():
        state = policy.tiers.states.get(name, known)
        unread = state.answers == "safety_only" and state.why not in ("refused", "no_consent")  # is told as such
        if known.answers == "enough" != state.answers and not unread:
            yield fault("answers_not_enough", f"tiers.states.{name}.answers", state=name)
        if known.why in kept and state.why not in {*kept, name}:
            why = Term(f"cause.{state.why}")
            yield fault("out_of_queue", f"tiers.states.{name}.why", state=name, why=why, kept=_causes(kept))


def _causes(whys: set[str]) -> tuple[Term, ...]:
    return tuple(Term(f"cause.{why}") for why in sorted(whys))


def milder_findings(policy: Policy, *, from_red: bool) -> Iterator[tuple[str, str, str]]:
    """Findings of an interview with a milder tier than usual: code, tier here, usual one; those of red, or the rest."""
    own = policy.interview.tier_of
    for finding, usual in shipped().interview.tier_of.items():
        tier = own.get(finding, usual)
        if (usual == "red") == from_red and TIERS.index(tier) > TIERS.index(usual):
            yield finding, tier, usual


def finding_name(code: str) -> Label:
    """A finding as the interview form writes it."""
    return next(each.label for each in load_table("interview").column("findings").codes if each.code == code)
