"""Forms of one scale: other codes, other keys, items left out, supplements, items that follow a gate."""

import pandas as pd
import pytest
from answer_sheets import FORM_IDS, FORMS, SHIPPED, drawn, ladder, on_form, row, sheets, written

from xinyu_lib.errors import DataError, UnknownName
from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import score

CODED = [(s, v) for s, v in FORMS if v and load_scale(s, variant=v).coded]
SUPPLEMENTED = [each for each in SHIPPED if load_scale(each).supplements]


def of(scale_id: str, text: str, variant: str | None = None) -> dict:
    scale = load_scale(scale_id, variant=variant)
    return row(scale, score(written(scale, text), scale))


def test_forms_with_other_codes_are_among_those_tested():
    assert {("cesd", "coded_1_4"), ("scl90", "coded_0_4"), ("k6", "phenx"), ("rses", "coded_0_3")} <= set(CODED)


@pytest.mark.parametrize(("scale_id", "variant"), CODED, ids=lambda value: value)
def test_a_form_with_other_codes_gives_the_scores_of_the_recoded_answers(scale_id, variant):
    form = load_scale(scale_id, variant=variant)
    plain = form.model_copy(update={"coded": ()})
    answers = sheets(form, *drawn(form, 12, seed=1))
    assert set(answers.stack().unique()) - set(plain.response.codes)
    recoded = answers.apply(lambda column: column.map(dict(form.coded), na_action="ignore")).astype("Int8")
    pd.testing.assert_frame_equal(score(answers, form), score(recoded, plain))


@pytest.mark.parametrize(
    ("scale_id", "variant", "text", "expected"),
    [
        ("cesd", "coded_1_4", "1" * 20, {"total": 4 * 3}),
        ("scl90", "coded_0_4", "0" * 90, {"total": 90, "positive_items": 0}),
        ("k6", "phenx", "555555", {"total": 0}),  # 5 = none of the time
        ("k6", "phenx", "111112", {"total": 5 * 4 + 3}),
        ("k6", "coded_1_5", "111112", {"total": 1}),
        ("k10", "coded_0_4", "0" * 10, {"total": 10}),
        ("rses", "coded_0_3", "0" * 10, {"total": 5 * 1 + 5 * 4}),
        ("mssmhs", "coded_0_4", "0" * 60, {"total": 1}),
        ("cdrisc25", "coded_1_5", "1" * 25, {"total": 0}),
    ],
)
def test_other_codes_by_hand(scale_id, variant, text, expected):
    found = of(scale_id, text, variant)
    assert {name: found[name] for name in expected} == expected


def test_codes_of_another_form_are_refused_and_not_guessed():
    cesd = load_scale("cesd", variant="coded_1_4")
    with pytest.raises(DataError, match=r"1–4.*cesd_1 \(1\)"):
        score(written(cesd, "0" + "1" * 19), cesd)


def test_the_critical_answer_is_given_in_codes_of_the_key():
    assert of("scl90", "0" * 14 + "1" + "0" * 75, "coded_0_4")["critical_15"] == 2


@pytest.mark.parametrize(
    ("scale_id", "variant"), [f for f in FORMS if f[1]], ids=[i for i, f in zip(FORM_IDS, FORMS, strict=True) if f[1]]
)
def test_every_variant_changes_something_and_says_so(scale_id, variant):
    plain, varied = load_scale(scale_id), load_scale(scale_id, variant=variant)
    assert varied.variant == variant
    assert plain.variant == ""
    assert varied.model_copy(update={"variant": ""}) != plain


# --- items left out ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale_id", SHIPPED)
def test_a_form_without_an_item_loses_the_scores_that_rest_on_it_and_keeps_all_others(scale_id):
    scale, last = load_scale(scale_id), load_scale(scale_id).n_items
    short = scale.without(last)
    whole = row(scale, score(sheets(scale, ladder(scale)[-1]), scale))
    found = row(short, score(sheets(short, ladder(short)[-1]), short))
    for rule in scale.scores:
        if rule.name in whole:
            assert found[rule.name] == (None if last in scale.items_of(rule.name) else whole[rule.name])
    assert found["answered"] == scale.n_items - 1


@pytest.mark.parametrize("scale_id", [each for each in SHIPPED if load_scale(each).critical])
def test_a_critical_item_that_the_form_leaves_out_is_missing_and_was_not_shown(scale_id):
    scale = load_scale(scale_id)
    item = scale.critical[0].item
    short = scale.without(item)
    found = row(short, score(sheets(short, ladder(short)[-1]), short))
    assert (found[f"critical_{item}"], found[f"critical_{item}_shown"]) == (None, False)
    others = [each.item for each in scale.critical if each.item != item]
    assert all(found[f"critical_{other}"] is not None and found[f"critical_{other}_shown"] for other in others)


