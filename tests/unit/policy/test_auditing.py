"""A policy examined: each case changes the shipped policy in one way and is told exactly that."""

import re
from pathlib import Path

import pytest

from xinyu_lib.policy import audit_calendar, load_policy
from xinyu_lib.policy.auditing import check_policy, coverage
from xinyu_lib.policy.catalogue import FOLDER
from xinyu_lib.policy.findings import stretches

SHIPPED = (FOLDER / "donghu-2025.toml").read_text(encoding="utf-8")
BATTERY = 'grades = [7, 12]\nscales = ["mssmhs", "phq9", "gad7"]'
SAFETY = 'kinds = ["death_thought", "violence", "psychosis"], count = 1 }'
SPRING_2026 = SHIPPED[
    SHIPPED.index('[[calendar.terms]]\nyear = "2025-2026"\nterm = "spring"') :
    SHIPPED.index('[[calendar.terms]]\nyear = "2026-2027"')
]  # fmt: skip
ANY_SAFETY_ITEM = '{ test = "safety_items", kinds = ["suicide"], count = 1 }'
REVIEW_OF_NONE = '[clocks.none]\nreview = { within = 1, unit = "waves" }\n'

ORANGE_TALK = '[clocks.orange]\nfirst_contact = { within = 3, unit = "school_days" }'
TO_LOWER = 'second_signature_to_lower = ["red", "orange", "yellow"]'
ALONE = 'alone = ["missing", "lie", "too_fast", "duplicate", "long_string", "contradiction"]'
SEVERAL = SHIPPED[SHIPPED.index("[validity.several]") : SHIPPED.index("# --- Tiers: everything")]
DANGER_IS_ORANGE = 'result = "orange"\nwhen = { test = "known", facts = ["danger"]'
OF_PARENTS = SHIPPED[SHIPPED.index('id = "T09b"') : SHIPPED.index('id = "T09c"')]
PARENT_ORANGE = OF_PARENTS[: OF_PARENTS.index("[rules.levels.when]")]
PARENTS_AT_ORANGE = OF_PARENTS[OF_PARENTS.index("[[rules.levels]]") : OF_PARENTS.rindex("[[rules.levels]]")]

RED_FOR_ANY_SAFETY_ITEM = f"""[[rules]]
id = "L01"
why = {{ zh = "安全题", en = "Safety item" }}
source = "[D]"
levels = [{{ result = "red", when = {ANY_SAFETY_ITEM} }}]

[sample]"""


def also(when: str) -> tuple[str, str]:
    """The change that gives T12, a safety rule, a second level: yellow where this holds."""
    danger = 'facts = ["danger"] }'
    return danger, f'{danger}\n\n[[rules.levels]]\nresult = "yellow"\nwhen = {when}'


