"""`classify_tiers` on scores as `score` makes them: what it takes, what it returns and what it refuses."""

from pathlib import Path

import pandas as pd
import pytest

from xinyu_lib import columns
from xinyu_lib.errors import DataError, UnknownName
from xinyu_lib.policy import load_policy
from xinyu_lib.policy.catalogue import FOLDER
from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import check_quality, score
from xinyu_lib.tables import load_table
from xinyu_lib.tiers import STAGE, TIERS, Reason, classify_tiers
from xinyu_lib.tiers.safety import NO, NOT_ASKED, UNANSWERED, YES

POLICY = load_policy("donghu-2025")
PHQ9, GAD7, MHT = (load_scale(scale_id) for scale_id in ("phq9", "gad7", "mht"))


def answers(scale, *sheets: list) -> pd.DataFrame:
    index = [f"p{n}" for n in range(len(sheets))]
    return pd.DataFrame(list(sheets), columns=list(scale.items), index=index).astype("Int8")


def policy_with(tmp_path: Path, before: str, after: str):
    text = (FOLDER / "donghu-2025.toml").read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "own.toml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return load_policy(path)


def test_the_frame_has_the_index_of_the_scores_and_the_agreed_columns():
    scores = score(answers(PHQ9, [0] * 9, [3] * 9), PHQ9)
    out = classify_tiers(scores, POLICY)
    assert out.index.equals(scores.index)
    assert list(out.columns) == [
        "tier", "safety_signal", "undetermined_why", "reasons", "near_cut", "stage", "remeasure", "queue", "rule_set",
    ]  # fmt: skip
    assert out["tier"].tolist() == ["none", "red"]
    assert out["stage"].unique().tolist() == [STAGE]
    assert out["rule_set"].unique().tolist() == [POLICY.rule_set]


def test_no_pupils_give_an_empty_frame_of_the_same_types():
    scores = score(answers(PHQ9, [0] * 9), PHQ9)
    out = classify_tiers(scores, POLICY)
    assert (classify_tiers(scores.iloc[:0], POLICY).dtypes == out.dtypes).all()


def test_the_scores_that_are_passed_stay_as_they_are():
    scores = score(answers(PHQ9, [3] * 9), PHQ9)
    before = scores.copy()
    classify_tiers(scores, POLICY)
    pd.testing.assert_frame_equal(scores, before)


def test_columns_that_are_no_scores_are_left_alone():
    scores = score(answers(PHQ9, [1] * 9), PHQ9).assign(school="A", phq9_check_lie=False, phq9_usable=True)
    assert classify_tiers(scores, POLICY)["tier"].tolist() == ["orange"]  # 9 x 1 = 9, item 9 = 1


def test_a_scale_that_only_some_pupils_were_given_tiers_only_those():
    phq9 = score(answers(PHQ9, [0] * 9, [0] * 9), PHQ9)
    gad7 = score(answers(GAD7, [3] * 7), GAD7)
    assert classify_tiers(phq9.join(gad7), POLICY)["tier"].tolist() == ["orange", "none"]  # 7 x 3 = 21


def test_three_blanks_beside_six_threes_are_orange_although_the_sheet_counts_as_incomplete():
    sheet = answers(PHQ9, [3, 3, 3, 3, 3, 3, None, None, 0])
    quality = check_quality(sheet, PHQ9)
    assert quality.loc["p0", ["missing", "usable"]].tolist() == [False, True]  # two blanks: prorated
    sheet = answers(PHQ9, [3, 3, 3, 3, 3, None, None, None, 0])
    quality = check_quality(sheet, PHQ9)
    assert quality.loc["p0", ["missing", "usable"]].tolist() == [True, False]
    out = classify_tiers(score(sheet, PHQ9), POLICY, quality=quality)
    assert out.loc["p0", ["tier", "safety_signal"]].tolist() == ["orange", "no"]  # lowest 5 x 3 = 15


def test_gaps_and_another_fault_together_do_void_the_scale():
    sheet = answers(PHQ9, [3, 3, 3, 3, 3, None, None, None, 0])
    quality = check_quality(sheet, PHQ9, seconds_per_item=pd.Series([0.2], index=["p0"]))
    out = classify_tiers(score(sheet, PHQ9), POLICY, quality=quality)
    assert out.loc["p0", ["tier", "undetermined_why"]].tolist() == ["undetermined", "invalid_over_cut"]


