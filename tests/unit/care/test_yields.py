"""What the second stage shows, on waves small enough to count by hand."""

import numpy as np
import pandas as pd
import pytest

from xinyu_lib.care.flags import flags_of
from xinyu_lib.care.yields import yields
from xinyu_lib.numerics import wilson
from xinyu_lib.policy import load_policy
from xinyu_lib.words import say

POLICY = load_policy("donghu-2025")
WAVE = "2025-2026-autumn"
T05_YELLOW = '[["T05","phq9","total",11,10]]'
T05_AND_T06 = '[["T05","phq9","total",12,10],["T06","gad7","total",11,10],["T10",null,"yellow_scales",2,2]]'
RED = '[["T01","phq9","critical_9",2,1],["T02","phq9","critical_9",2,2],["T05","phq9","total",16,15]]'
NOTE = '[["T07","mht","phobic",8,8]]'


def wave_of(*pupils: dict) -> dict[str, pd.DataFrame]:
    """Tables of a wave. A pupil: tier, reasons, and where there was a talk `found` (the confirmed tier); drawn, on."""
    keys = [f"p{n}" for n in range(len(pupils))]
    rows = pd.DataFrame([{"reasons": "[]", "signal": "no", "drawn": False, "on": "2025-10-20"} | p for p in pupils])
    rows = rows.assign(wave=WAVE, school="S1", pupil_key=keys, sequence=1, at=pd.Series(pd.NA, rows.index, dtype="str"))
    rows = rows.assign(found=rows.get("found"))
    talked = rows[rows["found"].notna()]
    return {
        "provisional": rows.rename(columns={"signal": "safety_signal"}).drop(columns="found"),
        "confirmed": talked.assign(tier=talked["found"]),
        "interviews": talked.assign(findings="nothing_found"),
        "check_list": rows[rows["drawn"]].assign(reason="sample"),
    }


def seen(tables: dict[str, pd.DataFrame], as_of="2025-12-31"):
    return yields(**tables, policy=POLICY, wave=WAVE, as_of=as_of)


def row_of(found, by: str, name: str) -> pd.Series:
    return found.table.set_index(["by", "name"]).loc[(by, name)]


SMALL = [
    {"tier": "red", "reasons": RED, "signal": "yes", "found": "orange"},
    {"tier": "yellow", "reasons": T05_YELLOW, "found": "yellow"},
    {"tier": "yellow", "reasons": T05_AND_T06, "found": "none"},
    {"tier": "yellow", "reasons": T05_AND_T06, "found": "orange"},
    {"tier": "yellow", "reasons": T05_YELLOW},
    {"tier": "none", "reasons": NOTE, "drawn": True, "found": "none"},
    {"tier": "none", "drawn": True, "found": "yellow"},
    {"tier": "none", "drawn": True},
    {"tier": "none", "found": "yellow"},  # a teacher's concern, not drawn
    {"tier": "none"},
    {"tier": "undetermined"},
]
COUNTS = [
    # by, name, flagged, interviewed, confirmed in any colour, in the same or a graver one
    ("all", "all", 5, 4, 3, 2),
    ("tier", "red", 1, 1, 1, 0),
    ("tier", "yellow", 4, 3, 2, 2),
    ("safety_signal", "yes", 1, 1, 1, 0),
    ("rule", "T01", 1, 1, 1, 0),
    ("rule", "T02", 1, 1, 1, 0),
    ("rule", "T05", 5, 4, 3, 2),
    ("rule", "T06", 2, 2, 1, 1),
    ("scale", "gad7", 2, 2, 1, 1),
    ("scale", "phq9", 5, 4, 3, 2),
]


def test_every_flag_is_counted_under_each_rule_and_scale_that_gave_a_colour():
    counts = ["by", "name", "flagged", "interviewed", "confirmed_any", "confirmed_same"]
    assert list(seen(wave_of(*SMALL)).table[counts].itertuples(index=False, name=None)) == COUNTS


def test_a_share_weighs_each_tier_by_its_pupils():
    # the red one was confirmed, and 2 of 3 of the four yellow ones: (1 + 4 x 2/3) / 5
    found = row_of(seen(wave_of(*SMALL)), "all", "all")
    assert found["ppv_any"] == pytest.approx((1 + 4 * 2 / 3) / 5)
    assert found["ppv_same"] == pytest.approx((0 + 4 * 2 / 3) / 5)


