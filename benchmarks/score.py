"""Scoring against R's psych::scoreItems and a bare NumPy sum, side by side in one run.

    python benchmarks/score.py [PUPILS]

Needs R with psych for the comparison (Debian: r-cran-psych); without it that ratio is null. The last line is one JSON
object of ratios: how many times R's cells per second, how many times the time of the bare sum over the same int8
matrix, and what scoring takes from memory beside the frame it reads (its size = 1).
"""

import json
import shutil
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pandas as pd

import xinyu_lib as xy

ROUNDS = 5
BATTERIES = {"mht": ["mht"], "phq9+gad7+sdq": ["phq9", "gad7", "sdq-self"]}
R_ROWS, R_ITEMS = 50_000, 60
R_SCRIPT = f"""
suppressMessages(library(psych)); set.seed(1)
d <- matrix(sample(0:4, {R_ROWS} * {R_ITEMS}, replace = TRUE), ncol = {R_ITEMS})
colnames(d) <- paste0("i", 1:{R_ITEMS}); d <- as.data.frame(d)
keys <- split(colnames(d), rep(1:6, each = 10)); names(keys) <- paste0("s", 1:6)
score <- function() scoreItems(keys, d, totals = TRUE, missing = TRUE, impute = "none")
for (round in 1:{ROUNDS}) cat(system.time(score())[3], "\\n")
"""


def seconds(work: Callable[[], object]) -> float:
    """Best of some rounds: what the machine does besides only ever adds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def r_cells_per_second() -> float | None:
    """Throughput of psych::scoreItems; None without R."""
    if not shutil.which("Rscript"):
        return None
    found = subprocess.run(["Rscript", "-e", R_SCRIPT], capture_output=True, text=True)
    if found.returncode:
        print(found.stderr, file=sys.stderr)
        return None
    best = min(float(line) for line in found.stdout.split())
    print(f"psych::scoreItems, {R_ROWS} x {R_ITEMS}: {best:.3f} s")
    return R_ROWS * R_ITEMS / best


def measure(name: str, ids: list[str], pupils: int, r: float | None) -> dict[str, float | None]:
    scales = [xy.load_scale(scale_id) for scale_id in ids]
    rng = np.random.default_rng(1)
    spans = [(scale.response.min, scale.response.max + 1, scale.n_items) for scale in scales]
    matrix = np.concatenate([rng.integers(low, end, (pupils, k), dtype=np.int8) for low, end, k in spans], axis=1)
    plain = pd.DataFrame(matrix, columns=[column for scale in scales for column in scale.items])
    found: dict[str, float | None] = {}
    for kind, frame in (("int8", plain), ("Int8", plain.astype("Int8"))):
        bare, ours = seconds(lambda: matrix.sum(axis=1)), seconds(lambda frame=frame: xy.score(frame, scales))
        tracemalloc.start()
        xy.score(frame, scales)
        extra = tracemalloc.get_traced_memory()[1] / frame.memory_usage(index=False).sum()
        tracemalloc.stop()
        print(f"{name}, {kind}, {pupils} x {matrix.shape[1]}: {ours:.3f} s; bare sum {bare:.3f} s; memory x{extra:.2f}")
        found |= {f"{name} {kind} time of bare sum": ours / bare, f"{name} {kind} memory beside frame": extra}
        found[f"{name} {kind} cells per second of R"] = matrix.size / ours / r if r else None
    return found


def main() -> None:
    pupils = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    r, ratios = r_cells_per_second(), {}
    for name, ids in BATTERIES.items():
        ratios |= measure(name, ids, pupils, r)
    print(json.dumps({name: ratio and round(ratio, 2) for name, ratio in ratios.items()}))


if __name__ == "__main__":
    main()
