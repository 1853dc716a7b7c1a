"""`approve`: a person stands for a run that passed its check; two different persons let it out."""

from xinyu_lib.release.finished import Finished
from xinyu_lib.workspace import Workspace


def approve(run: Finished, ws: Workspace, name: str, *, as_of: str) -> int:
    """Record the approval of exactly these bytes in the ledger, and nowhere else; how many persons have approved now.

    name: of the person; as_of: ISO date. Raises DisclosureError without a passed check of these bytes, and for a
    person who approved them before.
    """
    return ws.releases.approve(run.run_id, run.digest, name, as_of=as_of)
