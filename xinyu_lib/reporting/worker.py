"""Make one report in a worker process: papermill runs the notebook, exporters render it, finished files move in."""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from xinyu_lib import errors
from xinyu_lib.provenance import file_digest
from xinyu_lib.reporting.cells import read_document, told_cells
from xinyu_lib.reporting.html import HTMLReportExporter
from xinyu_lib.reporting.kernel import PrivateKernelManager
from xinyu_lib.reporting.pdf import PDFReportExporter
from xinyu_lib.reporting.plan import Job
from xinyu_lib.words import say
from xinyu_lib.workspace import SNAPSHOT

EXPORTERS = {"html": HTMLReportExporter, "pdf": PDFReportExporter}
SECRETS = ("XINYU_VAULT_KEY", "XINYU_VAULT_KEYFILE")
SECONDS_PER_CELL = 300
HEADER = ("wave", "run_id", "as_of")


@dataclass(frozen=True)
class Made:
    """What became of one report: status `done` or `failed`, its files by format with their digests, the reason, and the
    keys of the protected cells that it tells.
    """

    subject: str
    title: str
    status: str
    files: dict[str, str]
    digests: dict[str, str]
    seconds: float
    reason: str = ""
    told: tuple[tuple[str, ...], ...] = ()


def enter(snapshot: str) -> None:
    """Prepare a worker: no vault key, one thread for linear algebra, the snapshot, no IPython profile of the user."""
    for name in SECRETS:
        os.environ.pop(name, None)
    private = {SNAPSHOT: snapshot, "IPYTHONDIR": str(Path(snapshot).with_name("ipython"))}
    os.environ.update({**private, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})


def make(job: Job, notebook: Path, folder: Path, formats: tuple[str, ...]) -> Made:
    """One report, or the reason why there is none. Only finished files appear in `folder`."""
    start = time.monotonic()
    stem = f"{notebook.stem}-{job.subject}"
    try:
        executed = _execute(job, notebook)
        contents = _contents(executed, formats)
    except (errors.XinyuError, PapermillExecutionError) as error:
        return Made(job.subject, job.title, "failed", {}, {}, time.monotonic() - start, _reason(error))
    files = {name: _write(content, folder / f"{stem}.{name}") for name, content in contents.items()}
    digests = {name: file_digest(folder / file) for name, file in files.items()}
    told = tuple(told_cells(executed))
    return Made(job.subject, job.title, "done", files, digests, time.monotonic() - start, told=told)


def _execute(job: Job, notebook: Path) -> nbformat.NotebookNode:
    with tempfile.TemporaryDirectory(prefix="xinyu") as work:
        executed = papermill.execute_notebook(
            str(notebook), str(Path(work) / "executed.ipynb"), parameters=job.parameters, kernel_name="python3",
            cwd=work, progress_bar=False, autosave_cell_every=0, execution_timeout=SECONDS_PER_CELL,
            kernel_manager_class=PrivateKernelManager,
        )  # fmt: skip
    return _cleaned(executed, job.title, job.parameters)


def _cleaned(executed: nbformat.NotebookNode, title: str, parameters: dict) -> nbformat.NotebookNode:
    """The notebook as it may be kept: header data in, what differs between runs or names this machine out."""
    executed.metadata.pop("papermill", None)
    reader = say(f"sections.reader.{parameters['reader']}", parameters["lang"])
    executed.metadata["xinyu"] = {"school": title, "reader": reader, **{name: parameters[name] for name in HEADER}}
    for number, cell in enumerate(executed.cells, 1):
        cell.id = f"cell-{number}"
        for noise in ("papermill", "execution"):
            cell.metadata.pop(noise, None)
    return executed


def _contents(executed: nbformat.NotebookNode, formats: tuple[str, ...]) -> dict[str, str | bytes]:
    """The report in every format, all made before one is written: a notebook that shows more than blocks is refused."""
    read_document(executed, {})
    rendered = {name: EXPORTERS[name]().from_notebook_node(executed)[0] for name in formats}
    return {"ipynb": nbformat.writes(executed), **rendered}


def _write(content: str | bytes, target: Path) -> str:
    """Write under another name, then rename: a file that is there is whole. Returns its name."""
    partial = target.with_name(f".{target.name}.partial")
    partial.write_bytes(content.encode() if isinstance(content, str) else content)
    partial.replace(target)
    return target.name


def _reason(error: Exception) -> str:
    """One line without data: our own errors carry safe wording, of any other only the kind and the cell are told."""
    if isinstance(error, errors.XinyuError):
        return error.text()
    if issubclass(getattr(errors, error.ename, Exception), errors.XinyuError):
        return error.evalue
    return say("reporting.cell_failed", cell=str(error.cell_index), kind=error.ename)
