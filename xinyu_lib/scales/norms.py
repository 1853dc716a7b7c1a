"""Norm sets: what a score means beside a described group of pupils; versioned, in a scale file or one of their own."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from xinyu_lib import registry
from xinyu_lib.registry import Definition, Label, Number, Text, Whole
from xinyu_lib.scales.vocabulary import Fact, Limit, Name, ScaleId, Who


class Norm(Definition):
    """One score in one group: mean and standard deviation, or a table of raw score -> norm value, ascending."""

    mean: Number | None = None
    sd: Number | None = Field(default=None, gt=0)
    table: tuple[tuple[Limit, Number], ...] = ()

    @model_validator(mode="after")
    def _one_way(self):
        if (self.mean is None) != (self.sd is None) or (self.mean is None) != bool(self.table):
            raise ValueError("mean and sd, or table")
        if any(lower[0] >= upper[0] for lower, upper in zip(self.table, self.table[1:], strict=False)):
            raise ValueError("table: raw scores ascending")
        return self


class NormGroup(Definition):
    """Norms of one group; `n` pupils were measured."""

    who: Who = Who()
    n: Whole | None = None
    scores: dict[Name, Norm]


class NormSet(Fact):
    """Norms of one source: what kind of value they give, who was measured and when. Groups: the first that fits.

    kind: z = standard deviations from the mean, t = 50 + 10 z, percentile = 0-100.
    """

    id: Name
    version: Text
    scale: ScaleId
    kind: Literal["z", "t", "percentile"]
    title: Label
    population: Label
    collected: Text
    groups: tuple[NormGroup, ...] = Field(min_length=1)
    note: Label | None = None

    @property
    def name(self) -> str:
        """Id and version, as a result names it (`jin_1986@1`)."""
        return f"{self.id}@{self.version}"


def load_norms(path: str | Path) -> NormSet:
    """A norm set of one's own from its TOML file. Raises DefinitionError naming file, key and what is allowed."""
    return registry.read(Path(path), NormSet)
