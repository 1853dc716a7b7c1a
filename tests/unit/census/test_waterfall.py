import itertools

import pandas as pd
import pytest

from xinyu_lib.census import waterfall

NOBODY = pd.DataFrame({"pupil_key": pd.Series(dtype="str"), "state": pd.Series(dtype="str")})


def table(states: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"pupil_key": list(states), "state": list(states.values())}, dtype="str")


def outcome(*, grade=7, consent=None, state=None, verdict=None, reported=False) -> str:
    """Outcome of pupil `a`; with `reported` another pupil's consent is on file."""
    consents = ({"b": "consented"} if reported else {}) | ({"a": consent} if consent else {})
    found = waterfall(
        pd.DataFrame({"pupil_key": ["a"], "grade": pd.Series([grade], dtype="Int32")}),
        table(consents) if consents else NOBODY,
        table({"a": state}) if state else NOBODY,
        pd.Series({"a": verdict} if verdict else {}, dtype="str"),
        min_grade=4,
    )
    return found.at["a", "outcome"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "not_started"),
        ({"state": "started"}, "unfinished"),
        ({"state": "absent"}, "absent"),
        ({"state": "leave"}, "absent"),
        ({"state": "language"}, "other_loss"),
        ({"state": "technical"}, "other_loss"),
        ({"state": "refused"}, "refused"),
        ({"state": "finished", "verdict": "valid"}, "scored"),
        ({"state": "finished", "verdict": "invalid"}, "invalid"),
        ({"state": "finished"}, "other_loss"),
        ({"consent": "refused"}, "refused"),
        ({"consent": "withdrawn"}, "refused"),
        ({"consent": "asked"}, "not_asked"),
        ({"consent": "not_asked"}, "not_asked"),
        ({"consent": "consented"}, "not_started"),
        ({"grade": 3}, "not_eligible"),
        ({"grade": 4}, "not_started"),
    ],
)
def test_each_state_has_its_outcome(facts, expected):
    assert outcome(**facts) == expected


def test_refused_consent_stops_the_use_of_a_finished_sheet():
    assert outcome(consent="refused", state="finished", verdict="valid") == "refused"
    assert outcome(consent="withdrawn", state="finished", verdict="invalid") == "refused"


def test_a_finished_sheet_without_a_consent_record_is_not_asked_where_consent_is_reported():
    assert outcome(state="finished", verdict="valid", reported=True) == "not_asked"
    assert outcome(state="finished", verdict="valid", reported=False) == "scored"


def test_a_make_up_session_counts_although_the_absence_list_came_later():
    assert outcome(state="absent", verdict="valid") == "scored"


def test_grade_comes_before_everything_else():
    assert outcome(grade=3, consent="refused", state="finished", verdict="valid") == "not_eligible"


def test_every_enrolled_pupil_has_one_outcome_and_nobody_else_any():
    consents = [None, "not_asked", "asked", "consented", "refused", "withdrawn"]
    states = [None, "started", "finished", "absent", "leave", "refused", "language", "technical"]
    cases = list(itertools.product([3, 7], consents, states, [None, "valid", "invalid"]))
    keys = [f"p{n}" for n in range(len(cases))]
    roster = pd.DataFrame({"pupil_key": keys, "grade": [case[0] for case in cases]})
    consent = table({k: c[1] for k, c in zip(keys, cases, strict=True) if c[1]} | {"gone": "consented"})
    state = table({k: c[2] for k, c in zip(keys, cases, strict=True) if c[2]} | {"gone": "finished"})
    scored = pd.Series({k: c[3] for k, c in zip(keys, cases, strict=True) if c[3]} | {"gone": "valid"}, dtype="str")
    found = waterfall(roster, consent, state, scored, min_grade=4)
    assert found.index.tolist() == keys
    assert found.index.name == "pupil_key"
    counts = found["outcome"].value_counts()
    assert counts.sum() == len(keys) == 2 * 6 * 8 * 3
    assert set(counts.index) == {
        "not_eligible", "refused", "not_asked", "absent", "other_loss", "not_started", "unfinished",
        "invalid", "scored",
    }  # fmt: skip
    # grade 7, not refused by guardian or pupil, consented: 7 states, each with one of two verdicts
    assert counts["scored"] == counts["invalid"] == 7


def test_an_empty_roster_has_no_outcomes():
    roster = pd.DataFrame({"pupil_key": pd.Series(dtype="str"), "grade": pd.Series(dtype="Int32")})
    assert waterfall(roster, NOBODY, NOBODY, pd.Series(dtype="str"), min_grade=4).empty
