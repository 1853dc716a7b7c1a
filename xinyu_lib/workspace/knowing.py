"""What the rows of a file may refer to, read from the workspace."""

import json
from collections.abc import Iterable, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from xinyu_lib.census import Directory, Known, Roster
from xinyu_lib.lake.vault import Vault, row_key
from xinyu_lib.tables import Table, load_table
from xinyu_lib.workspace.signing import checks_of, needed_by

SHEETS = "response"  # answer files refer to pupils only


def known_for(ws, vault: Vault, tables: Sequence[str], wave: str | None, *, by_name: bool = False) -> Known:
    """What rows of these tables may refer to in a wave; of all waves without one.

    by_name: with the roster by names and classes, for sheets that are matched so. Kept by the workspace until another
    import changes what it rests on: a census is many files with one roster.
    """
    declared = [load_table(table) for table in tables if table != SHEETS]
    rests_on = {"pupil", "staff", "class", "school", *_targets(declared), *needed_by(tables)}
    imports = vault.imports()
    apart = [rests_on.isdisjoint(json.loads(names)) for names in imports["tables"]]
    key = (tuple(tables), wave, by_name, tuple(imports["import_id"][[not each for each in apart]]))
    if ws.known is None or ws.known[0] != key:
        ws.known = (key, _known(ws, vault, declared, wave, by_name=by_name))
    return ws.known[1]


def _known(ws, vault: Vault, declared: list[Table], wave: str | None, *, by_name: bool) -> Known:
    kinds = {column.identity for table in declared for column in table.columns if column.identity and column.references}
    pupils = _pupils(ws, vault, wave) if "pupil" in kinds or not declared else Directory()
    staff = Directory(vault.numbers("staff")["number"].combine_chunks()) if "staff" in kinds else Directory()
    if not by_name:
        checks = checks_of(ws, vault, [table.id for table in declared])
        return Known(pupils, staff, _rows(ws, declared, wave), checks=checks)
    return Known(pupils, staff, {"school": ws.read("school")}, Roster(named_roster(ws, vault, wave)))


def _rows(ws, tables: Iterable[Table], wave: str | None) -> dict[str, pd.DataFrame]:
    """The rows of the tables that these refer to; persons are known by their numbers instead."""
    return {target: ws.read(target, wave=wave) for target in sorted(_targets(tables))}


def _targets(tables: Iterable[Table]) -> set[str]:
    columns = [column for table in tables for column in table.file_columns if column.references and not column.identity]
    return {column.references.partition(".")[0] for column in columns}


def _pupils(ws, vault: Vault, wave: str | None) -> Directory:
    """Numbers and schools of the pupils on the roster of a wave; of all, in their newest school, without one."""
    roster = newest_place(ws.read("pupil", wave=wave))
    people = vault.numbers("pupil")
    key = pa.array(roster["pupil_key"], pa.string())
    school = pa.array(roster["school"], pa.string(), from_pandas=True)
    place = pc.index_in(people["key"].combine_chunks(), value_set=key)
    on_it = pc.is_valid(place)
    number = people["number"].combine_chunks().filter(on_it)
    return Directory(number, school.take(place.filter(on_it)))


def newest_place(roster: pd.DataFrame) -> pd.DataFrame:
    """One row per pupil: of several waves the one that was entered last."""
    return roster.sort_values(["valid_from", "wave"], kind="stable").drop_duplicates("pupil_key", keep="last")


def named_roster(ws, vault: Vault, wave: str | None) -> pd.DataFrame:
    """The roster by number, school, class, number in class and name."""
    roster = ws.read("pupil", wave=wave)
    classes = ws.read("class", wave=wave).rename(columns={"name": "class_name"})
    place = ["wave", "school", "class_id"]
    whole = roster.merge(vault.people(), on="pupil_key").merge(classes[[*place, "class_name"]], on=place, how="left")
    told = newest_words(vault, "pupil")
    own = [row_key(key) for key in whole[["wave", "pupil_key"]].itertuples(index=False)]
    said = told.get("class_number", pd.Series(dtype="str"))
    return whole.assign(class_number=pd.Series(own, dtype="str").map(said))[
        ["number", "school", "class_id", "class_name", "class_number", "name"]
    ]


def newest_words(vault: Vault, table: str) -> dict[str, pd.Series]:
    """What people wrote about the rows of a table: column -> words by row key, the newest of each."""
    found = vault.words(table).sort_values("valid_from", kind="stable")
    found = found.drop_duplicates(["row_key", "column"], keep="last")
    return {str(column): part.set_index("row_key")["value"] for column, part in found.groupby("column")}
