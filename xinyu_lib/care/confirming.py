"""From an interview to a confirmed tier: what its findings propose, and which confirmations count."""

import pandas as pd

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
    confirmed: pd.DataFrame, provisional: pd.DataFrame, policy: Policy,
    *, waves: pd.DataFrame | None = None, reviews: pd.DataFrame | None = None,
) -> pd.Series:  # fmt: skip
    """The first reason why a confirmation does not count, on the same index; missing where it does.

    confirmed: rows of `tier_confirmed`, all there are of each pupil. provisional: rows of `tier_provisional`.
    second_signature: red, or a lowering, without a second person; same_signature: both are one person. A lowering is
    below the confirmed tier that stands or, at the first confirmation that names a wave, below `from_tier` or else the
    provisional tier of the wave. before_census, where `waves` (rows of `wave`) are given; not_stable, where `reviews`
    (rows of `contact`) are: stable reviews are claimed or a review lowers, and there were not enough in a row.
    """
    early = before_census(confirmed, waves) if waves is not None else pd.Series(False, index=confirmed.index)
    rest = confirmed[~early]
    found = judged(rest, _machine(rest, provisional), policy, _held(reviews))
    return found.reindex(confirmed.index).mask(early, "before_census")


def valid(confirmed: pd.DataFrame, provisional: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The confirmations that count; what `standing` is made of. See `faults`."""
    return confirmed[faults(confirmed, provisional, policy).isna()]


def unsigned(confirmed: pd.DataFrame, provisional: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The confirmations that still need a second signature: until then the provisional tier stands."""
    return confirmed[faults(confirmed, provisional, policy).notna()]


def _machine(confirmed: pd.DataFrame, provisional: pd.DataFrame) -> pd.Series:
    """What the rules had given: as the row says, else the provisional tier of its wave."""
    key = ["pupil_key", "wave"]
    given = provisional.drop_duplicates(key, keep="last").set_index(key)["tier"]
    found = given.reindex(pd.MultiIndex.from_frame(confirmed[key])).to_numpy()
    return confirmed["from_tier"].fillna(pd.Series(found, index=confirmed.index, dtype="str"))


def _held(contacts: pd.DataFrame | None) -> pd.DataFrame | None:
    """Reviews that took place."""
    if contacts is None:
        return None
    held = contacts[(contacts["kind"] == "review") & contacts["done_on"].notna()]
    return held[["pupil_key", "done_on", "result"]]
