"""A scale as declared in one TOML file: key, score rules, bands, critical items, gaps, sources. Frozen."""

from typing import Literal

from pydantic import Field

from xinyu_lib import columns
from xinyu_lib.errors import UnknownName
from xinyu_lib.registry import Definition, Flag, Label, Number, Text, Whole
from xinyu_lib.scales.bands import Band, BandSet
from xinyu_lib.scales.examples import Example, ExampleField
from xinyu_lib.scales.forms import Variant
from xinyu_lib.scales.norms import NormSet
from xinyu_lib.scales.rules import Count, Gaps, MeanOfPositive, Missing, OfItems, Rule, parts
from xinyu_lib.scales.verdicts import Contradiction, Cut, Decision, Skip
from xinyu_lib.scales.vocabulary import Ages, Code, Fact, Informant, Kind, LicenceStatus, Name, ScaleId, Stage, Status

ASK_FIRST = {"free-on-paper", "permission-needed", "unclear-ask-author", "unclear-ask-owner"}


class Response(Definition):
    """Lowest and highest answer code; every whole number between them is allowed, or those in `allowed` only."""

    min: Code
    max: Code
    allowed: tuple[Code, ...] = ()
    coding: Label | None = None

    @property
    def codes(self) -> tuple[int, ...]:
        """The answers there are, ascending."""
        return self.allowed or tuple(range(self.min, self.max + 1))


class OtherResponse(Response):
    """Items of the form that are answered in other codes than the rest."""

    items: tuple[Whole, ...] = Field(min_length=1)


class Supplement(OtherResponse):
    """Items beyond `n_items` that not every form has; scores that rest on them exist only where it has."""

    id: Name
    label: Label


class Critical(Fact):
    """An item that must reach a human whatever the total; positive from the raw code `positive_at` on.

    asks: False where the item is not sure enough (its number, its wording) for a no to count as having been asked; a
    yes is heard all the same.
    """

    item: Whole
    positive_at: Whole
    kind: Kind
    stage: Stage
    topic: Label
    asks: Flag = True


class Validity(Fact):
    """The validity (lie) score and the value from which the result is not trusted."""

    score: Name
    at_least: Whole


class Quality(Fact):
    """Mean seconds per item below which a sheet counts as filled in too fast."""

    seconds_per_item: Number = Field(gt=0)


class Licence(Definition):
    """State of the item text, which is never shipped; a key may be used without it."""

    status: LicenceStatus
    note: Label

    @property
    def ask_first(self) -> bool:
        """True when the items may not be shown on a screen without asking the owner."""
        return self.status in ASK_FIRST


