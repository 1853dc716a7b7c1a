"""Bands: what a source calls a stretch of a score. A score may have several sets, one of them the default."""

from typing import Literal

from pydantic import Field, model_validator

from xinyu_lib.registry import Definition, Flag, Label
from xinyu_lib.scales.vocabulary import Fact, Limit, Name, Who


class Band(Definition):
    """A stretch of a score from `low` on, up to and with `high`; for scores with decimals up to but without `below`."""

    code: Name
    label: Label
    low: Limit
    high: Limit | None = None
    below: Limit | None = None

    @model_validator(mode="after")
    def _one_end(self):
        if (self.high is None) == (self.below is None):
            raise ValueError("exactly one of high, below")
        return self


class BandSet(Fact):
    """Bands of one source, ascending, for the scores named; `note`: why this set, what is disputed.

    column: `band`, or `band4` for a second system that stands beside it. who: the pupils the set is for; where it does
    not fit or where a pupil's age, sex or grade is not known, the set for everybody applies.
    """

    id: Name
    scores: tuple[Name, ...] = Field(min_length=1)
    default: Flag = True
    column: Literal["band", "band4"] = "band"
    who: Who | None = None
    bands: tuple[Band, ...] = Field(min_length=2)
    note: Label | None = None
