"""The guidance station and its cases."""

import numpy as np
import pandas as pd

from xinyu_lib.synth.ledgers.dates import day
from xinyu_lib.synth.ledgers.ground import DISTRICT, Ground, codes, frame

PUPILS_PER_CASE = 60
FREE = 0.4  # share of those who came by themselves and let the school know


def station(ground: Ground) -> pd.DataFrame:
    row = {
        "record": "S-01", "name": ground.parts.titles["station"], "unit": "U-03", "hours": 40,
        "opened": ground.district.setting.figures.station_opened, "services": ";".join(codes("station", "services")),
        "reference": "S-2020-01",
    }  # fmt: skip
    return frame([row])


def station_case(ground: Ground) -> pd.DataFrame:
    """Those whom schools referred, and those who came by themselves; the number only with consent to share it."""
    rng = ground.rng("station_case")
    sent = ground["referral"]
    sent = sent[(sent["place"] == "station") & sent["seen_on"].notna()]
    rows = [_case(rng, ground, pd.Timestamp(e.accepted_on), e.number, e.ledger, e.seen_on) for e in sent.itertuples()]
    days = pd.DatetimeIndex([on for term in ground.terms for on in ground.calendar.of(term)[:-12]])
    pupils = ground.pupils[~ground.pupils["number"].isin(sent["number"])]
    chosen = pupils.iloc[rng.choice(len(pupils), len(pupils) // PUPILS_PER_CASE, replace=False)]
    for each in chosen.itertuples():
        shared = rng.random() < FREE
        on = pd.Timestamp(rng.choice(days))
        rows.append(_case(rng, ground, on, each.number if shared else None, each.school if shared else None, None))
    places = [{"station": "S-01", "case_record": f"C-2025-{place:03d}"} for place in range(1, len(rows) + 1)]
    return frame([place | row for place, row in zip(places, rows, strict=True)]).assign(ledger=DISTRICT)


def _case(
    rng: np.random.Generator, ground: Ground, opened: pd.Timestamp, number: str | None, school: str | None,
    first: str | None,
) -> dict:  # fmt: skip
    seen = pd.Timestamp(first) if first else ground.calendar.after(opened, int(rng.integers(1, 6)))
    closed = seen + pd.Timedelta(days=int(rng.integers(30, 90)))
    over = closed <= ground.until
    return {
        "service": str(rng.choice(codes("station_case", "service"), p=[0.7, 0.1, 0.1, 0.1])), "opened_on": day(opened),
        "first_session_on": day(seen), "closed_on": day(closed) if over else None, "sessions": int(rng.integers(1, 10)),
        "consent_to_share": "yes" if number else "no", "number": number, "school": school,
        "staff_number": str(rng.choice(ground.at_unit("U-03"))),
    }  # fmt: skip