def test_two_weak_signs_only_tell_and_three_void_the_scale():
    scores = score(answers(PHQ9, [3] * 8 + [0], [3] * 8 + [0]), PHQ9)
    quality = check_quality(answers(PHQ9, [3] * 8 + [0], [3] * 8 + [0]), PHQ9)
    quality = quality.assign(outlier=True, guttman=True, inconsistent_pairs=[False, True], usable=[True, False])
    out = classify_tiers(scores, POLICY, quality=quality)
    assert out["tier"].tolist() == ["orange", "undetermined"]


def test_a_frame_that_only_says_usable_voids_the_scale():
    scores = score(answers(PHQ9, [3] * 8 + [0]), PHQ9)
    out = classify_tiers(scores, POLICY, quality=pd.DataFrame({"usable": [False]}, index=["p0"]))
    assert out.loc["p0", "undetermined_why"] == "invalid_over_cut"


def test_one_quality_frame_applies_to_every_scale():
    scores = score(answers(PHQ9, [0] * 9), PHQ9).join(score(answers(GAD7, [3] * 7), GAD7))
    out = classify_tiers(scores, POLICY, quality=pd.DataFrame({"usable": [False]}, index=["p0"]))
    assert out.loc["p0", ["tier", "undetermined_why"]].tolist() == ["undetermined", "invalid_over_cut"]


def test_quality_of_one_scale_leaves_the_others_alone():
    scores = score(answers(PHQ9, [0] * 9), PHQ9).join(score(answers(GAD7, [3] * 7), GAD7))
    out = classify_tiers(scores, POLICY, quality={"phq9": pd.DataFrame({"usable": [False]}, index=["p0"])})
    assert out.loc["p0", ["tier", "remeasure"]].tolist() == ["orange", True]


def test_an_mht_lie_score_of_seven_is_not_trusted_and_its_safety_item_is():
    lies = {item - 1: 1 for item in (82, 84, 86, 88, 90, 92, 94)}
    sheet = answers(MHT, [lies.get(n, 0) for n in range(100)], [lies.get(n, int(n == 96)) for n in range(100)])
    out = classify_tiers(score(sheet, MHT), POLICY, quality=check_quality(sheet, MHT))
    assert out["tier"].tolist() == ["undetermined", "orange"]
    assert out["undetermined_why"].tolist()[0] == "invalid"
    assert out["remeasure"].all()


def test_an_invalid_scale_gives_no_reason_of_its_own():
    lies = {item - 1 for item in MHT.score("validity").items}
    sheet = answers(MHT, [1] * 100, [int(n in lies) for n in range(100)])
    out = classify_tiers(score(sheet, MHT), POLICY)
    assert {reason.rule for reason in out.loc["p0", "reasons"]} == {"T01", "T02"}  # 85 and 97 are yes
    assert out.loc["p1", "reasons"] == ()


def test_a_gap_that_only_leaves_a_note_open_leaves_no_doubt():
    sheet = answers(MHT, [1] * 7 + [None] + [0] * 92)  # learning anxiety 7 or 8, total 7 or 8
    out = classify_tiers(score(sheet, MHT), POLICY, quality=check_quality(sheet, MHT))
    assert out.loc["p0", ["tier", "remeasure"]].tolist() == ["none", False]


def test_two_yellows_are_orange_where_a_district_wants_it(tmp_path):
    strict = policy_with(tmp_path, 'result = "note"\nwhy', 'result = "orange"\nwhy')
    sheet = [2, 2, 2, 2, 2, 0, 0, 0, 0]  # 5 x 2 = 10
    scores = score(answers(PHQ9, sheet), PHQ9).join(score(answers(GAD7, sheet[:7]), GAD7))
    assert classify_tiers(scores, POLICY)["tier"].tolist() == ["yellow"]
    assert classify_tiers(scores, strict)["tier"].tolist() == ["orange"]


def test_a_moved_cut_moves_the_tier_and_the_rule_set(tmp_path):
    teen = policy_with(tmp_path, 'score = "total", cut = 10 }', 'score = "total", cut = 11 }')
    scores = score(answers(PHQ9, [2, 2, 2, 2, 2, 0, 0, 0, 0]), PHQ9)
    assert classify_tiers(scores, teen).loc["p0", "tier"] == "none"
    assert classify_tiers(scores, teen).loc["p0", "rule_set"] != POLICY.rule_set


