"""Small district tables from which check lists are made: a row is what the test is about, the rest stands still."""

import pandas as pd

from xinyu_lib.care.calendar import SchoolCalendar
from xinyu_lib.care.checklist import check_list, to_write
from xinyu_lib.care.standing import standing
from xinyu_lib.policy import load_policy
from xinyu_lib.policy.stages import Sample
from xinyu_lib.tables import load_table

WAVE = "2025-2026-autumn"
DAY = "2025-10-15"  # a Wednesday, without a holiday in the six weeks after it
ANSWERED = "2025-10-15T09:30:00"
POLICY = load_policy("donghu-2025").model_copy(update={"sample": Sample(share=0.001, at_least=0)})
CALENDAR = SchoolCalendar(POLICY.calendar)
SCORE = '[["T05","phq9","total",16,15]]'


def rows(table: str, *given: dict) -> pd.DataFrame:
    names = [name for name in load_table(table).stored if name not in {"import_id", "valid_from"}]
    return pd.DataFrame([dict.fromkeys(names) | each for each in given], columns=names).astype("str")


def tier(pupil: str, tier: str = "none", signal: str = "no", why: str | None = None, reasons: str = SCORE) -> dict:
    told = {"tier": tier, "safety_signal": signal, "undetermined_why": why, "reasons": reasons}
    return {"wave": WAVE, "school": "0102", "pupil_key": pupil, "stage": "provisional"} | told


def signal(pupil: str | None, **other: str | None) -> dict:
    usual = {
        "school": "0102", "pupil_key": pupil, "source_level": "class", "categories": "emotion", "urgency": "routine",
        "at": "2025-10-14T16:00:00", "received_at": "2025-10-14T17:00:00",
    }  # fmt: skip
    return usual | other


def listed(pupil: str, **other: str | None) -> dict:
    usual = {"wave": WAVE, "school": "0102", "source": "census", "on": DAY, "reason": "tier"}
    return {"pupil_key": pupil} | usual | other


def confirmed(pupil: str, tier: str, on: str) -> dict:
    return {"school": "0102", "pupil_key": pupil, "on": on, "sequence": "1", "tier": tier, "reason": "interview"}


class District:
    """Tables of one wave; `list` makes its list as of a day and `go_on` also puts the new rows into the table."""

    def __init__(self, tiers=(), signals=(), listed=(), confirmed=(), answered: str | None = ANSWERED):
        keys = [each["pupil_key"] for each in tiers]
        answers = [{"wave": WAVE, "pupil_key": key, "submitted_at": answered} for key in keys]
        self.tables = {
            "tier_provisional": rows("tier_provisional", *tiers), "signal": rows("signal", *signals),
            "interview": rows("interview"),
            "check_list": rows("check_list", *listed), "administration": rows("administration", *answers),
            "pupil": rows("pupil", *[{"wave": WAVE, "school": "0102", "pupil_key": key} for key in keys]),
        }  # fmt: skip
        self.confirmed = rows("tier_confirmed", *confirmed)

    def list(self, as_of: str = DAY, policy=POLICY) -> pd.DataFrame:
        stands = standing(self.confirmed, as_of)
        return check_list(self.tables, stands, CALENDAR, wave=WAVE, policy=policy, as_of=as_of)

    def go_on(self, as_of: str = DAY, policy=POLICY) -> pd.DataFrame:
        found = self.list(as_of, policy)
        whole = pd.concat([self.tables["check_list"], to_write(found)])
        self.tables["check_list"] = whole.drop_duplicates(["pupil_key", "source", "on"], keep="last")
        return found

    def done(self, pupil: str, on: str, outcome: str = "interviewed") -> None:
        table = self.tables["check_list"]
        table.loc[(table["pupil_key"] == pupil) & table["done_on"].isna(), ["done_on", "outcome"]] = [on, outcome]

    def answers(self, pupil: str, at: str, **now: str) -> None:
        """The pupil answers again, and the tier is now this one."""
        for name, told in {"administration": {"submitted_at": at}, "tier_provisional": now}.items():
            table = self.tables[name]
            table.loc[table["pupil_key"] == pupil, list(told)] = list(told.values())


def told(found: pd.DataFrame, *columns: str) -> list[tuple]:
    """These columns of a list, sorted; None for what is missing."""
    frame = found[list(columns)].astype(object)
    return sorted(frame.where(frame.notna(), None).itertuples(index=False, name=None), key=str)
