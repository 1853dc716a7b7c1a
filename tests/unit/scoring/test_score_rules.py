"""The declared vocabulary by hand: every rule, comparison and way with gaps, on a small scale of one's own."""

import pandas as pd
import pytest
from answer_sheets import row, sheets

from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import score

OWN = """
id = "own"
title = { zh = "自编", en = "Own" }
measures = { zh = "情绪", en = "Mood" }
informant = "self"
population = { zh = "学生", en = "pupils" }
timeframe = { zh = "一周", en = "a week" }
n_items = 4
response = { min = 1, max = 5 }
reverse = [4]
verified = "recalled"
source = "made up"
read_in = ["nowhere"]

[missing]
rule = "none"
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
SUM = 'rule = "sum"\nitems = [1, 2, 3, 4]\nrange = [4, 20]'


@pytest.fixture
def own(tmp_path):
    """`own(answers, rule, ...)`: the result of a score `it`, after a score `base` = sum of all four items."""

    def scored(answers: list, toml: str = "", verdict: str = "") -> dict:
        it = _score("it", toml) if toml else ""
        path = tmp_path / "own.toml"
        path.write_text(OWN + _score("base", SUM) + it + verdict, encoding="utf-8")
        scale = load_scale(path)
        return row(scale, score(sheets(scale, answers), scale))

    return scored


def _score(name: str, toml: str) -> str:
    return f'\n[[scores]]\nname = "{name}"\nlabel = {{ zh = "甲", en = "a" }}\nrole = "index"\n{toml}\n'


ALL = "items = [1, 2, 3, 4]\n"
MEAN = 'rule = "mean"\nrange = [1, 5]\n' + ALL
DOUBLED = 'rule = "sum"\ntimes = 2\nrange = [8, 40]\n' + ALL
PLAIN = 'rule = "sum"\nrange = [4, 20]\n' + ALL
FROM_4 = 'rule = "count"\nat_least = 4\nrange = [0, 4]\n' + ALL
UP_TO_1 = 'rule = "count"\nat_most = 1\nrange = [0, 4]\n' + ALL
POSITIVE = 'rule = "mean_of_positive"\nat_least = 3\nrange = [3, 5]\n' + ALL
RECODED = 'rule = "sum"\nrecode = [[1, 0], [2, 0], [3, 1], [4, 2], [5, 2]]\nrange = [0, 8]\n' + ALL
PRORATE = 'missing = { rule = "prorate", allowed = 1 }\n'
ZERO = 'missing = { rule = "zero", allowed = 1 }\n'
TWICE = 'rule = "add"\nof = ["base", "base"]\nrange = [8, 40]'


def of_base(rule: str, by: float, low: float, high: float) -> str:
    return f'rule = "{rule}"\nof = "base"\nby = {by}\nrange = [{low}, {high}]'


RULES = [  # answers, rule, value, lowest, highest; item 4 is reversed: 5 counts 1
    ([1, 2, 3, 4], MEAN, (1 + 2 + 3 + 2) / 4, 8 / 4, 8 / 4),
    ([1, 2, 3, None], MEAN + PRORATE, (1 + 2 + 3) / 3, (6 + 1) / 4, (6 + 5) / 4),
    ([1, 2, None, None], MEAN + PRORATE, None, (3 + 2) / 4, (3 + 10) / 4),
    ([1, 2, 3, 4], DOUBLED, 2 * 8, 16, 16),
    ([1, 2, None, 4], DOUBLED + PRORATE, 13, 2 * 6, 2 * 10),  # 2 x 5 x 4/3 = 13.33: rounded once, at the end
    ([3, None, 3, 3], PLAIN + ZERO, 3 + 1 + 3 + 3, 10, 14),
    ([3, None, 3, None], PLAIN + ZERO, None, 8, 16),
    ([1, 3, 4, 1], FROM_4, 2, 2, 2),
    ([1, 3, 4, None], FROM_4, None, 1, 2),
    ([1, 3, 4, 1], UP_TO_1, 1, 1, 1),
    ([1, 3, None, 1], UP_TO_1, None, 1, 2),
    ([1, 3, 4, 1], POSITIVE, (3 + 4 + 5) / 3, 4, 4),
    ([1, 2, 2, 5], POSITIVE, None, None, None),
    ([1, 3, None, 5], POSITIVE, None, 3, (3 + 5) / 2),
    ([2, 3, 4, 1], RECODED, 0 + 1 + 2 + 2, 5, 5),  # after reversal
    ([1, 2, 3, 4], of_base("multiply", 4, 16, 80), 4 * 8, 32, 32),
    ([1, 2, 3, 4], of_base("divide", 5, 0.8, 4.0), 8 / 5, 8 / 5, 8 / 5),
    ([1, 2, 3, 3], of_base("multiply_truncate", 1.5, 6, 30), 13, 13, 13),  # 9 x 1.5 = 13.5
    ([1, 2, 3, 3], of_base("multiply_round", 1.5, 6, 30), 14, 14, 14),  # half up
    ([1, 2, 3, 4], TWICE, 8 + 8, 16, 16),
    ([1, 2, 3, None], TWICE, None, 14, 22),
]


@pytest.mark.parametrize(("answers", "toml", "value", "lowest", "highest"), RULES)
def test_a_rule_by_hand(own, answers, toml, value, lowest, highest):
    found = own(answers, toml)
    assert (found["it"], found["it_lowest"], found["it_highest"]) == (value, lowest, highest)


def items(numbers: list[int], at_least: int, count: int = 1) -> str:
    return f'{{ test = "items", items = {numbers}, at_least = {at_least}, count = {count} }}'


def together(test: str, *parts: str) -> str:
    return f'{{ test = "{test}", of = [{", ".join(parts)}] }}'


TALLY = f'{{ test = "tally", count = 3, of = [{items([1, 2], 4)}, {items([3], 2)}] }}'
BOTH, EITHER = (together(test, items([1], 4), items([2], 4)) for test in ("all", "any"))
BASE = '{ test = "scores", scores = ["base"], '
CONDITIONS = [  # condition, answers, yes or no or missing
    (BASE + "at_least = 8 }", [1, 2, 3, 4], True),
    (BASE + "above = 8 }", [1, 2, 3, 4], False),
    (BASE + "at_most = 8 }", [1, 2, 3, 4], True),
    (BASE + "below = 8 }", [1, 2, 3, 4], False),
    (BASE + "at_least = 8 }", [5, 5, 5, None], None),
    (items([1, 2, 3], 3), [1, 2, 3, 4], True),
    (items([1, 2, 3], 3, count=2), [1, 2, 3, 4], False),
    (items([4], 4), [1, 1, 1, 2], True),  # as keyed: 6 - 2
    (items([1, 2], 3), [5, None, 1, 1], None),  # a gap it reads
    (items([1, 2], 3), [5, 5, 1, None], True),  # a gap it does not read
    (TALLY, [4, 4, 2, 3], True),
    (TALLY, [4, 3, 2, 3], False),
    (BOTH, [4, 4, 1, 1], True),
    (BOTH, [4, 3, 1, 1], False),
    (EITHER, [3, 4, 1, 1], True),
    (EITHER, [3, 3, 1, 1], False),
]
CUT = """
[[cuts]]
name = "yes"
label = { zh = "甲", en = "a" }
source = "made up"
status = "derived"
when = """


@pytest.mark.parametrize(("condition", "answers", "answer"), CONDITIONS)
def test_a_cut_by_hand(own, condition, answers, answer):
    assert own(answers, verdict=CUT + condition + "\n")["yes"] is answer


DECISION = """
[[decisions]]
name = "result"
label = { zh = "甲", en = "a" }
source = "made up"
status = "derived"
gaps = "GAPS"
otherwise = { code = "none", label = { zh = "无", en = "none" } }
levels = [
    { code = "high", label = { zh = "高", en = "high" }, when = { test = "items", items = [1], at_least = 4 } },
    { code = "some", label = { zh = "有", en = "some" }, when = { test = "items", items = [1, 2], at_least = 2 } },
]
"""


@pytest.mark.parametrize(
    ("gaps", "answers", "result", "lowest", "highest"),
    [
        ("none", [1, 1, 1, 1], "none", "none", "none"),
        ("none", [1, 2, 1, 1], "some", "some", "some"),
        ("none", [4, 2, 1, 1], "high", "high", "high"),  # the first level that holds
        ("none", [4, None, 1, 1], None, "high", "high"),
        ("none", [4, 1, None, None], "high", "high", "high"),  # gaps it does not read
        ("sure", [4, None, 1, 1], "high", "high", "high"),  # whatever the answer had been
        ("sure", [1, None, 1, 1], None, "none", "some"),
        ("sure", [None, 2, 1, 1], None, "some", "high"),
        ("as_highest", [1, None, 1, 1], "some", "none", "some"),
        ("as_highest", [None, 1, 1, 1], "high", "none", "high"),
        ("as_highest", [1, 1, None, 1], "none", "none", "none"),
    ],
)
def test_a_decision_by_hand(own, gaps, answers, result, lowest, highest):
    found = own(answers, verdict=DECISION.replace("GAPS", gaps))
    assert (found["result"], found["result_lowest"], found["result_highest"]) == (result, lowest, highest)


PHQ9_ALGORITHM = [
    ("222220000", "major"),  # five symptoms, two of them core
    ("022220000", "other_depressive"),
    ("002222220", "none"),  # no core symptom
    ("211110001", "other_depressive"),  # item 9 counts from 1 on
    ("222200001", "major"),
    ("222211111", "major"),  # four and item 9
    ("211111110", "none"),  # a core symptom alone
]


@pytest.mark.parametrize(("text", "result"), PHQ9_ALGORITHM)
def test_the_algorithm_of_the_phq9(text, result):
    phq9 = load_scale("phq9")
    assert row(phq9, score(sheets(phq9, [int(mark) for mark in text]), phq9))["algorithm"] == result


@pytest.mark.parametrize(
    ("text", "result"),
    [("00000", "negative"), ("0000.", "negative"), ("10001", "acute_positive"), ("10000", "non_acute_positive"),
     ("1000.", "acute_positive"), (".0000", "non_acute_positive"), (".....", "acute_positive")],
)  # fmt: skip
def test_the_asq_takes_a_refusal_for_a_yes(text, result):
    asq = load_scale("asq")
    marks = [None if mark == "." else int(mark) for mark in text]
    assert row(asq, score(sheets(asq, marks), asq))["triage"] == result


def test_scl90_screens_positive_by_total_by_count_or_by_a_factor():
    scl90 = load_scale("scl90")
    by_total = [3] * 36 + [1] * 54  # 90 + 72 = 162
    by_count = [2] * 44 + [1] * 46  # total 134
    by_factor = [3 if n in scl90.items_of("hostility") else 1 for n in range(1, 91)]  # total 102
    none = [2] * 43 + [1] * 47  # total 133, no factor above 2
    rows = score(sheets(scl90, by_total, by_count, by_factor, none), scl90)
    assert rows["scl90_total"].tolist() == [162, 134, 102, 133]
    assert rows["scl90_positive_items"].tolist() == [36, 44, 6, 43]
    assert rows["scl90_screen_positive"].tolist() == [True, True, True, False]


def test_a_score_of_a_void_form_is_missing_although_none_of_its_items_is(own):
    rule = 'rule = "sum"\nitems = [1, 2]\nrange = [2, 10]\nmissing = { rule = "zero", allowed = 1, of = "form" }\n'
    assert own([3, 3, None, 3], rule)["it"] == 6
    assert own([3, 3, None, None], rule)["it"] is None
    assert pd.notna(own([3, 3, 3, 3], rule)["it"])
