"""Trials of scale files: whatever is in one, it is a scale or one clear line, and a review tells the same."""

import random

import pytest

from xinyu_lib.errors import XinyuError
from xinyu_lib.scales import load_scale, scales
from xinyu_lib.scales.catalogue import FOLDER
from xinyu_lib.scales.review import review

pytestmark = pytest.mark.trials
BITS = ["[1, 2, 2]", "99", '""', "true", "{}", "[]", '"x"', "0.5", "-1", "a = 1"]


def damaged(lines: list[str], rng: random.Random) -> list[str]:
    """Some lines cut out, doubled, or with another value."""
    lines = list(lines)
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(lines))
        line = lines[place]
        other = f"{line.partition('=')[0]}= {rng.choice(BITS)}" if "=" in line else rng.choice(BITS)
        lines[place : place + 1] = rng.choice([[], [line, line], [other]])
    return lines


def test_a_damaged_scale_file_is_a_scale_or_one_clear_line_and_its_review_says_the_same(trial_count, tmp_path):
    path = tmp_path / "own.toml"
    for seed in range(trial_count(60, 5_000)):
        rng = random.Random(seed)
        lines = (FOLDER / f"{rng.choice(scales())}.toml").read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(damaged(lines, rng)), encoding="utf-8")
        error = first_error(path)
        assert (error is None) == (not review(path)), seed
        assert error is None or "\n" not in error.text("en"), seed


def first_error(path) -> XinyuError | None:
    """What stops a scale or one of its variants from being loaded."""
    try:
        for each in load_scale(path).variants:
            load_scale(path, variant=each.id)
    except XinyuError as error:
        return error
    return None
