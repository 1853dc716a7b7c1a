"""What the scan of a run is told: what only the vault may hold, and what the reports of the run may say."""

from collections.abc import Callable

import nbformat

from xinyu_lib.errors import UnknownName
from xinyu_lib.policy import Policy
from xinyu_lib.provenance import file_digest
from xinyu_lib.release.finished import NOTEBOOK, Finished, bundles, told_cells
from xinyu_lib.release.outcome import Outcome
from xinyu_lib.release.scan import Context, Finding, Secrets, declared_wording, numbers_in
from xinyu_lib.reporting.plan import find_notebook
from xinyu_lib.tables import tables
from xinyu_lib.words import say
from xinyu_lib.workspace import Workspace

Scanner = Callable[..., list[Finding]]
PERSONS = ("pupil", "staff")


def scan_outcome(run: Finished, ws: Workspace, policy: Policy, audience: str, scanner: Scanner) -> Outcome:
    """The files of the reports carry nothing that their readers must not get."""
    context = context_of(run, ws, policy, audience)
    found = scanner(run.paths, secrets_of(ws), context, root=run.folder)
    told = (say("release.finding", file=each.file, told=each.told) for each in found)
    return Outcome("scan", len(run.paths), tuple(told))


def secrets_of(ws: Workspace) -> Secrets:
    """Names, numbers and keys of all persons in the vault, and all that people wrote."""
    with ws.vault() as vault:
        people = {kind: vault.people(kind) for kind in PERSONS}
        texts = [vault.words(table)["value"] for table in tables()]
    return Secrets(
        names=frozenset().union(*(each["name"].dropna() for each in people.values())),
        numbers=frozenset().union(*(each["number"] for each in people.values())),
        keys=frozenset().union(*(each[f"{kind}_key"] for kind, each in people.items())),
        texts=frozenset().union(*texts),
    )


def context_of(run: Finished, ws: Workspace, policy: Policy, audience: str) -> Context:
    """The audience with its threshold, the numbers that protected tables show per file, and the declared wording."""
    schools = ws.read("school")["name"].dropna()
    titles = [ws.settings["title"], *(report["title"] for report in run.manifest["reports"])]
    wording = declared_wording(*schools, *titles, *_prose(run))
    return Context(audience, policy.disclosure[audience].threshold, shown=shown_numbers(run), wording=wording)


def shown_numbers(run: Finished) -> dict[str, frozenset[str]]:
    """Numbers in the tables of each report, which only protected tables can fill, by the name of each of its files."""
    numbers = {name: _numbers(notebook) for name, notebook in run.notebooks.items()}
    return {
        file: numbers.get(report["files"][NOTEBOOK], frozenset())
        for report in run.reports
        for file in report["files"].values()
    }


def _numbers(notebook: dict) -> frozenset[str]:
    blocks = [block for bundle in bundles(notebook) for block in bundle["blocks"] if block["kind"] == "table"]
    cells = (number for _, number in told_cells(notebook) if number is not None)
    texts = [text for block in blocks for row in block["rows"] for text in row]
    return frozenset().union(*map(numbers_in, [*texts, *map(str, cells)]))


def _prose(run: Finished) -> list[str]:
    """Text of the notebook that the run was made with, where it is one of ours and has not changed since."""
    try:
        path = find_notebook(run.manifest["notebook"])
    except UnknownName:
        return []
    if file_digest(path) != run.manifest["identity"]["notebook"]:
        return []
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]