FAULTS = {
    "grade 12 asked about anxiety only": (
        [(BATTERY, BATTERY.replace("12]", "11]") + '\n\n[[census.battery]]\ngrades = [12, 12]\nscales = ["gad7"]')],
        "safety_not_asked",
        "[[census.battery]]",
    ),
    "grade 12 given a scale whose safety item has no sure number": (
        [(BATTERY, BATTERY.replace("12]", "11]") + '\n\n[[census.battery]]\ngrades = [12, 12]\nscales = ["mssmhs"]')],
        "safety_not_asked",
        "[[census.battery]]",
    ),
    # what the district wrote: changes, finding, where
    "a yellow cut above the orange one": (
        [('score = "total", cut = 10', 'score = "total", cut = 20')],
        "unreachable",
        "rules.T05.yellow",
    ),
    "the same cut written half a point lower": (
        [('score = "total", cut = 10', 'score = "total", cut = 14.5')],
        "unreachable",
        "rules.T05.yellow",
    ),
    "a note for four scales after a yellow for three": (
        [("cut = 8\ncount = 1", "cut = 8\ncount = 4")],
        "unreachable",
        "rules.T07.note",
    ),
    "more safety items than any scale has": (
        [also('{ test = "safety_items", kinds = ["psychosis"], count = 2 }')],
        "never",
        "rules.T12.yellow",
    ),
    "a colour for a lie score that voids the sheet": (
        [('score = "total", cut = 65', 'score = "validity", cut = 7')],
        "void",
        "rules.T07.orange",
    ),
    "a colour for much prosocial behaviour": (
        [('score = "total", cut = 18', 'score = "prosocial", cut = 7')],
        "direction",
        "rules.T09a.yellow",
    ),
    "a fact that no rule reads": (
        [('facts = ["concern"]', 'facts = ["hardship"]')],
        "fact_unread",
        "[[rules]]",
    ),
    "voices and thoughts of death, but no violence": (
        [(SAFETY, 'kinds = ["death_thought", "psychosis"], count = 1 }')],
        "item_unread",
        "[[rules]]",
    ),
    "violence read by the rule of a scale only, which an invalid sheet voids": (
        [
            (SAFETY, 'kinds = ["death_thought", "psychosis"], count = 1 }'),
            ('score = "total", cut = 4 }', 'score = "critical_52", cut = 3 }'),
        ],
        "item_unread",
        "[[rules]]",
    ),
    "open red is forgotten after half a year": (
        [('facts = ["open_red"]', 'facts = ["open_red"], months = 6')],
        "floor_milder",
        "[[rules]]",
    ),
    "open red and open orange swapped": (
        [('["open_red"] }', '["open_?"] }'), ('["open_orange"]', '["open_red"]'), ("open_?", "open_orange")],
        "floor_milder",
        "[[rules]]",
    ),
    "two yellow scales are red, a yellow and an orange one are orange": (
        [('result = "note"\nwhy = { zh = "多个', 'result = "red"\nwhy = { zh = "多个')],
        "several_yellow",
        "[tiers.several_yellow]",
    ),
    "answers of those who finished are not read": (
        [
            (
                'finished = { why = "missing", answers = "enough" }',
                'finished = { why = "missing", answers = "safety_only" }',
            )
        ],
        "answers_unread",
        "tiers.states.finished.answers",
    ),
    "grade 12 forgotten": (
        [("grades = [7, 12]", "grades = [7, 11]")],
        "grade_without_battery",
        "[[census.battery]]",
    ),
    "grades written backwards": (
        [("[census.windows]", '[[census.battery]]\ngrades = [6, 4]\nscales = ["sdq-parent"]\n\n[census.windows]')],
        "battery_backwards",
        "census.battery.3.grades",
    ),
    "a rule from twenty years on": (
        [('scale = "sdq-self"\nwhy', 'scale = "sdq-self"\nmin_age = 20\nwhy')],
        "never_old_enough",
        "rules.T09a.min_age",
    ),
    "a scale without a rule": (
        [(BATTERY, BATTERY.replace('"gad7"', '"gad7", "isi"'))],
        "no_rule",
        "[[census.battery]]",
    ),
    "rules of a scale begin after its grades": (
        [('scale = "mht"\nwhy', 'scale = "mht"\nmin_age = 14\nwhy')],
        "no_rule",
        "[[census.battery]]",
    ),
    "a census that closes before it opens": (
        [('opens = "09-15"', 'opens = "12-15"')],
        "window_backwards",
        "census.windows.autumn",
    ),
    "no autumn census": (
        [('autumn = { opens = "09-15", closes = "11-30" }\n', "")],
        "window_absent",
        "census.windows.autumn",
    ),
    "yellow without a first talk": (
        [('[clocks.yellow]\nfirst_contact = { within = 10, unit = "school_days" }', "[clocks.yellow]")],
        "clock_absent",
        "clocks.yellow",
    ),
    "unanswered safety items that nobody asks about": (
        [('ask_in_person = { within = 1, unit = "school_days" }', "")],
        "clock_absent",
        "clocks.safety_unanswered",
    ),
    "absent pupils measured again at no time": (
        [('[clocks.absent]\nremeasure = { within = 15, unit = "school_days", not_in_exams = true }', "")],
        "clock_absent",
        "clocks.absent",
    ),
    "those who refused measured again, without a clock": (
        [('why = "refused"\nrule = "T13"\nremeasure = false', 'why = "refused"\nrule = "T13"\nremeasure = true')],
        "clock_absent",
        "clocks.refused",
    ),
    "red seen later than a safety signal": (
        [('first_contact = { within = 2, unit = "hours" }', 'first_contact = { within = 30, unit = "hours" }')],
        "clock_order",
        "clocks.red.first_contact",
    ),
    "the guardian of red called later than that of orange": (
        [('guardian = { within = 0, unit = "days" }', 'guardian = { within = 2, unit = "weeks" }')],
        "clock_order",
        "clocks.red.guardian",
    ),
    "orange followed up every five weeks, yellow every four": (
        [('within = 1, unit = "weeks", every = true', 'within = 5, unit = "weeks", every = true')],
        "clock_order",
        "clocks.orange.follow_up",
    ),
    "invalid over a cut measured again after the other invalid ones": (
        [('within = 5, unit = "school_days", not_in_exams', 'within = 20, unit = "school_days", not_in_exams')],
        "clock_order",
        "clocks.invalid_over_cut.remeasure",
    ),
    "a term between two others forgotten": ([(SPRING_2026, "")], "term_absent", "[[calendar.terms]]"),
    "the first talk of orange owed from the confirmation on": (
        [(ORANGE_TALK, ORANGE_TALK.replace(" }", ', starts = "confirmed" }'))],
        "starts_confirmed",
        "clocks.orange.first_contact",
    ),
    "unanswered safety items asked about from the confirmation on": (
        [("ask_in_person = { within = 1,", 'ask_in_person = { starts = "confirmed", within = 1,')],
        "starts_confirmed",
        "clocks.safety_unanswered.ask_in_person",
    ),
    "absent pupils measured again from the confirmation on": (
        [("[clocks.absent]\nremeasure = {", '[clocks.absent]\nremeasure = { starts = "confirmed",')],
        "starts_confirmed",
        "clocks.absent.remeasure",
    ),
    "red confirmed by one person": (
        [('second_signature = ["red"]', 'second_signature = ["orange"]')],
        "red_signed_alone",
        "confirmation.second_signature",
    ),
    "every tier lowered by one person": (
        [(TO_LOWER, "second_signature_to_lower = []")],
        "lowered_alone",
        "confirmation.second_signature_to_lower",
    ),
    "orange lowered by one person": (
        [(TO_LOWER, 'second_signature_to_lower = ["red"]')],
        "lowered_alone",
        "confirmation.second_signature_to_lower",
    ),
    "sheets unusable for their gaps only": (
        [(ALONE, 'alone = ["missing"]'), (SEVERAL, "")],
        "nothing_void",
        "[validity]",
    ),
    "several signs of which too few are left without the gaps": (
        [
            (ALONE, "alone = []"),
            ('gap_checks = ["missing"]', 'gap_checks = ["missing", "guttman"]'),
            (SEVERAL, '[validity.several]\nchecks = ["missing", "guttman", "outlier"]\nat_least = 2\n'),
        ],
        "nothing_void",
        "[validity]",
    ),
    "sheets that were scored are not enough": (
        [('scored = { why = "missing", answers = "enough" }', 'scored = { why = "missing", answers = "not_enough" }')],
        "answers_not_enough",
        "tiers.states.scored.answers",
    ),
    "pupils on leave told to be below the census": (
        [('leave = { why = "absent"', 'leave = { why = "not_eligible"')],
        "out_of_queue",
        "tiers.states.leave.why",
    ),
    "pupils who did not begin told to have refused": (
        [('not_started = { why = "absent"', 'not_started = { why = "refused"')],
        "out_of_queue",
        "tiers.states.not_started.why",
    ),
    "a danger that is forgotten after a year": (
        [('facts = ["danger"]', 'facts = ["danger"], months = 12')],
        "floor_milder",
        "[[rules]]",
    ),
    "a danger that is orange": (
        [('result = "red"\nwhen = { test = "known", facts = ["danger"]', DANGER_IS_ORANGE)],
        "floor_milder",
        "[[rules]]",
    ),
    "thoughts with intent in an interview that are orange": (
        [('    "cssrs_intent", ', "    "), ("orange = [\n", 'orange = [\n    "cssrs_intent",\n')],
        "interview_below_red",
        "interview.orange",
    ),
}

