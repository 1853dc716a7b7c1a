"""Answers handed in again under another wave: noticed before they are written."""

from collections.abc import Iterator

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.census import Batch
from xinyu_lib.errors import ImportRefused
from xinyu_lib.lake.vault import Vault
from xinyu_lib.policy.settings import SameAnswers


class SameAnswersAgain(ImportRefused):
    """Nearly all pupils of a file have the very answers that they have in another wave."""


def watched(
    ws, vault: Vault, batches: Iterator[Batch], *, file: str, wave: str, rule: SameAnswers
) -> Iterator[Batch]:  # fmt: skip
    """The batches of an answer file, each compared with all other waves before it is given on.

    A pupil has the same answers when those to every scale that both have are the same. Raises SameAnswersAgain from the
    policy's number and share of pupils on.
    """
    both: dict[str, pd.Series] = {}
    for batch in batches:
        sheets = [(name, frame) for name, frame in batch.frames.items() if name.startswith("response/")]
        for name, frame in sheets:
            keys = vault.keys("pupil", frame["number"])
            for other, same in _compared(ws, name, frame.assign(pupil_key=frame["number"].map(keys)), wave):
                both[other] = _and(both.get(other), same)
        for other, same in both.items():
            if len(same) >= rule.pupils and same.sum() >= rule.share * len(same):
                fields = {"file": file, "wave": other, "same": int(same.sum()), "both": len(same)}
                raise SameAnswersAgain("workspace.same_answers", **fields)
        yield batch


def _compared(ws, name: str, sheets: pd.DataFrame, wave: str) -> Iterator[tuple[str, pd.Series]]:
    """Other wave, and whether each pupil of both has a sheet with the same answers there, whichever counts there."""
    start = f"{columns.prefix(name.partition('/')[2])}_"
    items = [c for c in sheets if c.startswith(start) and c.removeprefix(start).isdecimal()]
    answers = sheets[items]
    told = (answers.min(axis=1) < answers.max(axis=1)).fillna(False)  # one answer throughout repeats by itself
    mine = sheets.loc[told].dropna(subset="pupil_key").set_index("pupil_key")[items]
    others = [each for each in ws.lake.values(name, "wave", committed=ws.committed) if each != wave]
    for other in others if len(mine) else ():
        for school in sheets["school"].dropna().unique():
            theirs = ws.lake.read(name, committed=ws.committed, wave=other, school=school)
            same = _same(mine, theirs.set_index("pupil_key").reindex(columns=items))
            if len(same):
                yield other, same


def _same(mine: pd.DataFrame, theirs: pd.DataFrame) -> pd.Series:
    theirs = theirs[theirs.index.isin(mine.index)]
    a, b = mine.loc[theirs.index], theirs.astype(mine.dtypes)
    same = ((a == b).fillna(False) | (a.isna() & b.isna())).all(axis=1)
    return same.groupby(level=0).any()


def _and(before: pd.Series | None, now: pd.Series) -> pd.Series:
    """Pupils with the same answers so far, and to this scale as well."""
    if before is None:
        return now
    joined = pd.concat([before, now], axis=1).fillna(True).astype("bool")
    return joined.all(axis=1)
