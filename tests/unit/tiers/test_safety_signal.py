"""What counts as having been asked about safety, and what is heard all the same."""

import pandas as pd
import pytest

from xinyu_lib.policy import load_policy
from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import score
from xinyu_lib.tiers import classify_tiers

POLICY = load_policy("donghu-2025")
MSSMHS, PHQ9 = load_scale("mssmhs"), load_scale("phq9")


def signal(scale, answers: list, drop: list[str] | None = None) -> list[str]:
    scores = score(pd.DataFrame([answers], columns=list(scale.items)).astype("Int8"), scale)
    return classify_tiers(scores.drop(columns=drop or []), POLICY)["safety_signal"].tolist()


@pytest.mark.parametrize(("answer", "told"), [(1, "not_asked"), (2, "not_asked"), (None, "not_asked"), (3, "yes")])
def test_an_item_whose_number_is_not_sure_is_heard_but_a_no_to_it_is_no_no(answer, told):
    assert signal(MSSMHS, [1] * 56 + [answer] + [1] * 3) == [told]


def test_a_yes_to_it_is_at_least_orange():
    scores = score(pd.DataFrame([[1] * 56 + [5] + [1] * 3], columns=list(MSSMHS.items)).astype("Int8"), MSSMHS)
    assert classify_tiers(scores, POLICY)["tier"].tolist() == ["orange"]


def test_a_frame_need_not_carry_an_item_on_which_nothing_rests():
    carried = [f"mssmhs_critical_{item}{end}" for item in (52, 57) for end in ("", "_shown")]
    assert signal(MSSMHS, [1] * 60, drop=carried) == ["not_asked"]


def test_without_the_word_on_what_was_shown_every_form_is_taken_to_have_the_item():
    assert signal(PHQ9, [*[0] * 8, None], drop=["phq9_critical_9_shown"]) == ["unanswered"]
