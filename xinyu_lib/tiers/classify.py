"""`classify_tiers`: provisional tiers of pupils, in the order safety items, validity, scales."""

import numpy as np
import pandas as pd

from xinyu_lib.policy import Policy
from xinyu_lib.tiers.evidence import Evidence
from xinyu_lib.tiers.judging import (
    Judgement,
    judge_rule,
    judge_scale,
    judge_several,
    together,
    yellow_scales,
)
from xinyu_lib.tiers.reasons import reasons_of
from xinyu_lib.tiers.safety import NOT_ASKED, UNANSWERED, safety_signal
from xinyu_lib.tiers.standing import Quality, Standing

TIERS = ("red", "orange", "yellow", "undetermined", "none")
STAGE = "provisional"
COLOURS = np.array(["none", "yellow", "orange", "red"], dtype=object)  # by urgency


def classify_tiers(
    scores: pd.DataFrame,
    policy: Policy,
    *,
    quality: Quality = None,
    states: pd.Series | None = None,
    ages: pd.Series | None = None,
) -> pd.DataFrame:
    """Provisional tiers on the index of `scores`: one row per pupil, the scores of any number of scales.

    quality: a `check_quality` frame that applies to every scale, or one frame per scale id; a scale without a
    frame is judged by its own validity score alone. states: text per pupil for those without answers (absent,
    refused, ...), NA for the others. ages: years, NA = unknown.

    Columns: `tier` (red orange yellow undetermined none), `safety_signal` (yes no unanswered not_asked),
    `undetermined_why` (the first reason by the policy's precedence, NA under every other tier), `reasons`
    (tuple of `Reason`), `stage`, `remeasure` (boolean, whatever the tier), `queue` (number of yellow scales:
    more is earlier), `rule_set` (policy and fingerprint).

    Raises DataError for a scale or state that is not known, a column that is not there, or a pupil without a
    row in `quality`, `states` or `ages`; UnknownName for a scale in `quality` that does not exist.
    """
    evidence = Evidence.read(scores)
    standing = Standing.read(evidence, policy, quality, states, ages)
    signal = safety_signal(evidence, policy)
    scales = [_scale(scale.id, evidence, standing, policy) for scale in evidence.scales]
    queue = yellow_scales(scales, evidence.pupils)
    several = judge_several(queue, policy.tiers.several_yellow)
    found = [*_safety(evidence, standing, policy, signal), *scales, several, _beside(signal, standing)]
    return _frame(together(found, evidence.pupils), signal, queue, policy).set_axis(scores.index)


def _safety(evidence: Evidence, standing: Standing, policy: Policy, signal: np.ndarray) -> list[Judgement]:
    """T01, T02: read for everybody. An unanswered safety item is asked in person, not measured again."""
    rules = [rule for rule in policy.rules if rule.is_safety]
    found = [judge_rule(rule, evidence, standing.old_enough(rule)) for rule in rules]
    again = (signal != UNANSWERED) & ~standing.safety_only
    return [Judgement(each.urgency, each.grounds, {"missing": each.doubts["missing"] & again}) for each in found]


def _scale(scale_id: str, evidence: Evidence, standing: Standing, policy: Policy) -> Judgement:
    """T04 and the rules of one scale."""
    rules = [(rule, standing.old_enough(rule)) for rule in policy.rules if rule.scale == scale_id]
    heard = evidence.given(scale_id) & ~standing.safety_only
    return judge_scale(scale_id, rules, evidence, heard, standing.invalid(scale_id))


def _beside(signal: np.ndarray, standing: Standing) -> Judgement:
    """T03, T13: doubts that come from no scale. Whoever has one by state needs no second one for silence."""
    why = standing.why
    doubts = {each: why == each for each in set(why) - {""}}
    doubts["safety_unanswered"] = signal == UNANSWERED
    doubts["safety_not_asked"] = (signal == NOT_ASKED) & (why == "")
    return Judgement(np.zeros(len(why), dtype=int), [], doubts)


def _frame(whole: Judgement, signal: np.ndarray, queue: np.ndarray, policy: Policy) -> pd.DataFrame:
    """The most urgent finding wins; undetermined stands only where no colour does."""
    doubted = [each for each in policy.tiers.undetermined if each.why in whole.doubts]
    masks = [whole.doubts[each.why] for each in doubted]
    why = np.select(masks, [each.why for each in doubted], default="")
    undetermined = (whole.urgency == 0) & (why != "")
    again = [each.remeasure & mask for each, mask in zip(doubted, masks, strict=True)]
    columns = {
        "tier": _text(np.where(undetermined, "undetermined", COLOURS[whole.urgency])),
        "safety_signal": _text(signal),
        "undetermined_why": _text(np.where(undetermined, why, None)),
        "reasons": pd.Series(reasons_of(whole.grounds, len(signal)), dtype=object),
        "stage": _text(np.full(len(signal), STAGE)),
        "remeasure": np.any(again, axis=0),
        "queue": queue,
        "rule_set": _text(np.full(len(signal), policy.rule_set)),
    }
    return pd.DataFrame(columns)


def _text(values: np.ndarray) -> pd.Series:
    return pd.Series(values, dtype="str")
