"""A policy as declared: one district's decisions, frozen, derived from one TOML file."""

from pydantic import Field

from xinyu_lib.policy.rules import Rule, Tiers
from xinyu_lib.policy.settings import Audience, AudienceRule, Census, Reports, Validity
from xinyu_lib.policy.stages import Clocks, Confirmation, Escalation, Interview, Role, Sample, Step
from xinyu_lib.policy.terms import Calendar
from xinyu_lib.provenance import digest
from xinyu_lib.registry import Definition, Label, Text


class Policy(Definition):
    """One policy.

    readers: which audience (a protection level) a reader (a person) belongs to. duties: who does each step.
    """

    id: Text
    version: Text
    title: Label
    census: Census
    readers: dict[Text, Audience]
    disclosure: dict[Audience, AudienceRule]
    reports: Reports
    validity: Validity
    tiers: Tiers
    rules: tuple[Rule, ...] = Field(min_length=1)
    sample: Sample
    interview: Interview
    confirmation: Confirmation
    clocks: Clocks
    duties: dict[Step, Role]
    escalation: tuple[Escalation, ...]
    calendar: Calendar

    @property
    def fingerprint(self) -> str:
        """Hash (64 hex digits) of everything the policy says; comments and the order of keys do not count."""
        return digest(self.model_dump(mode="json"))

    @property
    def rule_set(self) -> str:
        """Id and short fingerprint, stored with every result."""
        return f"{self.id}+{self.fingerprint[:12]}"

    @property
    def ruled_scales(self) -> frozenset[str]:
        """Ids of the scales that a tier rule reads."""
        return frozenset(rule.scale for rule in self.rules if rule.scale)

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """Every rule in force, also those that stand beside the list of rules, in order of their ids."""
        beside = [each.rule for each in self.tiers.undetermined if each.rule]
        return tuple(sorted({*(rule.id for rule in self.rules), *beside, self.tiers.several_yellow.rule}))
