"""From an interview to a confirmed tier: what its findings propose, and which confirmations count."""

import pandas as pd

from xinyu_lib.care.moments import day_of
from xinyu_lib.care.signatures import judged
from xinyu_lib.care.standing import gravest
from xinyu_lib.policy import Policy


def proposed(interviews: pd.DataFrame, policy: Policy) -> pd.Series:
    """The tier that each interview proposes by its gravest finding; missing where nothing was found out.

    Then the provisional tier stands and its clock runs: the pupil was not seen, would not talk or is seen again.
    interviews: rows of the table `interview`. Only people confirm: this is what they are shown.
    """
    means = interviews["findings"].str.split(";").explode().map(policy.interview.tier_of).dropna()
    return gravest(means, means.index).reindex(interviews.index)


def before_census(rows: pd.DataFrame, waves: pd.DataFrame) -> pd.Series:
    """True for rows that name a wave and are dated before it starts. waves: rows of the table `wave`."""
    starts = waves.drop_duplicates("wave", keep="last").set_index("wave")["starts"]
    return (rows["on"] < rows["wave"].map(starts).astype("str")).astype("bool")


def faults(
    confirmed: pd.DataFrame, provisional: pd.DataFrame, policy: Policy, *, waves: pd.DataFrame | None = None,
    reviews: pd.DataFrame | None = None, interviews: pd.DataFrame | None = None, replaced: pd.Series | None = None,
) -> pd.Series:  # fmt: skip
    """The first reason why a confirmation does not count, on the same index; missing where it does.

    confirmed: rows of `tier_confirmed`, all there are of each pupil. provisional: rows of `tier_provisional`.
    second_signature: red, or a lowering, without a second person; same_signature: both are one person. A lowering is
    below the gravest of: the confirmed tier that stands; the provisional tiers of any wave and what `interviews` (rows
    of `interview`) found, made by that day, or for its own wave, and not answered by an earlier confirmation;
    `from_tier`; the tier of the row whose place it takes (`replaced`, on the same index).
    before_census, where `waves` (rows of `wave`) are given; not_stable, where `reviews` (rows of `contact`) are: stable
    reviews are claimed or a review lowers, and there were not enough in a row.
    """
    early = before_census(confirmed, waves) if waves is not None else pd.Series(False, index=confirmed.index)
    stored = pd.Series(index=confirmed.index, dtype="str") if replaced is None else replaced
    rest, signs = confirmed.assign(replaced=stored)[~early], _signs(provisional, interviews, policy)
    return judged(rest, signs, policy, _held(reviews)).reindex(confirmed.index).mask(early, "before_census")


def valid(
    confirmed: pd.DataFrame, provisional: pd.DataFrame, policy: Policy, *, interviews: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The confirmations that count; what `standing` is made of. See `faults`."""
    return confirmed[faults(confirmed, provisional, policy, interviews=interviews).isna()]


def _signs(provisional: pd.DataFrame, interviews: pd.DataFrame | None, policy: Policy) -> pd.DataFrame:
    """What speaks for a tier until people answer it: pupil_key, wave, tier, made (NaT: always there).

    A provisional tier is told to the rows of its wave whenever it was made, an interview to those of its day and later.
    """
    given = provisional.reindex(columns=["pupil_key", "wave", "tier", "since", "valid_from"]).astype("str")
    signs = given.assign(made=day_of(given["since"].fillna(given["valid_from"])))
    if interviews is not None:
        talks = interviews[["pupil_key", "on", "findings"]].reset_index(drop=True).astype("str")
        talks = talks.assign(tier=proposed(talks, policy), made=day_of(talks["on"])).dropna(subset="tier")
        signs = pd.concat([signs, talks], ignore_index=True)
    return signs[["pupil_key", "wave", "tier", "made"]]


def _held(contacts: pd.DataFrame | None) -> pd.DataFrame | None:
    """Reviews that took place."""
    if contacts is None:
        return None
    held = contacts[(contacts["kind"] == "review") & contacts["done_on"].notna()]
    return held[["pupil_key", "done_on", "result"]]
