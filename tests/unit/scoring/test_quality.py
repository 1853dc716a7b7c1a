"""Quality flags: one sign at a time, and nobody dropped."""

from typing import get_args

import numpy as np
import pandas as pd
import pytest

from xinyu_lib.errors import DefinitionError
from xinyu_lib.policy import load_policy
from xinyu_lib.policy.catalogue import FOLDER
from xinyu_lib.policy.settings import CheckId, Several
from xinyu_lib.scales import load_scale
from xinyu_lib.scales.verdicts import Contradiction, Side, Skip
from xinyu_lib.scoring.checks import CHECKS
from xinyu_lib.scoring.declared import Declared, declared
from xinyu_lib.scoring.quality import check_quality, quality_reasons, quality_values

MHT, PHQ9, SDS = load_scale("mht"), load_scale("phq9"), load_scale("sds")
POLICY = load_policy("donghu-2025")
WEAK = ["low_variability", "outlier", "inconsistent_halves", "inconsistent_pairs", "guttman"]
# 15 answers in which nothing comes three times in a row
LIVELY = [0, 1, 2, 0, 3, 1, 0, 2, 1, 0, 1, 3, 0, 2, 0]


def sheets(scale, *rows: list) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(scale.items)).astype("Int8")


def mht(*yes: int) -> list:
    return [int(n in yes) for n in range(1, 101)]


def test_a_good_sheet_is_usable():
    flags = check_quality(sheets(PHQ9, [0, 1, 2, 3, 0, 1, 2, 3, 0]), PHQ9)
    assert list(flags) == [*CHECKS, "usable"]
    assert flags.iloc[0].tolist() == [False] * len(CHECKS) + [True]


def test_gaps_count_as_missing_only_beyond_the_rule_of_the_scale():
    two, three = [None] * 2 + [0] * 7, [None] * 3 + [0] * 6
    assert check_quality(sheets(PHQ9, two, three), PHQ9)["missing"].tolist() == [False, True]
    assert check_quality(sheets(SDS, [2] * 20, [2] * 19 + [None]), SDS)["missing"].tolist() == [False, True]


def test_items_that_the_form_told_to_skip_are_no_gaps():
    skip = Skip(items=(3, 4, 5), gates=(2,), at_least=1, source="made up", status="derived")
    scale = PHQ9.model_copy(update={"skips": (skip,)})
    said_no, said_yes = [1, 0, None, None, None, 1, 0, 2, 1], [1, 1, None, None, None, 1, 0, 2, 1]
    assert check_quality(sheets(scale, said_no, said_yes), scale)["missing"].tolist() == [False, True]


@pytest.mark.parametrize(("lies", "flag"), [(6, False), (7, True), (10, True)])
def test_the_lie_scale_speaks_from_its_cut_on(lies, flag):
    responses = sheets(MHT, mht(*list(range(82, 101, 2))[:lies]))
    assert check_quality(responses, MHT)["lie"].tolist() == [flag]


def test_an_unknown_validity_score_is_no_lie_but_the_gap_counts():
    responses = sheets(MHT, [*mht(82, 84, 86, 88, 90, 92, 94)[:99], None])
    assert check_quality(responses, MHT).loc[0, ["missing", "lie", "usable"]].tolist() == [True, False, False]


def test_a_scale_without_validity_items_sees_no_lies():
    assert not check_quality(sheets(PHQ9, [3] * 9), PHQ9)["lie"].any()


def test_too_fast_is_below_the_declared_seconds_per_item():
    responses = sheets(PHQ9, *[[0, 1, 0, 1, 0, 1, 0, 1, 0]] * 3)
    flags = check_quality(responses, PHQ9, seconds_per_item=pd.Series([0.99, 1.0, None]))
    assert flags["too_fast"].tolist() == [True, False, False]


def test_the_column_seconds_is_used_when_nothing_else_is_given():
    responses = sheets(PHQ9, *[[0, 1, 0, 1, 0, 1, 0, 1, 0]] * 3).assign(seconds=pd.array([8, 9, None], dtype="Int32"))
    assert check_quality(responses, PHQ9)["too_fast"].tolist() == [True, False, False]
    given = check_quality(responses, PHQ9, seconds_per_item=pd.Series([5.0, 5.0, 0.5]))
    assert given["too_fast"].tolist() == [False, False, True]


