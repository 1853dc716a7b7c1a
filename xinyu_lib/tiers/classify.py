"""`classify_tiers`: provisional tiers of pupils, from safety items, validity, scales and known facts."""

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
from xinyu_lib.tiers.nearness import near_cut
from xinyu_lib.tiers.reasons import Ground, reasons_of
from xinyu_lib.tiers.safety import NOT_ASKED, SIGNALS, UNANSWERED, safety_signal
from xinyu_lib.tiers.standing import Quality, Standing

TIERS = ("red", "orange", "yellow", "undetermined", "none")
STAGE = "provisional"
COLOURS = ("none", "yellow", "orange", "red")  # by urgency


def classify_tiers(
    scores: pd.DataFrame,
    policy: Policy,
    *,
    quality: Quality = None,
    states: pd.Series | None = None,
    ages: pd.Series | None = None,
    facts: pd.DataFrame | None = None,
    as_of: str | None = None,
    errors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Provisional tiers on the index of `scores`: one row per pupil, the scores of any number of scales.

    quality: a `check_quality` frame that applies to every scale, or one frame per scale id; a scale without a
    frame is judged by its own validity score alone. states: text per pupil for those without answers (absent,
    refused, ...), NA for the others. ages: years, NA = unknown. facts: what is known beside the answers, open confirmed
    tiers among it; columns pupil (a label of the index), fact (`policy.conditions.FactName`), on (ISO day); it needs
    `as_of`, the ISO day on which the facts are looked at. errors: conditional standard errors of measurement; columns
    scale, score, value, se.

    Columns: `tier` (red orange yellow undetermined none), `safety_signal` (yes no unanswered not_asked),
    `undetermined_why` (the first reason by the policy's precedence, NA under every other tier), `reasons`
    (tuple of `Reason` in the order of the rules), `near_cut` (boolean; NA where no standard error is known), `stage`,
    `remeasure` (boolean, whatever the tier), `queue` (number of yellow scales: more is earlier), `rule_set` (policy and
    fingerprint).

    Raises DataError for a scale, state or fact that is not known, a column that is not there, or a pupil without a
    row in `quality`, `states`, `ages` or (for a fact) `scores`; UnknownName for a scale in `quality` that does not
    exist; ParameterError for facts without `as_of`.
    """
    evidence = Evidence.read(scores, facts, as_of)
    standing = Standing.read(evidence, policy, quality, states, ages)
    signal = safety_signal(evidence, policy)
    scales = [_scale(scale.id, evidence, standing, policy) for scale in evidence.scales]
    queue = yellow_scales(scales, evidence.pupils)
    several = judge_several(queue, policy.tiers.several_yellow)
    found = [*_safety(evidence, standing, policy, signal), *scales, several, _beside(signal, standing)]
    near = _nowhere(evidence) if errors is None else near_cut(evidence, standing, policy, errors)
    return _frame(together(found, evidence.pupils), signal, queue, near, policy).set_axis(scores.index)


def _safety(evidence: Evidence, standing: Standing, policy: Policy, signal: np.ndarray) -> list[Judgement]:
    """T01, T02, T11, T12: read for everybody. An unanswered safety item is asked in person, not measured again."""
    rules = [rule for rule in policy.rules if rule.is_safety]
    found = [judge_rule(rule, evidence, standing.old_enough(rule)) for rule in rules]
    again = (signal != SIGNALS.index(UNANSWERED)) & ~standing.safety_only
    return [Judgement(each.urgency, each.grounds, {"missing": each.doubts["missing"] & again}) for each in found]


def _scale(scale_id: str, evidence: Evidence, standing: Standing, policy: Policy) -> Judgement:
    """T04 and the rules of one scale."""
    rules = [(rule, standing.old_enough(rule)) for rule in policy.rules if rule.scale == scale_id]
    heard = evidence.given(scale_id) & ~standing.safety_only
    return judge_scale(scale_id, rules, evidence, heard, standing.invalid(scale_id))


def _beside(signal: np.ndarray, standing: Standing) -> Judgement:
    """T03, T13: doubts that come from no scale. Whoever has one by state needs no second one for silence."""
    doubts = standing.why
    explained = np.logical_or.reduce(list(doubts.values()))
    doubts["safety_unanswered"] = signal == SIGNALS.index(UNANSWERED)
    doubts["safety_not_asked"] = (signal == SIGNALS.index(NOT_ASKED)) & ~explained
    return Judgement(np.zeros(len(signal), dtype=np.int8), [], doubts)


def _frame(
    whole: Judgement, signal: np.ndarray, queue: np.ndarray, near: tuple[np.ndarray, np.ndarray], policy: Policy
) -> pd.DataFrame:
    """The most urgent finding wins; undetermined stands only where no colour does."""
    pupils = len(signal)
    doubted = [each for each in policy.tiers.undetermined if each.why in whole.doubts]
    why = np.full(pupils, -1, dtype=np.int8)
    again = np.zeros(pupils, dtype=bool)
    for place, each in reversed(list(enumerate(doubted))):
        why[whole.doubts[each.why]] = place
        again |= each.remeasure & whole.doubts[each.why]
    undetermined = (whole.urgency == 0) & (why >= 0)
    tier = np.where(undetermined, len(COLOURS), whole.urgency)
    columns = {
        "tier": _text([*COLOURS, "undetermined"], tier),
        "safety_signal": _text(SIGNALS, signal),
        "undetermined_why": _text([each.why for each in doubted], np.where(undetermined, why, -1)),
        "reasons": pd.Series(reasons_of(_in_order(whole.grounds, policy), pupils), dtype=object),
        "near_cut": pd.arrays.BooleanArray(*near),
        "stage": _text([STAGE], np.zeros(pupils, dtype=int)),
        "remeasure": again,
        "queue": queue,
        "rule_set": _text([policy.rule_set], np.zeros(pupils, dtype=int)),
    }
    return pd.DataFrame(columns)


def _in_order(grounds: list[Ground], policy: Policy) -> list[Ground]:
    """Grounds in the order of the policy's rules, whatever the order of the scores; that of several scales last."""
    order = {rule.id: place for place, rule in enumerate(policy.rules)}
    return sorted(grounds, key=lambda ground: order.get(ground.rule, len(order)))


def _nowhere(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """Near no line as far as is known, which is not at all."""
    return np.zeros(evidence.pupils, dtype=bool), np.ones(evidence.pupils, dtype=bool)


def _text(names: list[str] | tuple[str, ...], places: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """A text column out of places in a list of names; -1 is missing."""
    return pd.array(list(names), dtype="str").take(places, allow_fill=True)
