"""What came out of one file, and what it had to be checked against."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Known:
    """What rows may refer to: school codes, (school, class) pairs, the roster as pupil number -> school."""

    schools: frozenset[str]
    classes: frozenset[tuple[str, str]]
    roster: dict[str, str]


@dataclass(frozen=True)
class Batch:
    """The rows of one file that fit, by table, and those set aside.

    frames: table (`pupil`, `response/phq9`) -> rows; person rows carry the text column `number`.
    set_aside: a line per problem: row (in the file), reason, column, allowed, content (JSON pairs of
    header and text; for the vault only). rows_in = rows_kept + distinct rows set aside, without blank rows.
    unclaimed: sheets set aside with a positive safety item whose pupil is not on the roster.
    """

    file: str
    frames: dict[str, pd.DataFrame]
    set_aside: pd.DataFrame
    rows_in: int
    rows_kept: int
    blank_rows: int
    unused_columns: tuple[str, ...]
    unclaimed: int = 0

    @property
    def reasons(self) -> dict[str, int]:
        """Rows per reason, commonest first; a row with two reasons counts under both."""
        rows = self.set_aside.drop_duplicates(["row", "reason"])
        return {str(reason): int(n) for reason, n in rows["reason"].value_counts().items()}
