"""A typo in a policy is refused on load, with the file, the key and what is allowed."""

import pytest

from xinyu_lib.errors import DefinitionError
from xinyu_lib.policy import load_policy
from xinyu_lib.policy.catalogue import FOLDER

SHIPPED = (FOLDER / "donghu-2025.toml").read_text(encoding="utf-8")

ITEM_9 = 'scale = "phq9", score = "critical_9", cut = 2'
TOTAL = '"threshold", score = "total", cut = 15'
YELLOW = '[[rules.levels]]\nresult = "yellow"\nwhen = { test = "t'

TYPOS = [
    # before, after, key named, what the line also says
    ('id = "T05"', 'id = "T5"', "rules.3.id", "T(0"),
    ('id = "T05"', 'id = "T50"', "rules.3.id", "T(0"),
    ('id = "T06"', 'id = "T05"', "rules.T05", "T05"),
    ('id = "T06"', 'id = "T10"', "rules.T10", "T10"),
    ('scale = "gad7"\nwhy', 'scale = "gda7"\nwhy', "rules.T06.scale", "gad7, iadds"),
    (ITEM_9, 'scale = "phq", score = "critical_9", cut = 2', "rules.T02.red.scale", "phq9"),
    (ITEM_9, 'score = "critical_9", cut = 2', "rules.T02.red.scale", "scale"),
    ('score = "critical_9", cut = 2', 'score = "critical_8", cut = 2', "rules.T02.red.score", "critical_9"),
    (TOTAL, '"threshold", score = "totl", cut = 15', "rules.T05.orange.score", "total"),
    (TOTAL, '"threshold", score = "total", cut = 28', "rules.T05.orange.cut", "27"),
    (TOTAL, '"threshold", score = "total", cut = 0', "rules.T05.orange.cut", "27"),
    (TOTAL, '"threshold", score = "total", cut = "15"', "cut", "number"),
    (TOTAL, '"treshold", score = "total", cut = 15', "rules.3.levels.0.when", "threshold"),
    (TOTAL, '"threshold", scor = "total", cut = 15', "score", "required"),
    ('"somatic", "phobic"', '"somatics", "phobic"', "rules.T07.yellow.score", "somatic"),
    ('"somatic", "phobic"', '"somatic", "somatic"', "rules.T07.yellow.count", "7"),
    ("cut = 8\ncount = 3", "cut = 8\ncount = 9", "rules.T07.yellow.count", "8"),
    ('result = "red"', 'result = "purple"', "rules.2.levels.0.result", "orange"),
    ('kinds = ["suicide"], count = 1', 'kinds = ["suicid"], count = 1', "kinds", "suicide"),
    ('kinds = ["suicide"], count = 1', 'kinds = ["suicide"], count = 2', "rules", "suicide"),
    (YELLOW, YELLOW.replace("yellow", "orange"), "rules.T05.levels", "red > orange > yellow > note"),
    ('scales = ["mht"]', 'scales = ["mth"]', "census.battery.1.scales", "mht"),
    ('autumn = { opens = "09-15"', 'autumn = { opens = "15-09"', "census.windows.autumn.opens", "pattern"),
    ('bureau = "district"', 'bureau = "distrikt"', "readers.bureau", "district"),
    ("[disclosure.public]", "[disclosure.publik]", "disclosure.publik", "public"),
    ('why = "absent"\nrule', 'why = "refused"\nrule', "tiers.undetermined", "absent"),
    ('why = "refused"\nrule = "T13"', 'why = "refused"\nrule = "T31"', "undetermined", "T(0"),
    ('why = "refused"\nrule = "T13"', 'why = "refused"\nrule = "T09"', "tiers.undetermined.refused.rule", "T13"),
    ('"distress", ', "", "interview", "distress"),
    ('"distress", ', '"distres", ', "interview", "distress"),
    ("[duties]\nfirst_contact", "[duties]\nfirst_contakt", "duties.first_contakt", "first_contact"),
    ('district = "principal"', 'district = "principle"', "duties.district", "principal"),
    ('tell = "bureau"', 'tell = "burau"', "escalation.1.tell", "bureau"),
    ('facts = ["open_red"]', 'facts = ["opn_red"]', "facts", "open_red"),
    ("last = 2026-01-23", "last = 2025-01-23", "calendar.terms.2", "last"),
    ("first = 2026-03-02", "first = 2026-01-02", "calendar", "overlap"),
    (
        '{ within = 5, unit = "school_days", not_in_exams = true }',
        '{ within = 5, unit = "days", not_in_exams = true }',
        "clocks.invalid_over_cut.remeasure",
        "school_days",
    ),
    (
        "[[calendar.terms]]",
        "[calendar.years.2027]\nholidays = [2027-01-01]\nworkdays = [2027-01-01]\n\n[[calendar.terms]]",
        "calendar.years.2027",
        "2027-01-01",
    ),
    ("share = 0.02", "share = 2", "sample.share", "1"),
    ('refused = { why = "refused"', 'refused = { why = "refuse"', "tiers.states.refused.why", "refused"),
    (
        "[clocks.orange]\nfirst_contact",
        "[clocks.orange]\nfirst_contakt",
        "clocks.orange.first_contakt",
        "first_contact",
    ),
    ('id = "donghu-2025"', 'id = "donghu-2025"\ncolour = "red"', "colour", "permitted"),
]


@pytest.mark.parametrize(("before", "after", "key", "also"), TYPOS)
def test_a_typo_is_refused_naming_file_and_key(tmp_path, before, after, key, also):
    assert before in SHIPPED
    path = tmp_path / "own.toml"
    path.write_text(SHIPPED.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        load_policy(path)
    for text in (refused.value.text("zh"), refused.value.text("en")):
        assert "own.toml" in text
        assert key in text
        assert also in text


def test_a_policy_without_an_audience_is_refused(tmp_path):
    start, end = SHIPPED.index("[disclosure.public]"), SHIPPED.index("[reports]")
    path = tmp_path / "own.toml"
    path.write_text(SHIPPED[:start] + SHIPPED[end:], encoding="utf-8")
    with pytest.raises(DefinitionError, match="disclosure") as refused:
        load_policy(path)
    assert refused.value.fields["absent"] == "public"


def test_a_district_may_add_a_rule_of_its_own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(SHIPPED.replace('id = "T06"', 'id = "L01"', 1), encoding="utf-8")
    assert "L01" in [rule.id for rule in load_policy(path).rules]
