"""Streams that join rooms: the answers of a wave to stored scores, school by school, in memory for one of them."""

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.errors import WorkspaceError
from xinyu_lib.lake.newest import Newest
from xinyu_lib.lake.vault import CommitRecord, new_import_id
from xinyu_lib.policy import Policy, load_policy
from xinyu_lib.provenance import code_version, digest
from xinyu_lib.scales import Scale, load_form
from xinyu_lib.scoring import SuspectKey, check_quality, score
from xinyu_lib.waves import iso_day

Progress = Callable[[int, int], None]
ROWS = 300_000  # rows of one scale that are written together: few files for a district, flat memory for a province


def score_wave(ws, wave: str, *, as_of: str, progress: Progress | None = None) -> pd.DataFrame:
    """Score all answer sheets of a wave and store the scores with their quality checks.

    Quality checks that compare a sheet with its group compare it within its school and form. Imports wait until it is
    done, for it holds the vault's write lock. progress: called after each school
    with the number of schools done and of all. Returns one row per scale: sheets, scored (main score present; any score
    or decision where there is no main one), usable. Nothing is visible before all schools are done.
    Raises WorkspaceError when the wave has no answers.
    """
    sheets = {scale_id: ws.newest(f"response/{scale_id}", wave=wave) for scale_id in ws.scales()}
    sheets = {scale_id: rows for scale_id, rows in sheets.items() if rows.schools}
    if not sheets:
        raise WorkspaceError("workspace.no_answers", wave=wave)
    counts: dict[str, Counter] = {scale_id: Counter() for scale_id in sheets}
    policy = load_policy(ws.settings["policy"])
    parts = _scored_wave(sheets, ws.newest("administration", wave=wave), policy, counts, progress or _quiet)
    store(ws, parts, "score", wave, as_of)
    return pd.DataFrame([{"scale": scale_id, **found} for scale_id, found in counts.items()])


def _scored_wave(
    sheets: dict[str, Newest], administration: Newest, policy: Policy, counts: dict[str, Counter], progress: Progress
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Table and scored rows of each school and scale; counted as they pass."""
    schools = sorted({school for rows in sheets.values() for school in rows.schools})
    for done, school in enumerate(schools, 1):
        answered = {scale_id: with_form(rows.of(school)) for scale_id, rows in sheets.items() if school in rows.schools}
        pace = _seconds_per_item(administration.of(school), answered)
        for scale_id, frame in answered.items():
            for form, mine in frame.groupby("form", sort=True):
                scale = load_form(scale_id, form)
                scored = _scored(mine, scale, pace, policy)
                counts[scale_id].update(_counted(scale, scored))
                yield f"score/{scale_id}", scored
        progress(done, len(schools))


def _quiet(_: int, __: int) -> None:
    pass


def with_form(sheets: pd.DataFrame) -> pd.DataFrame:
    """Answer sheets with the form in one word; those stored before forms were stored are as the scale file says."""
    return sheets.assign(form=sheets["form"].fillna("") if "form" in sheets else "")


def _seconds_per_item(administration: pd.DataFrame, answered: dict[str, pd.DataFrame]) -> pd.Series:
    """Seconds a pupil took per item over all scales of the sheet; NA where the time is unknown."""
    if administration.empty:
        return pd.Series(dtype="Float64")
    items = pd.concat([_items_asked(scale_id, frame) for scale_id, frame in answered.items()])
    seconds = administration.set_index("pupil_key")["seconds"].astype("Float64")
    return seconds / items.groupby(level=0).sum().reindex(seconds.index)


def _items_asked(scale_id: str, sheets: pd.DataFrame) -> pd.Series:
    """How many items of a scale each pupil's form has, by pupil."""
    asked = {form: len(load_form(scale_id, form).all_numbers) for form in sheets["form"].unique()}
    return sheets.set_index("pupil_key")["form"].map(asked)


def _scored(sheet: pd.DataFrame, scale: Scale, pace: pd.Series, policy: Policy) -> pd.DataFrame:
    names = [columns.item(scale.id, number) for number in scale.all_numbers]
    answers = sheet.set_index("pupil_key").reindex(columns=names)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SuspectKey)  # told once for the whole wave, by `suspect_keys`
        flags = check_quality(answers, scale, policy=policy, seconds_per_item=pace.reindex(answers.index))
    renamed = {name: columns.check(scale.id, name) for name in flags if name != "usable"}
    flags = flags.rename(columns={**renamed, "usable": columns.usable(scale.id)})
    together = pd.concat([score(answers, scale), flags], axis=1).reset_index()
    return sheet[["wave", "school", "pupil_key", "form"]].merge(together, on="pupil_key", validate="1:1")


def _counted(scale: Scale, scored: pd.DataFrame) -> dict[str, int]:
    there = has_score(scale, scored)
    return {"sheets": len(scored), "scored": int(there.sum()), "usable": int(scored[columns.usable(scale.id)].sum())}


def has_score(scale: Scale, scored: pd.DataFrame) -> pd.Series:
    """Rows with the main score of a scale; any score or decision where there is no main one.

    A form that leaves items out may never have the main score: measuring again would not help.
    """
    every = [each.name for each in (*scale.scores, *scale.decisions)]
    names = [columns.score(scale.id, name) for name in ([scale.main] if scale.main and not scale.left_out else every)]
    return scored[[name for name in names if name in scored]].notna().any(axis=1)


def store(ws, parts: Iterable[tuple[str, pd.DataFrame]], kind: str, wave: str, as_of: str) -> None:
    """Write derived rows, some at a time, and commit them together under a new import id of the given kind."""
    as_of = iso_day(as_of)
    import_id, written = new_import_id(), Counter()
    source = digest([kind, wave, as_of, code_version(), ws.inputs()])
    with ws.vault() as vault, vault.writing():
        for name, frame in _together(parts):
            ws.lake.write(name, frame, import_id=import_id, valid_from=as_of)
            written[name] += len(frame)
        rows = written.total()
        record = CommitRecord(
            import_id=import_id, kind=kind, source_digest=source, tables=tuple(written), wave=wave,
            rows_in=rows, rows_kept=rows, rows_set_aside=0, valid_from=as_of, detail={},
        )  # fmt: skip
        vault.commit(record)
    ws.refresh()


def _together(parts: Iterable[tuple[str, pd.DataFrame]]) -> Iterator[tuple[str, pd.DataFrame]]:
    """The parts of each table joined until they are `ROWS` long, so that the lake gets few and large files."""
    waiting: dict[str, list[pd.DataFrame]] = {}
    for name, part in parts:
        waiting.setdefault(name, []).append(part)
        if sum(map(len, waiting[name])) >= ROWS:
            yield name, pd.concat(waiting.pop(name), ignore_index=True)
    for name, left in waiting.items():
        yield name, pd.concat(left, ignore_index=True)
