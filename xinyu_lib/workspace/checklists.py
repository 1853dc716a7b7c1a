"""The check list of a wave: new rows stored, and a private workbook per school for its psychology teacher."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from xinyu_lib.care.calendar import SchoolCalendar
from xinyu_lib.care.checklist import TABLE, check_list, left_open, to_write
from xinyu_lib.care.moments import DAY, first_given
from xinyu_lib.care.named import to_be_assigned
from xinyu_lib.care.standing import standing
from xinyu_lib.errors import WorkspaceError
from xinyu_lib.policy import load_policy
from xinyu_lib.tables import load_table
from xinyu_lib.workspace.checkbooks import sheets_of
from xinyu_lib.workspace.signing import counted
from xinyu_lib.workspace.streams import store
from xinyu_lib.workspace.waterfalls import RESTRICTED
from xinyu_lib.workspace.workbooks import write_private

KIND = "checklist"


@dataclass(frozen=True, eq=False)
class Written:
    """A list as it was written.

    folder: a workbook per school that has somebody to look at. listing: as `care.checklist.check_list` gives it.
    unassigned: signals that wait and name no pupil yet, by school. left_open: open rows of other waves' census.
    """

    folder: Path
    listing: pd.DataFrame
    unassigned: pd.Series
    left_open: int


def write_checklist(ws, wave: str, as_of: str, lang: str) -> Written:
    """Make the list of a wave, store its new rows, and write who is to be looked at into `restricted/`.

    The workbooks are forms of the table `check_list` with names and reasons: filled in, they are imported again and
    their rows take the place of those that are stored. None is ever written over, for somebody may have filled it in; a
    second list of one day gets a folder of its own. That names left the vault stands in the audit chain.
    Raises WorkspaceError before tiers are made, or for a day before they were, DataError where the calendar of the
    policy does not reach so far.
    """
    ws.refresh()
    policy = load_policy(ws.settings["policy"])
    tables = {name: ws.read(name, wave=wave) for name in ("tier_provisional", "administration", "pupil")}
    tables |= {name: ws.read(name) for name in ("signal", "interview", TABLE)}
    if tables["tier_provisional"].empty:
        raise WorkspaceError("workspace.checklist.no_tiers", wave=wave)
    if as_of[:DAY] < (first := str(first_given(tables["tier_provisional"]).min())[:DAY]):
        raise WorkspaceError("workspace.checklist.too_early", wave=wave, day=as_of[:DAY], first=first)
    stands = standing(counted(ws, policy), as_of)
    calendar = SchoolCalendar(policy.calendar)
    listing = check_list(tables, stands, calendar, wave=wave, policy=policy, as_of=as_of)
    if len(fresh := to_write(listing)):
        store(ws, [(TABLE, fresh)], KIND, wave, as_of[:DAY])
    open_ = listing[listing["done_on"].isna()]
    folder = _write(ws, open_, tables["tier_provisional"], stands, policy, wave, as_of, lang)
    waiting = to_be_assigned(tables["signal"], as_of).groupby("school").size()
    return Written(folder, listing, waiting, left_open(tables[TABLE], wave, as_of))


def _write(ws, open_: pd.DataFrame, tiers: pd.DataFrame, stands: pd.DataFrame, policy, wave, as_of, lang) -> Path:
    """The workbooks of all schools; pupils who left the roster are named by the last one they were on."""
    with ws.vault() as vault:
        people, staff = vault.people(), vault.people("staff")
        vault.log(as_of, KIND, f"{wave} {len(open_)}")
    places = ws.read("pupil").sort_values(["valid_from", "wave"], kind="stable")
    places = places.drop_duplicates("pupil_key", keep="last")[["pupil_key", "grade", "class_id"]]
    named = open_.merge(people, on="pupil_key", how="left", validate="m:1")
    named = named.merge(places, on="pupil_key", how="left", validate="m:1")
    named["staff_number"] = named["staff_key"].map(staff.set_index("staff_key")["number"])
    folder = _new_folder(ws.folder / RESTRICTED, f"{KIND}-{wave}-{as_of[:DAY]}")
    for school, rows in named.groupby("school"):
        write_private(folder / f"{school}.xlsx", sheets_of(load_table(TABLE), rows, tiers, stands, policy, lang))
    return folder


def _new_folder(where: Path, name: str) -> Path:
    """A folder that nobody has put anything into yet: the name itself, or with the next number."""
    taken = len([each for each in where.glob(f"{name}*") if any(each.iterdir())])
    folder = where / (f"{name}-{taken + 1}" if taken else name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
