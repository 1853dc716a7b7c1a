"""The files of one wave: classes, rosters, consent, absences and answer sheets."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from xinyu_lib.synth.dirt import blank_rows, soil, widened
from xinyu_lib.synth.district import Round
from xinyu_lib.synth.files import ending, labelled, write_table
from xinyu_lib.synth.layout import exported, load_forms, numbered, options, submitted
from xinyu_lib.synth.mappings import Import, mapping_path
from xinyu_lib.synth.population import classes
from xinyu_lib.synth.setting import Battery, Encoding, School, Setting

PURPOSES = "care;statistics"


@dataclass(frozen=True)
class Sent:
    """One file: how it is imported, its rows (empty ones apart), whose it is and the dirt in it, by kind.

    submitted: of an answer file, when each sheet was handed in, by row of the roster.
    """

    step: Import
    rows: int
    school: str = ""
    dirt: dict[str, int] = field(default_factory=dict)
    submitted: pd.Series | None = None


@dataclass(frozen=True)
class WaveFiles:
    """Writer of one wave's files below `raw`."""

    raw: Path
    setting: Setting
    round: Round
    rng: np.random.Generator

    def write(self) -> Iterator[Sent]:
        """Write the files one by one, in the order in which they must be imported."""
        schools = self.setting.schools
        yield self._list("classes.csv", "class", classes(self.round.roster), "utf-8-sig")
        yield from (self._roster(school) for school in schools)
        yield self._list("consent.csv", "consent", _consent(self.round), "gb18030")
        yield self._list("absence.csv", "administration", _absence(self.round), "utf-8-sig")
        for school in schools:
            batteries = [b for b in self.setting.batteries if set(b.covered) & set(school.taught)]
            yield from (self._answers(school, battery) for battery in batteries)

    def _list(self, name: str, table: str, rows: pd.DataFrame, form: Encoding) -> Sent:
        """A clean list of the whole district."""
        step = Import(self._file(name), table=table, wave=self.round.wave.id)
        write_table(self.raw / step.file, labelled(rows, table), form)
        return Sent(step, len(rows))

    def _roster(self, school: School) -> Sent:
        """A school's roster: numbers in full width, empty rows; the untidy add a title and odd headers."""
        pupils = self.round.roster[self.round.roster["school"] == school.code].copy()
        wide = self.rng.choice(pupils.index, self.rng.poisson(self.setting.dirt.full_width), replace=False)
        pupils.loc[wide, "number"] = pupils.loc[wide, "number"].map(widened)
        rows, title = labelled(pupils, "pupil"), ""
        if school.untidy:
            rows, title = _untidy(pupils), load_forms().roster_title.format(school=school.name)
        rows, empty = self._with_blank_rows(rows)
        step = Import(self._file(f"roster-{school.code}", school), table="pupil", wave=self.round.wave.id)
        write_table(self.raw / step.file, rows, school.file, title=title)
        return Sent(step, len(pupils), school.code, {"full_width": len(wide), "blank_rows": empty})

    def _answers(self, school: School, battery: Battery) -> Sent:
        """A school's export of one battery, with dirt."""
        sheets, roster = self.round.sheets[battery.id], self.round.roster
        pupils = roster.loc[sheets.codes.index[roster["school"].loc[sheets.codes.index] == school.code]]
        codes = options(sheets.codes.loc[pupils.index], battery.scales, school.blank)
        seconds = sheets.seconds[pupils.index]
        sent = submitted(pupils, seconds, self.round.wave, self.rng)
        clean = exported(pupils, codes, seconds, sent, self.rng)
        soiled, planted = soil(clean, list(codes), self.setting.dirt, self.rng)
        rows, empty = self._with_blank_rows(numbered(soiled))
        name = self._file(f"answers-{battery.id}-{school.code}", school)
        write_table(self.raw / name, rows, school.file, numbers=True)
        step = Import(name, mapping=mapping_path(battery), wave=self.round.wave.id)
        return Sent(step, len(soiled), school.code, planted | {"blank_rows": empty}, sent)

    def _file(self, name: str, school: School | None = None) -> str:
        return f"{self.round.wave.id}/{name}{ending(school.file) if school else ''}"

    def _with_blank_rows(self, rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
        n = int(self.rng.poisson(self.setting.dirt.blank_rows))
        return blank_rows(rows, n, self.rng), n


def _untidy(pupils: pd.DataFrame) -> pd.DataFrame:
    """A roster as some offices keep it: months with a slash, blanks after header names."""
    slashed = pupils.assign(birth_month=pupils["birth_month"].str.replace("-", "/"))
    return labelled(slashed, "pupil").rename(columns=lambda header: f"{header} ")


def _consent(round_: Round) -> pd.DataFrame:
    states, wave = round_.consent, round_.wave
    on = states.map({"not_asked": "", "withdrawn": wave.ends}).fillna(wave.consent_on)
    signed = states.isin(["consented", "refused", "withdrawn"])
    forms = [f"{wave.id}-{place:05d}" for place in range(1, len(states) + 1)]
    return pd.DataFrame({
        "number": round_.roster["number"].loc[states.index], "state": states, "on": on,
        "asked_on": np.where(states == "not_asked", "", wave.consent_on),
        "purposes": np.where(states == "consented", PURPOSES, ""),
        "reference": np.where(signed, forms, ""),
    })  # fmt: skip


def _absence(round_: Round) -> pd.DataFrame:
    away = round_.attendance[round_.attendance.isin(["absent", "leave"])]
    numbers = round_.roster["number"].loc[away.index]
    again = f"{pd.Timestamp(round_.wave.days[-1]) + pd.Timedelta(days=7):%Y-%m-%d}"
    return pd.DataFrame({"number": numbers, "state": away, "made_up_on": again})