NOTICES = {
    "a yellow for a safety item that is orange anyway": (
        [also(ANY_SAFETY_ITEM)],
        "overlap",
        "rules.T12.yellow",
    ),
    "a yellow of one scale for the same item": (
        [('score = "total", cut = 10', 'score = "critical_9", cut = 1')],
        "overlap",
        "rules.T05.yellow",
    ),
    "a recent fact that is orange anyway": (
        [also('{ test = "known", facts = ["self_harm"], months = 2 }')],
        "overlap",
        "rules.T12.yellow",
    ),
    "more ways than can be compared": (
        [(SAFETY, 'kinds = ["suicide", "death_thought"], count = 5 }')],
        "too_many",
        "rules.T01b.yellow",
    ),
    "a cut between two bands": (
        [('score = "total", cut = 17', 'score = "total", cut = 16')],
        "cut_unpublished",
        "rules.T09b.yellow",
    ),
    "a score without bands": (
        [('score = "total", cut = 17', 'score = "internalising", cut = 9')],
        "no_band",
        "rules.T09b.yellow",
    ),
    "a scale taken out of the battery": (
        [(BATTERY, BATTERY.replace(', "gad7"', ""))],
        "scale_not_given",
        "[[census.battery]]",
    ),
    "a scale twice": ([(BATTERY, BATTERY.replace('"gad7"', '"gad7", "gad7"'))], "scale_twice", "[[census.battery]]"),
    "a self-report for the youngest": (
        [('scales = ["sdq-parent"]', 'scales = ["sdq-parent", "gad7"]')],
        "self_report_early",
        "[[census.battery]]",
    ),
    "a rule that leaves out some of grade 7": (
        [('scale = "phq9"\nmin_age = 12', 'scale = "phq9"\nmin_age = 13')],
        "too_young",
        "[[census.battery]]",
    ),
    "a census that opens in the summer holidays": (
        [('opens = "09-15"', 'opens = "08-25"')],
        "window_outside",
        "census.windows.autumn",
    ),
    "grade 9 asked before the spring term": (
        [
            (BATTERY, BATTERY.replace("12]", "8]")),
            (
                "[census.windows]",
                '[[census.battery]]\ngrades = [9, 12]\nscales = ["phq9", "gad7", "mssmhs"]\n'
                'windows = { spring = { opens = "02-20", closes = "03-20" } }\n\n[census.windows]',
            ),
        ],
        "window_outside",
        "census.battery.3.windows.spring",
    ),
    "an escalation of what is never late": (
        [(REVIEW_OF_NONE, ""), ('causes = ["yellow", ', 'causes = ["none", "yellow", ')],
        "escalation_idle",
        "escalation.3.causes",
    ),
    "nobody told of unanswered safety items": (
        [('causes = ["orange", "safety_unanswered"]', 'causes = ["orange"]')],
        "not_escalated",
        "[[escalation]]",
    ),
}  # fmt: skip
CASES = {"fault": FAULTS, "notice": NOTICES}

