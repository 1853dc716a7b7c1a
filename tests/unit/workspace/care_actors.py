"""A small district in care: who is at which tier, what was done, and what was not."""

import pandas as pd

from xinyu_lib.tables import load_table
from xinyu_lib.workspace import Workspace
from xinyu_lib.workspace.streams import store

WAVE, DAY = "2025-2026-autumn", "2025-10-20"
FLAGGED = {"wave": WAVE, "safety_signal": "no", "stage": "provisional", "reasons": '[["T05","phq9","total",15,15]]'}
SHEET = {"wave": WAVE, "state": "finished", "submitted_at": "2025-10-13T10:00:00"}
TIER = {"wave": WAVE, "sequence": 1, "on": "2025-10-15", "reason": "interview", "stage": "confirmed", "review_by": None}

# Three pupils of 0102: a red whom nobody has met, an orange with a next contact, an orange without one who went to 0103
# without a receipt; and one of 0103 whose sheet is to be repeated. Interviews on the day of the tier.
PROVISIONAL = [("G01", "0102", "red", None), ("G04", "0103", "undetermined", "invalid_over_cut")]
CONFIRMED = [("G02", "0102", "orange"), ("G03", "0102", "orange")]
CONTACTS = [("G02", "2025-10-17", True), ("G02", "2025-10-24", False), ("G03", "2025-10-17", True)]


def stored(ws: Workspace, table: str, *rows: dict) -> None:
    """Rows of a table as the importer would have stored them."""
    columns = [name for name in load_table(table).stored if name not in {"import_id", "valid_from"}]
    frame = pd.DataFrame(list(rows), columns=columns)
    kinds = {name: "Int32" if load_table(table).column(name).type == "whole" else "str" for name in columns}
    store(ws, [(table, frame.astype(kinds))], "test", WAVE, DAY)


def with_care(ws: Workspace, keys: dict[str, str]) -> None:
    """The rows of the district; keys: pupil key by number."""
    stored(ws, "wave", {"wave": WAVE, "starts": "2025-09-15", "ends": "2025-11-30"})
    tiers = [
        FLAGGED | {"pupil_key": keys[n], "school": school, "tier": tier, "undetermined_why": why}
        for n, school, tier, why in PROVISIONAL
    ]
    stored(ws, "tier_provisional", *tiers)
    sheets = [
        {
            "wave": WAVE,
            "pupil_key": keys[n],
            "school": school,
            "state": "finished",
            "submitted_at": "2025-10-13T10:00:00",
        }
        for n, school, *_ in PROVISIONAL
    ]
    stored(ws, "administration", *sheets)
    mine = [TIER | {"pupil_key": keys[n], "school": school, "tier": tier} for n, school, tier in CONFIRMED]
    stored(ws, "tier_confirmed", *mine)
    stored(ws, "care_plan", *[
        {"pupil_key": each["pupil_key"], "school": "0102", "on": "2025-10-16", "issue": "sleep", "frequency": "weekly",
         "staff_key": "k1"} for each in mine
    ])  # fmt: skip
    stored(ws, "guardian_contact", *[
        {"pupil_key": each["pupil_key"], "school": "0102", "on": "2025-10-15", "sequence": 1, "reached": "yes"}
        for each in mine
    ])  # fmt: skip
    stored(ws, "contact", *[
        {"pupil_key": keys[n], "school": "0102", "due_on": on, "kind": "talk", "done_on": on if held else None,
         "attending": "full" if held else None} for n, on, held in CONTACTS
    ])  # fmt: skip
    stored(ws, "crisis_event", {
        "school": "0102", "record": "W-2025-001", "pupil_key": keys["G01"], "found_at": "2025-10-21T08:00:00",
        "type": "bullying",
    })  # fmt: skip
    stored(ws, "enrolment", {
        "school": "0102", "pupil_key": keys["G03"], "event": "transferred_out", "on": "2025-10-18",
        "other_school": "0103",
    })  # fmt: skip