def test_times_are_matched_by_index():
    responses = sheets(PHQ9, [0] * 9, [1] * 9).set_axis(["a", "b"])
    flags = check_quality(responses, PHQ9, seconds_per_item=pd.Series({"b": 0.5, "a": 5.0}))
    assert flags["too_fast"].to_dict() == {"a": False, "b": True}


def test_equal_long_sheets_are_duplicates_all_of_them():
    same, other = mht(1, 5, 30, 77), mht(2, 5, 30, 77)
    flags = check_quality(sheets(MHT, same, other, same), MHT)
    assert flags["duplicate"].tolist() == [True, False, True]
    assert flags["usable"].tolist() == [False, True, False]


def test_equal_short_sheets_are_no_duplicates():
    assert not check_quality(sheets(PHQ9, *[[0, 1, 2, 0, 1, 2, 0, 1, 2]] * 2), PHQ9)["duplicate"].any()


def test_sheets_of_one_code_throughout_are_no_duplicates():
    assert not check_quality(sheets(MHT, mht(), mht()), MHT)["duplicate"].any()


def test_two_pupils_free_of_symptoms_are_no_duplicates_although_half_the_key_is_reversed():
    free = [4 if n in SDS.reverse else 1 for n in range(1, 21)]
    assert not check_quality(sheets(SDS, free, free), SDS)["duplicate"].any()


def test_incomplete_sheets_are_no_duplicates():
    gap = [None, *mht(5, 30, 77)[1:]]
    assert not check_quality(sheets(MHT, gap, gap), MHT)["duplicate"].any()


def test_nobody_is_dropped_and_the_index_stays():
    responses = sheets(MHT, mht(1), [None] * 100, mht(*range(82, 101, 2))).set_axis([7, 3, 5])
    flags = check_quality(responses, MHT)
    assert flags.index.tolist() == [7, 3, 5]
    assert flags["usable"].tolist() == [True, False, False]
    assert set(flags.dtypes.astype(str)) == {"bool"}


def test_a_frame_without_rows_has_the_same_columns():
    flags = check_quality(pd.DataFrame(columns=list(MHT.items)), MHT)
    assert list(flags) == [*CHECKS, "usable"]
    assert set(flags.dtypes.astype(str)) == {"bool"}


# --- Time -------------------------------------------------------------------------------------------------------------


def timed(seconds: list) -> pd.Series:
    """`too_fast` of a group in which each took so many seconds per item; PHQ-9 has its own floor at 1."""
    responses = sheets(PHQ9, *[[0, 1, 2, 0, 1, 2, 0, 1, 0]] * len(seconds))
    return check_quality(responses, PHQ9, seconds_per_item=pd.Series(seconds))["too_fast"]


def test_far_below_the_time_of_the_group_is_too_fast_although_above_the_floor_of_the_scale():
    # logs of the others lie 0.2 around log 8: MAD 0.2; 8 x exp(-3 x 1.4826 x 0.2) = 3.3, but 2.0 is never too fast
    others = [8 * np.exp(step) for step in (-0.2, 0, 0.2)] * 20
    assert timed([*others, 1.9, 2.0, 3.0]).tolist()[-3:] == [True, False, False]


def test_a_small_group_has_no_usual_time():
    assert not timed([8.0, 9.0, 10.0] * 9 + [1.9]).any()  # 28 pupils


def test_unknown_times_are_not_fast_and_do_not_count_as_a_group():
    assert not timed([8.0, 9.0, 10.0] * 9 + [1.9] + [None] * 50).any()


# --- Duplicates -------------------------------------------------------------------------------------------------------


def test_two_pupils_with_the_same_few_symptoms_did_not_copy():
    # 3 of 100 yes: one of C(100, 3) = 161700 sheets; 4 of 100: one of 3921225
    assert not check_quality(sheets(MHT, mht(1, 5, 30), mht(1, 5, 30)), MHT)["duplicate"].any()
    assert check_quality(sheets(MHT, mht(1, 5, 30, 77), mht(1, 5, 30, 77)), MHT)["duplicate"].all()


def test_one_answer_for_each_direction_is_no_duplicate():
    plain = [3 if n in SDS.reverse else 2 for n in range(1, 21)]
    assert not check_quality(sheets(SDS, plain, plain), SDS)["duplicate"].any()


# --- Long strings -----------------------------------------------------------------------------------------------------


def long_string(scale, *rows: list) -> list[bool]:
    return check_quality(sheets(scale, *rows), scale)["long_string"].tolist()


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_one_answer_throughout_is_normal_on_nine_items(code):
    assert long_string(PHQ9, [code] * 9) == [False]