LOOSER = {
    # what the district wrote: change, finding, where, what stands here and what usually
    "one review without worsening": (
        ("stable_reviews = 2", "stable_reviews = 1"),
        "looser_stable_reviews", "confirmation.stable_reviews", ("1", "2"),
    ),
    "recent self-harm is yellow in an interview": (
        ('"self_harm_recent", "disorder_limiting",\n    "function_loss_marked",\n]\nyellow = [',
         '"disorder_limiting",\n    "function_loss_marked",\n]\nyellow = ["self_harm_recent", '),
        "looser_interview", "interview.yellow", ("yellow", "orange"),
    ),
    "self-harm counts for half a year": (
        ('facts = ["self_harm"], months = 12', 'facts = ["self_harm"], months = 6'),
        "looser_floor", "[[rules]]", ("orange within 6 months", "orange within 12 months"),
    ),
    "hardship never counts by itself": (
        ('{ test = "known", facts = ["hardship"], months = 12 }',
         '{ test = "all", of = [{ test = "known", facts = ["hardship"] }, { test = "known", facts = ["concern"] }] }'),
        "looser_floor", "[[rules]]", ("nothing", "yellow within 12 months"),
    ),
    "yellow seen after three weeks": (
        ('first_contact = { within = 10, unit = "school_days" }', 'first_contact = { within = 3, unit = "weeks" }'),
        "looser_clock", "clocks.yellow.first_contact", ("3 week(s)", "10 school day(s)"),
    ),
    "the principal told of red from the confirmation on": (
        ("principal = { within = 2, ", 'principal = { starts = "confirmed", within = 2, '),
        "looser_clock", "clocks.red.principal", ("2 h, from the confirmation on", "2 h"),
    ),
    "red followed up once": (
        ('within = 1, unit = "days", every = true', 'within = 1, unit = "days"'),
        "looser_clock", "clocks.red.follow_up", ("1 day(s)", "1 day(s), again each time"),
    ),
    "no limit for the hospital": (
        ('hospital = { within = 24, unit = "hours", starts = "confirmed" }\n', ""),
        "looser_clock_absent", "clocks.red", ("no limit", "24 h, from the confirmation on"),
    ),
    "a cause without any limit": (
        (REVIEW_OF_NONE, ""),
        "looser_clock_absent", "clocks.none", ("no limit", "1 census wave(s)"),
    ),
    "incomplete sheets not measured again": (
        ('why = "missing"\nrule = "T04"\nremeasure = true', 'why = "missing"\nrule = "T04"\nremeasure = false'),
        "looser_remeasure", "tiers.undetermined.missing.remeasure", ("false", "true"),
    ),
    "a smaller share in the sample": (
        ("share = 0.02", "share = 0.01"), "looser_share", "sample.share", ("0.01", "0.02"),
    ),
    "a smaller sample": (
        ("at_least = 500", "at_least = 50"), "looser_at_least", "sample.at_least", ("50", "500"),
    ),
    "the principal told of late orange after a week": (
        ('causes = ["orange", "safety_unanswered"]', 'causes = ["orange"]\nafter = { within = 7, unit = "days" }\n'
         'tell = "principal"\n\n[[escalation]]\ncauses = ["safety_unanswered"]'),
        "looser_escalation", "[[escalation]]", ("7 day(s)", "1 school day(s)"),
    ),
    "the bureau never told of late red": (
        ('causes = ["red"]', 'causes = ["safety_signal"]'),
        "looser_escalation", "[[escalation]]", ("never", "24 h"),
    ),
    "PHQ-9 item 9 red from three on": (
        ('score = "critical_9", cut = 2', 'score = "critical_9", cut = 3'),
        "looser_cut", "rules.T02.red", ("≥ 3 here", "≥ 2 there"),
    ),
    "a higher yellow cut": (
        ('score = "total", cut = 10', 'score = "total", cut = 11'),
        "looser_cut", "rules.T05.yellow", ("≥ 11 here", "≥ 10 there"),
    ),
    "four content scales for yellow": (
        ("cut = 8\ncount = 3", "cut = 8\ncount = 4"),
        "looser_cut", "rules.T07.yellow", ("4 of", "3 ≥ 8 there"),
    ),
    "no orange for the parent form": (
        (OF_PARENTS, OF_PARENTS.replace(PARENTS_AT_ORANGE, "")),
        "looser_level", "rules.T09b.orange", ("missing", "Total difficulties ≥ 20"),
    ),
}  # fmt: skip


