"""Answers handed in again under another wave: noticed before they are written."""

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.errors import ImportRefused
from xinyu_lib.policy.settings import SameAnswers


class SameAnswersAgain(ImportRefused):
    """Nearly all pupils of a file have the very answers that they have in another wave."""


class Copies:
    """Compares the sheets of a file, a stretch at a time, with those of the same pupils in other waves."""

    def __init__(self, ws, file: str, wave: str, rule: SameAnswers):
        self._ws, self._file, self._wave, self._rule = ws, file, wave, rule
        self._both: Counter[str] = Counter()
        self._same: Counter[str] = Counter()
        self._waves: dict[str, list[str]] = {}

    def look_at(self, frames: Mapping[str, pd.DataFrame], keys: Mapping[str, str]) -> None:
        """Count pupils with the same answers in both, by wave. Raises SameAnswersAgain from the policy's share on."""
        for name, frame in frames.items():
            if name.startswith("response/"):
                self._compare(name, frame.assign(pupil_key=frame["number"].map(keys)))
        for wave, both in self._both.items():
            same = self._same[wave]
            if both >= self._rule.pupils and same >= self._rule.share * both:
                raise SameAnswersAgain("workspace.same_answers", file=self._file, wave=wave, same=same, both=both)

    def _compare(self, name: str, sheets: pd.DataFrame) -> None:
        items = [c for c in sheets if c.startswith(_prefix(name)) and c.removeprefix(_prefix(name)).isdecimal()]
        told = sheets.dropna(subset="pupil_key")
        mine = _telling(told.set_index("pupil_key")[items])
        for school in told["school"].dropna().unique():
            for wave in self._other_waves(name):
                earlier = self._ws.lake.read(name, committed=self._ws.committed, wave=wave, school=school)
                self._count(wave, mine, earlier.drop_duplicates("pupil_key", keep="last").set_index("pupil_key"))

    def _other_waves(self, name: str) -> list[str]:
        """Waves that have answers to a scale, this one apart."""
        if name not in self._waves:
            self._waves[name] = self._ws.lake.values(name, "wave", committed=self._ws.committed)
        return [wave for wave in self._waves[name] if wave != self._wave]

    def _count(self, wave: str, mine: pd.DataFrame, theirs: pd.DataFrame) -> None:
        both = mine.index.intersection(theirs.index)
        a, b = mine.loc[both], theirs.loc[both].reindex(columns=mine.columns).astype(mine.dtypes)
        same = ((a == b).fillna(False) | (a.isna() & b.isna())).all(axis=1)
        self._both[wave] += len(both)
        self._same[wave] += int(same.sum())


def _prefix(name: str) -> str:
    return columns.prefix(name.partition("/")[2]) + "_"


def _telling(answers: pd.DataFrame) -> pd.DataFrame:
    """Sheets that do not repeat by themselves: those with more than one answer on them."""
    return answers[(answers.min(axis=1) < answers.max(axis=1)).fillna(False)]
