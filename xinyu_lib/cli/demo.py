"""The demo: a synthetic district and a real published school, from raw exports to reports, through the user's door."""

import shutil
import tomllib
from pathlib import Path

from rich.console import Console

from xinyu_lib import synth
from xinyu_lib.bootstrap import PROJECT
from xinyu_lib.cli.progress import bar, made_reports
from xinyu_lib.errors import WorkspaceError
from xinyu_lib.words import default_language, say
from xinyu_lib.workspace import ImportResult, Workspace

PACKAGE = Path(synth.__file__).parents[1]
KENG_DAY = "2026-05-15"


def run_demo(data: Path, out: Path, seed: int, console: Console, setting: str = "demo") -> list[Path]:
    """Make both workspaces afresh and their reports; returns the index pages, which are also printed."""
    lang = default_language()
    console.rule(say("cli.demo.district"))
    district = _district(data / "demo", seed, setting, console)
    last = max(district.read("wave")["wave"], key=lambda wave: district.read("wave", wave=wave)["ends"].iloc[0])
    day = _ends(district, last)
    runs = [
        made_reports(console, "report-school", district, wave=last, as_of=day, reader="principal", lang=lang, out=out),
        made_reports(console, "report-district", district, wave=last, as_of=day, reader="bureau", lang=lang, out=out),
    ]
    console.rule(say("cli.demo.keng"))
    keng = _keng(data / "demo-keng", console)
    for wave in sorted(keng.read("wave")["wave"]):
        runs.append(
            made_reports(
                console, "report-school", keng, wave=wave, as_of=KENG_DAY, reader="principal", lang=lang, out=out
            )
        )
    console.rule(say("cli.demo.done"))
    pages = [run.folder / "index.html" for run in runs]
    for page in pages:
        console.print(f"  {page}", markup=False)
    console.print(say("cli.demo.next", wave=last, as_of=day), markup=False)
    for run in runs:
        run.raise_if_failed()
    return pages


def _district(folder: Path, seed: int, setting: str, console: Console) -> Workspace:
    ws = _fresh(folder, say("cli.demo.title"))
    synth.write_district(folder, seed=seed, setting=setting)
    imports = tomllib.loads((folder / "raw" / "imports.toml").read_text(encoding="utf-8"))["imports"]
    _import_all(ws, folder / "raw", imports, console)
    _evaluate(ws, console)
    return ws


def _keng(folder: Path, console: Console) -> Workspace:
    source = next(p for p in (PACKAGE / "_shipped" / "data" / "keng", PROJECT / "data" / "keng") if p.is_dir())
    ws = _fresh(folder, say("cli.demo.keng_title"))
    imports = tomllib.loads((source / "imports.toml").read_text(encoding="utf-8"))["imports"]
    _import_all(ws, source, imports, console)
    _evaluate(ws, console)
    return ws


def _fresh(folder: Path, title: str) -> Workspace:
    """A new demo workspace; an old demo at the same place is removed, anything else is left alone."""
    if (folder / "workspace.toml").is_file():
        if not Workspace(folder).settings.get("demo"):
            raise WorkspaceError("workspace.not_empty", folder=str(folder))
        shutil.rmtree(folder)
    return Workspace.create(folder, title=title, demo=True)


def _import_all(ws: Workspace, source: Path, imports: list[dict], console: Console) -> list[ImportResult]:
    results = []
    with bar(console) as progress:
        for entry in progress.track(imports, description=say("cli.demo.importing")):
            how = {key: value for key, value in entry.items() if key not in {"file", "mapping"}}
            mapping = source / entry["mapping"] if "mapping" in entry else None
            results.append(ws.import_file(source / entry["file"], mapping=mapping, as_of=KENG_DAY, **how))
    counts = {
        name: sum(getattr(r, name) for r in results)
        for name in ("rows_in", "rows_kept", "rows_set_aside", "blank_rows")
    }
    console.print(say("cli.demo.imported", files=len(results), **counts))
    reasons: dict[str, int] = {}
    for result in results:
        for reason, count in result.reasons.items():
            reasons[reason] = reasons.get(reason, 0) + count
    for reason, count in sorted(reasons.items()):
        console.print("  " + say("cli.import.reason", reason=say(f"census.reason.{reason}"), count=count))
    if unclaimed := sum(result.unclaimed for result in results):
        console.print("  " + say("cli.import.unclaimed", n=unclaimed), style="bold red")
    return results


def _evaluate(ws: Workspace, console: Console) -> None:
    """Score and classify every wave, as of its last day."""
    for wave in sorted(ws.read("wave")["wave"]):
        for row in ws.score_wave(wave, as_of=_ends(ws, wave)).itertuples():
            console.print(
                say("cli.score.line", scale=row.scale, sheets=row.sheets, scored=row.scored, usable=row.usable)
            )
        ws.tier_wave(wave, as_of=_ends(ws, wave))


def _ends(ws: Workspace, wave: str) -> str:
    return str(ws.read("wave", wave=wave)["ends"].iloc[0])[:10]
