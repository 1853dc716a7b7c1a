"""`check_quality`: signs that a sheet should be measured again. Flags only: it never removes a pupil."""

import warnings

import pandas as pd

from xinyu_lib.policy import Policy
from xinyu_lib.scales import Scale
from xinyu_lib.scoring.checks import CHECKS
from xinyu_lib.scoring.declared import declared
from xinyu_lib.scoring.group import Group
from xinyu_lib.scoring.keying import SuspectKey, key_of, suspects
from xinyu_lib.words import say


def check_quality(
    responses: pd.DataFrame,
    scale: Scale,
    *,
    policy: Policy | None = None,
    seconds_per_item: pd.Series | None = None,
) -> pd.DataFrame:
    """A boolean column per check and `usable` on the index of `responses`; drops nobody.

    The checks and their cuts are declared in quality.toml and told by `quality_reasons`; which of them make a sheet
    unusable, alone or several together, says `policy.validity`, and without a policy the default in quality.toml.
    Some compare a sheet with the group, which is all rows of `responses`: give a whole wave, not one class.
    seconds_per_item: mean over the whole sheet; without it a column `seconds` of `responses` is divided by
    the items of this scale, which is right only for a sheet that held this scale alone. Unknown is not fast.
    Warns with SuspectKey when items look already reversed or wrongly keyed; their numbers, as a tuple, stand in
    `.attrs["suspect_items"]`. See `check_key`.
    Raises DataError as `score` does.
    """
    group = Group.read(responses, scale, seconds_per_item)
    flags = pd.DataFrame({name: check(group) for name, check in CHECKS.items()}, index=responses.index, dtype=bool)
    rule = policy.validity if policy else declared().validity
    flags["usable"] = ~rule.unusable(flags)
    key = key_of(group)
    flags.attrs["suspect_items"] = suspects(key)
    if key["suspect"].any():
        warnings.warn(SuspectKey(scale, key), stacklevel=2)
    return flags


def quality_values(responses: pd.DataFrame, scale: Scale, *, seconds_per_item: pd.Series | None = None) -> pd.DataFrame:
    """The numbers behind the checks, on the index of `responses`; NaN where a number is undefined or not asked for.

    longest_run: equal answers in a row (items). variability: SD of the raw answers (codes). distance: squared
    Mahalanobis distance. even_odd: inconsistency, -1..1, higher is worse. synonyms: within-pupil correlation, -1..1,
    lower is worse. guttman: normed errors, 0..1. seconds_per_item: as given.
    Arguments and errors as for `check_quality`. Sources: the functions of `xinyu_lib.numerics`.
    """
    group = Group.read(responses, scale, seconds_per_item)
    found = {
        "longest_run": group.longest_run,
        "variability": group.variability,
        "distance": group.distance.squared,
        "even_odd": group.even_odd,
        "synonyms": group.synonyms,
        "guttman": group.guttman,
        "seconds_per_item": group.seconds,
    }
    return pd.DataFrame(found, index=responses.index, dtype=float)


def quality_reasons(flags: pd.DataFrame, lang: str | None = None) -> pd.Series:
    """Why: for every sheet a tuple with one sentence per check that fired, in the order of the checks."""
    wording = {name: say(f"scoring.check.{name}", lang) for name in CHECKS if name in flags}
    fired = flags[list(wording)].to_numpy(bool)
    sentences = [tuple(text for text, on in zip(wording.values(), row, strict=True) if on) for row in fired]
    return pd.Series(sentences, index=flags.index, dtype=object, name="reasons")
