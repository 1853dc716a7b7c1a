"""A synthetic district: pupils with known truths whose raw files look like those of a real census.

Nobody in it exists. It knows nothing of scoring, so what is recovered from it is recovered, not remembered.
"""

from pathlib import Path

from xinyu_lib.synth.district import simulate
from xinyu_lib.synth.exports import write_raw
from xinyu_lib.synth.setting import load_setting
from xinyu_lib.synth.truth import write_truth

__all__ = ["load_setting", "simulate", "write_district"]


def write_district(folder: Path, *, seed: int, setting: str = "demo") -> None:
    """Write a synthetic district: `raw/` as it would be sent in, `truth/truth.json` with what was planted.

    setting: `demo`, `tiny`, or a path to your own TOML. The same seed gives the same bytes.
    Raises UnknownName or DefinitionError for the setting.
    """
    district = simulate(load_setting(setting), seed)
    sent, gaps = write_raw(folder / "raw", district)
    write_truth(folder / "truth" / "truth.json", district, sent, gaps)
