"""`protect`: the door between results and pages."""

from typing import Protocol

import pandas as pd

from xinyu_lib.disclosure.frames import Counts, read_frame, system_of_frame
from xinyu_lib.disclosure.hiding import hide
from xinyu_lib.disclosure.roles import Role
from xinyu_lib.disclosure.safetable import ISSUED, SafeTable
from xinyu_lib.disclosure.system import AudienceRule

NOTES = {
    Role.LOW: "primary",
    Role.HIGH: "primary",
    Role.SMALL: "small_denominator",
    Role.COMPLEMENTARY: "complementary",
}


class HasDisclosure(Protocol):
    disclosure: dict[str, AudienceRule]


def protect(
    counts: pd.Series | pd.DataFrame, policy: HasDisclosure, audience: str = "school",
    hidden: pd.Series | pd.DataFrame | None = None,
) -> SafeTable:  # fmt: skip
    """Hide what names a pupil in a table of counts of persons.

    counts: whole numbers >= 0; rows are groups or, in a single column, categories; several levels of rows are nested
    (grade, class); columns are categories. Margins are rows or columns called `total` (also All, 合计, 总计) and must
    be the sums of their parts. A denominator that is not given counts as known, since the size of a class is no secret.
    hidden: booleans of the same shape where a plan for several tables decided already what is hidden.
    Raises DisclosureError for counts that are missing, negative or broken, and for a margin that does not add up.
    """
    read = read_frame(counts)
    rule = policy.disclosure[audience]
    masked, notes = _planned(read, hidden) if hidden is not None else _decided(read, rule)
    shown = _rounded(read.frame, rule.rounding).mask(masked)
    return SafeTable(shown, masked, "counts", audience, rule.threshold, rule.min_denominator, notes, ISSUED)


def _decided(counts: Counts, rule: AudienceRule) -> tuple[pd.DataFrame, tuple[str, ...]]:
    roles = hide(system_of_frame(counts, rule), rule).roles
    found = pd.DataFrame(
        [[roles[row + column] for column in counts.columns] for row in counts.rows],
        index=counts.frame.index, columns=counts.frame.columns, dtype=object,
    )  # fmt: skip
    used = {NOTES.get(role) for role in found.to_numpy().ravel()}
    return found.map(lambda role: role != Role.OPEN).astype(bool), tuple(
        n for n in dict.fromkeys(NOTES.values()) if n in used
    )


def _planned(counts: Counts, hidden: pd.Series | pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    frame = hidden.to_frame("n") if isinstance(hidden, pd.Series) else hidden
    masked = frame.reindex(index=counts.frame.index, columns=counts.frame.columns).astype(bool)
    return masked, ("planned",) if masked.to_numpy().any() else ()


def _rounded(frame: pd.DataFrame, base: int) -> pd.DataFrame:
    return ((frame + base / 2) // base * base).astype("Int64") if base else frame
