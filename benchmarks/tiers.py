"""Tiers with reasons for a million pupils, beside the bare comparisons that no way of doing it can leave out.

    python benchmarks/tiers.py [pupils]

Bare: every cut of every rule of the policy held against its score in NumPy, at the lowest and the highest value that
gaps leave possible, columns read from the same frame; no logic, no reasons, no frame of results. Both in one process,
by turns; the ratio is that of the best of five, and so is that with near cuts told as well. The last line is one JSON
object of ratios.
"""

import json
import sys
from time import perf_counter

import numpy as np
import pandas as pd

from xinyu_lib import columns
from xinyu_lib.policy import load_policy
from xinyu_lib.policy.conditions import Count, comparisons
from xinyu_lib.scales import load_scale
from xinyu_lib.tiers import classify_tiers

ROUNDS = 5
GIVEN = {"mht": (0.0, 0.5), "phq9": (0.5, 1.0), "gad7": (0.5, 1.0), "mssmhs": (0.5, 1.0)}
GAPS = 0.02  # share of sheets whose scores are known only as a range


def district(policy, pupils: int, seed: int = 6) -> pd.DataFrame:
    """Scores of every scale that a rule reads: the younger half MHT, the elder half three scales, few the others."""
    rng = np.random.default_rng(seed)
    load = rng.beta(1.2, 6, pupils)  # how much of a scale's range a pupil reaches
    made = {}
    for scale_id in sorted(policy.ruled_scales):
        first, last = GIVEN.get(scale_id, (0.99, 1.0))
        rows = slice(int(first * pupils), int(last * pupils))
        made |= _sheets(load_scale(scale_id), rows, load, rng)
    return pd.DataFrame(made)


def _sheets(
    scale, rows: slice, load: np.ndarray, rng: np.random.Generator
) -> dict[str, pd.api.extensions.ExtensionArray]:
    def column(values: np.ndarray, kind: str = "Int16"):
        whole = np.full(len(load), np.nan)
        whole[rows] = values
        return pd.array(whole, dtype=kind)

    mine = load[rows]
    gap = rng.random(len(mine)) < GAPS
    found = {columns.answered(scale.id): column(np.where(gap, scale.n_items - 1, scale.n_items))}
    for score in scale.scores:
        low, high = score.range
        whole = score.rule != "mean"
        value = low + (high - low) * np.clip(mine + rng.normal(0, 0.05, len(mine)), 0, 1)
        value = np.round(value) if whole else np.round(value, 2)
        kind = "Int16" if whole else "Float64"
        found[columns.score(scale.id, score.name)] = column(np.where(gap, np.nan, value), kind)
        found[columns.lowest(scale.id, score.name)] = column(value, kind)
        found[columns.highest(scale.id, score.name)] = column(np.minimum(value + 2, high), kind)
    for item in scale.critical:
        answer = np.where(rng.random(len(mine)) < 0.05, item.positive_at, scale.response.min)
        found[columns.critical(scale.id, item.item)] = column(answer)
    if scale.validity:
        found[columns.valid(scale.id)] = column(rng.random(len(mine)) < 0.95, "boolean")
    return found


def _errors(scale) -> pd.DataFrame:
    """Standard errors of a twentieth of each score's range."""
    rows = [(scale.id, s.name, v, (s.range[1] - s.range[0]) / 20) for s in scale.scores for v in s.range]
    return pd.DataFrame(rows, columns=["scale", "score", "value", "se"])


def bare(scores: pd.DataFrame, policy) -> int:
    """Comparisons that hold, at both ends."""
    read: dict[str, np.ndarray] = {}

    def values(name: str) -> np.ndarray:
        if name not in read:
            read[name] = scores[name].to_numpy(float, na_value=np.nan)
        return read[name]

    holds = 0
    for rule in policy.rules:
        for level in rule.levels:
            for each in comparisons(level.when):
                scale = each.scale or rule.scale
                for score in each.scores if isinstance(each, Count) else (each.score,):
                    own = columns.score(scale, score)
                    ends = (
                        [own]
                        if score.startswith("critical")
                        else [columns.lowest(scale, score), columns.highest(scale, score)]
                    )
                    holds += sum(int(np.count_nonzero(values(end) >= each.cut)) for end in ends)
    return holds


def main(pupils: int) -> None:
    policy = load_policy("donghu-2025")
    scores = district(policy, pupils)
    errors = pd.concat([_errors(load_scale(scale_id)) for scale_id in policy.ruled_scales])
    works = {
        "bare": lambda: bare(scores, policy),
        "near": lambda: classify_tiers(scores, policy, errors=errors),
        "tiers": lambda: classify_tiers(scores, policy),
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            began = perf_counter()
            result = work()
            seconds[name].append(perf_counter() - began)
    best = {name: min(times) for name, times in seconds.items()}
    print(f"{pupils:,} pupils, {len(policy.rules)} rules: " + ", ".join(f"{n} {t:.3f} s" for n, t in best.items()))
    print(
        result["tier"].value_counts(normalize=True).round(4).to_dict(),
        f"{result['reasons'].nunique():,} lists of reasons",
    )
    ratios = {"tiers_over_bare": best["tiers"], "tiers_and_near_cuts_over_bare": best["near"]}
    print(json.dumps({name: round(time / best["bare"], 2) for name, time in ratios.items()}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
