"""Sheets whose pupil could not be told: to a worksheet in `restricted/`, and back when a person has assigned them."""

import json
from pathlib import Path

import pandas as pd

from xinyu_lib import census
from xinyu_lib.census import Batch, Mapping, Seen
from xinyu_lib.errors import UnknownName
from xinyu_lib.lake.vault import Vault
from xinyu_lib.provenance import digest
from xinyu_lib.waves import iso_day
from xinyu_lib.workspace.entering import Entry
from xinyu_lib.workspace.importing import ImportResult
from xinyu_lib.workspace.knowing import SHEETS, known_for, named_roster


def write_unmatched(ws, result: ImportResult, wave: str | None) -> Path:
    """The worksheet of an import's sheets without a pupil; its path. Holds names and stays in `restricted/`."""
    path = ws.folder / "restricted" / f"match-{result.import_id}.xlsx"
    with ws.vault() as vault:
        roster = named_roster(ws, vault, wave)
    census.write_worksheet(path, result.unmatched.assign(import_id=result.import_id), roster)
    return path


def import_assigned(ws, worksheet: Path, *, as_of: str) -> list[ImportResult]:
    """Import the sheets that a person has assigned on a worksheet, read from the rows set aside in the vault.

    One import per import that set them aside. What is still wrong with a sheet keeps it aside. The same worksheet twice
    adds nothing. Raises what `read_worksheet` raises, UnknownName for an import that set no sheets aside.
    """
    as_of, decided = iso_day(as_of), census.read_worksheet(Path(worksheet))
    return [
        _import(ws, Path(worksheet).name, str(import_id), dict(zip(rows["row"], rows["number"], strict=True)), as_of)
        for import_id, rows in decided.groupby("import_id", sort=False)
    ]


def _import(ws, name: str, origin: str, decided: dict[int, str], as_of: str) -> ImportResult:
    source = digest([origin, sorted(decided.items())])
    with ws.vault() as vault:
        ws.committed = vault.committed()
        how, rows = _set_aside(vault, origin, decided)
        with vault.writing():
            if earlier := vault.find_digest(source):
                return ImportResult.already(name, earlier)
            batch = _checked(ws, vault, name, how, rows, decided)
            entry = Entry(ws, vault, as_of)
            entry.enter(batch.frames)
            detail = {"file": name, "table": SHEETS, "reasons": batch.reasons, "how": how, "assigned": origin}
            entry.commit(kind="file", source=source, wave=how[2], account=batch, detail=detail)
    ws.refresh()
    return ImportResult.of(name, entry.import_id, "imported", batch)


def _set_aside(vault: Vault, import_id: str, decided: dict[int, str]) -> tuple[list, pd.DataFrame]:
    """How an import was read, and those of its rows set aside that are decided now."""
    imports = vault.imports().set_index("import_id")
    aside = vault.set_aside(import_id)
    rows = aside[aside["row"].isin(list(decided))]
    detail = json.loads(imports["detail"].get(import_id, "{}"))
    if detail.get("table") != SHEETS or rows["row"].nunique() < len(decided):
        raise UnknownName("workspace.not_set_aside", import_id=import_id)
    return detail["how"], rows


def _checked(ws, vault: Vault, name: str, how: list, rows: pd.DataFrame, decided: dict[int, str]) -> Batch:
    _, mapping, wave, _, school = how
    plan = Mapping.model_validate(mapping)
    known = known_for(ws, vault, (SHEETS,), wave)
    raw = census.as_read(name, rows)
    return census.check_responses(
        raw, plan, wave=wave, known=known, school=school, decided=decided, seen=_handed_in(ws, vault, wave)
    )


def _handed_in(ws, vault: Vault, wave: str) -> Seen:
    """Pupils who have a sheet already: a person's word for whose sheet it is must not take the place of another."""
    administration = ws.read("administration", wave=wave)
    keys = set(administration.loc[administration["state"] == "finished", "pupil_key"])
    people = vault.people()
    seen = Seen()
    seen.add(people.loc[people["pupil_key"].isin(keys), ["number"]])
    return seen