def test_a_hundred_times_yes_is_a_long_string_and_a_hundred_times_no_is_health():
    assert long_string(MHT, [1] * 100, [0] * 100) == [True, False]


def test_thirty_times_no_within_a_varied_sheet_is_health():
    assert long_string(MHT, [1, 0] * 20 + [0] * 30 + [1, 0] * 15) == [False]


def test_twenty_five_times_yes_within_a_varied_sheet_is_not():
    assert long_string(MHT, [0, 1] * 20 + [1] * 25 + [0, 1, 0, 0, 1] * 7) == [True]


@pytest.mark.parametrize(("yes", "flag"), [(19, False), (20, True)])
def test_a_run_counts_from_twenty_items_on(yes, flag):
    rest = 100 - yes
    assert long_string(MHT, [1] * yes + ([0, 0, 1] * rest)[:rest]) == [flag]


def test_a_pupil_who_affirms_nearly_everything_anyway_explains_the_run():
    # 64 of the other 80 yes: (80 x 0.2 + 1) x 0.8^20 = 0.2, far from unlikely
    assert long_string(MHT, [0, 1, 1, 1, 1] * 8 + [0] + [1] * 20 + [0, 1, 1, 1, 1] * 7 + [0, 1, 1, 1]) == [False]


@pytest.mark.parametrize("code", [1, 2, 3, 4])
def test_one_answer_to_straight_and_reversed_items_alike_is_a_long_string(code):
    assert long_string(SDS, [code] * 20) == [True]


def test_the_sheet_free_of_symptoms_is_none_although_it_has_only_two_answers():
    assert long_string(SDS, [4 if n in SDS.reverse else 1 for n in range(1, 21)]) == [False]


def test_ten_equal_answers_across_turned_items_are_enough_and_nine_are_not():
    # items 1-10 of the SDS: 2, 5 and 6 are reversed, the others straight
    rest = [1, 3, 4, 2, 1, 4, 2, 3, 1, 4]
    assert long_string(SDS, [2] * 10 + rest, [2] * 9 + [3] + rest) == [True, False]


def test_the_middle_answer_means_the_same_both_ways():
    five = SDS.model_copy(update={"response": SDS.response.model_copy(update={"min": 1, "max": 5})})
    rest = [1, 3, 4, 2, 1, 4, 2, 3, 1, 4]
    assert long_string(five, [3] * 10 + rest, [2] * 10 + rest) == [False, True]


def test_a_gap_ends_the_run():
    assert long_string(MHT, [1] * 15 + [None] + [1] * 15 + [0, 0, 1] * 23) == [False]


# --- Contradictions ---------------------------------------------------------------------------------------------------

IMPOSSIBLE = Contradiction(
    label={"zh": "甲与乙", "en": "one and other"},
    first=Side(item=1, at_least=3),
    second=Side(item=2, at_most=0),
    source="made up",
    status="derived",
)


@pytest.mark.parametrize(
    ("one", "two", "flag"), [(3, 0, True), (2, 0, False), (3, 1, False), (None, 0, False), (3, None, False)]
)
def test_two_answers_that_cannot_both_be_meant(one, two, flag):
    scale = PHQ9.model_copy(update={"contradictions": (IMPOSSIBLE,)})
    found = check_quality(sheets(scale, [one, two, 1, 2, 1, 0, 1, 0, 0]), scale)
    assert found.loc[0, ["contradiction", "usable"]].tolist() == [flag, not flag]


# --- Weak signs -------------------------------------------------------------------------------------------------------


def honest(n: int, seed: int = 8) -> np.ndarray:
    """SDS sheets of pupils on one trait, items of rising severity; half of them asked the other way round."""
    rng = np.random.default_rng(seed)
    trait = 0.8 * rng.normal(size=(n, 1)) + 0.6 * rng.normal(size=(n, 20))
    severity = np.linspace(-1, 1.4, 20)
    keyed = 1 + sum((trait > severity + step).astype(int) for step in (-0.4, 0.5, 1.2))
    turned = np.isin(np.arange(1, 21), SDS.reverse)
    return np.where(turned, 5 - keyed, keyed)


def at_random(n: int) -> np.ndarray:
    return np.random.default_rng(9).integers(1, 5, (n, 20))


