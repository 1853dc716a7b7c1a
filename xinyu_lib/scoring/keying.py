"""`check_key`: items whose answers point the other way than the key says.

Two mistakes are common. A file whose reversed items were turned before it was sent is turned a second time; or an item
was reversed that should not have been, or the other way round. Either way scores are silently wrong.
"""

import numpy as np
import pandas as pd

from xinyu_lib.scales import Scale
from xinyu_lib.scoring.declared import declared
from xinyu_lib.scoring.group import Group
from xinyu_lib.words import say

REVERSED, WRONG_WAY = "already_reversed", "wrong_way"


class SuspectKey(UserWarning):
    """Items of a scale that look wrongly keyed. `scale`: its id; `items`: their numbers."""

    def __init__(self, scale: Scale, key: pd.DataFrame, lang: str | None = None):
        self.scale, self.items = scale.id, suspects(key)
        sentences = [_sentence(key, kind, lang) for kind in (REVERSED, WRONG_WAY) if (key["looks"] == kind).any()]
        super().__init__(say("scoring.suspect_key", lang, scale=scale.id, what="".join(sentences)))


def check_key(responses: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Whether each item goes with the rest of its score, on the index of item numbers.

    responses: one row per pupil with the columns `scale.items`, codes as given.
    score: where the item was judged; the main score, or the item's own where that shows it more clearly.
    item_rest_r: item with the rest of that score, both keyed as declared (-1..1; NaN = not judged).
    item_rest_r_if_turned: the item turned, against the rest with every suspect turned.
    suspect: clear evidence of a wrong key. looks: `already_reversed` (the key reverses it, the file seems to have done
    so before) or `wrong_way`; missing where not suspect.
    Too few complete sheets suspect nothing; what counts as clear is declared in quality.toml.
    """
    return key_of(Group.read(responses, scale, None))


def key_of(group: Group) -> pd.DataFrame:
    """The frame of `check_key` for a group that is already read."""
    scale = group.scale
    found = pd.DataFrame({"score": pd.Series(dtype="str")}, index=pd.Index(scale.numbers, name="item"))
    found = found.assign(item_rest_r=np.nan, item_rest_r_if_turned=np.nan, suspect=False)
    for score, columns in _scores(group).items():
        evidence = _evidence(group.keyed[:, columns], group.turned[columns])
        if evidence is None:
            continue
        evidence.index = found.index[columns]
        better = evidence["suspect"] | found.loc[evidence.index, "score"].isna()
        chosen = evidence[better & ~found.loc[evidence.index, "suspect"]]
        found.loc[chosen.index, list(evidence)] = chosen
        found.loc[chosen.index, "score"] = score
    looks = np.where(np.isin(found.index, scale.reverse), REVERSED, WRONG_WAY)
    return found.assign(looks=pd.array(np.where(found["suspect"], looks, None), dtype="str"))


def suspects(key: pd.DataFrame) -> tuple[int, ...]:
    """Numbers of the suspect items of a `check_key` frame."""
    return tuple(int(number) for number in key.index[key["suspect"]])


def _scores(group: Group) -> dict[str, list[int]]:
    """Columns of the scores an item can be judged in: the main one first, then all that are made of items."""
    scale = group.scale
    names = [scale.main] if scale.main else []
    names += [rule.name for rule in scale.scores if rule.of_items]
    found = {name: group.columns(scale.items_of(name)) for name in names}
    distinct = {tuple(columns): name for name, columns in reversed(found.items())}
    least = declared().keying.min_items
    return {name: list(c) for c, name in reversed(distinct.items()) if len(c) >= least}


def _evidence(keyed: np.ndarray, reverse: np.ndarray) -> pd.DataFrame | None:
    """Evidence on the items of one score, a row each; None with too few complete sheets or items that vary."""
    own = declared().keying
    complete = keyed[~np.isnan(keyed).any(axis=1)]
    if len(complete) < own.min_pupils:
        return None
    varies = np.ptp(complete, axis=0) > 0
    if varies.sum() < own.min_items:
        return None
    cov = np.cov(complete[:, varies], rowvar=False)
    turned = _turned(cov, reverse[varies], len(complete))
    as_keyed, rest = _rest_correlation(cov, np.ones(len(cov))), _rest_correlation(cov, turned)
    found = pd.DataFrame(
        {"item_rest_r": np.nan, "item_rest_r_if_turned": np.nan, "suspect": False}, index=range(len(varies))
    )
    found.loc[varies, "item_rest_r"] = as_keyed
    found.loc[varies, "item_rest_r_if_turned"] = np.where(turned < 0, rest, -rest)
    found.loc[varies, "suspect"] = turned < 0
    return found


def _turned(cov: np.ndarray, reverse: np.ndarray, n: int) -> np.ndarray:
    """Sign of each item: -1 where it should be turned, on clear evidence only."""
    own, as_keyed = declared().keying, np.ones(len(cov))
    clear = max(own.min_r, own.min_z / np.sqrt(n))
    turned = _whole_set(cov, reverse, clear)
    if turned is None:
        turned = _single_items(cov, clear)
    best = _alpha(cov, turned)
    return turned if best >= own.min_alpha and best - _alpha(cov, as_keyed) >= own.alpha_rise else as_keyed


def _whole_set(cov: np.ndarray, reverse: np.ndarray, clear: float) -> np.ndarray | None:
    """All reversed items turned, when together they run against the straight ones; None when they do not.

    One mistake explains them all, so each of them needs only to point the same way, not to be clear by itself. Which of
    two opposite halves is wrong no correlation can tell; that a file was reversed before is what happens.
    """
    weights = np.where(reverse, 1.0, 0.0), np.where(reverse, 0.0, 1.0)
    if not all(weight.any() for weight in weights) or _correlation(cov, *weights) > -clear:
        return None
    against = _correlation_with(cov, weights[1])
    turned = np.where(reverse & (against < 0), -1.0, 1.0)
    return np.where((turned < 0) & (_rest_correlation(cov, turned) > 0), -1.0, 1.0)


def _single_items(cov: np.ndarray, clear: float) -> np.ndarray:
    """The smaller of the two sets into which the first component splits the items, as far as each is clear by itself:
    against the items left alone, and with the rest once turned.
    """
    sd = np.sqrt(np.diag(cov))
    one = np.linalg.eigh(cov / np.outer(sd, sd))[1][:, -1] < 0
    turned = np.where(one if one.sum() <= (~one).sum() else ~one, -1.0, 1.0)
    against = _correlation_with(cov, np.where(turned > 0, 1.0, 0.0))
    needs = (turned < 0) & (against <= -clear) & (_rest_correlation(cov, turned) >= clear)
    return np.where(needs, -1.0, 1.0)


def _correlation(cov: np.ndarray, one: np.ndarray, other: np.ndarray) -> float:
    """Correlation of two weighted sums of items."""
    return float(one @ cov @ other / np.sqrt((one @ cov @ one) * (other @ cov @ other)))


def _correlation_with(cov: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Correlation of each item with the weighted sum of items."""
    of_sum = weights @ cov @ weights
    return cov @ weights / np.sqrt(np.diag(cov) * max(of_sum, np.finfo(float).tiny))


def _rest_correlation(cov: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Corrected item-total correlation, every item taken with its sign."""
    signed = cov * np.outer(signs, signs)
    own, total = np.diag(signed), signed.sum()
    with_rest = signed.sum(axis=1) - own
    of_rest = total - 2 * with_rest - own
    return with_rest / np.sqrt(own * np.maximum(of_rest, np.finfo(float).tiny))


def _alpha(cov: np.ndarray, signs: np.ndarray) -> float:
    """Cronbach's alpha from the covariances; see `numerics.cronbach_alpha`."""
    k, total = len(cov), (cov * np.outer(signs, signs)).sum()
    return float(k / (k - 1) * (1 - np.trace(cov) / total)) if total > 0 else -np.inf


def _sentence(key: pd.DataFrame, kind: str, lang: str | None) -> str:
    numbers = [str(number) for number in key.index[key["looks"] == kind]]
    return say(f"scoring.key.{kind}", lang, items=say("scoring.join", lang).join(numbers))
