"""What a district decides, in one TOML file: tiers, census, protection of tables, readers, time limits."""

from xinyu_lib.policy.catalogue import load_policy, policies
from xinyu_lib.policy.conditions import All, AnyOf, Condition, Count, Known, SafetyItems, SafetyScales, Threshold
from xinyu_lib.policy.policy import Policy
from xinyu_lib.policy.rules import Level, Rule

__all__ = [
    "All",
    "AnyOf",
    "Condition",
    "Count",
    "Known",
    "Level",
    "Policy",
    "Rule",
    "SafetyItems",
    "SafetyScales",
    "Threshold",
    "load_policy",
    "policies",
]
