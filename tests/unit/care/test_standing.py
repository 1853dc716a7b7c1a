"""Confirmed tiers: the newest counts, nothing is forgotten, and nobody knows on Monday what is decided on Tuesday."""

import pandas as pd
import pytest
from care_rows import WAVE, rows_of, said

from xinyu_lib.care.standing import standing

# what was confirmed (see `care_rows.said`), as of, tier, since, highest, openings
STANDS = [
    (["10-16 red AB interview"], "2025-10-16", "red", "2025-10-16", "red", 1),
    (["10-16 red AB interview", "10-23 red AB review"], "2026-01-31", "red", "2025-10-16", "red", 1),
    (["10-16 red AB interview", "10-30 orange AB stable_reviews"], "2025-10-29", "red", "2025-10-16", "red", 1),
    (["10-16 red AB interview", "10-30 orange AB stable_reviews"], "2025-10-30", "orange", "2025-10-30", "red", 1),
    (["10-30 orange AB stable_reviews", "10-16 red AB interview"], "2025-10-30", "orange", "2025-10-30", "red", 1),
    (["10-16 yellow A interview", "12-01 none AB resolved"], "2025-12-01", "none", "2025-12-01", "yellow", 1),
    (["10-16 none AB interview"], "2025-12-01", "none", "2025-10-16", "none", 0),
    # care that begins anew keeps what was before it
    (["10-16 red AB interview", "12-01 none AB resolved", "01-15 yellow A signal"],
     "2026-01-31", "yellow", "2026-01-15", "red", 2),
    (["10-16 yellow A interview", "11-01 none AB resolved", "11-20 yellow A signal", "12-10 none AB resolved",
      "01-15 orange A signal"], "2026-01-31", "orange", "2026-01-15", "orange", 3),
    # back to the same tier: since the second time
    (["10-16 orange A interview", "11-01 yellow AB review", "11-20 orange A review"],
     "2026-01-31", "orange", "2025-11-20", "orange", 1),
    # one day: by the clock where it is known, else by the sequence
    (["10-16 orange A interview at=14:00", "10-16 red AB crisis at=15:30 nth=2"], "2025-10-16T15:00",
     "orange", "2025-10-16", "orange", 1),
    (["10-16 orange A interview at=14:00", "10-16 red AB crisis at=15:30 nth=2"], "2025-10-16T15:30",
     "red", "2025-10-16", "red", 1),
    (["10-16 red AB crisis at=15:30", "10-16 orange A interview at=14:00 nth=2"], "2025-10-16",
     "red", "2025-10-16", "red", 1),
    (["10-16 orange A interview", "10-16 red AB crisis nth=2"], "2025-10-16", "red", "2025-10-16", "red", 1),
    (["10-16 red AB crisis at=09:00", "10-16 orange AB review nth=2"], "2025-10-16", "orange", "2025-10-16", "red", 1),
    (["10-16 red AB crisis at=09:00", "10-16 orange AB review nth=2"], "2025-10-16T08:59", None, None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "as_of", "tier", "since", "highest", "openings"), STANDS)
def test_what_stands_on_a_day(rows, as_of, tier, since, highest, openings):
    found = standing(said(*rows), as_of)
    expected = [] if tier is None else [[tier, since, highest, openings]]
    assert found[["tier", "since", "highest", "openings"]].values.tolist() == expected


def test_the_moment_is_that_of_the_first_row_of_the_tier_and_the_review_that_of_the_last():
    rows = said(
        "10-16 red AB interview at=10:30 wave until=2025-10-23", "10-23 red AB review until=2025-10-30 school=0103"
    )
    found = standing(rows, "2025-12-01").loc["p1"]
    assert found["at"] == pd.Timestamp("2025-10-16 10:30")
    assert (found["review_by"], found["school"], found["wave"]) == ("2025-10-30", "0103", WAVE)


def test_care_that_began_anew_outside_the_census_names_no_wave():
    rows = said("10-16 yellow A interview wave", "12-01 none AB resolved", "01-15 orange A signal")
    assert standing(rows, "2025-12-31").loc["p1", "wave"] == WAVE
    assert standing(rows, "2026-01-31")["wave"].isna().all()


def test_a_time_that_lies_on_another_day_is_not_believed():
    rows = said("10-16 red AB interview").assign(at="2026-10-16T10:30:00")
    assert standing(rows, "2025-10-16")["at"].isna().all()


def test_every_pupil_has_a_standing_of_their_own():
    rows = pd.concat([said("10-16 red AB interview"), said("10-17 yellow A interview", pupil="p2")], ignore_index=True)
    assert standing(rows, "2025-10-31")["tier"].to_dict() == {"p1": "red", "p2": "yellow"}


def test_without_confirmations_nobody_stands_anywhere():
    found = standing(rows_of("tier_confirmed"), "2025-10-31")
    assert found.empty
    assert found["at"].dtype.kind == "M"