class Scale(Definition):
    """One scale. Scores stand in the order in which they are made: a rule uses only scores before it.

    coded: code as it stands in the responses -> code of the key, where a form is coded otherwise; items with a response
    of their own are not. left_out: items that this form does not have. main: the score a page names first; None where
    no single one stands for the scale.
    """

    id: ScaleId
    title: Label
    measures: Label
    informant: Informant
    population: Label
    ages: Ages | None = None
    timeframe: Label
    n_items: Whole = Field(gt=0)
    response: Response
    coded: tuple[tuple[Code, Code], ...] = ()
    other_responses: tuple[OtherResponse, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    skips: tuple[Skip, ...] = ()
    left_out: tuple[Whole, ...] = ()
    reverse: tuple[Whole, ...] = ()
    main: Name | None = None
    scores: tuple[Rule, ...] = ()
    band_sets: tuple[BandSet, ...] = ()
    cuts: tuple[Cut, ...] = ()
    decisions: tuple[Decision, ...] = ()
    norm_sets: tuple[NormSet, ...] = ()
    critical: tuple[Critical, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    validity: Validity | None = None
    missing: Missing
    quality: Quality
    verified: Status
    source: Text
    read_in: tuple[Text, ...] = Field(min_length=1)
    licence: Licence
    caveats: tuple[Label, ...] = ()
    variants: tuple[Variant, ...] = ()
    variant: Name | Literal[""] = ""
    example_fields: tuple[ExampleField, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def prefix(self) -> str:
        return columns.prefix(self.id)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the items every sheet of this form has, in questionnaire order."""
        return tuple(number for number in range(1, self.n_items + 1) if number not in self.left_out)

    @property
    def all_numbers(self) -> tuple[int, ...]:
        """Numbers of the items of this form, those of its supplements included."""
        return *self.numbers, *(item for each in self.supplements for item in each.items)

    @property
    def items(self) -> tuple[str, ...]:
        """Column names of the items every sheet has (`phq9_1` ...)."""
        return tuple(columns.item(self.id, number) for number in self.numbers)

    @property
    def subscales(self) -> dict[str, Rule]:
        return {rule.name: rule for rule in self.scores if rule.role == "subscale"}

    @property
    def bands(self) -> dict[str, tuple[Band, ...]]:
        """Bands in use, ascending, by score; scores without bands are not in it."""
        return {score: chosen.bands for score, chosen in self.bands_from.items()}

    @property
    def bands_from(self) -> dict[str, BandSet]:
        """The band set in use by score for pupils of whom nothing is known, with its source and status."""
        return {score: each for each in self.bands_in("band") if each.who is None for score in each.scores}

    def bands_in(self, column: str) -> tuple[BandSet, ...]:
        """All default band sets of one column (`band`, `band4`), those for some pupils only included."""
        return tuple(each for each in self.band_sets if each.default and each.column == column)

    def with_bands(self, band_set: str) -> "Scale":
        """The same scale with a named band set in use in place of the default. Raises UnknownName."""
        chosen = next((each for each in self.band_sets if each.id == band_set), None)
        if chosen is None:
            known = ", ".join(each.id for each in self.band_sets)
            raise UnknownName("scales.unknown_band_set", name=band_set, scale=self.id, known=known)
        return self.model_copy(update={"band_sets": tuple(_use(each, chosen) for each in self.band_sets)})

    def without(self, *items: int) -> "Scale":
        """The same scale on a form that leaves these items out: not asked, which is not the same as unanswered.

        Raises UnknownName for an item that the scale does not have.
        """
        if strange := [item for item in items if not 1 <= item <= self.n_items]:
            raise UnknownName("scales.unknown_item", name=strange[0], scale=self.id, known=f"1–{self.n_items}")
        return self.model_copy(update={"left_out": tuple(sorted({*self.left_out, *items}))})

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

    def response_of(self, item: int) -> Response:
        """The answer codes of one item of the key."""
        others = (each for each in (*self.other_responses, *self.supplements) if item in each.items)
        return next(others, self.response)

    def span_of(self, item: int) -> tuple[int, int]:
        """Lowest and highest code of one item of the key."""
        response = self.response_of(item)
        return response.min, response.max

    def codes_of(self, item: int) -> tuple[int, ...]:
        """The codes that may stand in the responses for one item."""
        return tuple(sorted(self.key_codes(item))) or self.response_of(item).codes

    def key_codes(self, item: int) -> dict[int, int]:
        """Code in the responses -> code of the key for one item; empty where both are the same."""
        return dict(self.coded) if self.response_of(item) is self.response else {}

    def gaps_of(self, rule: OfItems) -> Gaps:
        """What a score of items does with gaps: its own rule, or that of the scale; counts take no gap."""
        if isinstance(rule, Count | MeanOfPositive):
            return Gaps(rule="none")
        return rule.missing or self.missing


def _use(each: BandSet, chosen: BandSet) -> BandSet:
    """The chosen set becomes the default; a set that shares a score and a column with it no longer is."""
    rival = each.column == chosen.column and each.who == chosen.who and set(each.scores) & set(chosen.scores)
    return each.model_copy(update={"default": each is chosen or (each.default and not rival)})
