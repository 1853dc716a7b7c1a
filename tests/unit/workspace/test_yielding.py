"""The second stage from the tables of a workspace: only confirmations that count, and empty tables are no fault."""

import pandas as pd
import pytest
from import_actors import WAVE

from xinyu_lib.errors import WorkspaceError
from xinyu_lib.tables import load_table
from xinyu_lib.workspace.streams import store
from xinyu_lib.workspace.yielding import yields_of

ON = "2025-10-20"


def rows(table: str, *given: dict) -> tuple[str, pd.DataFrame]:
    """Rows of a table; columns that are not given are empty."""
    known = {"wave": WAVE, "school": "0102", "on": ON, "sequence": 1, "stage": "confirmed", "rule_set": "r"}
    columns = [name for name in load_table(table).stored if name not in {"import_id", "valid_from"}]
    frame = pd.DataFrame([known | row for row in given]).reindex(columns=columns)
    return table, frame.astype({name: "str" for name in columns if frame[name].isna().all()})


def tiers(**by_pupil: str) -> tuple[str, pd.DataFrame]:
    given = {"safety_signal": "no", "reasons": "[]", "near_cut": False, "remeasure": False, "queue": 0}
    return rows("tier_provisional", *(given | {"pupil_key": key, "tier": tier} for key, tier in by_pupil.items()))


def test_a_wave_without_tiers_is_told_in_one_line(ws):
    with pytest.raises(WorkspaceError, match=WAVE):
        yields_of(ws, WAVE, "2025-12-31")


def test_before_the_first_interview_flags_are_counted_and_nothing_else_is_known(ws):
    store(ws, [tiers(a="red", b="yellow", c="none")], "tier", WAVE, ON)
    whole = yields_of(ws, WAVE, "2025-12-31").table.iloc[0]
    assert (whole["flagged"], whole["interviewed"]) == (2, 0)
    assert whole[["ppv_any", "sensitivity"]].isna().all()


def test_what_a_talk_found_counts_before_it_is_signed_twice(ws):
    signed = {"tier": "red", "staff_key": "s1", "second_key": "s2", "reason": "interview"}
    parts = [
        tiers(a="red", b="red", c="none"),
        rows("interview", *({"pupil_key": key, "findings": "cssrs_intent", "outcome": "crisis"} for key in "ab")),
        rows("tier_confirmed", signed | {"pupil_key": "a"}, signed | {"pupil_key": "b", "second_key": None}),
    ]
    store(ws, parts, "tier", WAVE, ON)
    whole = yields_of(ws, WAVE, "2025-12-31").table.iloc[0]
    assert (whole["flagged"], whole["interviewed"], whole["confirmed_same"]) == (2, 2, 2)


def test_the_sample_is_read_from_the_check_list(ws):
    drawn = {"source": "census", "reason": "sample"}
    calm = {"tier": "none", "staff_key": "s1", "second_key": "s2", "reason": "situational"}
    parts = [
        tiers(a="yellow", c="none", d="none"),
        rows("interview", *({"pupil_key": key, "findings": "distress", "outcome": "tier_proposed"} for key in "ac")),
        rows("tier_confirmed", calm | {"pupil_key": "c"}, calm | {"pupil_key": "a", "tier": "yellow"}),
        rows("check_list", *(drawn | {"pupil_key": key} for key in "cd")),
    ]
    store(ws, parts, "tier", WAVE, ON)
    found = yields_of(ws, WAVE, "2025-12-31")
    whole, load = found.table.iloc[0], found.load.iloc[0]
    assert (whole["sensitivity"], found.n_used) == (1, 2)
    assert (load["due"], load["done"]) == (3, 2)
