"""`Evaluation`: one report's subject, reader and date. Its methods are the sections; a notebook calls them in order."""

from functools import cached_property

import pandas as pd

from xinyu_lib.disclosure import SafeTable, protect, protect_coefficients, protect_means
from xinyu_lib.errors import UnknownName
from xinyu_lib.policy import Policy, load_policy
from xinyu_lib.present import Heading
from xinyu_lib.sections import cover, coverage, how_to_read, methods, overall, statement, summary, tiers
from xinyu_lib.sections.material import Material
from xinyu_lib.words import say
from xinyu_lib.workspace import Workspace


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

    cover = cover.section
    summary = summary.section
    how_to_read = how_to_read.section
    coverage = coverage.section
    overall = overall.section
    tiers = tiers.section
    methods = methods.section
    statement = statement.section

    @cached_property
    def outcome_shares(self) -> SafeTable:
        """Outcomes of eligible pupils, protected once and told the same on every page."""
        return coverage.protected_outcomes(self)

    @cached_property
    def tier_shares(self) -> SafeTable:
        """Provisional tiers, protected once and told the same on every page."""
        return tiers.protected_tiers(self)

    def protect(self, counts: pd.Series) -> SafeTable:
        """Protect a table of counts for this reader and remember it for the disclosure statement."""
        return self._remember(protect(counts, self.policy, self.audience))

    def protect_means(self, means: pd.DataFrame) -> SafeTable:
        """The same for a table of means."""
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