def own(folder: Path, *changes: tuple[str, str]):
    """A district's own policy: the shipped one with some text replaced."""
    text = SHIPPED
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return load_policy(path)


@pytest.fixture(autouse=True)
def _years_until_2026(monkeypatch):
    """The holidays that were published when these tests were written, whatever the calendar library knows by now."""
    monkeypatch.setattr(audit_calendar, "_published_years", lambda: set(range(2004, 2027)))


def new(policy, *, looser: bool = False) -> list:
    """What is told of a policy and not of the shipped one: that it asks for less, or all the rest."""
    usual = {each.text("en") for each in check_policy(load_policy("donghu-2025"))}
    told = [each for each in check_policy(policy) if each.text("en") not in usual]
    return [each for each in told if each.id.startswith("looser_") == looser]


@pytest.mark.parametrize(("kind", "case"), [(kind, case) for kind, cases in CASES.items() for case in cases])
def test_one_change_is_told_once_and_in_full(tmp_path, kind, case):
    changes, id_, where = CASES[kind][case]
    found = new(own(tmp_path, *changes))
    assert [(each.id, each.kind, each.where) for each in found] == [(id_, kind, where)]
    for lang in ("zh", "en"):
        assert "{" not in found[0].text(lang)
    assert not re.search("[一-鿿]", found[0].text("en"))


@pytest.mark.parametrize("case", LOOSER)
def test_what_asks_for_less_than_usual_is_one_notice_that_names_both_values(tmp_path, case):
    change, id_, where, values = LOOSER[case]
    found = new(own(tmp_path, change), looser=True)
    assert [(each.id, each.kind, each.where) for each in found] == [(id_, "notice", where)]
    assert [value for value in values if value not in found[0].text("en")] == []
    assert "{" not in found[0].text("zh")
    assert not re.search("[一-鿿]", found[0].text("en"))


