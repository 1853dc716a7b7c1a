"""Judging one rule, one scale, several scales: over all pupils at once, loops run over rules only."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from xinyu_lib.policy import Rule
from xinyu_lib.policy.rules import SeveralYellow
from xinyu_lib.tiers.conditions import evaluate, grounds
from xinyu_lib.tiers.evidence import Evidence
from xinyu_lib.tiers.reasons import Ground

# From no colour to the most urgent one; a note is written down and changes no tier.
URGENCY = {"note": 0, "yellow": 1, "orange": 2, "red": 3}

AgedRule = tuple[Rule, np.ndarray]  # a rule and which pupils are old enough for it


class Judgement(NamedTuple):
    """What rules found: urgency per pupil, its grounds, and the doubts that may leave it undetermined."""

    urgency: np.ndarray
    grounds: list[Ground]
    doubts: dict[str, np.ndarray]


def together(judgements: Sequence[Judgement], pupils: int) -> Judgement:
    """The most urgent finding counts; grounds and doubts add up."""
    urgency = np.zeros(pupils, dtype=np.int8)
    for each in judgements:
        np.maximum(urgency, each.urgency, out=urgency)
    doubts: dict[str, np.ndarray] = {}
    for each in judgements:
        for why, mask in each.doubts.items():
            doubts[why] = doubts.get(why, False) | mask
    return Judgement(urgency, [ground for each in judgements for ground in each.grounds], doubts)


def judge_rule(rule: Rule, evidence: Evidence, applies: np.ndarray) -> Judgement:
    """The first level that is sure counts; a more urgent one that is only possible leaves a doubt."""
    urgency = np.zeros(evidence.pupils, dtype=np.int8)
    unsure = np.zeros(evidence.pupils, dtype=bool)
    reasons: list[Ground] = []
    for level in rule.levels:
        found = evaluate(level.when, rule.scale, evidence)
        holds = applies & found.sure
        urgency[holds] = URGENCY[level.result]
        reasons += grounds(found, rule.id, holds)
        if level.result != "note" and found.possible is not found.sure:
            unsure |= applies & found.possible & ~found.sure
        applies = applies & ~found.sure
    return Judgement(urgency, reasons, {"missing": unsure})


def judge_scale(
    scale_id: str, rules: Sequence[AgedRule], evidence: Evidence, heard: np.ndarray, invalid: np.ndarray
) -> Judgement:
    """The rules of one scale, for the pupils whose answers to it are heard.

    An invalid scale gives neither colour nor reason, only a doubt, and so does one without a rule.
    """
    judged = [judge_rule(rule, evidence, heard & old_enough) for rule, old_enough in rules]
    found = together(judged, evidence.pupils)
    ruled = np.logical_or.reduce([np.zeros_like(heard), *(old_enough for _, old_enough in rules)])
    unknown = found.doubts.get("missing", False) | evidence.validity_unknown(scale_id)
    doubts = {
        "invalid_over_cut": heard & invalid & (found.urgency > 0),
        "invalid": heard & invalid & (found.urgency == 0),
        "missing": heard & ~invalid & unknown,
        "no_rule": heard & ~ruled,
    }
    standing = [ground._replace(holds=ground.holds & ~invalid) for ground in found.grounds]
    return Judgement(found.urgency * ~invalid, standing, doubts)


def yellow_scales(scales: Sequence[Judgement], pupils: int) -> np.ndarray:
    """In how many scales each pupil is yellow."""
    return sum((each.urgency == URGENCY["yellow"] for each in scales), start=np.zeros(pupils, dtype=np.int16))


def judge_several(yellow: np.ndarray, rule: SeveralYellow) -> Judgement:
    """T10: what several yellow scales amount to."""
    holds = yellow >= rule.scales
    ground = Ground(rule.rule, None, "yellow_scales", yellow, rule.scales, holds)
    return Judgement(holds * np.int8(URGENCY[rule.result]), [ground], {})
