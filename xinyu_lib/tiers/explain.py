"""The reason sheet of one pupil: what was found, against which line, how near, and what happens next."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from xinyu_lib.errors import DataError, ParameterError
from xinyu_lib.policy import Policy, load_policy, policies
from xinyu_lib.scales import load_scale
from xinyu_lib.tables import load_table
from xinyu_lib.tiers.reasons import Reason, reasons_from_json
from xinyu_lib.words import say


@dataclass(frozen=True)
class ReasonSheet:
    """Sentences about one pupil's provisional tier, for whoever may see the whole file; never for a report.

    lines: in order of reading. table: a row per reason with rule, scale, score, value, cut, distance, in the order in
    which the rules were read.
    """

    lines: tuple[str, ...]
    table: pd.DataFrame

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self.lines)


def explain(tiers: pd.DataFrame, pupil: object, *, policy: Policy | None = None, lang: str = "zh") -> ReasonSheet:
    """Why a pupil has a provisional tier, in plain words.

    tiers: as `classify_tiers` gives them, or as they are stored (reasons as JSON), indexed by pupil. pupil: a label of
    the index. policy: the one that the tiers were made with; looked up among those that come with the library if None.
    Raises DataError for a pupil without a row, ParameterError when the policy is another or has to be given.
    """
    if pupil not in tiers.index:
        raise DataError("tiers.no_such_pupil", n=len(tiers))
    row = tiers.loc[pupil]
    policy = policy or _policy_of(row["rule_set"])
    if policy.rule_set != row["rule_set"]:
        raise ParameterError("tiers.other_policy", made_with=row["rule_set"], given=policy.rule_set)
    reasons = reasons_from_json(row["reasons"]) if isinstance(row["reasons"], str) else row["reasons"]
    lines = (*_finding(row, lang), *_reasons(row, reasons, policy, lang), *_next(row, lang))
    return ReasonSheet(lines, pd.DataFrame(list(reasons), columns=list(Reason._fields)))


def in_words(reason: Reason, policy: Policy, lang: str) -> str:
    """One reason as a sentence: the rule, what was found, the line, and by how much."""
    found = {"value": f"{reason.value:g}", "cut": f"{reason.cut:g}", "distance": f"{reason.distance:g}"}
    rule = {"rule": reason.rule, "why": _why(reason.rule, policy, lang)}
    if reason.scale is None:
        if reason.score == "yellow_scales":
            return say("tiers.explain.yellow_scales", lang, **rule, **found)
        return say("tiers.explain.fact", lang, **rule, fact=say(f"tiers.fact.{reason.score}", lang))
    scale = load_scale(reason.scale)
    rule["scale"] = scale.title.say(lang)
    if reason.score.startswith("critical_"):
        item = next(each for each in scale.critical if f"critical_{each.item}" == reason.score)
        return say("tiers.explain.item", lang, **rule, **found, item=item.item, topic=item.topic.say(lang))
    above = "score" if reason.distance else "score_at_the_line"
    return say(f"tiers.explain.{above}", lang, **rule, **found, score=scale.score(reason.score).label.say(lang))


def _why(rule_id: str, policy: Policy, lang: str) -> str:
    several = policy.tiers.several_yellow
    found = {several.rule: several.why} | {rule.id: rule.why for rule in policy.rules}
    return found[rule_id].say(lang)


def _policy_of(rule_set: str) -> Policy:
    """The policy that comes with the library under this id and fingerprint."""
    found = [policy for policy in map(load_policy, policies()) if policy.rule_set == rule_set]
    if not found:
        raise ParameterError("tiers.policy_needed", made_with=rule_set)
    return found[0]


def _finding(row: pd.Series, lang: str) -> list[str]:
    """Tier and safety signal, and why it is undetermined."""
    lines = [say("tiers.explain.tier", lang, tier=_label("tier", row["tier"], lang))]
    if row["tier"] == "red":
        lines.append(say("tiers.explain.red", lang))
    lines.append(say(f"tiers.explain.signal.{row['safety_signal']}", lang))
    if row["tier"] == "undetermined":
        lines.append(
            say("tiers.explain.undetermined", lang, why=_label("undetermined_why", row["undetermined_why"], lang))
        )
    return lines


def _reasons(row: pd.Series, reasons: tuple[Reason, ...], policy: Policy, lang: str) -> list[str]:
    if not reasons and row["tier"] != "undetermined":
        return [say("tiers.explain.no_reason", lang)]
    told = enumerate((in_words(each, policy, lang) for each in reasons), start=1)
    return [say("tiers.explain.reason", lang, n=n, reason=text) for n, text in told]


def _next(row: pd.Series, lang: str) -> list[str]:
    """How near, what is to be repeated, and that only people confirm or lower a tier."""
    near, again = row["near_cut"], row["remeasure"]
    lines = (
        []
        if pd.isna(near) or row["tier"] == "undetermined"
        else [say(f"tiers.explain.near.{'yes' if _is(near) else 'no'}", lang)]
    )
    if _is(again):
        lines.append(say("tiers.explain.remeasure", lang))
    return [*lines, say("tiers.explain.people", lang), say("tiers.explain.rule_set", lang, rule_set=row["rule_set"])]


def _is(value: object) -> bool:
    """A boolean as computed, or the code under which it is stored."""
    return value == "yes" if isinstance(value, str) else bool(value)


def _label(column: str, code: str, lang: str) -> str:
    codes = load_table("tier_provisional").column(column).codes
    return next(each.label.say(lang) for each in codes if each.code == code)
