"""Trials of scoring: many random sheets against the second scorer, many damaged files of examples."""

import random
import zlib

import pandas as pd
import pytest
from answer_sheets import FORMS, drawn
from test_second_scorer import disagreements

from xinyu_lib.errors import XinyuError
from xinyu_lib.scales import load_scale
from xinyu_lib.scoring.example_file import SHIPPED, read_examples
from xinyu_lib.scoring.verifying import verify_scales

pytestmark = pytest.mark.trials


def test_both_scorers_agree_on_sheets_of_every_scale_and_form(trial_count):
    for seed in range(trial_count(1, 40)):
        for scale_id, variant in FORMS:
            scale = load_scale(scale_id, variant=variant)
            rows = drawn(scale, 12, seed=1_000 + seed + zlib.crc32(scale_id.encode()) % 1_000)
            assert not disagreements(scale, rows, supplements=False), (scale_id, variant, seed)


def damaged(text: str, rng: random.Random) -> str:
    """The text with a stretch cut out, doubled, or written over."""
    for _ in range(rng.randint(1, 3)):
        start = rng.randrange(len(text))
        stop = min(len(text), start + rng.choice([1, 1, 3, 20]))
        text = (
            text[:start] + rng.choice(["", text[start:stop] * 2, rng.choice("{}[]:,-.'\n 0９NA"), "null"]) + text[stop:]
        )
    return text


def test_a_damaged_file_of_examples_is_refused_in_one_line_or_told_field_by_field(trial_count, tmp_path):
    entries = SHIPPED.read_text(encoding="utf-8").split("\n- id: ")[1:]
    for seed in range(trial_count(40, 5_000)):
        rng = random.Random(seed)
        path = tmp_path / "own.yaml"
        path.write_text(damaged("- id: " + rng.choice(entries), rng), encoding="utf-8")
        told = verified(path)
        if isinstance(told, XinyuError):
            assert "\n" not in told.text("zh")
            assert told.text("zh") != told.text("en")
        else:
            assert len(told)
            assert told["passed"].dtype == bool


def verified(path) -> pd.DataFrame | XinyuError:
    try:
        return verify_scales(read_examples(path))
    except XinyuError as error:
        return error
