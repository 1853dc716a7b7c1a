"""The ledger of a run: `manifest.json`, written whole or not at all."""

import json
from pathlib import Path

from xinyu_lib.reporting.plan import Plan
from xinyu_lib.reporting.worker import Made


def write_manifest(folder: Path, plan: Plan, made: list[Made]) -> None:
    """Run id, everything it is the hash of, and a row per report with status, files, digests and reason."""
    content = {
        "run_id": plan.run_id,
        "notebook": plan.notebook.stem,
        "audience": plan.audience,
        "formats": list(plan.formats),
        "identity": plan.identity,
        "reports": [_row(report) for report in made],
    }
    partial = folder / ".manifest.partial"
    partial.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.replace(folder / "manifest.json")


def _row(report: Made) -> dict[str, object]:
    return {
        "subject": report.subject,
        "title": report.title,
        "status": report.status,
        "files": report.files,
        "digests": report.digests,
        "seconds": round(report.seconds, 2),
        "reason": report.reason,
    }
