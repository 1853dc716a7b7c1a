"""`publish`: the finished formats of an approved run copied for their readers, and the run recorded as out.

Staged first, recorded second, renamed last: what a reader may have seen always stands in the ledger, and publishing
again finishes what was broken off.
"""

from pathlib import Path

from xinyu_lib.errors import DisclosureError
from xinyu_lib.lake.disk import on_disk
from xinyu_lib.policy import Policy
from xinyu_lib.provenance import file_digest
from xinyu_lib.release.check import Checked, against_ledger
from xinyu_lib.release.finished import Finished
from xinyu_lib.workspace import Workspace

FORMATS = {".html", ".pdf", ".docx", ".xlsx"}


def publish(run: Finished, ws: Workspace, policy: Policy, to: Path, *, as_of: str) -> list[Path]:
    """Copy the reports of a run to a folder of its name in `to`; the files that are there now.

    The run must have passed its check and have been approved by two persons, byte by byte, and what depends on the
    ledger is checked once more. as_of: ISO date. Raises DisclosureError when one of these is missing, and
    when another content is there already.
    """
    mark = ws.releases.mark()
    standing = ws.releases.require_ready(run.run_id, run.digest)
    if not standing.published(run.digest):
        Checked(run.run_id, against_ledger(run, ws, policy)).raise_if_failed()
    target = to / run.folder.name
    names = sorted(path.name for path in run.paths if path.suffix in FORMATS)
    _refuse_others(run, target, names)
    staged = {target / f".{name}.partial": target / name for name in names}
    try:
        with on_disk(target.name, DisclosureError):
            _stage(run, target, staged)
            ws.releases.publish(run.run_id, run.digest, mark=mark, as_of=as_of)
            for partial, final in staged.items():
                partial.replace(final)
    finally:
        for partial in staged:
            partial.unlink(missing_ok=True)
    return list(staged.values())


def _refuse_others(run: Finished, target: Path, names: list[str]) -> None:
    if target.resolve() == run.folder.resolve():
        raise DisclosureError("release.publish.same_folder", folder=target.name)
    if any(each.exists() and not each.is_dir() for each in (target, *target.parents)):
        raise DisclosureError("release.publish.no_folder", folder=str(target))
    for name in (name for name in names if (target / name).exists()):
        if not (target / name).is_file() or file_digest(target / name) != run.found[name]:
            raise DisclosureError("release.publish.other_content", file=name, folder=target.name)


def _stage(run: Finished, target: Path, staged: dict[Path, Path]) -> None:
    """Copy under other names; what was copied is what was approved."""
    target.mkdir(parents=True, exist_ok=True)
    for partial, final in staged.items():
        partial.write_bytes((run.folder / final.name).read_bytes())
        if file_digest(partial) != run.found[final.name]:
            raise DisclosureError("release.files.changed", file=final.name)
