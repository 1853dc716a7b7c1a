"""Scale files of one's own: what is wrong is named with file, key and what is allowed."""

import pytest

from xinyu_lib.errors import DefinitionError
from xinyu_lib.scales import load_scale

OWN = """
id = "own-scale"
title = { zh = "自编", en = "Own" }
informant = "self"
population = { zh = "学生", en = "pupils" }
timeframe = { zh = "一周", en = "a week" }
n_items = 3
response = { min = 0, max = 2 }
reverse = [2]
main = "total"
verified = "recalled"
source = "made up"
read_in = ["nowhere"]

[[scores]]
name = "mood"
label = { zh = "情绪", en = "Mood" }
role = "subscale"
rule = "mean"
items = [1, 2]
range = [0, 2]

[[scores]]
name = "rest"
label = { zh = "其余", en = "Rest" }
role = "subscale"
rule = "sum"
items = [2, 3]
range = [0, 4]

[[scores]]
name = "total"
label = { zh = "总分", en = "Total" }
role = "total"
rule = "sum"
items = [1, 2, 3]
range = [0, 6]

[[band_sets]]
id = "mine"
scores = ["total"]
source = "made up"
status = "derived"
bands = [
    { code = "low", low = 0, high = 2, label = { zh = "低", en = "Low" } },
    { code = "high", low = 3, high = 6, label = { zh = "高", en = "High" } },
]

[[critical]]
item = 3
positive_at = 1
kind = "suicide"
stage = "census"
topic = { zh = "题", en = "topic" }
source = "made up"
status = "derived"

[missing]
rule = "prorate"
allowed = 1
source = "made up"
status = "derived"

[quality]
seconds_per_item = 1.0
source = "made up"
status = "derived"

[licence]
status = "free"
note = { zh = "自编", en = "own" }
"""


def write(tmp_path, *change: str):
    assert not change or OWN.count(change[0]) == 1
    path = tmp_path / "own-scale.toml"
    path.write_text(OWN.replace(*change) if change else OWN, encoding="utf-8")
    return path


def test_a_scale_of_ones_own_is_loaded_by_path(tmp_path):
    scale = load_scale(write(tmp_path))
    assert scale.items == ("own_scale_1", "own_scale_2", "own_scale_3")
    assert list(scale.subscales) == ["mood", "rest"]


def test_a_file_that_changed_is_read_again(tmp_path):
    assert load_scale(write(tmp_path)).title.en == "Own"
    path = write(tmp_path, 'en = "Own"', 'en = "Own, better"')
    assert load_scale(path).title.en == "Own, better"


WRONG = {
    "a key that is not known": ('verified = "recalled"', 'verify = "recalled"', "verif"),
    "a word that is not in the vocabulary": ('rule = "mean"', 'rule = "median"', "scores.0"),
    "text where a number belongs": ("n_items = 3", 'n_items = "3"', "n_items"),
    "codes that leave no choice": ("min = 0, max = 2", "min = 2, max = 2", "response.*min.*max"),
    "an item beyond the last": ("items = [2, 3]", "items = [2, 4]", "scores.rest.items.*1–3"),
    "a reversed item that is not there": ("reverse = [2]", "reverse = [0]", "reverse.*1–3"),
    "an item counted twice": ("items = [1, 2, 3]", "items = [1, 2, 2]", "scores.total.items.*两次"),
    "two scores of one name": ('name = "rest"', 'name = "mood"', "scores.mood.*重复"),
    "a score named like a column of every frame": ('name = "rest"', 'name = "valid"', "scores.valid"),
    "a range the items cannot give": ("range = [0, 6]", "range = [0, 5]", r"scores.total.range.*0 到 6"),
    "a main score that is not there": ('main = "total"', 'main = "sum"', "main.*sum.*mood, rest, total"),
    "bands that overlap": ("low = 3, high = 6", "low = 2, high = 6", "band_sets.mine.bands.*high.*3"),
    "bands with a gap": ("low = 3, high = 6", "low = 4, high = 6", "band_sets.mine.bands.*high.*3"),
    "bands that end too early": ("low = 3, high = 6", "low = 3, high = 5", "band_sets.mine.bands.*0 到 6"),
    "a band that runs backwards": ("low = 0, high = 2", "low = 0, high = -1", "band_sets.mine.bands.*high"),
    "bands of an unknown score": ('scores = ["total"]', 'scores = ["all"]', "band_sets.mine.scores.*all"),
    "bands of a score with decimals": (
        'scores = ["total"]',
        'scores = ["mood"]',
        "band_sets.mine.*整数.*mood",
    ),
    "bands of which none is the default": ('id = "mine"', 'id = "mine"\ndefault = false', "band_sets.*total"),
    "a critical code everybody reaches": ("positive_at = 1", "positive_at = 0", "critical.positive_at.*2"),
    "more gaps allowed than a score has items": ("allowed = 1", "allowed = 2", "missing.allowed.*2"),
    "prorating without a single gap allowed": ("allowed = 1", "allowed = 0", "missing.allowed"),
    "gaps allowed without a rule": ('rule = "prorate"', 'rule = "none"', "missing.allowed"),
    "not TOML": ('id = "own-scale"', "id = own-scale", "TOML"),
}


@pytest.mark.parametrize(("old", "new", "found"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused_naming_file_and_key(tmp_path, old, new, found):
    with pytest.raises(DefinitionError, match=f"own-scale.toml.*{found}"):
        load_scale(write(tmp_path, old, new))


def test_a_rule_may_use_only_scores_above_it(tmp_path):
    early = """[[scores]]
name = "half"
label = { zh = "半", en = "Half" }
role = "total"
rule = "divide"
of = "total"
by = 2
range = [0, 3]

[[scores]]
name = "mood"
"""
    path = write(tmp_path, '[[scores]]\nname = "mood"\n', early)
    with pytest.raises(DefinitionError, match=r"scores.half.of.*total"):
        load_scale(path)


def test_a_sum_of_scores_takes_whole_scores_only(tmp_path):
    added = 'rule = "add"\nof = ["mood", "rest"]\nrange = [0, 6]'
    path = write(tmp_path, 'rule = "sum"\nitems = [1, 2, 3]\nrange = [0, 6]', added)
    with pytest.raises(DefinitionError, match=r"scores.total.of.*整数.*mood"):
        load_scale(path)


def test_a_validity_rule_needs_its_score(tmp_path):
    rule = '[validity]\nscore = "lie"\nat_least = 2\nsource = "made up"\nstatus = "derived"\n\n[missing]'
    with pytest.raises(DefinitionError, match=r"validity.score.*lie.*mood, rest, total"):
        load_scale(write(tmp_path, "[missing]", rule))


def test_the_english_wording_names_the_same(tmp_path):
    with pytest.raises(DefinitionError) as caught:
        load_scale(write(tmp_path, "range = [0, 6]", "range = [0, 5]"))
    assert caught.value.text("en") == (
        "Definition file own-scale.toml, key scores.total.range: items and rule give 0 to 6."
    )
    assert caught.value.exit_code == 11
