"""Bands: what a source calls a stretch of a score. A score may have several sets, one of them the default."""

from pydantic import Field

from xinyu_lib.registry import Definition, Flag, Label, Whole
from xinyu_lib.scales.vocabulary import Fact, Name


class Band(Definition):
    """A stretch of whole scores, both ends included."""

    code: Name
    label: Label
    low: Whole
    high: Whole


class BandSet(Fact):
    """Bands of one source, ascending, for the scores named; `note`: why this set, what is disputed."""

    id: Name
    scores: tuple[Name, ...] = Field(min_length=1)
    default: Flag = True
    bands: tuple[Band, ...] = Field(min_length=2)
    note: Label | None = None