STRICTER = {
    "three reviews": ("stable_reviews = 2", "stable_reviews = 3"),
    "a larger sample": ("share = 0.02", "share = 0.05"),
    "a lower cut": ('score = "total", cut = 15', 'score = "total", cut = 14'),
    "an orange level that is red": (PARENT_ORANGE, PARENT_ORANGE.replace("orange", "red")),
    "self-harm never forgotten": ('facts = ["self_harm"], months = 12', 'facts = ["self_harm"]'),
    "distress that is orange": ('"cssrs_wish", "distress", ', '"cssrs_wish", '),
    "a week for yellow": (
        'first_contact = { within = 10, unit = "school_days" }', 'first_contact = { within = 1, unit = "weeks" }'
    ),
    "another post told of late orange": (
        'after = { within = 1, unit = "school_days" }\ntell = "principal"',
        'after = { within = 1, unit = "school_days" }\ntell = "bureau"',
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", STRICTER)
def test_what_asks_for_more_than_usual_is_not_told_as_less(tmp_path, case):
    changes = [STRICTER[case]]
    if case == "distress that is orange":
        changes.append(("orange = [\n", 'orange = [\n    "distress",\n'))
    assert new(own(tmp_path, *changes), looser=True) == []


def test_every_grave_finding_that_is_milder_is_told_by_its_name(tmp_path):
    moved = [
        ('"attempt_recent", "psychosis_acute",\n', "\n"),
        ("yellow = [", 'yellow = ["attempt_recent", "psychosis_acute", '),
    ]
    found = new(own(tmp_path, *moved))
    assert [each.id for each in found] == ["interview_below_red"] * 2
    assert ["近期自杀未遂" in found[0].text("zh"), "Acute psychosis" in found[1].text("en")] == [True, True]


def test_a_sheet_that_is_void_by_its_own_reason_stays_in_the_queue(tmp_path):
    changed = ('invalid = { why = "missing", answers', 'invalid = { why = "invalid", answers')
    assert new(own(tmp_path, changed)) == []


def test_the_shipped_policy_has_no_fault_and_these_notices():
    found = check_policy(load_policy("donghu-2025"))
    assert {each.kind for each in found} == {"notice"}
    assert [(each.id, each.where) for each in found] == [
        ("scale_not_given", "[[census.battery]]"),  # phq9-teen
        ("scale_not_given", "[[census.battery]]"),  # sdq-self
        ("scale_not_given", "[[census.battery]]"),  # sdq-teacher
        ("safety_not_asked_below", "[[census.battery]]"),  # grades 1-3, parents only
        ("window_outside", "census.windows.spring"),  # opens on Sunday 1 March 2026, school begins on Monday
        ("calendar_ends", "[[calendar.terms]]"),
        ("holidays_unknown", "calendar.years.2027"),
    ]


def test_every_scale_outside_the_battery_is_named_with_its_rules():
    told = [each.text("zh") for each in check_policy(load_policy("donghu-2025")) if each.id == "scale_not_given"]
    for text, words in zip(
        told, (["phq9-teen", "T02、T05b"], ["sdq-self", "T09a"], ["sdq-teacher", "T09c"]), strict=True
    ):
        assert [word for word in words if word not in text] == []


def test_faults_come_before_notices(tmp_path):
    kinds = [each.kind for each in check_policy(own(tmp_path, *FAULTS["a term between two others forgotten"][0]))]
    assert kinds == sorted(kinds)
    assert set(kinds) == {"fault", "notice"}


def test_the_same_policy_is_told_the_same_in_the_same_order():
    assert check_policy(load_policy("donghu-2025")) == check_policy(load_policy("donghu-2025"))


def test_a_safety_rule_that_repeats_a_scale_rule_is_no_overlap(tmp_path):
    """It also stands on an invalid sheet, where the rule of the scale is void."""
    when = '{ test = "threshold", scale = "gad7", score = "total", cut = 15 }'
    assert new(own(tmp_path, also(when))) == []


def test_of_two_rules_on_the_same_answers_the_milder_one_is_told(tmp_path):
    """Red for any suicide item: the orange of T01 adds nothing any more, nor does the red of T02 for more of them."""
    found = new(own(tmp_path, ("[sample]", RED_FOR_ANY_SAFETY_ITEM)))
    assert [(each.id, each.where) for each in found] == [("overlap", "rules.T01.orange"), ("overlap", "rules.T02.red")]


def test_two_rules_that_say_the_same_are_told_once_each_level_at_the_later_rule(tmp_path):
    found = new(own(tmp_path, ('scale = "phq9-teen"\nmin_age = 12', 'scale = "phq9"\nmin_age = 12')))
    overlaps = [(each.where, each.fields["others"]) for each in found if each.id == "overlap"]
    assert overlaps == [("rules.T05b.orange", ("T05",)), ("rules.T05b.yellow", ("T05",))]


def test_the_copy_for_all_ages_stands_and_the_one_with_an_age_limit_is_told(tmp_path):
    found = new(own(tmp_path, ('scale = "phq9-teen"\nmin_age = 12', 'scale = "phq9"')))
    assert [each.where for each in found if each.id == "overlap"] == ["rules.T05.orange", "rules.T05.yellow"]


def test_a_cut_that_differs_is_told_with_those_that_are_published(tmp_path):
    (found,) = new(own(tmp_path, ('score = "total", cut = 17', 'score = "total", cut = 16')))
    assert "困难总分 ≥ 16，已发表 14、15、17、19、20" in found.text("zh")
    assert "Total difficulties ≥ 16, published 14, 15, 17, 19, 20" in found.text("en")


def test_several_cuts_of_one_level_are_one_line(tmp_path):
    changes = [
        ('score = "total", cut = 20', 'score = "total", cut = 22'),
        ('score = "impact", cut = 2', 'score = "impact", cut = 4'),
    ]
    (found,) = new(own(tmp_path, *changes))
    assert (found.id, found.where) == ("cut_unpublished", "rules.T09a.orange")
    assert len(found.fields["cuts"]) == 2


def test_a_grade_below_the_census_without_a_scale_is_for_observation(tmp_path):
    found = new(own(tmp_path, ("grades = [1, 3]", "grades = [2, 3]")))
    assert [each.id for each in found] == ["observation_only", "safety_not_asked_below"]
    assert "1 年级低于普查起始年级（4 年级）" in found[0].text("zh")


def test_a_scale_that_is_too_old_for_all_its_grades_warns_nobody(tmp_path):
    """Grade 6 is 13 at the oldest: from 14 on the rule of MHT is for nobody in grades 4-6."""
    (found,) = new(own(tmp_path, *FAULTS["rules of a scale begin after its grades"][0]))
    assert found.fields["grades"] == ("4–6",)


def test_a_year_whose_holidays_the_policy_declares_is_known(tmp_path):
    declared = '[calendar.years.2027]\nholidays = [2027-01-01]\nworkdays = []\n\n[[calendar.terms]]\nyear = "2024'
    policy = own(tmp_path, ('[[calendar.terms]]\nyear = "2024', declared))
    assert "holidays_unknown" not in [each.id for each in check_policy(policy)]


def test_holidays_of_a_year_that_a_term_reaches_into_are_missed_from_its_first_day_on():
    (found,) = [each for each in check_policy(load_policy("donghu-2025")) if each.id == "holidays_unknown"]
    assert found.fields == {"year": "2027", "first": "2027-01-01"}


IN_ORDER = {
    "several yellow scales are orange": (
        'result = "note"\nwhy = { zh = "多个', 'result = "orange"\nwhy = { zh = "多个'
    ),
    "a rule from nineteen years on: some in grade 12 are": (
        'scale = "sdq-self"\nwhy', 'scale = "sdq-self"\nmin_age = 19\nwhy'
    ),
    "a safety signal on the same day lasts longer than red's two hours": (
        'first_contact = { within = 24, unit = "hours" }', 'first_contact = { within = 0, unit = "days" }'
    ),
    "thirteen days of orange end before ten school days of yellow, which are two weeks": (
        'plan = { within = 5, unit = "school_days" }', 'plan = { within = 13, unit = "days" }'
    ),
    "three days of orange for three school days": (
        '[clocks.orange]\nfirst_contact = { within = 3, unit = "school_days" }',
        '[clocks.orange]\nfirst_contact = { within = 3, unit = "days" }',
    ),
    "a plan that starts at the confirmation is not held against one that starts at the answer": (
        'plan = { within = 24, unit = "hours", starts = "confirmed" }',
        'plan = { within = 2400, unit = "hours", starts = "confirmed" }',
    ),
    "an option of the scale file: 11 for teenagers (Richardson 2010)": (
        'score = "total", cut = 10', 'score = "total", cut = 11'
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", IN_ORDER)
def test_a_change_that_is_in_order_is_not_told(tmp_path, case):
    assert new(own(tmp_path, IN_ORDER[case])) == []


def test_a_note_may_repeat_a_colour(tmp_path):
    as_parents = [('scale = "sdq-teacher"', 'scale = "sdq-parent"'), ("cut = 16", "cut = 20")]
    assert new(own(tmp_path, *as_parents)) == []


def test_a_floor_for_older_pupils_only_is_no_floor(tmp_path):
    found = new(own(tmp_path, ('id = "T11"', 'id = "T11"\nmin_age = 10')))
    assert [each.text("zh")[:6] for each in found] == ["“红色在册”", "“橙色在册”"]


def test_of_a_grade_that_is_partly_old_enough_the_younger_ones_are_told(tmp_path):
    """Grade 5 is at most 12 and grade 6 from 11 to 13: from 13 on the rule of MHT is for some of grade 6."""
    found = new(own(tmp_path, ('scale = "mht"\nwhy', 'scale = "mht"\nmin_age = 13\nwhy')))
    assert [(each.id, each.fields["grades"]) for each in found] == [("no_rule", ("4–5",)), ("too_young", ("6",))]


def test_a_second_rule_for_older_pupils_leaves_nobody_without_one(tmp_path):
    found = new(own(tmp_path, ('scale = "phq9-teen"\nmin_age = 12', 'scale = "phq9"\nmin_age = 16')))
    assert [each.id for each in found if each.where == "[[census.battery]]" and each.id != "scale_not_given"] == []


def test_an_interview_tool_asks_nobody_in_a_census(tmp_path):
    battery = BATTERY.replace("12]", "11]") + '\n\n[[census.battery]]\ngrades = [12, 12]\nscales = ["asq"]'
    assert [each.id for each in new(own(tmp_path, (BATTERY, battery)))] == ["no_rule", "safety_not_asked"]


def test_what_has_no_clock_at_all_is_not_missed_among_the_escalations_too(tmp_path):
    changes = [
        ('ask_in_person = { within = 1, unit = "school_days" }', ""),
        ('causes = ["orange", "safety_unanswered"]', 'causes = ["orange"]'),
    ]
    assert [each.id for each in new(own(tmp_path, *changes))] == ["clock_absent"]


def test_a_census_that_closes_after_the_term_is_told_with_the_dates_of_each_term(tmp_path):
    changes = [('opens = "03-01"', 'opens = "03-05"'), ('closes = "05-15"', 'closes = "08-15"')]
    (found,) = new(own(tmp_path, *changes))
    assert "2024-2025: 2025-02-17 to 2025-07-04, 2025-2026: 2026-03-02 to 2026-07-03" in found.text("en")


def test_stretches_draw_neighbours_together():
    assert stretches([7, 1, 2, 3, 9, 8, 12]) == ("1–3", "7–9", "12")


def test_coverage_has_a_row_per_rule_and_result():
    table = coverage(load_policy("donghu-2025"), "zh")
    policy = load_policy("donghu-2025")
    assert set(table["rule"]) == set(policy.rule_ids)
    of_rules = [(rule.id, level.result) for rule in policy.rules for level in rule.levels]
    assert list(zip(table["rule"], table["result"], strict=True))[: len(of_rules)] == of_rules


CONDITIONS = [
    ("T05", "orange", "抑郁总分 ≥ 15", "Depression total ≥ 15"),
    (
        "T01",
        "orange",
        "至少 1 道普查题（轻生、自伤）阳性",
        "at least 1 census item(s) on suicide or self-harm positive",
    ),
    ("T09b", "orange", "困难总分 ≥ 20 且 困难影响分 ≥ 2", "Total difficulties ≥ 20 and Impact of difficulties ≥ 2"),
    ("T11", "red", "已知：红色在册", "known: confirmed red, not closed"),
    (
        "T11",
        "orange",
        "已知：橙色在册，或 12 个月内：自伤或轻生行为，或 3 个月内：出院返校",
        "known: confirmed orange, not closed; or within 12 months: self-harm or an attempt"
        "; or within 3 months: return from hospital",
    ),
    ("T10", "note", "至少 2 个量表为黄色", "at least 2 scales yellow"),
    ("T03", "undetermined", "安全题未答", "safety item unanswered"),
]


@pytest.mark.parametrize(("rule", "result", "chinese", "english"), CONDITIONS)
def test_a_condition_in_words(rule, result, chinese, english):
    for lang, expected in (("zh", chinese), ("en", english)):
        table = coverage(load_policy("donghu-2025"), lang)
        assert table.loc[(table["rule"] == rule) & (table["result"] == result), "condition"].tolist() == [expected]


def test_a_part_of_a_part_stands_in_brackets_with_the_item_by_its_number():
    table = coverage(load_policy("donghu-2025"), "zh").set_index("rule")
    assert "[phq9 第 9 题 ≥ 1 且 phq9 抑郁总分 ≥ 15]" in table.loc["T02", "condition"]


def test_coverage_tells_age_and_how_sure_the_source_is():
    row = coverage(load_policy("donghu-2025"), "en").drop_duplicates("rule").set_index("rule").loc["T05"]
    assert (row["scale"], row["min_age"], row["marks"]) == ("phq9", 12, "P, D")
