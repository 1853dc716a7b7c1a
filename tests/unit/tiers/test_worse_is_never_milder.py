"""Property: with gaps and quality fixed, a worse answer never gives a milder tier; doubt is not "none"."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from xinyu_lib.policy import load_policy
from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import score
from xinyu_lib.tiers import classify_tiers

POLICY = load_policy("donghu-2025")
PHQ9, GAD7, MHT = (load_scale(scale_id) for scale_id in ("phq9", "gad7", "mht"))
AS_BAD = {
    "none": {"none", "undetermined", "yellow", "orange", "red"},
    "undetermined": {"undetermined", "yellow", "orange", "red"},
    "yellow": {"yellow", "orange", "red"},
    "orange": {"orange", "red"},
    "red": {"red"},
}


def tier(*sheets: tuple) -> str:
    """Tier of one pupil from pairs of scale and answers."""
    frames = [(scale, pd.DataFrame([row], columns=list(scale.items), dtype="Int8")) for scale, row in sheets]
    scores = pd.concat([score(frame, scale) for scale, frame in frames], axis=1)
    return classify_tiers(scores, POLICY).loc[0, "tier"]


def check(before: str, after: str) -> None:
    """A colour never fades, and doubt never turns into "none"."""
    assert after in AS_BAD[before]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([0, 1, 1, 2, 3, None]), min_size=16, max_size=16),
    st.sampled_from([0, 1, 2]),
    st.integers(0, 15),
)
def test_a_worse_answer_on_phq9_or_gad7(answers, floor, item):
    answers = [a if a is None else max(a, floor) for a in answers]
    if answers[item] is None or answers[item] == 3:
        return
    worse = [a + 1 if n == item else a for n, a in enumerate(answers)]
    before, after = (tier((PHQ9, each[:9]), (GAD7, each[9:])) for each in (answers, worse))
    check(before, after)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.floats(0.2, 0.95), st.sampled_from([0, 3]))
def test_one_more_yes_on_a_content_item_of_mht(random, share, blanks):
    symptoms = sorted(set(range(1, 101)) - set(MHT.score("validity").items))
    answers = [0] * 100
    for item in symptoms:
        answers[item - 1] = int(random.random() < share)
    *blank, raised = random.sample(symptoms, blanks + 1)
    for item in blank:
        answers[item - 1] = None
    answers[raised - 1] = 0
    worse = answers.copy()
    worse[raised - 1] = 1
    check(tier((MHT, answers)), tier((MHT, worse)))