def test_the_share_of_one_tier_has_the_interval_of_wilson():
    found = row_of(seen(wave_of(*SMALL)), "tier", "yellow")
    low, high = map(float, wilson(2, 3))
    assert tuple(found[["ppv_any", "ppv_any_low", "ppv_any_high"]]) == pytest.approx((2 / 3, low, high))


def test_sensitivity_rests_on_pupils_drawn_by_chance_alone():
    # 5 flagged with a share of 11/15 in need; of 5 without a tier two were drawn and seen, one of them in need
    found = row_of(seen(wave_of(*SMALL)), "all", "all")
    need, missed = 5 * 11 / 15, 5 * 1 / 2
    assert found["sensitivity"] == pytest.approx(need / (need + missed))
    assert found["missed"] == pytest.approx(missed)
    assert found["npv"] == pytest.approx(1 / 2)
    assert found["specificity"] == pytest.approx((5 / 2) / (5 / 2 + 5 * 4 / 15))


def test_sensitivity_stands_in_the_row_of_all_alone():
    assert seen(wave_of(*SMALL)).table["sensitivity"].notna().tolist() == [True] + [False] * (len(COUNTS) - 1)


NOT_ESTIMABLE = {
    "nobody was drawn": [p | {"drawn": False} for p in SMALL],
    "nobody who was drawn has been seen": [p | {"found": None} if p.get("drawn") else p for p in SMALL],
    "only flagged pupils were drawn": [p | {"drawn": p["tier"] != "none"} for p in SMALL],
}


@pytest.mark.parametrize("pupils", NOT_ESTIMABLE.values(), ids=NOT_ESTIMABLE)
def test_without_a_sample_sensitivity_is_missing_and_said_to_be_not_estimable(pupils):
    found = seen(wave_of(*pupils))
    row = row_of(found, "all", "all")
    assert row[["sensitivity", "sensitivity_low", "sensitivity_high", "specificity", "npv", "missed"]].isna().all()
    assert row["ppv_any"] == pytest.approx(11 / 15)
    assert any("not estimable" in note.text("en") for note in found.notes)
    assert any("不可估计" in note.text("zh") for note in found.notes)


def test_with_a_sample_nothing_is_said_to_be_not_estimable():
    assert not any("not estimable" in note.text("en") for note in seen(wave_of(*SMALL)).notes)


def test_a_sample_that_found_nobody_shows_a_lower_end_only():
    clear = [{"tier": "none", "drawn": True, "found": "none"}] * 40
    found = seen(wave_of(*(p for p in SMALL if p["tier"] != "none"), *clear))
    row = row_of(found, "all", "all")
    assert (row["sensitivity"], row["sensitivity_high"]) == (1, 1)
    assert row["sensitivity_low"] < 0.7
    assert "care.yields.sample_found_none" in [note.message_id for note in found.notes]


def test_notes_tell_who_was_not_counted():
    told = {note.message_id: dict(note.fields) for note in seen(wave_of(*SMALL)).notes}
    assert told["care.yields.not_interviewed"] == {"n": 1, "of": 5}
    assert told["care.yields.undetermined"] == {"n": 1}
    assert told["care.yields.sample"] == {"seen": 2, "of": 3, "clear": 5, "found": 1}
    assert seen(wave_of(*SMALL)).n_used == 6


def test_a_talk_in_which_the_pupil_was_not_seen_is_no_interview():
    tables = wave_of(*SMALL)
    tables["interviews"] = tables["interviews"].assign(findings=None)
    found = seen(tables)
    assert found.table["interviewed"].sum() == 0
    assert found.table["ppv_any"].isna().all()
    assert found.load["done"].sum() == 0


def test_an_interview_without_a_confirmed_tier_is_not_counted_yet():
    tables = wave_of(*SMALL)
    tables["confirmed"] = tables["confirmed"].iloc[1:]
    assert row_of(seen(tables), "tier", "red")["interviewed"] == 0


def test_of_several_confirmations_the_first_of_the_wave_answers_the_flag():
    tables = wave_of({"tier": "yellow", "reasons": T05_YELLOW, "found": "yellow"})
    later = tables["confirmed"].assign(on="2025-11-20", tier="none")
    other = tables["confirmed"].assign(on="2025-03-20", tier="none", wave="2024-2025-spring")
    tables["confirmed"] = pd.concat([later, tables["confirmed"], other])
    assert row_of(seen(tables), "all", "all")["confirmed_any"] == 1


