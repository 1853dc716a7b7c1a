"""What came out of one file, or of a stretch of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from xinyu_lib.census.problems import COLUMNS, PLACE


@dataclass(frozen=True)
class Batch:
    """The rows that fit, by table, and those set aside.

    frames: table (`pupil`, `response/phq9`) -> rows; persons stand in them by their numbers.
    set_aside: a line per problem: sheet (of a ledger), row (in the file), reason, column, allowed, content (JSON pairs
    of header and text; for the vault only). rows_in = rows_kept + distinct rows set aside, without blank rows and
    those left out because they belong to another questionnaire.
    unclaimed: sheets set aside with a positive safety item whose pupil is not on the roster.
    unmatched: sheets whose pupil could not be told, for the worksheet; see `matching.match`.
    """

    file: str
    frames: dict[str, pd.DataFrame]
    set_aside: pd.DataFrame
    rows_in: int
    rows_kept: int
    blank_rows: int
    unused_columns: tuple[str, ...]
    unclaimed: int = 0
    left_out: int = 0
    unmatched: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def reasons(self) -> dict[str, int]:
        """Rows per reason, commonest first; a row with two reasons counts under both."""
        rows = self.set_aside.drop_duplicates([*PLACE, "reason"])
        return {str(reason): int(n) for reason, n in rows["reason"].value_counts().items()}

    def without_frames(self) -> "Batch":
        """The account of the rows without the rows."""
        return replace(self, frames={})


def together(parts: Sequence[Batch]) -> Batch:
    """The account of a file out of those of its stretches; its rows have gone their way."""
    sums = {name: sum(getattr(part, name) for part in parts) for name in COUNTED}
    aside = pd.concat([part.set_aside for part in parts], ignore_index=True)[COLUMNS]
    unmatched = pd.concat([part.unmatched for part in parts], ignore_index=True)
    unused = tuple(dict.fromkeys(column for part in parts for column in part.unused_columns))
    return replace(parts[0], frames={}, set_aside=aside, unmatched=unmatched, unused_columns=unused, **sums)


COUNTED = ("rows_in", "rows_kept", "blank_rows", "unclaimed", "left_out")
