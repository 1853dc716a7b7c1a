"""Who calls for a look and why: census, verification sample, open care and signals, a row per call."""

from collections.abc import Mapping

import pandas as pd

from xinyu_lib.care.grounds import ANSWER, IN_CARE, grounds_of
from xinyu_lib.care.moments import day_of, first_given
from xinyu_lib.care.named import named_by_signals
from xinyu_lib.care.sampling import verification_sample
from xinyu_lib.care.standing import COLOURS, ranks
from xinyu_lib.care.steps import steps
from xinyu_lib.policy import Policy

TEXT = ["pupil_key", "school", "source", "reason", "cause", "issues"]
TIMES = ["at", "starts"]
CENSUS = "census"


def calls(
    tables: Mapping[str, pd.DataFrame], stands: pd.DataFrame, *, wave: str, policy: Policy, as_of: str
) -> pd.DataFrame:
    """Every reason to look at a pupil that is known by `as_of`; a pupil may have many.

    tables: `tier_provisional` and `administration` of the wave, `signal`. stands: confirmed tiers as `standing` gives
    them. Columns: pupil_key; school; source and reason as in the table `check_list`; cause, whose clock runs (NA:
    none); at, when it came, and starts, from when its clock runs (NaT: not known); issues; loud, a danger of which no
    outcome is known (boolean).
    """
    tiers = tables["tier_provisional"].assign(given=first_given(tables["tier_provisional"]))
    census = pd.concat([_by_tier(tiers, policy), _by_safety(tiers), _by_doubt(tiers, policy)], ignore_index=True)
    submitted = pd.to_datetime(tables["administration"].set_index("pupil_key")["submitted_at"])
    answered = pd.Series(submitted.reindex(census["pupil_key"]).to_numpy(), index=census.index)
    answered = answered.where(census["by_answers"].astype(bool)).astype("datetime64[s]")
    census["at"] = pd.concat([answered, _risen(census, tiers, stands)], axis=1).max(axis=1)
    census["starts"] = answered.fillna(census["given"])  # else with the tiers
    quiet = pd.concat([census, _drawn(tiers, wave, policy), _in_care(stands)]).assign(source=CENSUS, loud=False)
    found = pd.concat([quiet, named_by_signals(tables["signal"], stands, policy, as_of)], ignore_index=True)
    found = found.reindex(columns=[*TEXT, *TIMES, "loud"])
    return found.astype(dict.fromkeys(TEXT, "str") | dict.fromkeys(TIMES, "datetime64[s]") | {"loud": bool})


def _risen(census: pd.DataFrame, tiers: pd.DataFrame, stands: pd.DataFrame) -> pd.Series:
    """The day on which a call became what it is without a newer sheet, NaT where that is no news.

    What the first run of the wave gave came with the answers. A tier of no less that was confirmed since then is a
    reason of its own in the next run: that is no news either.
    """
    given, first = census["given"], tiers["given"].min()
    stand = stands.reindex(census["pupil_key"]).set_axis(census.index)
    no_less = stand["tier"].isin(COLOURS) & (ranks(stand["tier"]) >= ranks(census["tier"]))
    by_care = (no_less & (day_of(stand["since"].astype("str")) >= first)) | census["reason"].eq("open_case")
    return given.where((given > first) & ~by_care)


def _by_tier(tiers: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Pupils with a colour. That care is open is not found by the census, and a fact is not as old as the answers."""
    flagged = tiers[tiers["tier"].isin(COLOURS)]
    ground = grounds_of(flagged, policy)
    reason = ground.map({IN_CARE: "open_case"}).astype("str").fillna("tier")
    cause = flagged["tier"].mask(ground == IN_CARE)
    return _calls(flagged, reason=reason, cause=cause, by_answers=ground == ANSWER)


def _by_safety(tiers: pd.DataFrame) -> pd.DataFrame:
    """A safety item was answered with yes, or left blank."""
    cause = tiers["safety_signal"].map(steps().by_signal).astype("str")
    return _calls(tiers[cause.notna()], reason="safety", cause=cause.dropna(), by_answers=True)


def _by_doubt(tiers: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Pupils who are to be measured again or asked."""
    whys = [each.why for each in policy.tiers.undetermined if each.remeasure or each.why in policy.clocks]
    told = tiers[tiers["undetermined_why"].isin(whys)]
    return _calls(told, reason="undetermined", cause=told["undetermined_why"], by_answers=True)


def _drawn(tiers: pd.DataFrame, wave: str, policy: Policy) -> pd.DataFrame:
    none = tiers[tiers["tier"] == "none"]
    drawn = verification_sample(none["pupil_key"], wave, policy.sample)
    return _calls(none[none["pupil_key"].isin(drawn)], reason="sample", cause="none")


def _in_care(stands: pd.DataFrame) -> pd.DataFrame:
    """Pupils in open care, whose clocks are not those of the list."""
    return _calls(stands[stands["tier"].isin(COLOURS)].reset_index(), reason="open_case")


def _calls(pupils: pd.DataFrame, **what: object) -> pd.DataFrame:
    return pupils.reindex(columns=["pupil_key", "school", "tier", "given"]).assign(**what)
