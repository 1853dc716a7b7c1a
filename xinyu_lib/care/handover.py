"""Lost between schools: pupils in care who moved on, and whether somebody signed for their files."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from xinyu_lib.care.moments import DAY
from xinyu_lib.registry import Definition, Text, read

SAME, ARRIVED, LOST = "same_school", "arrived", "lost"
NOT_ON_ROSTER, NO_HANDOVER, NO_RECEIPT = "not_on_roster", "no_handover", "no_receipt"
COLUMNS = ["pupil_key", "tier", "last_school", "next_school", "outcome", "missing"]
TABLES = ("pupil", "enrolment")


class Moves(Definition):
    """Tiers for which there must be a receipt, and what each event of the enrolment history is; see `handover.toml`."""

    tiers: tuple[Text, ...]
    going: tuple[Text, ...]
    coming: tuple[Text, ...]
    stage: Text


@cache
def moves() -> Moves:
    """The moves as declared."""
    return read(Path(__file__).with_suffix(".toml"), Moves)


def handover(standing: pd.DataFrame, tables: Mapping[str, pd.DataFrame], wave: str, as_of: str) -> pd.DataFrame:
    """What became of every pupil with an open tier that needs a receipt, one row each.

    pupil_key, tier; last_school: which holds the care; next_school: where the pupil is or went, if that is known.
    outcome: same_school (nobody moved), arrived (moved, and there is a receipt) or lost. missing, of those lost:
    not_on_roster (on no roster of the wave, and nothing says where to), no_handover or no_receipt.
    standing: as `care.standing` gives it. tables: rows of `TABLES`. wave: whose roster tells who is where.
    """
    held = standing[standing["tier"].isin(moves().tiers)]
    found = held[["tier", "since"]].assign(last_school=held["school"])
    roster = tables["pupil"]
    at = roster[roster["wave"] == wave].drop_duplicates("pupil_key").set_index("pupil_key")["school"]
    found = found.join(at.rename("at")).join(_last_move(found, tables["enrolment"], as_of))
    told = found["moved"].eq(True)
    moved = told | (found["at"] != found["last_school"])
    outcome = np.select([~moved, found["receipt"].eq(True)], [SAME, ARRIVED], LOST)
    nowhere = found["at"].isna() & ~told
    missing = np.select([nowhere, ~found["handed"].eq(True)], [NOT_ON_ROSTER, NO_HANDOVER], NO_RECEIPT)
    elsewhere = found["at"].where(found["at"] != found["last_school"])
    found = found.assign(
        next_school=found["into"].fillna(elsewhere).fillna(found["to"]), outcome=outcome,
        missing=pd.Series(missing, index=found.index, dtype="str").where(outcome == LOST),
    )  # fmt: skip
    return found.rename_axis("pupil_key").reset_index()[COLUMNS]


def reconciled(found: pd.DataFrame) -> dict[str, int]:
    """Pupils by outcome; together they are all whose tier is open."""
    counts = found["outcome"].value_counts()
    return {"open": len(found)} | {outcome: int(counts.get(outcome, 0)) for outcome in (SAME, ARRIVED, LOST)}


def _last_move(found: pd.DataFrame, enrolment: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """On pupil_key, of those who moved since the tier began: into (where they came), to (where they are said to go).

    moved; handed, receipt: the file of the last move was handed over, and signed for, by the day.
    """
    day = as_of[:DAY]
    events = enrolment.join(found[["last_school", "since"]], on="pupil_key", how="inner").reset_index(drop=True)
    events = events[(events["on"] >= events["since"]) & (events["on"] <= day)].sort_values("on", kind="stable")
    stage = events["event"] == moves().stage
    own = events["school"] == events["last_school"]
    going = events["event"].isin(moves().going) | (stage & own)
    coming = events["event"].isin(moves().coming) | (stage & ~own)
    left, came = (
        events[part].drop_duplicates("pupil_key", keep="last").set_index("pupil_key") for part in (going, coming)
    )
    move = pd.DataFrame({"left": left["on"], "to": left["other_school"], "came": came["on"], "into": came["school"]})
    move["into"] = move["into"].mask(move["came"] < move["left"])
    mine = events[events["on"] >= events["pupil_key"].map(move["left"].fillna(move["came"])).astype("str")]
    handed, signed = mine["handed_over_on"] <= day, mine["receipt_on"] <= day
    signed = pd.DataFrame({"handed": handed, "receipt": handed & signed}).fillna(False).groupby(mine["pupil_key"]).any()
    return move[["to", "into"]].assign(moved=True).join(signed)
