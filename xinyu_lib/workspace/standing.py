"""How far runs came on their way to their readers, read from the steps of the release ledger."""

from dataclasses import dataclass

import pandas as pd

from xinyu_lib.census.naming import name_key
from xinyu_lib.errors import DisclosureError
from xinyu_lib.lake.releases import APPROVED, CHECKED, PUBLISHED, REPLACED, ReleaseTables

PREPARED = "prepared"
PERSONS = 2  # who let a report out do it with four eyes


@dataclass(frozen=True, eq=False)
class Standing:
    """How far a run came. steps: its steps, in the order in which they were taken; see `ReleaseTables.steps`."""

    run_id: str
    audience: str
    wave: str
    steps: pd.DataFrame

    @property
    def digest(self) -> str:
        """Of the files that passed the last check; empty before the first."""
        return self._last(CHECKED, "digest")

    @property
    def state(self) -> str:
        """prepared, checked, approved (by one person or more), published or replaced."""
        taken = set(self.steps["step"])
        if out := [step for step in (REPLACED, PUBLISHED) if step in taken]:
            return out[0]
        return APPROVED if self.persons(self.digest) else CHECKED if self.digest else PREPARED

    def passed(self, digest: str) -> bool:
        """True when files of this digest passed a check."""
        return digest in set(self._taken(CHECKED)["digest"])

    def persons(self, digest: str) -> set[str]:
        """Who approved files of this digest, written as names are compared."""
        steps = self._taken(APPROVED)
        return {name_key(name) for name in steps.loc[steps["digest"] == digest, "person"]}

    def published(self, digest: str) -> bool:
        """True when files of this digest were let out."""
        return digest in set(self._taken(PUBLISHED)["digest"])

    def day(self, step: str) -> str:
        """When a step was taken last; empty if never. An approval counts for the files that passed last."""
        return self._last(step, "day") if step != APPROVED or self.persons(self.digest) else ""

    @property
    def replaced_by(self) -> str:
        """Id of the run that took the place of this one; empty if none did."""
        return self._last(REPLACED, "digest")

    @property
    def place(self) -> int:
        """Place in the ledger where it was last let out, 0 if it never was."""
        return int(self._taken(PUBLISHED)["sequence"].max()) if len(self._taken(PUBLISHED)) else 0

    def _last(self, step: str, column: str) -> str:
        return next(iter(self._taken(step)[column][::-1]), "")

    def _taken(self, step: str) -> pd.DataFrame:
        return self.steps[self.steps["step"] == step]


def standings(book: ReleaseTables) -> dict[str, Standing]:
    """Standing of every run by its id, in the order in which they were prepared."""
    steps = book.steps()
    runs = book.runs().itertuples()
    return {r.run_id: Standing(r.run_id, r.audience, r.wave, steps[steps["run_id"] == r.run_id]) for r in runs}


def standing_of(book: ReleaseTables, run_id: str) -> Standing:
    """Standing of one run. Raises DisclosureError for one that was never prepared here."""
    found = standings(book).get(run_id)
    if found is None:
        raise DisclosureError("workspace.release.unknown", run=run_id)
    return found


def let_out(book: ReleaseTables) -> list[Standing]:
    """Runs that were let out, also those replaced since, the last one first."""
    return sorted((each for each in standings(book).values() if each.place), key=lambda each: -each.place)


def ready(book: ReleaseTables, run_id: str, digest: str) -> Standing:
    """Standing of a run whose files of this digest may be let out. Raises DisclosureError saying what is missing."""
    standing = standing_of(book, run_id)
    if standing.replaced_by:
        raise DisclosureError("workspace.release.replaced", run=run_id, by=standing.replaced_by)
    if not standing.passed(digest):
        raise DisclosureError("workspace.release.not_checked", run=run_id)
    if len(standing.persons(digest)) < PERSONS:
        have = {"n": len(standing.persons(digest)), "of": PERSONS}
        raise DisclosureError("workspace.release.not_approved", run=run_id, **have)
    return standing
