"""`Evaluation`: one report's subject, reader and date. Its methods are the sections; a notebook calls them in order."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property

import pandas as pd

from xinyu_lib.disclosure import SafeTable, protect, protect_coefficients, protect_means
from xinyu_lib.disclosure.system import Key
from xinyu_lib.errors import UnknownName
from xinyu_lib.policy import Policy, load_policy
from xinyu_lib.present import Heading, Section
from xinyu_lib.sections import cover, coverage, how_to_read, methods, overall, statement, summary, tiers
from xinyu_lib.sections.cells import key_of
from xinyu_lib.sections.material import Material
from xinyu_lib.sections.protection import everything, protection
from xinyu_lib.words import say
from xinyu_lib.workspace import Workspace


def _method(section: Callable[["Evaluation"], Section]) -> Callable[["Evaluation"], Section]:
    """A section as a method; it carries the cells that were told for the first time in it."""

    def method(self: "Evaluation") -> Section:
        made = section(self)
        return replace(made, cells=self._take_cells())

    method.__doc__ = section.__doc__
    return method


class Evaluation:
    """The evaluation of a school (or, with `school=None`, of the district) in one wave, for one reader.

    as_of: ISO date that the report counts as its own. reader: bureau, principal, ...; the policy says which audience
    (school, district, public) a reader belongs to. Every method returns a `Section` of blocks.
    """

    def __init__(
        self, ws: Workspace, school: str | None, wave: str, as_of: str, reader: str = "principal",
        policy: str | Policy | None = None, lang: str = "zh", run_id: str = "",
    ):  # fmt: skip
        self.policy = policy if isinstance(policy, Policy) else load_policy(policy or ws.settings["policy"])
        self.material = Material(ws, school or None, wave, self.policy)
        self.wave, self.as_of, self.reader, self.lang, self.run_id = wave, as_of, reader, lang, run_id
        self.audience = _audience(self.policy, reader)
        self.released: list[SafeTable] = []
        self._sections = 0
        self._told: dict[Key, float | None] = {}

    cover = _method(cover.section)
    summary = _method(summary.section)
    how_to_read = _method(how_to_read.section)
    coverage = _method(coverage.section)
    overall = _method(overall.section)
    tiers = _method(tiers.section)
    methods = _method(methods.section)
    statement = _method(statement.section)

    @cached_property
    def outcome_shares(self) -> SafeTable:
        """Outcomes of eligible pupils, protected once and told the same on every page."""
        return coverage.protected_outcomes(self)

    @cached_property
    def tier_shares(self) -> SafeTable:
        """Provisional tiers, protected once and told the same on every page."""
        return tiers.protected_tiers(self)

    @cached_property
    def counts(self) -> dict[Key, int]:
        """True counts of every cell that this audience's tables hold."""
        cells = everything(self.material, self.audience)
        return dict(zip(cells["key"], cells["value"], strict=True))

    @cached_property
    def hidden(self) -> Mapping[Key, bool]:
        """Which of them are hidden: by the plan of the run, or decided here for this report alone."""
        return self.material.ws.hidden_cells or protection(self.material, self.audience).hidden

    def key(self, node: str, **group: str) -> Key:
        """The cell of a node in this report's school, or in a group of it (grade="7")."""
        return key_of(self.wave, node, school=self.material.school, **group)

    def told(self, rows: Mapping[str, Key]) -> SafeTable:
        """A table of listed cells by row name, hidden as planned, remembered for the disclosure statement."""
        counts = pd.Series({row: self.counts[key] for row, key in rows.items()})
        hidden = pd.Series({row: self.hidden[key] for row, key in rows.items()})
        table = self._remember(protect(counts, self.policy, self.audience, hidden=hidden))
        self._told |= {key: table.number(row).value for row, key in rows.items()}
        return table

    def _take_cells(self) -> tuple[tuple[Key, float | None], ...]:
        told, self._told = tuple(self._told.items()), {}
        return told

    def protect_means(self, means: pd.DataFrame) -> SafeTable:
        """Protect a table of means for this reader and remember it for the disclosure statement."""
        return self._remember(protect_means(means, self.policy, self.audience))

    def protect_coefficients(self, values: pd.DataFrame) -> SafeTable:
        """The same for a table of coefficients."""
        return self._remember(protect_coefficients(values, self.policy, self.audience))

    def _remember(self, table: SafeTable) -> SafeTable:
        self.released.append(table)
        return table

    def say(self, message_id: str, **fields: object) -> str:
        """Wording in the report's language."""
        return say(message_id, self.lang, **fields)

    def heading(self, message_id: str) -> Heading:
        """A section's heading with the next number."""
        self._sections += 1
        return Heading(f"{self._sections}  {self.say(message_id)}", 1)


def _audience(policy: Policy, reader: str) -> str:
    if reader not in policy.readers:
        raise UnknownName.of("reader", reader, policy.readers)
    return policy.readers[reader]
