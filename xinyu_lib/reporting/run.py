"""A run: every report of a plan made in a pool of fresh processes, one failure never stopping the others."""

import json
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from xinyu_lib.errors import ReportsFailed, WorkspaceError
from xinyu_lib.reporting import worker
from xinyu_lib.reporting.index import write_index
from xinyu_lib.reporting.ledger import write_manifest
from xinyu_lib.reporting.plan import FORMATS, Plan, make_plan
from xinyu_lib.words import say
from xinyu_lib.workspace import Workspace


@dataclass(frozen=True)
class Run:
    """What a run made: its folder and a row per school: status, files, seconds, digest, reason."""

    run_id: str
    folder: Path
    table: pd.DataFrame

    @property
    def failed(self) -> int:
        return int((self.table["status"] != "done").sum())

    def raise_if_failed(self) -> None:
        """Raises ReportsFailed naming how many reports are missing and where the reasons are listed."""
        if self.failed:
            raise ReportsFailed(
                "reporting.some_failed",
                failed=str(self.failed),
                of=str(len(self.table)),
                index=f"{self.folder.name}/index.html",
            )


def build_reports(
    notebook: str | Path, ws: Workspace, *, wave: str, as_of: str, schools: str | list[str] = "all",
    reader: str = "principal", formats: list[str] | tuple[str, ...] = FORMATS, lang: str = "zh",
    parameters: dict[str, object] | None = None, out: str | Path = "reports", workers: int | None = None,
    progress: Callable[[worker.Made], None] | None = None,
) -> Run:  # fmt: skip
    """Make a report per school (or one for the district) and the run's index page and manifest.

    as_of: ISO date of the data. progress: called with each finished report. Nothing is raised for a failing school:
    it is a row of `Run.table` with its reason; `Run.raise_if_failed` turns it into an error.
    Raises ParameterError, UnknownName or WorkspaceError before a kernel starts.
    """
    plan = make_plan(
        notebook, ws, wave=wave, as_of=as_of, reader=reader, schools=schools, formats=tuple(formats), lang=lang,
        parameters=parameters,
    )  # fmt: skip
    folder = Path(out) / plan.folder
    if Path(out).is_file():
        raise WorkspaceError("workspace.not_folder", folder=str(out))
    folder.mkdir(parents=True, exist_ok=True)
    made = _run(plan, ws, folder, workers or _workers(plan), progress or (lambda _: None))
    write_manifest(folder, plan, made)
    write_index(folder, plan, made, lang)
    _prepare(plan, ws, made)
    return Run(plan.run_id, folder, _table(made))


def _prepare(plan: Plan, ws: Workspace, made: list[worker.Made]) -> None:
    """Write what the finished reports tell into the release ledger."""
    told = {key for report in made for key in report.told}
    cells = plan.protection.cells[plan.protection.cells["key"].isin(told)]
    keys = [json.dumps(key, ensure_ascii=False) for key in cells["key"]]
    ws.releases.prepare(plan.run_id, audience=plan.audience, wave=plan.wave, cells=cells.assign(key=keys))


def _workers(plan: Plan) -> int:
    return max(1, min(os.cpu_count() or 1, len(plan.jobs)))


def _run(plan: Plan, ws: Workspace, folder: Path, workers: int, progress: Callable) -> list[worker.Made]:
    """Reports in the plan's order, whatever the order in which they were finished."""
    spawn = multiprocessing.get_context("spawn")
    made = {}
    with tempfile.TemporaryDirectory(prefix="xinyu") as private:
        snapshot = Path(private) / "snapshot.json"
        decided = {"hidden_cells": list(plan.protection.hidden.items())}
        snapshot.write_text(json.dumps(ws.snapshot() | decided), encoding="utf-8")
        with ProcessPoolExecutor(workers, spawn, worker.enter, (str(snapshot),)) as pool:
            # what workers inherit: Ctrl-C is for this process, which then stops them, and so is the caller's script
            with _no_interrupt(), _no_main():
                waiting = {pool.submit(worker.make, job, plan.notebook, folder, plan.formats): job for job in plan.jobs}
            try:
                for future in as_completed(waiting):
                    made[waiting[future].subject] = _result(future, waiting[future])
                    progress(made[waiting[future].subject])
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return [made[job.subject] for job in plan.jobs]


@contextmanager
def _no_interrupt():
    """Ignore SIGINT for the length of a block; only the main thread may and needs to."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _no_main():
    """Hide the caller's script: a spawned worker would run it again, and this very run with it, unless guarded."""
    main = sys.modules["__main__"]
    hidden = {name: main.__dict__.pop(name) for name in ("__spec__", "__file__") if name in main.__dict__}
    main.__spec__ = None
    try:
        yield
    finally:
        main.__dict__.update(hidden)


def _result(future, job) -> worker.Made:
    """The report, or a failed one: a bug or a lost worker in one school must not lose the others."""
    try:
        return future.result()
    except BrokenProcessPool:
        return worker.Made(job.subject, job.title, "failed", {}, {}, 0.0, say("reporting.worker_lost"))


def _table(made: list[worker.Made]) -> pd.DataFrame:
    rows = [
        {
            "school": m.subject, "status": m.status, "files": list(m.files.values()), "seconds": m.seconds,
            "digest": m.digests.get("html") or next(iter(m.digests.values()), ""), "reason": m.reason,
        }
        for m in made
    ]  # fmt: skip
    return pd.DataFrame(rows)
