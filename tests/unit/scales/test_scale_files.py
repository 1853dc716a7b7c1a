"""Scale files of one's own: what is wrong is named with file, key and what is allowed."""

import pytest

from xinyu_lib.errors import DefinitionError, UnknownName
from xinyu_lib.scales import load_scale

OWN = """
id = "own-scale"
title = { zh = "自编", en = "Own" }
measures = { zh = "情绪", en = "Mood" }
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
    "a band that ends both ways": ("low = 0, high = 2", "low = 0, high = 2, below = 3", "band_sets.0.bands.0"),
    "a band without an end": ("low = 0, high = 2", "low = 0", "band_sets.0.bands.0"),
    "bands of which none is the default": ('id = "mine"', 'id = "mine"\ndefault = false', "band_sets.*total"),
    "a critical code everybody reaches": ("positive_at = 1", "positive_at = 0", "critical.3.positive_at.*2"),
    "more gaps allowed than a score has items": ("allowed = 1", "allowed = 2", "missing.allowed.*2"),
    "prorating without a single gap allowed": ("allowed = 1", "allowed = 0", "missing.allowed"),
    "gaps allowed without a rule": ('rule = "prorate"', 'rule = "none"', "missing.allowed"),
    "critical from beyond the last code on": ("positive_at = 1", "positive_at = 3", "critical.3.positive_at.*2"),
    "allowed codes that end elsewhere": ("max = 2 }", "max = 2, allowed = [0, 1] }", "response.allowed.*0.*2"),
    "allowed codes out of order": ("max = 2 }", "max = 2, allowed = [0, 1, 1, 2] }", "response.allowed"),
    "codes of a form that miss one of the key": (
        "reverse = [2]",
        "reverse = [2]\ncoded = [[1, 0], [2, 1]]",
        "coded.*0, 1, 2",
    ),
    "codes of a form that give one of the key twice": (
        "reverse = [2]",
        "reverse = [2]\ncoded = [[1, 0], [2, 1], [3, 2], [4, 2]]",
        "coded.*0, 1, 2",
    ),
    "a recode that falls": (
        "items = [2, 3]",
        "items = [2, 3]\nrecode = [[0, 2], [1, 1], [2, 0]]",
        "scores.rest.recode.*reverse",
    ),
    "a supplement that does not follow the last item": (
        'main = "total"',
        'main = "total"\nsupplements = [{ id = "b", label = { zh = "甲", en = "a" }, items = [5], min = 0, max = 1 }]',
        "supplements.*4",
    ),
    "a cut of an unknown score": (
        "[[critical]]",
        '[[cuts]]\nname = "yes"\nlabel = { zh = "甲", en = "a" }\nsource = "x"\nstatus = "derived"\n'
        'when = { test = "scores", scores = ["sum"], at_least = 1 }\n\n[[critical]]',
        "cuts.yes.when.*sum",
    ),
    "a cut that compares twice": (
        "[[critical]]",
        '[[cuts]]\nname = "yes"\nlabel = { zh = "甲", en = "a" }\nsource = "x"\nstatus = "derived"\n'
        'when = { test = "items", items = [1], at_least = 1, below = 2 }\n\n[[critical]]',
        "cuts.0.when",
    ),
    "a cut named like a score": (
        "[[critical]]",
        '[[cuts]]\nname = "mood"\nlabel = { zh = "甲", en = "a" }\nsource = "x"\nstatus = "derived"\n'
        'when = { test = "items", items = [1], at_least = 1 }\n\n[[critical]]',
        "cuts.mood",
    ),
    "a cut that reads an item beyond the last": (
        "[[critical]]",
        '[[cuts]]\nname = "yes"\nlabel = { zh = "甲", en = "a" }\nsource = "x"\nstatus = "derived"\n'
        'when = { test = "items", items = [4], at_least = 1 }\n\n[[critical]]',
        "cuts.yes.when.*1–3",
    ),
    "a decision that falls": (
        "[[critical]]",
        '[[decisions]]\nname = "how"\nlabel = { zh = "甲", en = "a" }\nsource = "x"\nstatus = "derived"\n'
        'otherwise = { code = "no", label = { zh = "无", en = "no" } }\n'
        'levels = [{ code = "yes", label = { zh = "有", en = "yes" }, '
        'when = { test = "items", items = [1], below = 1 } }]\n\n[[critical]]',
        "decisions.how.yes.when.*at_least",
    ),
    "an example with an answer too few": (
        "[[critical]]",
        '[[examples]]\nid = "one"\nresponses = "00"\nexpected = { total = 0 }\n\n[[critical]]',
        "examples.one.*2.*3",
    ),
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


VARIANT = """
[[variants]]
id = "other"
what = "order"
label = { zh = "甲", en = "a" }
note = { zh = "甲", en = "a" }
source = "x"
status = "derived"
change = CHANGE
"""


def varied(tmp_path, change: str):
    path = tmp_path / "own-scale.toml"
    path.write_text(OWN + VARIANT.replace("CHANGE", change), encoding="utf-8")
    return load_scale(path, variant="other")


def test_a_variant_changes_what_it_names_and_nothing_else(tmp_path):
    scale = varied(tmp_path, '{ reverse = [3], scores = [{ name = "mood", items = [1, 3] }] }')
    assert (scale.reverse, scale.score("mood").items, scale.score("mood").rule) == ((3,), (1, 3), "mean")
    assert scale.score("rest").items == (2, 3)
    assert [rule.name for rule in scale.scores] == ["mood", "rest", "total"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("{ reverses = [3] }", "reverses"),
        ("{ reverse = [4] }", "reverse.*1–3"),
        ('{ scores = [{ name = "mood", items = [1] }, { name = "rest", items = [3] }] }', "scores.rest.range.*0 到 2"),
    ],
)
def test_a_variant_is_checked_like_a_scale(tmp_path, change, found):
    with pytest.raises(DefinitionError, match=f"own-scale.toml.*{found}"):
        varied(tmp_path, change)


def test_a_scale_of_ones_own_may_extend_a_shipped_one(tmp_path):
    path = tmp_path / "gad7-local.toml"
    path.write_text('extends = "gad7"\nid = "gad7-local"\nreverse = [1]\n', encoding="utf-8")
    scale = load_scale(path)
    assert (scale.prefix, scale.reverse, scale.n_items) == ("gad7_local", (1,), 7)
    assert scale.bands == load_scale("gad7").bands
    assert (scale.variants, scale.examples) == ((), ())


def test_a_scale_that_extends_an_unknown_one_is_refused(tmp_path):
    path = tmp_path / "gad8-local.toml"
    path.write_text('extends = "gad8"\nid = "gad8-local"\n', encoding="utf-8")
    with pytest.raises(UnknownName, match=r"gad8.*gad7"):
        load_scale(path)


def test_the_english_wording_names_the_same(tmp_path):
    with pytest.raises(DefinitionError) as caught:
        load_scale(write(tmp_path, "range = [0, 6]", "range = [0, 5]"))
    assert caught.value.text("en") == (
        "Definition file own-scale.toml, key scores.total.range: items and rule give 0 to 6."
    )
    assert caught.value.exit_code == 11
