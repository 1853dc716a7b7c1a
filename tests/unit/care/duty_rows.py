"""A pupil's rows, and the duties that they make."""

import pandas as pd
from care_rows import WAVE, rows_of, said

from xinyu_lib.care.duties import duties, duty_tables
from xinyu_lib.policy import load_policy

POLICY = load_policy("donghu-2025")
PUPIL = {"pupil_key": "p1", "school": "0102", "sequence": 1}
SPRING = "2025-2026-spring"


def judged(tier: str, submitted: str | None, *, given: str = "2025-10-20", **told: str) -> dict[str, pd.DataFrame]:
    """A provisional tier with the sheet that it rests on: `judged("red", "2025-10-13T10:00:00")`."""
    row = PUPIL | {"wave": WAVE, "tier": tier, "safety_signal": "no", "reasons": '[["T05","phq9","total",15,15]]'}
    sheet = PUPIL | {"wave": told.get("wave", WAVE), "state": "finished" if submitted else "absent"}
    return {
        "tier_provisional": rows_of("tier_provisional", row | {"valid_from": given} | told),
        "administration": rows_of("administration", sheet | {"submitted_at": submitted}),
    }


def done(table: str, **told: str) -> dict[str, pd.DataFrame]:
    """One row of a ledger: `done("interview", on="2025-10-13", outcome="tier_proposed")`."""
    return {table: rows_of(table, PUPIL | told)}


def confirmed(*lines: str) -> dict[str, pd.DataFrame]:
    """Confirmed tiers as `said` reads them."""
    return {"tier_confirmed": said(*lines)}


def duties_of(as_of: str, *parts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """All duties that these rows make."""
    tables = {name: [rows_of(name)] for name in duty_tables()}
    for part in parts:
        for name, rows in part.items():
            tables[name].append(rows)
    return duties({name: pd.concat(rows, ignore_index=True) for name, rows in tables.items()}, POLICY, as_of)


def of_step(found: pd.DataFrame, step: str) -> pd.Series:
    """The only row of a step."""
    return found[found["step"] == step].squeeze(axis=0)


def due(found: pd.DataFrame) -> dict[str, str]:
    """Until when, by step."""
    return {row.step: f"{row.due:%m-%d %H:%M}" for row in found.itertuples()}
