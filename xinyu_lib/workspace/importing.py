"""Import one file: read, check against declarations and roster, write to the lake, commit in the vault.

Rows that fit are written under a new import id that nobody can see yet; one transaction in the vault then records
new pupils, the rows set aside and the import itself. Until that moment nothing has happened. Files are read and checked
side by side; from the first row written to the commit an import holds the vault's write lock.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from xinyu_lib import census
from xinyu_lib.errors import ImportRefused, RowsRefused
from xinyu_lib.lake.vault import CommitRecord, new_import_id, new_pupil_key
from xinyu_lib.provenance import digest, file_digest
from xinyu_lib.waves import iso_day


@dataclass(frozen=True)
class ImportResult:
    """What became of a file: `rows_in` = `rows_kept` + `rows_set_aside`; blank rows are counted apart.

    status: `imported`, or `already_imported` with `import_id` naming the earlier import and nothing added.
    unclaimed: sheets set aside with a positive safety item whose pupil is not on the roster: find out who, today.
    """

    file: str
    import_id: str
    status: str
    rows_in: int
    rows_kept: int
    rows_set_aside: int
    blank_rows: int
    reasons: dict[str, int]
    unused_columns: tuple[str, ...]
    refusal: RowsRefused | None
    unclaimed: int = 0


def import_file(
    ws, path: Path, *, as_of: str, table: str | None = None, mapping: Path | str | None = None,
    wave: str | None = None, sheet: str | None = None,
) -> ImportResult:  # fmt: skip
    """Import a file of a declared `table`, or an answer file through a `mapping`.

    as_of: ISO date from which the rows count. The same file under the same mapping and wave adds nothing, unless rows
    that were set aside fit by now, such as those of pupils whom the roster lacked.
    Raises ImportRefused (with a class and exit code per cause) when nothing can be imported; nothing is written then.
    """
    if (mapping is None) == (table is None):
        raise ImportRefused("workspace.table_and_mapping" if table else "workspace.table_or_mapping", file=path.name)
    plan, as_of = census.load_mapping(Path(mapping)) if mapping else None, iso_day(as_of)
    raw = census.read_file(path, sheet=sheet or (plan.sheet if plan else None))
    with ws.vault() as vault:
        ws.committed = vault.committed()  # another process may have imported the roster meanwhile
        known = _known(ws, vault.keys(), wave)
        batch = (
            census.take_responses(raw, plan, wave=wave, known=known)
            if plan
            else census.take_table(raw, table, wave=wave, known=known)
        )
        how = [table, plan.model_dump(mode="json") if plan else None, wave, sheet]
        source = digest([file_digest(path), *how, batch.set_aside["row"].tolist()])
        with vault.writing():
            seen = vault.find_digest(source)
            if seen:
                return ImportResult(path.name, seen, "already_imported", 0, 0, 0, 0, {}, (), None)
            return _commit(ws, vault, path, batch, table or "response", wave, source, as_of)


def sweep(ws) -> dict[str, int]:
    """Remove what imports that were broken off left in the lake. Returns rows removed per table.

    Waits for an import under way. Raises VaultError when that takes too long.
    """
    with ws.vault() as vault, vault.writing():
        return ws.lake.sweep(vault.committed())


def _known(ws, keys: dict[str, str], wave: str | None) -> census.Known:
    """Schools, classes and pupils that rows of this wave may refer to."""
    schools = frozenset(ws.read("school")["school"])
    classes = ws.read("class", wave=wave)
    pupils = ws.read("pupil", wave=wave)
    school_of = dict(zip(pupils["pupil_key"], pupils["school"], strict=True))
    return census.Known(
        schools=schools,
        classes=frozenset(zip(classes["school"], classes["class_id"], strict=True)),
        roster={number: school_of[key] for number, key in keys.items() if key in school_of},
    )


def _commit(ws, vault, path, batch, table, wave, source, as_of) -> ImportResult:
    import_id = new_import_id()
    keys = vault.keys()
    people = _people(batch.frames.get("pupil"), keys)
    keys |= dict(zip(people["number"], people["pupil_key"], strict=True))
    for name, frame in batch.frames.items():
        ws.lake.write(name, _pseudonymous(frame, keys), import_id=import_id, valid_from=as_of)
    reasons = batch.reasons
    record = CommitRecord(
        import_id=import_id, kind="file", source_digest=source, tables=tuple(batch.frames), wave=wave,
        rows_in=batch.rows_in, rows_kept=batch.rows_kept, rows_set_aside=batch.rows_in - batch.rows_kept,
        valid_from=as_of, detail={"file": path.name, "table": table, "reasons": reasons},
    )  # fmt: skip
    vault.commit(record, people=people, set_aside=batch.set_aside)
    ws.refresh()
    return ImportResult(
        path.name, import_id, "imported", batch.rows_in, batch.rows_kept, record.rows_set_aside,
        batch.blank_rows, reasons, tuple(batch.unused_columns), census.refusal(batch), batch.unclaimed,
    )  # fmt: skip


def _people(roster: pd.DataFrame | None, keys: dict[str, str]) -> pd.DataFrame:
    """Number, name and key of every pupil in a roster; newcomers get a new random key."""
    if roster is None:
        return pd.DataFrame({"number": [], "name": [], "pupil_key": []}, dtype="str")
    # a roster of several waves names a pupil in each
    people = roster[["number", "name"]].drop_duplicates("number", keep="last")
    return people.assign(pupil_key=[keys.get(number) or new_pupil_key() for number in people["number"]])


def _pseudonymous(frame: pd.DataFrame, keys: dict[str, str]) -> pd.DataFrame:
    """The frame as the lake may hold it: the key instead of number and name."""
    if "number" not in frame:
        return frame
    keyed = frame.assign(pupil_key=frame["number"].map(keys).astype("str"))
    return keyed.drop(columns=["number", "name"], errors="ignore")