def test_nearly_one_answer_on_items_of_both_directions_is_low_variability():
    # 19 x 2 and one 3: sd = sqrt(19 / 400 x 20 / 19) = 0.22, below 0.15 x 3
    odd = [3] + [2] * 19
    free = [4 if n in SDS.reverse else 1 for n in range(1, 21)]
    assert check_quality(sheets(SDS, odd, free), SDS)["low_variability"].tolist() == [True, False]


def test_without_reversed_items_a_low_spread_is_a_score_and_no_sign():
    assert not check_quality(sheets(MHT, [0] * 100, mht(3)), MHT)["low_variability"].any()


def test_random_sheets_stand_out_from_a_group_and_honest_ones_hardly_do():
    flags = check_quality(sheets(SDS, *honest(400), *at_random(20)), SDS)
    assert flags["outlier"][:400].mean() < 0.03
    assert flags["outlier"][400:].mean() > 0.8
    assert flags["guttman"][:400].mean() < 0.05
    assert flags["guttman"][400:].mean() > 0.3


@pytest.mark.parametrize("together", [2, 3])
def test_weak_signs_make_a_sheet_unusable_only_together(together):
    responses = sheets(SDS, *honest(400), *at_random(20))
    several = Several(checks=tuple(WEAK), at_least=together)
    flags = check_quality(responses, SDS, policy=rule(several=several))
    strong = flags[[name for name in CHECKS if name not in WEAK]].any(axis=1)
    weak = flags[WEAK].sum(axis=1)
    assert (flags["usable"] == ~(strong | (weak >= together))).all()
    assert flags.loc[weak == together - 1, "usable"].any()


def test_random_sheets_are_mostly_found_where_two_weak_signs_are_enough():
    several = Several(checks=tuple(WEAK), at_least=2)
    flags = check_quality(sheets(SDS, *honest(400), *at_random(20)), SDS, policy=rule(several=several))
    assert (~flags["usable"][400:]).mean() > 0.3


def test_a_small_group_says_nothing_about_its_members():
    flags = check_quality(sheets(SDS, *honest(90), *at_random(9)), SDS)
    assert not flags[["outlier", "guttman", "inconsistent_pairs"]].any(axis=None)
    values = quality_values(sheets(SDS, *honest(90)), SDS)
    assert values[["distance", "guttman", "synonyms"]].isna().all(axis=None)


def test_halves_of_content_scales_that_do_not_agree_are_inconsistent():
    # yes to the odd places of some content scales and to the even places of the others: the halves run apart
    content = [rule.items for rule in MHT.subscales.values()]
    ladder = [item for place, items in enumerate(content) for item in items[: 2 * place]]
    crossed = [item for place, items in enumerate(content) for item in items[place % 2 :: 2]]
    flags = check_quality(sheets(MHT, mht(*ladder), mht(*crossed), mht(1, 16)), MHT)
    assert flags["inconsistent_halves"].tolist() == [False, True, False]  # two symptoms: nothing to be seen


def test_a_scale_without_subscales_has_no_halves():
    assert quality_values(sheets(PHQ9, LIVELY[:9]), PHQ9)["even_odd"].isna().all()


def test_pairs_answered_against_the_group_are_inconsistent_in_random_sheets_above_all():
    rng = np.random.default_rng(2)
    trait = rng.normal(size=(300, 1))
    keyed = 1 + sum((trait + 0.5 * rng.normal(size=(300, 20)) > cut).astype(int) for cut in (-0.2, 0.7, 1.5))
    turned = np.isin(np.arange(1, 21), SDS.reverse)
    group = np.where(turned, 5 - keyed, keyed)
    flags = check_quality(sheets(SDS, *group, *at_random(30)), SDS)
    assert flags["inconsistent_pairs"][:300].mean() < 0.15
    assert flags["inconsistent_pairs"][300:].mean() > 0.4


# --- Values, reasons, policy ------------------------------------------------------------------------------------------


def test_the_numbers_behind_the_checks():
    values = quality_values(sheets(PHQ9, [0, 0, 0, 0, 0, 0, 3, 3, 3]), PHQ9, seconds_per_item=pd.Series([4.0]))
    assert list(values) == [
        "longest_run", "variability", "distance", "even_odd", "synonyms", "guttman", "seconds_per_item",
    ]  # fmt: skip
    assert values.loc[0, ["longest_run", "seconds_per_item"]].tolist() == [6, 4]
    assert values.loc[0, "variability"] == pytest.approx(np.sqrt((6 * 1 + 3 * 4) / 8))  # mean 1


