"""Worked examples: one answer sheet each, and every result it must give. A case per example, from the shipped files."""

import pytest

from xinyu_lib.scales import load_scale, scales
from xinyu_lib.scoring.example_file import shipped_examples
from xinyu_lib.scoring.verifying import verify_scales

EXAMPLES = shipped_examples()


@pytest.mark.parametrize("example", [pytest.param(each, id=f"{each.id}: {each.why}") for each in EXAMPLES])
def test_example(example):
    found = verify_scales([example])
    wrong = found[~found["passed"]]
    assert len(found) >= len(example.expected)
    assert wrong.empty, f"{example.scale} {example.id}\n" + wrong[["field", "expected", "found"]].to_string(index=False)


def test_no_two_examples_share_an_id():
    ids = [each.id for each in EXAMPLES]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("scale_id", scales())
def test_every_scale_shows_each_of_its_scores_cuts_and_decisions_at_work(scale_id):
    mine = [each for each in EXAMPLES if scale_id in (each.scale, f"{each.scale}-{each.form}")]
    found = verify_scales(mine)
    fields = {name for field in found["field"] for name in field.split(".")}
    scale = load_scale(scale_id)
    made = {each.name for each in (*scale.scores, *scale.cuts, *scale.decisions)}
    aliases = {each.column for each in scale.example_fields if each.name in fields}
    assert made - fields - aliases == set()