def test_reasons_tell_rule_scale_score_value_cut_and_distance_in_the_order_of_the_rules():
    scores = score(answers(PHQ9, [2] * 8 + [1]), PHQ9)  # 8 x 2 + 1 = 17
    assert classify_tiers(scores, POLICY).loc["p0", "reasons"] == (
        Reason("T01", "phq9", "critical_9", 1, 1, 0),
        Reason("T02", "phq9", "critical_9", 1, 1, 0),
        Reason("T02", "phq9", "total", 17, 15, 2),
        Reason("T05", "phq9", "total", 17, 15, 2),
    )


def test_reasons_name_only_the_branch_that_made_red():
    scores = score(answers(PHQ9, [0] * 8 + [2]), PHQ9)
    red = [reason for reason in classify_tiers(scores, POLICY).loc["p0", "reasons"] if reason.rule == "T02"]
    assert red == [Reason("T02", "phq9", "critical_9", 2, 2, 0)]


def test_a_reason_with_gaps_tells_the_lowest_possible_value():
    scores = score(answers(PHQ9, [3, 3, 3, 3, 3, None, None, None, 0]), PHQ9)
    assert classify_tiers(scores, POLICY).loc["p0", "reasons"] == (Reason("T05", "phq9", "total", 15, 15, 0),)


def test_a_scale_that_does_not_exist_is_refused():
    with pytest.raises(DataError, match=r"phq8_answered.*gad7") as refused:
        classify_tiers(pd.DataFrame({"phq8_answered": [8]}), POLICY)
    assert "phq8_answered" in refused.value.text("en")


@pytest.mark.parametrize("column", ["phq9_total", "phq9_total_lowest", "phq9_critical_9"])
def test_a_score_frame_without_a_needed_column_is_refused(column):
    scores = score(answers(PHQ9, [0] * 9), PHQ9).drop(columns=column)
    with pytest.raises(DataError, match=column):
        classify_tiers(scores, POLICY)


def test_a_validity_column_that_is_gone_is_refused():
    scores = score(answers(MHT, [0] * 100), MHT).drop(columns=columns.valid("mht"))
    with pytest.raises(DataError, match="mht_valid"):
        classify_tiers(scores, POLICY)


def test_an_unknown_state_is_refused_with_a_count_and_without_its_value():
    scores = score(answers(PHQ9, [0] * 9, [0] * 9), PHQ9)
    with pytest.raises(DataError) as refused:
        classify_tiers(scores, POLICY, states=pd.Series(["张三", "absent"], index=scores.index))
    assert refused.value.fields["n"] == 1
    assert "张三" not in refused.value.text("zh") + refused.value.text("en")


@pytest.mark.parametrize("beside", ["states", "ages"])
def test_a_pupil_without_a_row_beside_the_scores_is_refused(beside):
    scores = score(answers(PHQ9, [0] * 9, [0] * 9), PHQ9)
    with pytest.raises(DataError, match="1") as refused:
        classify_tiers(scores, POLICY, **{beside: pd.Series([None], index=["p0"], dtype="Float64")})
    assert (refused.value.fields["what"], refused.value.fields["n"]) == (beside, 1)


def test_quality_that_does_not_cover_a_sheet_is_refused():
    scores = score(answers(PHQ9, [0] * 9, [0] * 9), PHQ9)
    with pytest.raises(DataError, match="phq9_usable"):
        classify_tiers(scores, POLICY, quality=pd.DataFrame({"usable": [True]}, index=["p0"]))


def test_quality_of_a_scale_that_does_not_exist_is_refused():
    scores = score(answers(PHQ9, [0] * 9), PHQ9)
    with pytest.raises(UnknownName, match=r"phq8.*gad7"):
        classify_tiers(scores, POLICY, quality={"phq8": pd.DataFrame({"usable": [True]}, index=["p0"])})


def codes(table: str, column: str) -> set[str]:
    return {code.code for each in load_table(table).columns if each.name == column for code in each.codes}


def test_every_tier_signal_and_reason_is_a_code_of_the_stored_table():
    assert codes("tier_provisional", "tier") == set(TIERS)
    assert codes("tier_provisional", "safety_signal") == {YES, NO, UNANSWERED, NOT_ASKED}
    assert codes("tier_provisional", "undetermined_why") == {each.why for each in POLICY.tiers.undetermined}
    assert codes("tier_provisional", "stage") == {STAGE}


def test_every_state_of_a_sheet_is_known_to_the_policy():
    assert codes("administration", "state") <= set(POLICY.tiers.states)
