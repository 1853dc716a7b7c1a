"""Tables of the release ledger: what each run may tell its audience, and every step that was taken with it."""

from collections.abc import Callable, Iterable

import pandas as pd
from sqlcipher3 import dbapi2 as sqlcipher

from xinyu_lib.lake.cipher import transaction

CHECKED, APPROVED, PUBLISHED, REPLACED = STEPS = ("checked", "approved", "published", "replaced")
LIBRARY = "xinyu"  # by whom a step was taken that no person stands for
TYPES = dict.fromkeys(("sequence", "value", "shown", "hidden_cells"), "int64") | {"hidden": "bool"}


class ReleaseTables:
    """Runs, their cells and their steps, in an open vault. Cells hold true counts; steps of persons hold their names.

    Steps are added and never changed; they fall away only when a run that is not out yet is prepared again.
    """

    def __init__(self, connection: sqlcipher.Connection, log: Callable[[str, str, str], None]):
        self._connection, self._log = connection, log

    def prepare(self, run_id: str, audience: str, wave: str, cells: Iterable[tuple[str, int, bool, str]]) -> None:
        """Keep the cells of a run (key, value, hidden, role) in place of those it had, and forget its steps."""
        with transaction(self._connection):
            for table in ("release_step", "release_cell", "release"):
                self._connection.execute(f"DELETE FROM {table} WHERE run_id = ?", (run_id,))
            run = (run_id, audience, wave)
            self._connection.execute("INSERT INTO release (run_id, audience, wave) VALUES (?, ?, ?)", run)
            rows = [(run_id, *cell) for cell in cells]
            self._connection.executemany("INSERT INTO release_cell VALUES (?, ?, ?, ?, ?)", rows)

    def take(self, run_id: str, step: str, digest: str, day: str, person: str = "") -> None:
        """Add a step of a run to the ledger and to the audit chain.

        digest: of the files it was taken with; for `replaced`, the id of the run that takes the place. day: ISO date.
        """
        with transaction(self._connection):
            insert = "INSERT INTO release_step (run_id, step, digest, person, day) VALUES (?, ?, ?, ?, ?)"
            self._connection.execute(insert, (run_id, step, digest, person, day))
            self._log(day, person or LIBRARY, f"release {step} {run_id} {digest}")

    def runs(self) -> pd.DataFrame:
        """All runs in the order in which they were prepared: sequence, run_id, audience, wave."""
        return self._frame("SELECT * FROM release ORDER BY sequence")

    def steps(self) -> pd.DataFrame:
        """All steps in the order in which they were taken: sequence, run_id, step, digest, person, day."""
        return self._frame("SELECT * FROM release_step ORDER BY sequence")

    def cells(self, run_id: str) -> pd.DataFrame:
        """Cells of a run by key: key, value, hidden, role."""
        query = "SELECT key, value, hidden, role FROM release_cell WHERE run_id = ? ORDER BY key"
        return self._frame(query, (run_id,))

    def counts(self) -> pd.DataFrame:
        """Cells of every run that are shown and hidden: run_id, shown, hidden_cells."""
        query = "SELECT run_id, sum(NOT hidden) AS shown, sum(hidden) AS hidden_cells FROM release_cell GROUP BY run_id"
        return self._frame(query)

    def _frame(self, query: str, values: tuple = ()) -> pd.DataFrame:
        cursor = self._connection.execute(query, values)
        names = [column[0] for column in cursor.description]
        frame = pd.DataFrame(cursor.fetchall(), columns=names)
        return frame.astype({name: TYPES.get(name, "str") for name in names})
