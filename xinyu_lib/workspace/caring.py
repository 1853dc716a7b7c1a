"""Care of a district: duties, register and handover from the tables of a workspace, and the private books of each."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from xinyu_lib.care.duties import duties, duty_tables, escalated
from xinyu_lib.care.handover import LOST, handover
from xinyu_lib.care.handover import TABLES as MOVES
from xinyu_lib.care.moments import DAY
from xinyu_lib.care.register import TABLES, register, unplanned
from xinyu_lib.care.standing import standing
from xinyu_lib.errors import WorkspaceError
from xinyu_lib.policy import Policy, load_policy
from xinyu_lib.workspace.carebooks import bureau_sheets, handover_sheets, overdue_sheets, register_sheets
from xinyu_lib.workspace.knowing import newest_place
from xinyu_lib.workspace.signing import counted
from xinyu_lib.workspace.waterfalls import RESTRICTED
from xinyu_lib.workspace.workbooks import write_private

CONFIRMED = "tier_confirmed"


def care_tables(ws, names: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Rows of these tables, of the confirmed tiers those that count."""
    tables = {name: ws.read(name) for name in names}
    return tables | {CONFIRMED: counted(ws, policy_of(ws))}


def policy_of(ws) -> Policy:
    """The policy by which a workspace works."""
    return load_policy(ws.settings["policy"])


def duties_of(ws, as_of: str) -> pd.DataFrame:
    """What is or was due for every pupil by `as_of`; see `care.duties.duties`.

    Raises WorkspaceError before anything is due.
    """
    _refuse_before_anything(ws)
    return duties(care_tables(ws, duty_tables()), policy_of(ws), as_of)


def register_of(ws, as_of: str) -> pd.DataFrame:
    """The high-care register on pupil_key; see `care.register.register`.

    Raises WorkspaceError before anything is due.
    """
    _refuse_before_anything(ws)
    return register(care_tables(ws, TABLES), policy_of(ws), as_of)


def _refuse_before_anything(ws) -> None:
    if all(ws.read(name).empty for name in ("tier_provisional", "signal", CONFIRMED)):
        raise WorkspaceError("workspace.care.nothing_yet")


def overdue_of(ws, as_of: str) -> pd.DataFrame:
    """Duties that are overdue, and pupils in care for whom no next contact is set; columns as in `duties`."""
    late = duties_of(ws, as_of).query("state == 'overdue'")
    without = unplanned(register_of(ws, as_of), policy_of(ws))
    return escalated(pd.concat([late, without[late.columns]], ignore_index=True), policy_of(ws), as_of)


def handover_of(ws, as_of: str, wave: str | None = None) -> tuple[str, pd.DataFrame]:
    """The wave, and what became of every pupil in care by its roster; see `care.handover.handover`.

    wave: the one that began last, if none is named. Raises WorkspaceError when there is none or it has no roster.
    """
    asked = wave or _last_wave(ws, as_of[:DAY])
    tables = care_tables(ws, MOVES)
    if not (tables["pupil"]["wave"] == asked).any():
        raise WorkspaceError("workspace.no_roster", wave=asked)
    return asked, handover(standing(tables[CONFIRMED], as_of), tables, asked, as_of)


def _last_wave(ws, day: str) -> str:
    waves = ws.read("wave")
    begun = waves[waves["starts"] <= day].sort_values("starts")["wave"]
    if begun.empty:
        raise WorkspaceError("workspace.caring.no_wave", day=day)
    return begun.iloc[-1]


def write_register(ws, as_of: str, lang: str) -> tuple[Path, pd.DataFrame]:
    """The register as a workbook per school in `restricted/`; the folder, and the register."""
    found = register_of(ws, as_of)
    named = _named(ws, found.reset_index(), "register", as_of)
    sheets = {school: register_sheets(rows, lang) for school, rows in named.groupby("school")}
    return _written(ws, f"register-{as_of[:DAY]}", sheets), found


def write_overdue(ws, as_of: str, lang: str) -> tuple[Path, pd.DataFrame]:
    """What is overdue as a workbook for each reader, and one for the bureau without a name, in `restricted/`.

    A role of a school has a file of its own, and so has the teacher of each class: nobody reads what others are told.
    Returns the folder, and what is overdue.
    """
    found, policy = overdue_of(ws, as_of), policy_of(ws)
    named = _named(ws, found, "overdue", as_of)
    named["class_here"] = named["class_id"].where(named["school"] == named["at_school"])
    sheets = {
        f"{school}-{reader}": pages
        for school, rows in named.groupby("school")
        for reader, pages in overdue_sheets(rows, policy, as_of, lang).items()
    }
    folder = _written(ws, f"overdue-{as_of[:DAY]}", sheets)
    write_private(folder / "bureau.xlsx", bureau_sheets(found, ws.read("crisis_event"), as_of, lang))
    return folder, found


def write_handover(ws, as_of: str, lang: str, wave: str | None = None) -> tuple[Path, str, pd.DataFrame]:
    """Who was lost between schools as a workbook for the school that holds the care, in `restricted/`.

    Returns the folder, the wave by whose roster it was asked, and what became of everybody in care.
    """
    asked, found = handover_of(ws, as_of, wave)
    named = _named(ws, found[found["outcome"] == LOST], "handover", as_of)
    sheets = {school: handover_sheets(rows, lang) for school, rows in named.groupby("last_school")}
    return _written(ws, f"handover-{as_of[:DAY]}", sheets), asked, found


def _named(ws, rows: pd.DataFrame, action: str, as_of: str) -> pd.DataFrame:
    """Rows with number, name, grade and class of their pupils, and who is responsible. The audit chain tells it."""
    with ws.vault() as vault:
        people, staff = vault.people(), vault.people("staff").set_index("staff_key")["name"]
        vault.log(as_of, action, str(len(rows)))
    place = newest_place(ws.read("pupil"))[["pupil_key", "grade", "class_id", "school"]]
    place = place.rename(columns={"school": "at_school"})
    named = rows.merge(people, on="pupil_key", how="left", validate="m:1").merge(place, on="pupil_key", how="left")
    return named.assign(responsible=named["staff_key"].map(staff)) if "staff_key" in named else named


def _written(ws, name: str, books: dict[str, dict[str, pd.DataFrame]]) -> Path:
    """The folder with a workbook for each name; a second run of one day takes the place of the first."""
    folder = ws.folder / RESTRICTED / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.glob("*.xlsx"):
        old.unlink()
    for book, pages in books.items():
        write_private(folder / f"{book}.xlsx", pages)
    return folder