def test_phq9_without_item_9_has_no_total_prorated_or_not_but_says_what_is_possible():
    short = load_scale("phq9").without(9)
    found = row(short, score(sheets(short, [1] * 8), short))
    assert (found["total"], found["total_lowest"], found["total_highest"]) == (None, 8, 11)
    assert (found["total_band"], found["positive_10"], found["algorithm"]) == (None, None, None)


def test_the_column_of_an_item_left_out_is_not_read():
    short = load_scale("phq9").without(9)
    answers = sheets(short, [1] * 8)
    pd.testing.assert_frame_equal(score(answers.assign(phq9_9=7), short), score(answers, short))


def test_items_left_out_do_not_use_up_the_gaps_that_a_form_allows():
    short = load_scale("psc17").without(1, 2, 3, 4)  # attention, internalizing and externalizing all lose an item
    found = row(short, score(sheets(short, [1] * 13), short))
    assert (found["attention"], found["total"], found["answered"]) == (None, None, 13)
    five_gone = load_scale("psc17").without(1, 3, 7, 13, 17)  # attention as a whole
    found = row(five_gone, score(sheets(five_gone, [1] * 12), five_gone))
    assert (found["internalizing"], found["externalizing"], found["attention"]) == (5, 7, None)


@pytest.mark.parametrize("item", [0, 10, -1])
def test_an_item_that_the_scale_does_not_have_cannot_be_left_out(item):
    with pytest.raises(UnknownName, match="1–9"):
        load_scale("phq9").without(item)


# --- supplements and gates -----------------------------------------------------------------------------------------


def test_scales_with_supplements_are_the_ones_known():
    assert set(SUPPLEMENTED) == {"cssrs-screener", "phq9", "sdq-parent", "sdq-self", "sdq-teacher"}


@pytest.mark.parametrize("scale_id", SUPPLEMENTED)
def test_a_form_without_a_supplement_has_no_column_that_rests_on_it(scale_id):
    scale = load_scale(scale_id)
    with_it = score(sheets(scale, *drawn(scale, 5, seed=2, supplements=True), supplements=True), scale)
    without = score(sheets(scale, *drawn(scale, 5, seed=2)), scale)
    extra = {item for each in scale.supplements for item in each.items}
    resting = {rule.name for rule in scale.scores if extra & set(scale.items_of(rule.name))}
    lost = {c.removeprefix(f"{scale.prefix}_") for c in set(with_it) - set(without)}
    ends = ("_lowest", "_highest", "_band4", "_band")
    heads = {next((name.removesuffix(end) for end in ends if name.endswith(end)), name) for name in lost}
    assert heads == resting | {each.name for each in scale.decisions if f"{scale.prefix}_{each.name}" not in without}
    assert set(without) <= set(with_it)


@pytest.mark.parametrize("scale_id", [each for each in SUPPLEMENTED if len(load_scale(each).supplements[0].items) > 1])
def test_half_a_supplement_is_refused_naming_what_is_absent(scale_id):
    scale = load_scale(scale_id)
    answers = sheets(scale, *drawn(scale, 3, seed=3, supplements=True), supplements=True)
    column = f"{scale.prefix}_{on_form(scale, True)[-1]}"
    with pytest.raises(DataError, match=f"1 .*{column}"):
        score(answers.drop(columns=column), scale)


def test_the_functional_item_of_the_phq9_never_enters_the_total():
    assert [of("phq9", f"111111111 {code}")["total"] for code in "0123."] == [9] * 5


@pytest.mark.parametrize(
    ("supplement", "impact"),  # 26 the gate, 27 since when, 28-32 counted 0,0,1,2, 33 burden
    [
        ("10333330", 5 * 2),
        ("10222220", 5 * 1),
        ("10111110", 0),
        ("30321003", 2 + 1),
        ("00333330", 0),  # 26 answered no overrides what follows
        ("00.....0", 0),
        ("1033333.", 5 * 2),
        ("1033.330", None),
        (".0333330", 5 * 2),  # nobody said no
        (".0333.30", None),
    ],
)
def test_sdq_impact(supplement, impact):
    assert of("sdq-self", "0" * 25 + supplement)["impact"] == impact


@pytest.mark.parametrize(
    ("text", "triage", "asked"),  # items 3-5 follow a yes to 2, item 7 a yes to 6
    [
        ("00...0.", "none", [1, 2, 6]),
        ("10...0.", "low", [1, 2, 6]),
        ("011000.", "moderate", [1, 2, 3, 4, 5, 6]),
        ("01...0.", None, [1, 2, 3, 4, 5, 6]),  # asked and not answered
        ("0.1..0.", None, [1, 2, 3, 4, 5, 6]),
        ("001000.", "moderate", [1, 2, 3, 6, 4, 5]),  # a yes that should not have been asked for is heard
        ("00...11", "high", [1, 2, 6]),
    ],
)
def test_cssrs_questions_behind_a_gate(text, triage, asked):
    found = of("cssrs-screener", text)
    assert found["triage"] == triage
    assert [item for item in range(1, 7) if found[f"critical_{item}_shown"]] == sorted(asked)
