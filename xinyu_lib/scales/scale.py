"""A scale as declared in one TOML file: key, score rules, bands, critical items, gaps, sources. Frozen."""

from typing import Literal

from pydantic import Field

from xinyu_lib import columns
from xinyu_lib.errors import UnknownName
from xinyu_lib.registry import Definition, Label, Number, Text, Whole
from xinyu_lib.scales.bands import Band, BandSet
from xinyu_lib.scales.rules import Rule, parts
from xinyu_lib.scales.vocabulary import Fact, Informant, LicenceStatus, Name, ScaleId, Status


class Response(Definition):
    """Lowest and highest answer code; every whole number between them is allowed."""

    min: Whole
    max: Whole
    coding: Label | None = None


class Critical(Fact):
    """An item that must reach a human whatever the total; positive from the raw code `positive_at` on."""

    item: Whole
    positive_at: Whole
    kind: Literal["suicide", "death_thought", "violence", "psychosis"]
    stage: Literal["census", "interview"]
    topic: Label


class Validity(Fact):
    """The validity (lie) score and the value from which the result is not trusted."""

    score: Name
    at_least: Whole


class Missing(Fact):
    """What a score does with unanswered items.

    prorate: sum x items / answered, rounded half up to a whole number (a mean: mean of the answered), as long
    as at most `allowed` of the score's items are unanswered. none: no published rule, a gap gives none.
    """

    rule: Literal["prorate", "none"]
    allowed: Whole = Field(default=0, ge=0)


class Quality(Fact):
    """Mean seconds per item below which a sheet counts as filled in too fast."""

    seconds_per_item: Number = Field(gt=0)


class Licence(Definition):
    """State of the item text, which is never shipped; a key may be used without it."""

    status: LicenceStatus
    note: Label


class Ages(Definition):
    """Ages in whole years the form is meant for; no upper end when `max` is absent."""

    min: Whole
    max: Whole | None = None


class Scale(Definition):
    """One scale. Scores stand in the order in which they are made: a rule uses only scores before it."""

    id: ScaleId
    title: Label
    informant: Informant
    population: Label
    ages: Ages | None = None
    timeframe: Label
    n_items: Whole = Field(gt=0)
    response: Response
    reverse: tuple[Whole, ...] = ()
    main: Name
    scores: tuple[Rule, ...] = Field(min_length=1)
    band_sets: tuple[BandSet, ...] = ()
    critical: tuple[Critical, ...] = ()
    validity: Validity | None = None
    missing: Missing
    quality: Quality
    verified: Status
    source: Text
    read_in: tuple[Text, ...] = Field(min_length=1)
    licence: Licence
    caveats: tuple[Label, ...] = ()

    @property
    def prefix(self) -> str:
        return columns.prefix(self.id)

    @property
    def items(self) -> tuple[str, ...]:
        """Column names of all items in questionnaire order (`phq9_1` ...)."""
        return tuple(columns.item(self.id, number) for number in range(1, self.n_items + 1))

    @property
    def subscales(self) -> dict[str, Rule]:
        return {rule.name: rule for rule in self.scores if rule.role == "subscale"}

    @property
    def bands(self) -> dict[str, tuple[Band, ...]]:
        """Bands in use, ascending, by score; scores without bands are not in it."""
        return {score: chosen.bands for score, chosen in self.bands_from.items()}

    @property
    def bands_from(self) -> dict[str, BandSet]:
        """The band set in use by score, with its source and status."""
        return {score: each for each in self.band_sets if each.default for score in each.scores}

    def with_bands(self, band_set: str) -> "Scale":
        """The same scale with a named band set in use in place of the default. Raises UnknownName."""
        chosen = next((each for each in self.band_sets if each.id == band_set), None)
        if chosen is None:
            known = ", ".join(each.id for each in self.band_sets)
            raise UnknownName("scales.unknown_band_set", name=band_set, scale=self.id, known=known)
        return self.model_copy(update={"band_sets": tuple(_use(each, chosen) for each in self.band_sets)})

    def score(self, name: str) -> Rule:
        """One score rule by name. Raises UnknownName, listing the known ones."""
        for rule in self.scores:
            if rule.name == name:
                return rule
        known = ", ".join(rule.name for rule in self.scores)
        raise UnknownName("scales.unknown_score", name=name, scale=self.id, known=known)

    def items_of(self, score: str) -> tuple[int, ...]:
        """Numbers of the items a score rests on, through the scores it is made of."""
        rule = self.score(score)
        return rule.items if rule.of_items else tuple(i for part in parts(rule) for i in self.items_of(part))


def _use(each: BandSet, chosen: BandSet) -> BandSet:
    """The chosen set becomes the default; a set that shares a score with it no longer is."""
    default = each is chosen or (each.default and not set(each.scores) & set(chosen.scores))
    return each.model_copy(update={"default": default})
