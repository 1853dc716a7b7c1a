"""Small runs on their way to their readers: a plain module beside the tests, which import it.

The school of the worked case in the specification: four grades of 40 with valid sheets, of whom 3, 6, 0 and 8 are to be
talked to, 17 in all; a count is hidden below 5. Grades 1 to 3 are hidden, 6 with them because 17 - 8 - 6 would leave 3.
"""

import json
from pathlib import Path

import pandas as pd

from xinyu_lib.policy import Policy, load_policy
from xinyu_lib.present.section import BLOCKS_TYPE
from xinyu_lib.provenance import file_digest
from xinyu_lib.release.finished import Finished, read_run
from xinyu_lib.workspace import Workspace

WAVE, DAY, SCHOOL, TOTAL = "2025-2026-spring", "2026-05-15", "036011", "total"
SCORED, ATTENTION = "eligible/scored", "eligible/scored/attention"
COUNTS = {"1": 3, "2": 6, "3": 0, "4": 8, TOTAL: 17}
HIDDEN = ("1", "2", "3")
WANG, LI = "王芳", "李雷"


def policy() -> Policy:
    return load_policy("donghu-2025")


def key(grade: str, node: str = ATTENTION) -> tuple[str, ...]:
    return (WAVE, SCHOOL, grade, TOTAL, TOTAL, TOTAL, node)


def cells(counts: dict[str, int] = COUNTS, hidden: tuple[str, ...] = HIDDEN) -> pd.DataFrame:
    """Cells of the school by grade, with the valid sheets that they are a share of: 40 per grade."""
    rows = [(key(grade), n, grade in hidden) for grade, n in counts.items()]
    rows += [(key(grade, SCORED), 160 if grade == TOTAL else 40, False) for grade in counts]
    frame = pd.DataFrame(rows, columns=["key", "value", "hidden"])
    return frame.assign(role=["complementary" if each else "open" for each in frame["hidden"]])


def shown(frame: pd.DataFrame) -> list[list]:
    """Cells as a report carries them."""
    return [[list(row.key), None if row.hidden else row.value] for row in frame.itertuples()]


def notebook(told: list[list]) -> dict:
    bundle = {"version": 1, "name": "tiers", "lang": "zh", "blocks": [], "cells": told}
    output = {"output_type": "display_data", "metadata": {}, "data": {BLOCKS_TYPE: bundle}}
    code = {"cell_type": "code", "id": "cell-1", "metadata": {}, "source": "ev.tiers()", "outputs": [output]}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [code | {"execution_count": 1}]}


def write_run(reports: Path, run_id: str, told: list[list], audience: str = "school") -> Path:
    """A run folder with one report in three formats."""
    folder = reports / f"report-school-{WAVE}-{run_id}"
    folder.mkdir(parents=True)
    names = {form: f"report-school-{SCHOOL}.{form}" for form in ("ipynb", "html", "pdf")}
    texts = {"ipynb": json.dumps(notebook(told)), "html": f"<p>{run_id}</p>", "pdf": f"%PDF {run_id}"}
    for form, name in names.items():
        (folder / name).write_text(texts[form], encoding="utf-8")
    digests = {form: file_digest(folder / name) for form, name in names.items()}
    report = {"subject": SCHOOL, "title": "示例小学", "files": names, "digests": digests}
    failed = {"subject": "036012", "title": "失败小学", "files": {}, "digests": {}}
    identity = {"notebook": "0" * 64}
    content = {"run_id": run_id, "notebook": "report-school", "audience": audience, "identity": identity}
    manifest = json.dumps(content | {"reports": [report, failed]}, ensure_ascii=False)
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    (folder / "index.html").write_text("<p>目录</p>", encoding="utf-8")
    return folder


def prepared(
    ws: Workspace, reports: Path, run_id: str, frame: pd.DataFrame, audience: str = "school", told: list | None = None
) -> Finished:
    """A run that was made and stands in the ledger; told: what its report shows, if not what was prepared."""
    as_text = frame.assign(key=[json.dumps(each) for each in frame["key"]])
    ws.releases.prepare(run_id, audience=audience, wave=WAVE, cells=as_text)
    return read_run(write_run(reports, run_id, shown(frame) if told is None else told, audience))


def released(ws: Workspace, run: Finished) -> None:
    """The run is out, whatever its check would say."""
    ws.releases.passed(run.run_id, run.digest, as_of=DAY)
    for name in (WANG, LI):
        ws.releases.approve(run.run_id, run.digest, name, as_of=DAY)
    ws.releases.publish(run.run_id, run.digest, mark=ws.releases.mark(), as_of=DAY)


def nothing_found(*_, **__) -> list:
    """A scan that finds nothing."""
    return []
