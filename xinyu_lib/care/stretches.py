"""Stretches of one confirmed tier, and what each confirmation settled."""

import pandas as pd

from xinyu_lib.care.grounds import FACT
from xinyu_lib.care.moments import day_of, last_of_day
from xinyu_lib.care.standing import COLOURS, in_order, ranks

STRETCH = ["pupil_key", "stretch"]
DANGER = "danger"


def decisions(confirmed: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """The confirmations known by a moment, in order, with `decided`: what was known by then is settled by them.

    Where only the day of a confirmation is known that is the end of the day.
    """
    rows = in_order(confirmed)
    decided = rows["time"].fillna(last_of_day(day_of(rows["on"])))
    rows = rows.assign(decided=decided).astype({"moment": "datetime64[us]", "decided": "datetime64[us]"})
    return rows[rows["moment"] <= now]


def settled(signs: pd.DataFrame, confirmed: pd.DataFrame) -> pd.DataFrame:
    """For each sign of a pupil the first confirmation at or after it: decided, tier; NA without one. Same index.

    A danger is not settled by a confirmation of the same day of which the hour is not known.
    """
    danger = signs["stage"].eq(DANGER) if "stage" in signs else pd.Series(False, index=signs.index)
    certain = confirmed["time"].fillna(day_of(confirmed["on"])).astype("datetime64[us]")
    found = _next(signs, confirmed, confirmed["decided"])
    return found.where(~danger, _next(signs, confirmed, certain))


def _next(signs: pd.DataFrame, confirmed: pd.DataFrame, at: pd.Series) -> pd.DataFrame:
    """For each sign the first confirmation whose moment `at` is not before it."""
    left = signs[["pupil_key", "starts"]].assign(place=range(len(signs))).sort_values("starts", kind="stable")
    right = confirmed[["pupil_key", "decided", "tier"]].assign(at=at).sort_values("at", kind="stable")
    found = pd.merge_asof(left, right, left_on="starts", right_on="at", by="pupil_key", direction="forward")
    return found.sort_values("place")[["decided", "tier"]].set_axis(signs.index)


def judged_already(tiers: pd.DataFrame, confirmed: pd.DataFrame) -> pd.Series:
    """Provisional tiers that somebody had looked into before the day of the tiers (`given`). Same index.

    A tier was confirmed in that wave; or what is known is no news (`ground`: fact) where one that is no less stood.
    """
    asked = tiers[["pupil_key"]].assign(by=last_of_day(tiers["given"]), place=range(len(tiers)))
    made = confirmed.assign(of=confirmed["wave"].groupby(confirmed["pupil_key"]).ffill())
    newest = pd.merge_asof(
        asked.astype({"by": "datetime64[us]"}).sort_values("by", kind="stable"),
        made[["pupil_key", "moment", "tier", "of"]].sort_values("moment", kind="stable"),
        left_on="by", right_on="moment", by="pupil_key",
    ).sort_values("place").set_axis(tiers.index)  # fmt: skip
    no_less = newest["tier"].isin(COLOURS) & (ranks(newest["tier"]) >= ranks(tiers["tier"]))
    in_wave = newest["of"].eq(tiers["wave"]).fillna(False).astype(bool)
    return in_wave | (no_less & (tiers["ground"] == FACT))


def stretches(confirmed: pd.DataFrame, signs: pd.DataFrame) -> pd.DataFrame:
    """One row per stretch of a colour: see `starts.holds` for the columns.

    confirmed: as `decisions` gives them. signs: pupil_key, starts, tier (NA: of none in particular), wave (NA: none).
    """
    pupil, tier = confirmed["pupil_key"], confirmed["tier"]
    before = tier.groupby(pupil).shift().fillna("none")
    opening = (tier.isin(COLOURS) & ~before.isin(COLOURS)).groupby(pupil).cumsum()
    rows = confirmed.assign(
        wave=confirmed["wave"].groupby([pupil, opening]).ffill(), cause=tier,
        lowered=before.isin(COLOURS) & (ranks(tier) < ranks(before)),
        stretch=(~pupil.duplicated() | (tier != before)).groupby(pupil).cumsum(),
    )  # fmt: skip
    begun = _with_newest(rows.drop_duplicates(STRETCH), rows.drop_duplicates(STRETCH, keep="last"))
    follows = begun.groupby("pupil_key")
    begun = begun.assign(until=follows["starts"].shift(-1), next_tier=follows["tier"].shift(-1))
    return _with_signs(begun[begun["tier"].isin(COLOURS)].reset_index(drop=True), signs, confirmed)


def _with_newest(first: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    """The first rows of stretches, with school, moment and expiry of the last ones."""
    first = first.drop(columns=["school", "review_by"]).rename(columns={"moment": "starts"})
    newest = last.set_index(STRETCH)[["school", "moment", "review_by"]].rename(columns={"moment": "judged"})
    return first.join(newest, on=STRETCH)


def _with_signs(begun: pd.DataFrame, signs: pd.DataFrame, confirmed: pd.DataFrame) -> pd.DataFrame:
    """Stretches with the first sign that each one settled, and the first that told of no less than it.

    A tier that was confirmed after one wave does not answer the signs of another, which nobody answered.
    """
    own = ["pupil_key", "decided"]
    known = signs.assign(told=ranks(signs["tier"]), decided=settled(signs, confirmed)["decided"])
    known = known[[*own, "starts", "told", "wave"]].rename(columns={"wave": "of"})
    mine = begun[[*own, "tier", "wave"]].drop_duplicates(own).merge(known, on=own)
    mine = mine[mine["wave"].isna() | mine["of"].isna() | (mine["wave"] == mine["of"])]
    no_less = mine[mine["told"] >= ranks(mine["tier"])]
    since, answered = (part.groupby(own)["starts"].min() for part in (mine, no_less))
    begun = begun.join(since.rename("since"), on=own).join(answered.rename("answered"), on=own)
    return begun.assign(**{name: begun[name].fillna(begun["starts"]) for name in ("since", "answered")})
