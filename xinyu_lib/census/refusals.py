"""From rows set aside to one clear line with an exit code."""

from xinyu_lib.census.batch import Batch
from xinyu_lib.census.listing import Listing
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
    rows = Listing(tuple(batch.set_aside["row"].unique()))
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
    raise REASONS[reason](f"census.refused.{reason}", **_fields(batch, reason))


def _fields(batch: Batch, reason: str) -> dict[str, object]:
    """What the message of a reason may say: rows, columns and counts, never a cell."""
    found = batch.set_aside[batch.set_aside["reason"] == reason]
    return {
        "file": batch.file,
        "rows": Listing(tuple(found["row"].unique())),
        "columns": Listing(tuple(found["column"].unique())),
        "allowed": found["allowed"].iloc[0],
        "n": found["row"].nunique(),
        "total": batch.rows_in,
        "kept": batch.rows_kept,
    }
