"""Confirmations held against what stood before them: who has to sign, and what reviews have to show."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xinyu_lib.care.moments import day_of
from xinyu_lib.care.standing import in_order, ranks
from xinyu_lib.policy import Policy

STABLE = "stable_reviews"
_NEVER = np.datetime64("NaT", "s")


@dataclass
class _Stood:
    """What stands while rows are gone through.

    Of each pupil: rank of the tier, its first day, the last wave named. answered: of each sign, whether a row that
    counts has met it. met: row, sign and grave, how grave that is.
    """

    tier: np.ndarray
    since: np.ndarray
    wave: np.ndarray
    answered: np.ndarray
    met: pd.DataFrame

    @classmethod
    def of(cls, pupils: int, signs: int, met: pd.DataFrame) -> "_Stood":
        never, unnamed = np.full(pupils, _NEVER), np.full(pupils, None, object)
        return cls(np.zeros(pupils, int), never, unnamed, np.zeros(signs, bool), met)

    def unanswered(self, rows: pd.DataFrame) -> pd.Series:
        """Rank of the gravest sign that each row meets and no earlier one has answered; -1 where there is none."""
        new = self.met[self.met["row"].isin(rows.index) & ~self.answered[self.met["sign"]]]
        return new.groupby("row")["grave"].max().reindex(rows.index, fill_value=-1)

    def confirm(self, rows: pd.DataFrame) -> None:
        self.answered[self.met["sign"][self.met["row"].isin(rows.index)]] = True
        who, tier = rows["pupil"].to_numpy(), rows["rank"].to_numpy()
        anew = tier != self.tier[who]
        self.since[who[anew]] = rows["day"].to_numpy("datetime64[s]")[anew]
        self.tier[who] = tier
        named = rows["wave"].notna().to_numpy()
        self.wave[who[named]] = rows["wave"].to_numpy(object)[named]


def judged(
    confirmed: pd.DataFrame, signs: pd.DataFrame, policy: Policy, reviews: pd.DataFrame | None
) -> pd.Series:  # fmt: skip
    """The first reason against each row, missing where there is none; a row with one changes nothing for later rows.

    confirmed: with `replaced`, the tier of the stored row whose place a row takes. signs: pupil_key, wave, tier, made,
    of what speaks for a tier beside the rows. reviews: pupil_key, done_on, result of the reviews that were held; None
    leaves `not_stable` out. All pupils' first rows are gone through, then all second ones.
    """
    place = range(len(confirmed))
    rows = in_order(confirmed.assign(place=place, rank=ranks(confirmed["tier"]), told=ranks(confirmed["from_tier"])))
    rows = rows.assign(pupil=pd.factorize(rows["pupil_key"])[0], day=day_of(rows["on"]))
    rows["replaced"] = ranks(rows["replaced"])
    stood, found = _Stood.of(rows["pupil"].nunique(), len(signs), _met(rows, signs)), []
    for _, turn in rows.groupby(rows.groupby("pupil").cumcount()):
        reason = _signature(turn, stood, policy)
        if reviews is not None:
            reason = reason.fillna(_review(turn, stood, policy, reviews))
        stood.confirm(turn[reason.isna()])
        found.append(reason)
    every = pd.concat([pd.Series(dtype="str"), *found])
    return every.set_axis(rows["place"].loc[every.index]).reindex(place).set_axis(confirmed.index)


def _met(rows: pd.DataFrame, signs: pd.DataFrame) -> pd.DataFrame:
    """Which row meets which sign, and how grave that is: signs made by its day, and that of its own wave."""
    signs = signs.assign(sign=range(len(signs)), grave=ranks(signs["tier"]))
    mine = rows[["pupil_key", "wave", "day"]].reset_index(names="row")
    pairs = mine.merge(signs.drop(columns="tier"), on="pupil_key", suffixes=("", "_made"))
    own = (pairs["wave"] == pairs["wave_made"]).fillna(False).astype(bool)
    return pairs.loc[own | ~(pairs["made"] > pairs["day"]), ["row", "sign", "grave"]]


def _signature(turn: pd.DataFrame, stood: _Stood, policy: Policy) -> pd.Series:
    """Red, and what lowers a tier, be it of a person, the machine or an interview, is signed by two persons.

    What the row itself says of the machine may add to that and never take away.
    """
    rule, who = policy.confirmation, turn["pupil"].to_numpy()
    first = turn["wave"].isna() | (turn["wave"].to_numpy(object) != stood.wave[who])
    told = turn["told"].where(first, -1)
    before = np.maximum.reduce([stood.tier[who], told, turn["replaced"], stood.unanswered(turn)])
    guarded = ranks(pd.Series(rule.second_signature_to_lower, dtype="str"))
    lowered = (turn["rank"] < before) & np.isin(before, guarded)
    same = turn["second_key"] == turn["staff_key"]
    lacks = (turn["tier"].isin(rule.second_signature) | lowered) & (turn["second_key"].isna() | same)
    reason = pd.Series("second_signature", index=turn.index, dtype="str")
    return reason.mask(same, "same_signature").where(lacks)


def _review(turn: pd.DataFrame, stood: _Stood, policy: Policy, reviews: pd.DataFrame) -> pd.Series:
    """What reviews lower takes enough of them in a row that were not worse, all of them after the tier began."""
    lowered = turn["rank"] < np.maximum(stood.tier[turn["pupil"]], turn["replaced"])
    asked = turn[(turn["reason"] == STABLE) | ((turn["reason"] == "review") & lowered)]
    claims = asked[["pupil_key", "on"]].assign(since=stood.since[asked["pupil"]], row=asked.index)
    held = claims.merge(reviews, on="pupil_key")
    done = day_of(held["done_on"])
    steady = calm(held[(done <= day_of(held["on"])) & ~(done <= held["since"])])
    shaky = steady.reindex(asked.index, fill_value=0) < policy.confirmation.stable_reviews
    return pd.Series("not_stable", index=asked.index[shaky], dtype="str").reindex(turn.index)


def calm(held: pd.DataFrame) -> pd.Series:
    """How many reviews said that it was not worse, after the last one that did; by row that rests on them."""
    worse = held["done_on"].where(held["result"] == "worse").groupby(held["row"]).transform("max")
    return (held["result"].notna() & ~(held["done_on"] <= worse)).groupby(held["row"]).sum()