def test_what_came_after_the_day_is_not_known_yet():
    tables = wave_of(
        {"tier": "yellow", "reasons": T05_YELLOW, "found": "yellow", "on": "2025-10-20"},
        {"tier": "yellow", "reasons": T05_YELLOW, "found": "yellow", "on": "2025-10-21"},
    )
    assert [row_of(seen(tables, day), "all", "all")["interviewed"] for day in ("2025-10-20", "2025-10-21")] == [1, 2]


def test_a_tier_nobody_was_interviewed_of_is_taken_to_be_like_the_others():
    # 2 of 3 yellow and 1 of 1 orange, each of which stands for its own: (3 x 2/3 + 1) / 4, and so the red one
    orange = {"tier": "orange", "reasons": T05_YELLOW, "found": "orange"}
    found = seen(wave_of({"tier": "red", "reasons": RED}, *SMALL[1:4], orange))
    assert row_of(found, "all", "all")["ppv_any"] == pytest.approx(3 / 4)
    assert row_of(found, "all", "all")["flagged"] == 5
    assert dict(found.notes[2].fields) == {"n": 1}
    assert found.notes[2].message_id == "care.yields.tier_not_interviewed"


def test_nobody_flagged_is_a_row_of_zeros():
    row = row_of(seen(wave_of({"tier": "none", "drawn": True, "found": "none"})), "all", "all")
    assert (row["flagged"], row["interviewed"]) == (0, 0)
    assert np.isnan(row["ppv_any"])


def test_the_load_counts_who_is_due_who_was_seen_and_hours_per_school_day():
    # due: 5 flagged and 3 drawn; seen of them 4 and 2; a seventh talk was about a concern
    load = seen(wave_of(*SMALL)).load.iloc[0]
    assert (load["due"], load["done"], load["talks"]) == (8, 6, 7)
    assert (load["hours_due"], load["hours_done"]) == (8, 7)
    assert (load["days"], load["hours_per_day"]) == (1, 7)


def test_hours_are_spread_over_the_school_days_from_the_first_talk_to_the_last():
    # Thursday to Tuesday: Thursday, Friday, Monday, Tuesday
    days = [{"tier": "yellow", "reasons": T05_YELLOW, "found": "none", "on": on} for on in ("2025-10-23", "2025-10-28")]
    load = seen(wave_of(*days)).load.iloc[0]
    assert (load["days"], load["hours_per_day"]) == (4, 0.5)


def test_the_view_names_the_wave_and_carries_the_notes():
    shown = seen(wave_of(*SMALL))._repr_html_()
    assert WAVE in shown
    assert say("care.yields.several_rules") in shown


NINE = '["T07","mht","learning_anxiety",9,8],["T07","mht","phobic",8,8]'
COLOURED = [
    # reasons as stored, rules and scales that gave a colour
    ("[]", set()),
    (NOTE, set()),  # one content scale at 8 is a note ...
    (f'[{NINE},["T07","mht","somatic",8,8]]', {("T07", "mht")}),  # ... three are yellow
    ('[["T07","mht","total",65,65]]', {("T07", "mht")}),
    ('[["T08","mssmhs","total",2.9,2]]', set()),  # a mean of 2 is a note, of 3 yellow
    ('[["T08","mssmhs","total",3.1,3]]', {("T08", "mssmhs")}),
    ('[["T09c","sdq-teacher","total",18,16]]', set()),
    (T05_AND_T06, {("T05", "phq9"), ("T06", "gad7")}),  # T10 only moves up the queue
    (RED, {("T01", "phq9"), ("T02", "phq9"), ("T05", "phq9")}),
    ('[["T02","phq9","critical_9",1,1],["T02","mht","critical_85",1,1]]', {("T02", "phq9"), ("T02", "mht")}),
    ('[["T11",null,"concern",1,1]]', {("T11", None)}),
    ('[["T12",null,"danger",1,1]]', {("T12", None)}),
]


@pytest.mark.parametrize(("reasons", "coloured"), COLOURED)
def test_a_rule_flags_where_its_reasons_amount_to_a_colour(reasons, coloured):
    flags = flags_of(pd.Series([reasons]), POLICY)
    assert set(zip(flags["rule"], flags["scale"], strict=True)) == coloured
