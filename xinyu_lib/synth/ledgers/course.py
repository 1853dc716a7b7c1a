"""The course of one pupil's care: which tier from when to when, and what is due on which day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

import pandas as pd

from xinyu_lib.synth.ledgerplan import Rhythm
from xinyu_lib.synth.ledgers.cases import RANK
from xinyu_lib.synth.ledgers.dates import Calendar, hours

LOWER = {"red": "orange", "orange": "yellow", "yellow": "none"}
NOON = 12  # o'clock, when reviews are over
REVIEWS = 2  # stable ones in a row lower a tier


@dataclass(frozen=True)
class Stretch:
    """One tier from a moment on; `ends` is when it was lowered, raised or handed over, None while it lasts.

    reason: of the row that confirmed it. school: where. plan: which plan of the pupil's it belongs to, from 0.
    """

    tier: str
    starts: pd.Timestamp
    reason: str
    school: str
    plan: int
    wave: str | None = None
    gap: str = ""
    ends: pd.Timestamp | None = None

    @property
    def reviewed(self) -> bool:
        """False for the planted gap of a red that nobody looked at again."""
        return self.gap != "red_review_lapsed"


def stretches(
    found: pd.DataFrame, care: Mapping[str, Rhythm], calendar: Calendar, until: pd.Timestamp
) -> list[Stretch]:  # fmt: skip
    """All tiers of one pupil up to a day, in order; `found` are the pupil's cases by time.

    A talk raises a tier, with a new plan, or leaves it; only reviews lower one. After the last lowering the plan is
    closed.
    """
    made: list[Stretch] = []
    for case in found.itertuples():
        made = _lowered(made, care, calendar, min(case.talk, until))
        open_ = made[-1] if made and made[-1].tier != "none" else None
        if open_ is None and case.tier != "none":
            plan = made[-1].plan + 1 if made else 0
            made.append(_begun(case, plan))
        elif open_ is not None and RANK[case.tier] > RANK[open_.tier]:
            made = [*made[:-1], replace(open_, ends=case.talk), _begun(case, open_.plan + 1)]
    return _lowered(made, care, calendar, until)


def _begun(case, plan: int) -> Stretch:
    reason = "signal" if case.reason == "concern" else "interview"
    return Stretch(case.tier, case.talk, reason, case.school, plan, case.wave, case.gap)


def _lowered(
    made: list[Stretch], care: Mapping[str, Rhythm], calendar: Calendar, until: pd.Timestamp
) -> list[Stretch]:  # fmt: skip
    """The course so far, gone on with until a day: reviews are stable, and two of them lower a tier."""
    while made and made[-1].tier != "none" and made[-1].reviewed:
        last = made[-1]
        ends = calendar.before(last.starts + _lasts(care[last.tier])) + hours(NOON)
        if ends > until:
            break
        lower = replace(last, tier=LOWER[last.tier], starts=ends, reason="stable_reviews", gap="")
        made = [*made[:-1], replace(last, ends=ends), lower]
    return made


def tier_at(course: list[Stretch], moment: pd.Timestamp) -> str:
    """The tier that holds at a moment, `none` outside any plan."""
    begun = [each for each in course if each.starts <= moment]
    return begun[-1].tier if begun else "none"


def due_days(stretch: Stretch, rhythm: Rhythm, calendar: Calendar) -> Iterator[tuple[pd.Timestamp, bool]]:
    """Days on which a contact is due, and whether it is a review; while the tier lasts, up to the next one ahead.

    Reviews are held on school days, before a holiday rather than after it.
    """
    start, ends = stretch.starts.normalize(), stretch.ends
    for n in count(1):
        plain = start + pd.Timedelta(days=n * rhythm.contact)
        review = stretch.reviewed and n * rhythm.contact % rhythm.review == 0
        due = calendar.before(plain) if review else plain
        if ends is None or due <= ends:
            yield due, review
        if due > calendar.until if ends is None else plain >= start + _lasts(rhythm):
            return


def _lasts(rhythm: Rhythm) -> pd.Timedelta:
    return pd.Timedelta(days=REVIEWS * rhythm.review)
