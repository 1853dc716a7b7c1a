"""Scoring a lake of millions of pupils school by school: memory must not grow with the wave.

    python benchmarks/stream.py [MILLIONS] [FOLDER]

Makes two workspaces with PHQ-9 sheets (one million pupils, and ten or MILLIONS), scores each in a process of its own
and compares. The last line is one JSON object of ratios, large against small: pupils, peak memory, seconds per pupil.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from xinyu_lib.lake.vault import CommitRecord, new_import_id
from xinyu_lib.scales import load_scale
from xinyu_lib.workspace import Workspace

WAVE, DAY = "2026-2027-autumn", "2026-11-30"
PER_SCHOOL, PER_WRITE = 50_000, 10


def build(folder: Path, pupils: int) -> None:
    """A workspace with `pupils` PHQ-9 sheets in schools of 50,000, one blank in a hundred answers."""
    ws, import_id = Workspace.create(folder, title="benchmark"), new_import_id()
    schools = [f"{number:05d}" for number in range(pupils // PER_SCHOOL)]
    for start in range(0, len(schools), PER_WRITE):
        part = pd.concat(_sheets(schools[start : start + PER_WRITE]))
        ws.lake.write("response/phq9", part, import_id=import_id, valid_from=DAY)
    record = CommitRecord(
        import_id=import_id, kind="file", source_digest=str(pupils), tables=("response/phq9",), wave=WAVE,
        rows_in=pupils, rows_kept=pupils, rows_set_aside=0, valid_from=DAY, detail={},
    )  # fmt: skip
    with ws.vault() as vault, vault.writing():
        vault.commit(record)


def _sheets(schools: list[str]) -> Iterator[pd.DataFrame]:
    items = list(load_scale("phq9").items)
    for school in schools:
        rng = np.random.default_rng(int(school))
        answers = pd.DataFrame(rng.integers(0, 4, (PER_SCHOOL, 9), dtype=np.int8), columns=items).astype("Int8")
        answers = answers.mask(pd.DataFrame(rng.random((PER_SCHOOL, 9)) < 0.01, columns=items))
        keys = pd.Series([f"{int(school):08x}{row:024x}" for row in range(PER_SCHOOL)], dtype="str")
        yield pd.concat(
            [pd.DataFrame({"wave": WAVE, "school": school, "pupil_key": keys, "form": ""}), answers], axis=1
        )


def score(folder: Path) -> None:
    """Score the wave; prints seconds, peak memory in megabytes and what was scored."""
    start = time.perf_counter()
    summary = Workspace(folder).score_wave(WAVE, as_of=DAY).iloc[0]
    seconds, peak = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak, "sheets": int(summary["sheets"])}))


def measured(folder: Path, pupils: int) -> dict[str, float]:
    build(folder, pupils)
    command = [sys.executable, __file__, "--score", str(folder)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    assert found["sheets"] == pupils
    print(f"{pupils:,} pupils: {found['seconds']:.0f} s, peak {found['megabytes']:.0f} MB")
    return found


def main() -> None:
    pupils = int(sys.argv[1]) * 1_000_000 if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder:
        small, large = measured(Path(folder) / "small", 1_000_000), measured(Path(folder) / "large", pupils)
    times = pupils / 1_000_000
    ratios = {
        "pupils": times,
        "peak memory": large["megabytes"] / small["megabytes"],
        "seconds per pupil": large["seconds"] / small["seconds"] / times,
    }
    print(json.dumps({name: round(ratio, 2) for name, ratio in ratios.items()}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--score"]:
        score(Path(sys.argv[2]))
    else:
        main()
