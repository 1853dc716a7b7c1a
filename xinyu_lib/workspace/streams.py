"""Streams that join rooms: answers to scores, scores to provisional tiers, for one wave."""

import pandas as pd

from xinyu_lib import census, columns
from xinyu_lib.errors import WorkspaceError
from xinyu_lib.lake.vault import CommitRecord, new_import_id
from xinyu_lib.policy import load_policy
from xinyu_lib.provenance import code_version, digest
from xinyu_lib.scales import load_scale
from xinyu_lib.scoring import check_quality, score
from xinyu_lib.tiers import classify_tiers, reasons_json

WHO = ["wave", "school", "pupil_key"]


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
    _store(ws, {f"score/{scale_id}": frame for scale_id, frame in scored.items()}, "score", wave, as_of)
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


def tier_wave(ws, wave: str, *, as_of: str, policy: str) -> pd.DataFrame:
    """Classify every pupil on the roster of a wave, those without answers included, and store the tiers.

    Returns one row per tier with its count. Raises WorkspaceError when the wave has no roster.
    """
    rules = load_policy(policy)
    roster = ws.read("pupil", wave=wave)
    if roster.empty:
        raise WorkspaceError("workspace.no_roster", wave=wave)
    scores, quality = joined_scores(ws, wave, roster["pupil_key"])
    outcomes = outcomes_of(ws, wave, roster, rules.census.census_min_grade)["outcome"].reindex(scores.index)
    states = outcomes.where(~outcomes.isin(["scored", "invalid"]))
    tiers = classify_tiers(scores, rules, quality=quality, states=states, ages=_ages(roster, as_of))
    tiers["reasons"] = [reasons_json(reasons) for reasons in tiers["reasons"]]
    stored = roster[WHO].merge(tiers.reset_index(names="pupil_key"), on="pupil_key", validate="1:1")
    _store(ws, {"tier_provisional": stored}, "tier", wave, as_of)
    return stored["tier"].value_counts().rename_axis("tier").reset_index(name="n")


def joined_scores(ws, wave: str, pupils: pd.Series) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Scores of all scales side by side, one row per pupil, and the quality frame of each scale."""
    scores, quality = pd.DataFrame(index=pd.Index(pupils, name="pupil_key")), {}
    for scale_id in ws.scales("score"):
        frame = ws.read(f"score/{scale_id}", wave=wave)
        if frame.empty:
            continue
        frame = frame.set_index("pupil_key").drop(columns=["wave", "school", "import_id", "valid_from"])
        quality[scale_id] = _flags(frame, scale_id).reindex(scores.index)
        scores = scores.join(frame)
    return scores, quality


def _flags(stored: pd.DataFrame, scale_id: str) -> pd.DataFrame:
    """The quality checks as `check_quality` named them."""
    start = columns.check(scale_id, "")
    names = {name: name.removeprefix(start) for name in stored if name.startswith(start)}
    return stored[list(names)].rename(columns=names).assign(usable=stored[columns.usable(scale_id)])


def outcomes_of(ws, wave: str, roster: pd.DataFrame, min_grade: int) -> pd.DataFrame:
    """The waterfall outcome of every pupil of a roster: index pupil_key, column outcome."""
    consent = ws.read("consent", wave=wave)
    administration = ws.read("administration", wave=wave)
    return census.waterfall(roster, consent, administration, validity_of(ws, wave), min_grade=min_grade)


def validity_of(ws, wave: str) -> pd.Series:
    """`valid` or `invalid` for each finished sheet: valid when at least one of its scales is usable and scored."""
    verdicts = []
    for scale_id in ws.scales("score"):
        frame = ws.read(f"score/{scale_id}", wave=wave)
        if len(frame):
            verdicts.append(frame.set_index("pupil_key")[columns.usable(scale_id)].astype(bool))
    if not verdicts:
        return pd.Series(dtype="str")
    return pd.concat(verdicts).groupby(level=0).any().map({True: "valid", False: "invalid"})


def _ages(roster: pd.DataFrame, as_of: str) -> pd.Series:
    """Age in years on `as_of` from the month of birth; NA where it is not known."""
    born = pd.to_datetime(roster["birth_month"], format="%Y-%m")
    day = pd.Timestamp(as_of)
    months = (day.year - born.dt.year) * 12 + day.month - born.dt.month
    return (months // 12).astype("Float64").set_axis(roster["pupil_key"])


def _store(ws, frames: dict[str, pd.DataFrame], kind: str, wave: str, as_of: str) -> None:
    import_id = new_import_id()
    for name, frame in frames.items():
        ws.lake.write(name, frame, import_id=import_id, valid_from=as_of)
    rows = sum(len(frame) for frame in frames.values())
    source = digest([kind, wave, as_of, code_version(), ws.inputs()])
    record = CommitRecord(
        import_id=import_id, kind=kind, source_digest=source, tables=tuple(frames), wave=wave,
        rows_in=rows, rows_kept=rows, rows_set_aside=0, valid_from=as_of, detail={},
    )  # fmt: skip
    with ws.vault() as vault:
        vault.commit(record, people=None, set_aside=None)
    ws.refresh()