def test_every_sign_is_told_in_a_sentence_of_its_own_in_the_order_of_the_checks():
    flags = check_quality(sheets(SDS, [None] + [2] * 19, LIVELY_SDS), SDS)
    found = quality_reasons(flags, "zh")
    assert found.tolist() == [
        (
            "漏答的题目超过了量表允许的数目。",
            "连续多题选了同一个答案，其中有正反方向相反的题目，或连续很多题都选了有症状的同一个答案。",
            "正反方向的题目几乎都选了同一个答案。",
        ),
        (),
    ]
    assert quality_reasons(flags, "en")[0][0] == "More items are unanswered than the scale allows."


LIVELY_SDS = [1, 4, 2, 1, 3, 4, 2, 1, 1, 2, 3, 4, 1, 3, 2, 4, 4, 3, 1, 4]


def test_reasons_keep_the_index_even_when_it_repeats_itself():
    flags = check_quality(sheets(MHT, [1] * 100, mht(1)).set_axis(["a", "a"]), MHT)
    assert quality_reasons(flags).index.tolist() == ["a", "a"]
    assert quality_reasons(flags.iloc[:0]).tolist() == []


def test_every_check_is_declared_told_and_known_to_policies():
    assert set(CHECKS) == set(get_args(CheckId)) == set(Declared.model_fields) - {"validity", "keying"}
    flags = pd.DataFrame([[True] * len(CHECKS)], columns=list(CHECKS))
    for lang in ("zh", "en"):
        assert len(set(quality_reasons(flags, lang)[0])) == len(CHECKS)


def test_the_default_rule_is_that_of_the_shipped_policy():
    assert declared().validity == POLICY.validity


def rule(**change):
    return POLICY.model_copy(update={"validity": POLICY.validity.model_copy(update=change)})


def test_a_policy_says_which_checks_make_a_sheet_unusable():
    responses = sheets(MHT, [1] * 100)  # a long string, and the validity score at its maximum
    assert not check_quality(responses, MHT, policy=POLICY)["usable"].any()
    only_lies, neither = rule(alone=("lie",)), rule(alone=("missing",))
    assert not check_quality(responses, MHT, policy=only_lies)["usable"].any()
    flags = check_quality(responses, MHT, policy=neither)
    assert flags.loc[0, ["lie", "long_string", "usable"]].tolist() == [True, True, True]


def test_a_policy_may_do_without_the_weak_signs_or_count_other_ones():
    responses = sheets(SDS, [2] * 20)  # a long string of low variability
    alone = {"alone": ("missing",)}
    assert check_quality(responses, SDS, policy=rule(**alone, several=None))["usable"].all()
    both = Several(checks=("long_string", "low_variability"), at_least=2)
    assert not check_quality(responses, SDS, policy=rule(**alone, several=both))["usable"].any()


@pytest.mark.parametrize(
    ("before", "after", "key", "also"),
    [
        ('alone = ["missing"', 'alone = ["mising"', "validity.alone.0", "long_string"),
        ('checks = ["low_variability"', 'checks = ["low_varability"', "validity.several.checks.0", "low_variability"),
        ('gap_checks = ["missing"]', 'gap_checks = ["gaps"]', "validity.gap_checks.0", "missing"),
        ("at_least = 3", "at_least = 6", "validity.several", "5"),
    ],
)
def test_a_check_that_does_not_exist_is_refused_when_the_policy_is_read(tmp_path, before, after, key, also):
    text = (FOLDER / "donghu-2025.toml").read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "own.toml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        load_policy(path)
    for said in ("own.toml", key, also):
        assert said in refused.value.text("en")


def test_what_only_tells_does_not_void_and_what_is_not_there_did_not_fire():
    flags = pd.DataFrame(
        {"missing": [True, False, True, pd.NA], "outlier": [True] * 4, "lie": [False, False, True, False]}
    )
    assert POLICY.validity.unusable(flags).tolist() == [True, False, True, False]
    assert POLICY.validity.void(flags).tolist() == [False, False, True, False]
    assert POLICY.validity.void(pd.DataFrame({"usable": [True, False, pd.NA]})).tolist() == [False, True, False]


def test_a_screener_whose_flow_was_not_followed_contradicts_itself():
    cssrs = load_scale("cssrs-screener")
    responses = sheets(cssrs, [0, 0, 0, 0, 1, 0], [0, 0, None, None, None, 0], [1, 1, 0, 0, 1, 0])
    assert check_quality(responses, cssrs)["contradiction"].tolist() == [True, False, False]
