"""The raw folder of a synthetic district: the files a real one would send in, and what each of them holds."""

from pathlib import Path

import numpy as np
import pandas as pd

from xinyu_lib.synth.district import District
from xinyu_lib.synth.files import labelled, write_table, write_toml
from xinyu_lib.synth.ledgers.books import ledgers, write_ledgers
from xinyu_lib.synth.mappings import Import, mapping_lines, mapping_path
from xinyu_lib.synth.wavefiles import Sent, WaveFiles


def write_raw(raw: Path, district: District) -> tuple[list[Sent], list[dict]]:
    """Write all files of the district below `raw`, with mappings and list of imports.

    Returns the files, and the gaps in the ledgers. Ledgers come last: they speak of pupils of all rosters.
    """
    sent = [_schools(raw, district), _waves(raw, district)]
    for place, round_ in enumerate(district.rounds, start=1):
        # streams of their own: what is planted in files never changes who is ill, away or careless
        sent += WaveFiles(raw, district.setting, round_, np.random.default_rng([district.seed, place])).write()
    tables, gaps = ledgers(district, _submitted(sent))
    sent += write_ledgers(raw, tables, district.setting)
    for battery in district.setting.batteries:
        write_toml(raw / mapping_path(battery), mapping_lines(battery))
    write_toml(raw / "imports.toml", [line for file in sent for line in file.step.lines])
    return sent, gaps


def _submitted(sent: list[Sent]) -> dict[str, pd.Series]:
    """When each sheet was handed in, by wave and row of its roster."""
    waves = {file.step.wave for file in sent if file.submitted is not None}
    return {
        wave: pd.concat([file.submitted for file in sent if file.step.wave == wave and file.submitted is not None])
        for wave in waves
    }


def _schools(raw: Path, district: District) -> Sent:
    kept = {"code": "school", "name": "name", "type": "type", "owner": "owner"}
    schools = pd.DataFrame([school.model_dump(include=set(kept)) for school in district.setting.schools])
    write_table(raw / "schools.xlsx", labelled(schools.rename(columns=kept), "school"), "xlsx")
    return Sent(Import("schools.xlsx", table="school"), len(schools))


def _waves(raw: Path, district: District) -> Sent:
    waves = pd.DataFrame([w.model_dump(include={"id", "starts", "ends"}) for w in district.setting.waves])
    write_table(raw / "waves.csv", labelled(waves.rename(columns={"id": "wave"}), "wave"), "utf-8-sig")
    return Sent(Import("waves.csv", table="wave"), len(waves))
