"""Lost between schools: red and orange pupils of last year, and where the roster of the new year finds them."""

import pandas as pd
import pytest
from care_rows import rows_of, said

from xinyu_lib.care.handover import handover, reconciled
from xinyu_lib.care.standing import standing

NEW, AS_OF = "2026-2027-autumn", "2026-09-30"
OLD, NEXT = "0102", "0201"
HANDED = {"handed_over_on": "2026-09-05", "receipt_on": "2026-09-08"}
EARLIER = {"handed_over_on": "2026-08-05", "receipt_on": "2026-08-08"}


def moved(event: str, on: str = "2026-09-01", school: str = OLD, **more: str) -> dict:
    return {"school": school, "event": event, "on": on, "pupil_key": "p1"} | more


def found_again(at: str | None, *events: dict, tier: str = "orange") -> pd.DataFrame:
    """The pupil, in care at school 0102 since June, on the roster of the new year at `at`."""
    stands = standing(said(f"06-10 {tier} AB interview school={OLD}"), AS_OF)
    roster = rows_of("pupil", *([{"pupil_key": "p1", "wave": NEW, "school": at}] if at else []))
    tables = {"pupil": roster, "enrolment": rows_of("enrolment", *events)}
    return handover(stands, tables, NEW, AS_OF)


@pytest.mark.parametrize(
    ("at", "events", "outcome", "missing"),
    [
        (OLD, [], "same_school", None),
        (None, [], "lost", "not_on_roster"),
        (NEXT, [], "lost", "no_handover"),
        (NEXT, [moved("stage_change", school=NEXT, **HANDED)], "arrived", None),
        (NEXT, [moved("stage_change", school=NEXT)], "lost", "no_handover"),
        (NEXT, [moved("stage_change", school=NEXT, handed_over_on="2026-09-05")], "lost", "no_receipt"),
        (NEXT, [moved("transferred_out", other_school=NEXT, **HANDED)], "arrived", None),
        (NEXT, [moved("transferred_in", school=NEXT, other_school=OLD, **HANDED)], "arrived", None),
        (None, [moved("transferred_out")], "lost", "no_handover"),  # to another district
        (None, [moved("transferred_out", **HANDED)], "arrived", None),
        (None, [moved("graduated", handed_over_on="2026-09-05")], "lost", "no_receipt"),
        (None, [moved("transferred_out", **HANDED | {"receipt_on": "2026-10-08"})], "lost", "no_receipt"),  # not yet
        (OLD, [moved("transferred_out", on="2026-09-20")], "lost", "no_handover"),  # left after the roster was made
        (
            NEXT,
            [moved("stage_change", school=NEXT, receipt_on="2026-09-08")],
            "lost",
            "no_handover",
        ),  # signed for what?
        # the receipt is of an earlier move
        (
            None,
            [moved("transferred_in", on="2026-08-01", school=NEXT, **EARLIER), moved("graduated", school=NEXT)],
            "lost",
            "no_handover",
        ),
        (OLD, [moved("enrolled", on="2025-09-01")], "same_school", None),  # before care began
        (OLD, [moved("leave")], "same_school", None),
    ],
)
def test_a_pupil_in_care_is_where_care_is_or_somebody_signed_for_the_file(at, events, outcome, missing):
    row = found_again(at, *events).squeeze(axis=0)
    assert row["outcome"] == outcome
    assert row["missing"] == missing if missing else pd.isna(row["missing"])


@pytest.mark.parametrize(
    ("at", "events", "school"),
    [
        (NEXT, [], NEXT),
        (None, [moved("transferred_out", other_school=NEXT)], NEXT),
        (None, [moved("stage_change", other_school=NEXT)], NEXT),
        (None, [moved("transferred_out", other_school=NEXT), moved("transferred_in", school=NEXT)], NEXT),
        (None, [moved("transferred_out")], None),
        (OLD, [moved("transferred_out", on="2026-09-20")], None),
        (OLD, [moved("transferred_in", on="2026-08-01", school=NEXT), moved("transferred_out", school=NEXT)], None),
    ],
)
def test_the_next_school_is_told_where_it_is_known(at, events, school):
    row = found_again(at, *events).squeeze(axis=0)
    assert row["last_school"] == OLD
    assert row["next_school"] == school if school else pd.isna(row["next_school"])


def test_only_red_and_orange_need_a_receipt():
    assert found_again(None, tier="yellow").empty
    assert found_again(None, tier="red")["outcome"].tolist() == ["lost"]


def test_the_counts_reconcile():
    stands = pd.concat(
        [standing(said("06-10 orange A interview", pupil=pupil), AS_OF) for pupil in ("p1", "p2", "p3", "p4")]
    )
    roster = rows_of("pupil", *[{"pupil_key": p, "wave": NEW, "school": s} for p, s in [("p1", OLD), ("p2", NEXT)]])
    events = rows_of("enrolment", moved("transferred_out", **HANDED) | {"pupil_key": "p3"})
    found = handover(stands, {"pupil": roster, "enrolment": events}, NEW, AS_OF)
    assert reconciled(found) == {"open": 4, "same_school": 1, "arrived": 1, "lost": 2}
