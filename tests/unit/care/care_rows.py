"""Rows of care written as a person would say them."""

import pandas as pd

from xinyu_lib.tables import load_table

WAVE = "2025-2026-autumn"


def rows_of(table: str, *rows: dict) -> pd.DataFrame:
    """Stored rows of a declared table; what is not said is missing."""
    columns = list(load_table(table).stored)
    frame = pd.DataFrame(list(rows), columns=columns)
    return frame.astype({name: "Int32" if name == "sequence" else "str" for name in columns})


def said(*lines: str, pupil: str = "p1") -> pd.DataFrame:
    """Confirmed tiers out of lines such as "10-16 red AB interview": day, tier, who signed, why, and what else is said.

    Years begin in September 2025. More: at=10:30, wave, was=orange (`from_tier`), nth=2, until=2025-11-13, school=0103.
    """
    return rows_of("tier_confirmed", *[_one(line.split(), pupil) for line in lines])


def day(month_day: str) -> str:
    return f"{2025 if month_day >= '09' else 2026}-{month_day}"


def _one(words: list[str], pupil: str) -> dict:
    on, tier, signed, reason, *more = words
    told = dict(word.partition("=")[::2] for word in more)
    return {
        "pupil_key": pupil, "on": day(on), "tier": tier, "reason": reason, "staff_key": signed[0],
        "second_key": signed[1:] or None, "sequence": int(told.get("nth", 1)), "from_tier": told.get("was"),
        "at": f"{day(on)}T{told['at']}:00" if "at" in told else None, "wave": WAVE if "wave" in told else None,
        "review_by": told.get("until"), "school": told.get("school", "0102"),
    }  # fmt: skip
