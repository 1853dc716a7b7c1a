"""From rows set aside to one clear line with an exit code."""

import pandas as pd

from xinyu_lib.census.batch import Batch
from xinyu_lib.census.listing import SHOWN, Listing
from xinyu_lib.census.problems import PLACE
from xinyu_lib.census.reasons import REASONS
from xinyu_lib.errors import RowsRefused
from xinyu_lib.words import default_language, say


class SeveralReasons(RowsRefused):
    """Rows set aside for more than one reason; the message counts the rows of each."""

    def text(self, lang: str | None = None) -> str:
        lang = lang or default_language()
        counts = [f"{say(f'census.reason.{reason}', lang)} {n}" for reason, n in self.fields["reasons"].items()]
        return say(self.message_id, lang, **{**self.fields, "reasons": Listing(tuple(counts))})


def refusal(batch: Batch) -> RowsRefused | None:
    """The error to report when rows were set aside: of the reason's class, or SeveralReasons; else None."""
    if batch.set_aside.empty:
        return None
    if len(batch.reasons) == 1:
        (reason,) = batch.reasons
        return REASONS[reason](f"census.set_aside.{reason}", **_fields(batch, reason))
    aside = batch.rows_in - batch.rows_kept
    rows = _rows(batch.set_aside)
    return SeveralReasons(
        "census.set_aside.several",
        file=batch.file,
        rows=rows,
        n=aside,
        kept=batch.rows_kept,
        reasons=batch.reasons,
    )


def refuse_if_nothing_is_kept(batch: Batch) -> Batch:
    """The batch itself. Raises the error of the commonest reason when no row could be kept."""
    if batch.rows_kept:
        return batch
    # max keeps the first of equals: on a tie the order of the list decides
    reason = max(REASONS, key=lambda each: batch.reasons.get(each, 0))
    refused = REASONS[reason](f"census.refused.{reason}", **_fields(batch, reason))
    refused.batch = batch  # for the column report
    raise refused


def _fields(batch: Batch, reason: str) -> dict[str, object]:
    """What the message of a reason may say: rows, columns and counts, never a cell."""
    found = batch.set_aside[batch.set_aside["reason"] == reason]
    return {
        "file": batch.file,
        "rows": _rows(found),
        "columns": Listing(tuple(found["column"].unique())),
        "allowed": "；".join(found["allowed"].unique()[:SHOWN]),
        "n": len(found.drop_duplicates(PLACE)),
        "total": batch.rows_in,
        "kept": batch.rows_kept,
    }


def _rows(found: pd.DataFrame) -> Listing:
    """Rows of the file, of a ledger with the sheet they stand in."""
    places = found[PLACE].drop_duplicates().itertuples(index=False, name=None)
    return Listing(tuple(f"{sheet} {row}" if sheet else row for sheet, row in places))
