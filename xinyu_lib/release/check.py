"""`check`: whether a finished run may go out, part by part; what passed is written into the ledger."""

from dataclasses import dataclass

import pandas as pd

from xinyu_lib.disclosure.joined import KeyLink
from xinyu_lib.disclosure.system import AudienceRule
from xinyu_lib.errors import DisclosureError
from xinyu_lib.policy import Policy
from xinyu_lib.release.cells import attack_outcome, corrections_outcome, shown_outcome
from xinyu_lib.release.finished import Finished, files_outcome
from xinyu_lib.release.outcome import Outcome
from xinyu_lib.release.scan import scan
from xinyu_lib.release.scanning import Scanner, scan_outcome
from xinyu_lib.sections.material import Material
from xinyu_lib.sections.protection import links
from xinyu_lib.workspace import Workspace


@dataclass(frozen=True)
class Checked:
    """What a check found, part by part."""

    run_id: str
    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        return all(each.passed for each in self.outcomes)

    def raise_if_failed(self) -> None:
        """Raises DisclosureError saying how many problems there are."""
        if not self.passed:
            problems = sum(len(each.problems) for each in self.outcomes)
            raise DisclosureError("release.check.failed", run=self.run_id, n=problems)


def check(run: Finished, ws: Workspace, policy: Policy, *, as_of: str, scanner: Scanner = scan) -> Checked:
    """Check a run in all parts and record it when all passed, for exactly these bytes.

    as_of: ISO date of the check. Raises DisclosureError for a run that was never prepared in this workspace.
    """
    audience = ws.releases.standing(run.run_id).audience
    outcomes = (*against_ledger(run, ws, policy), scan_outcome(run, ws, policy, audience, scanner))
    found = Checked(run.run_id, outcomes)
    if found.passed:
        ws.releases.passed(run.run_id, run.digest, as_of=as_of)
    return found


def against_ledger(run: Finished, ws: Workspace, policy: Policy) -> tuple[Outcome, ...]:
    """The parts that the ledger may change: files, cells, corrections, attack."""
    standing = ws.releases.standing(run.run_id)
    audience, wave, rules = standing.audience, standing.wave, policy.disclosure
    cells = ws.releases.cells(run.run_id)
    out = {who: ws.releases.out(who) for who in ws.releases.readers(audience)}
    moved = {who: _moved(ws, policy, wave, cells["key"], told["key"], rules[who]) for who, told in out.items()}
    return (
        files_outcome(run, audience),
        shown_outcome(run, cells, rules[audience], wave),
        corrections_outcome(cells, out, rules, wave),
        attack_outcome(cells, audience, out, rules, wave, moved),
    )


def _moved(
    ws: Workspace, policy: Policy, wave: str, new: pd.Series, out: pd.Series, rule: AudienceRule
) -> list[KeyLink]:
    """What is known of a cell from another wave, where that was told and few pupils moved since."""
    if {key[0] for key in out} <= {wave}:
        return []
    return links(Material(ws, None, wave, policy), new, out, rule.threshold)
