"""The verification sample: pupils without a tier who are talked to as well, drawn at random and the same every time."""

import math
from collections.abc import Iterable
from decimal import Decimal
from hashlib import blake2b

import pandas as pd

from xinyu_lib.policy.stages import Sample


def sample_size(pupils: int, sample: Sample) -> int:
    """How many of so many pupils are drawn: the share, rounded up, and at least `at_least`; at most all of them."""
    share = math.ceil(Decimal(str(sample.share)) * pupils)  # 0.07 of 100 pupils is 7, in binary it would be 8
    return min(pupils, max(share, sample.at_least))


def verification_sample(pupil_keys: Iterable[str], wave: str, sample: Sample) -> pd.Index:
    """Keys of the pupils drawn in a wave, sorted.

    Drawn are those with the smallest digest of wave and pupil key. Keys are random, so this is a simple random sample,
    another one in each wave; the order of the pupils does not matter, and a pupil who joins takes the place of one at
    the most.
    """
    keys = pd.Index(pupil_keys, dtype="str").unique().sort_values()
    drawn = pd.Series([_lot(key, wave) for key in keys], index=keys, dtype="object").sort_values()
    return drawn.index[: sample_size(len(keys), sample)].sort_values()


def _lot(key: str, wave: str) -> bytes:
    return blake2b(f"{wave}/{key}".encode(), digest_size=16).digest()
