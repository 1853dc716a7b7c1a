"""`check_policy`: all that stands out in a policy, in plain words; `coverage`: what its rules do, as one table."""

import re
from itertools import chain

import pandas as pd

from xinyu_lib.policy.audit_calendar import audit_calendar
from xinyu_lib.policy.audit_census import audit_census
from xinyu_lib.policy.audit_clocks import audit_clocks
from xinyu_lib.policy.audit_floors import audit_floors
from xinyu_lib.policy.audit_looser import audit_looser
from xinyu_lib.policy.audit_looser_rules import audit_looser_rules
from xinyu_lib.policy.audit_rules import audit_rules
from xinyu_lib.policy.audit_scales import audit_scales
from xinyu_lib.policy.findings import Finding
from xinyu_lib.policy.phrases import condition_in_words
from xinyu_lib.policy.policy import Policy
from xinyu_lib.words import default_language, say

STANDING_ALONE = (audit_rules, audit_scales, audit_census, audit_clocks, audit_calendar)
HELD_AGAINST_THE_USUAL = (audit_floors, audit_looser_rules, audit_looser)
EXAMINED = (*STANDING_ALONE, *HELD_AGAINST_THE_USUAL)
COLUMNS = ["rule", "scale", "min_age", "result", "condition", "marks", "source"]


def check_policy(policy: Policy) -> list[Finding]:
    """Everything that stands out in a policy that loads: faults first, each kind in the order of the policy's parts.

    Every condition asks for scores at or above a cut and the most urgent result counts. So a worse answer lowers a tier
    only where a score is read on which high is good, where yellow scales are counted and one turns orange (both are
    looked for here), and where it makes the sheet void, which the policy wants: that pupil is undetermined.
    """
    found = list(chain.from_iterable(examined(policy) for examined in EXAMINED))
    return sorted(found, key=lambda finding: finding.kind != "fault")


def coverage(policy: Policy, lang: str | None = None) -> pd.DataFrame:
    """What the policy does: a row per rule and result, in the order in which they stand.

    Columns: rule (id), scale (id, NA = every scale), min_age (years, NA = every age), result, condition (in words),
    marks (how sure: P published, r recalled, D our default), source. The rules that stand beside the list come last:
    several yellow scales, and the reasons for an undetermined tier that name a rule.
    """
    lang = lang or default_language()
    rows = [
        (rule.id, rule.scale, rule.min_age, level.result, condition_in_words(level.when, rule.scale, lang), rule.source)
        for rule in policy.rules
        for level in rule.levels
    ]
    table = pd.DataFrame(rows + _beside(policy, lang), columns=[name for name in COLUMNS if name != "marks"])
    table["marks"] = [", ".join(dict.fromkeys(re.findall(r"\[([PrD])\b", source))) for source in table["source"]]
    return table[COLUMNS].astype({"min_age": "Int64"})


def _beside(policy: Policy, lang: str) -> list[tuple]:
    several, reasons = policy.tiers.several_yellow, policy.tiers.undetermined
    counted = say("policy.condition.several_yellow", lang, scales=several.scales)
    named = [(each.rule, say(f"policy.cause.{each.why}", lang)) for each in reasons if each.rule]
    return [
        (several.rule, None, None, several.result, counted, several.source),
        *((rule, None, None, "undetermined", why, "") for rule, why in named),
    ]
