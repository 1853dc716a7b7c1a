"""The truth about a synthetic district, as counts and parameters; no code that makes reports reads it."""

import json
from pathlib import Path

import pandas as pd

from xinyu_lib.synth.answers import load_items
from xinyu_lib.synth.district import District, Round
from xinyu_lib.synth.setting import School
from xinyu_lib.synth.wavefiles import Sent

SET_ASIDE = (
    "twice",
    "mistyped",
    "out_of_range",
)  # each costs the row; the other kinds are put right by a reader


def write_truth(path: Path, district: District, sent: list[Sent], gaps: list[dict]) -> None:
    """Write `truth.json`: parameters, counts and latent means per wave and school, dirt per file, gaps in ledgers."""
    setting = district.setting
    truth = {
        "seed": district.seed,
        "school_effects": district.effects,
        "traits": setting.traits.model_dump(),
        "items": {i: load_items(i).model_dump() for battery in setting.batteries for i in battery.scales},
        "waves": {round_.wave.id: _of_wave(district, round_) for round_ in district.rounds},
        "stayed": _stayed(district),
        "files": [_of_file(file) for file in sent],
        "figures": setting.figures.model_dump(),
        "gaps": gaps,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def _of_wave(district: District, round_: Round) -> dict[str, dict]:
    return {school.code: _of_school(round_, school) for school in district.setting.schools}


def _of_school(round_: Round, school: School) -> dict:
    """Counts of pupils, by what became of them, and means of the traits of those who were to answer (SD)."""
    own = round_.roster.index[round_.roster["school"] == school.code]
    eligible = own.intersection(round_.consent.index)
    careless = pd.concat([sheets.careless for sheets in round_.sheets.values()])
    return {
        "enrolled": len(own),
        "eligible": len(eligible),
        "consent": _counts(round_.consent, own),
        "attendance": _counts(round_.attendance, own),
        "sheets": {battery: len(own.intersection(s.codes.index)) for battery, s in round_.sheets.items()},
        "careless": _counts(careless[careless != ""], own),
        "latent_means": round_.traits.loc[eligible].mean().to_dict(),
    }


def _counts(states: pd.Series, own: pd.Index) -> dict[str, int]:
    found = states[states.index.intersection(own)].value_counts()
    return {state: int(n) for state, n in found.sort_index().items()}


def _stayed(district: District) -> dict[str, int]:
    """Pupils on the rosters of both of two neighbouring waves, by the later one."""
    pairs = zip(district.rounds, district.rounds[1:], strict=False)
    return {b.wave.id: int(b.roster["pupil"].isin(a.roster["pupil"]).sum()) for a, b in pairs}


def _of_file(file: Sent) -> dict:
    aside = sum(file.dirt.get(kind, 0) for kind in SET_ASIDE)
    return {
        "file": file.step.file,
        "wave": file.step.wave,
        "school": file.school,
        "rows": file.rows,
        "set_aside": aside,
        "kept": file.rows - aside,
        "dirt": file.dirt,
    }
