"""Streams that join rooms: the answers of a wave to stored scores."""

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.errors import WorkspaceError
from xinyu_lib.lake.vault import CommitRecord, new_import_id
from xinyu_lib.provenance import code_version, digest
from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import check_quality, score
from xinyu_lib.waves import iso_day


def score_wave(ws, wave: str, *, as_of: str) -> pd.DataFrame:
    """Score all answer sheets of a wave and store the scores with their quality checks.

    Returns one row per scale: sheets, scored (main score present), usable.
    Raises WorkspaceError when the wave has no answers.
    """
    sheets = {scale_id: ws.read(f"response/{scale_id}", wave=wave) for scale_id in ws.scales()}
    sheets = {scale_id: frame for scale_id, frame in sheets.items() if len(frame)}
    if not sheets:
        raise WorkspaceError("workspace.no_answers", wave=wave)
    pace = _seconds_per_item(ws, wave, sheets)
    scored = {scale_id: _scored(frame, load_scale(scale_id), pace) for scale_id, frame in sheets.items()}
    store(ws, {f"score/{scale_id}": frame for scale_id, frame in scored.items()}, "score", wave, as_of)
    return pd.DataFrame([_summary(load_scale(scale_id), frame) for scale_id, frame in scored.items()])


def _seconds_per_item(ws, wave: str, sheets: dict[str, pd.DataFrame]) -> pd.Series:
    """Seconds a pupil took per item over all scales of the sheet; NA where the time is unknown."""
    items = pd.concat([pd.Series(load_scale(i).n_items, index=frame["pupil_key"]) for i, frame in sheets.items()])
    seconds = ws.read("administration", wave=wave).set_index("pupil_key")["seconds"].astype("Float64")
    return seconds / items.groupby(level=0).sum().reindex(seconds.index)


def _scored(sheet: pd.DataFrame, scale, pace: pd.Series) -> pd.DataFrame:
    answers = sheet.set_index("pupil_key")[list(scale.items)]
    flags = check_quality(answers, scale, seconds_per_item=pace.reindex(answers.index))
    renamed = {name: columns.check(scale.id, name) for name in flags if name != "usable"}
    flags = flags.rename(columns={**renamed, "usable": columns.usable(scale.id)})
    together = pd.concat([score(answers, scale), flags], axis=1).reset_index()
    return sheet[["wave", "school", "pupil_key"]].merge(together, on="pupil_key", validate="1:1")


def _summary(scale, scored: pd.DataFrame) -> dict:
    main = columns.score(scale.id, scale.main)
    usable = scored[columns.usable(scale.id)]
    return {
        "scale": scale.id,
        "sheets": len(scored),
        "scored": int(scored[main].notna().sum()),
        "usable": int(usable.sum()),
    }


def store(ws, frames: dict[str, pd.DataFrame], kind: str, wave: str, as_of: str) -> None:
    """Write derived rows and commit them under a new import id of the given kind."""
    as_of = iso_day(as_of)
    import_id, rows = new_import_id(), sum(len(frame) for frame in frames.values())
    source = digest([kind, wave, as_of, code_version(), ws.inputs()])
    record = CommitRecord(
        import_id=import_id, kind=kind, source_digest=source, tables=tuple(frames), wave=wave,
        rows_in=rows, rows_kept=rows, rows_set_aside=0, valid_from=as_of, detail={},
    )  # fmt: skip
    with ws.vault() as vault, vault.writing():
        for name, frame in frames.items():
            ws.lake.write(name, frame, import_id=import_id, valid_from=as_of)
        vault.commit(record, people=None, set_aside=None)
    ws.refresh()
