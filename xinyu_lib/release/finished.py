"""A finished run as it lies in its folder: the manifest, the files that are really there, and what they show."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xinyu_lib.disclosure.system import Key
from xinyu_lib.errors import DisclosureError, UnknownName
from xinyu_lib.present.section import BLOCKS_TYPE
from xinyu_lib.provenance import digest, file_digest
from xinyu_lib.release.cell_names import cell_name
from xinyu_lib.release.outcome import Outcome
from xinyu_lib.words import say

MANIFEST, INDEX = "manifest.json", "index.html"
NOTEBOOK = "ipynb"
MALFORMED = (AttributeError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, eq=False)
class Finished:
    """A run folder. manifest: as it was written; found: digest of every file but manifest and index page, by name.

    What is no plain file has an empty digest.
    """

    folder: Path
    manifest: dict
    found: dict[str, str]

    @property
    def run_id(self) -> str:
        return self.manifest["run_id"]

    @property
    def reports(self) -> list[dict]:
        """What the manifest says of the reports that were made: subject, title, files and digests by format."""
        return [report for report in self.manifest["reports"] if report["files"]]

    @property
    def listed(self) -> dict[str, str]:
        """Digest of every file of the reports by name, as the manifest says."""
        return {r["files"][form]: r["digests"][form] for r in self.reports for form in r["files"]}

    @property
    def digest(self) -> str:
        """Of the whole run: the hash over the digests of the files that are there."""
        return digest(self.found)

    @property
    def paths(self) -> list[Path]:
        """Files of the reports that are there."""
        return [self.folder / name for name in self.listed if self.found.get(name)]

    @cached_property
    def notebooks(self) -> dict[str, dict]:
        """Executed notebook of every report by its name. Raises DisclosureError for one that cannot be read."""
        names = [report["files"][NOTEBOOK] for report in self.reports]
        return {name: _notebook(self.folder / name) for name in names if self.found.get(name)}


def find_run(run: str | Path, reports: Path) -> Finished:
    """A run by its folder, or by its id among the folders in `reports`. Raises UnknownName, DisclosureError."""
    if (Path(run) / MANIFEST).is_file():
        return read_run(Path(run).resolve())
    folders = sorted(path.parent for path in reports.glob(f"*/{MANIFEST}"))
    for folder in folders:
        if folder.name.endswith(f"-{run}"):
            return read_run(folder)
    known = [folder.name.rpartition("-")[2] for folder in folders]
    raise UnknownName("release.no_run", run=str(run), known=", ".join(known) or "-")


def read_run(folder: Path) -> Finished:
    """A run folder. Raises DisclosureError when its manifest cannot be read."""
    manifest = _read(folder / MANIFEST)
    there = sorted(path for path in folder.iterdir() if path.name not in (MANIFEST, INDEX))
    run = Finished(folder, manifest, {path.name: _digest(path) for path in there})
    try:
        _ = run.run_id, run.listed, run.notebooks
    except MALFORMED:
        raise DisclosureError("release.unreadable", file=MANIFEST) from None
    return run


def files_outcome(run: Finished, audience: str) -> Outcome:
    """Every file that the manifest lists is there as it was made, and no other is.

    audience: for whom the run was prepared; the manifest must say the same.
    """
    listed, found = run.listed, run.found
    told = [say("release.files.missing", file=name) for name in sorted(listed.keys() - found.keys())]
    told += [say("release.files.other", file=name) for name in sorted(found.keys() - listed.keys())]
    changed = sorted(name for name in listed.keys() & found.keys() if listed[name] != found[name])
    told += [say("release.files.changed", file=name) for name in changed]
    if not listed:
        told.append(say("release.files.none"))
    if run.manifest.get("audience") != audience:
        told.append(say("release.files.audience", file=MANIFEST))
    return Outcome("files", len(listed), tuple(told))


def shown_cells(notebook: dict) -> dict[Key, int | None]:
    """What a report shows: count by key (tuple of coordinates), None where the mark stands.

    Raises DisclosureError where it shows one cell in two ways.
    """
    shown: dict[Key, int | None] = {}
    for key, number in told_cells(notebook):
        if shown.setdefault(key, number) != number:
            raise DisclosureError("release.cells.two_ways", cell=cell_name(key))
    return shown


def told_cells(notebook: dict) -> Iterator[tuple[Key, int | None]]:
    """Cells with their numbers as often as an executed notebook tells them."""
    for bundle in bundles(notebook):
        for coordinates, number in bundle.get("cells", []):
            yield tuple(coordinates), number


def bundles(notebook: dict) -> Iterator[dict]:
    """What the sections of an executed notebook put out."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if bundle := output.get("data", {}).get(BLOCKS_TYPE):
                yield bundle


def _notebook(path: Path) -> dict:
    notebook = _read(path)
    try:
        list(told_cells(notebook))
    except MALFORMED:
        raise DisclosureError("release.unreadable", file=path.name) from None
    return notebook


def _digest(path: Path) -> str:
    return file_digest(path) if path.is_file() and not path.is_symlink() else ""


def _read(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise DisclosureError("release.unreadable", file=path.name) from None
