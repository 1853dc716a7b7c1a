"""The scale files against the facts they were written from; every difference stands in a list with its reason."""

import re
from pathlib import Path

import pytest
import yaml

from xinyu_lib.scales import Scale, load_scale, scales
from xinyu_lib.scales.conditions import comparisons

FOLDER = Path(__file__).parent / "scale-facts"
FACTS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}
INFORMANTS = ("self", "parent", "teacher")
PAIRS = [(each, stem) for stem in FACTS for each in ([f"sdq-{i}" for i in INFORMANTS] if stem == "sdq" else [stem])]

# Where a scale file says something else on purpose: (scale, fact) -> why.
DIFFERS = {
    (
        "olweus",
        "n_items",
    ): "the facts have no count, as item numbers differ by edition: the file keys the two global items",
    ("mssmhs", "critical"): "items 52 and 57, found later in three public code bases with the full list of items",
    ("cdi27", "verified"): "key found later in Spanish and Thai scoring code and on a Czech scoring sheet",
    ("ciasr", "verified"): "number of items and total found later in an IRW data script",
    ("dass42", "verified"): "same key found later in eight public code bases",
    ("panas", "verified"): "same key found later in nine public code bases",
    ("psc35", "verified"): "same subscales found later on a Bright Futures sheet and in three public code bases",
    ("rcads47", "verified"): "same key found later in four public code bases",
    ("ucla20", "verified"): "same reversed items found later in ten public code bases",
    ("uls8", "verified"): "reversed items found later in a laboratory specification",
    (
        "rcads47",
        "bands: T score by sex and US grade band 3-4,5-6,7-8,9-10,11-12",
    ): "the tables from raw to T were not obtained",
}

# Facts name the total by its role; these scale files call it otherwise.
TOTALS = {"sas": "raw", "sds": "raw"}
SECOND_RANGE = {
    "sas": ("standard", "standard_range"),
    "sds": ("standard", "standard_range"),
    "who5": ("percent", "percent_range"),
}
RULES = {"sum": ("sum", 1), "sum x 2": ("sum", 2), "mean": ("mean", None), "mean of 100-25x": ("mean", None)}
LICENCES = {"free-on-paper; permission-for-electronic": "free-on-paper"}


def cases(*, having: str | None = None) -> list:
    return [pytest.param(s, FACTS[f], id=s) for s, f in PAIRS if having is None or FACTS[f].get(having)]


def same(scale_id: str, fact: str, here, there) -> None:
    """Equal, or listed as different: and what is listed must differ, or the list is out of date."""
    if (scale_id, fact) in DIFFERS:
        assert here != there, f"{scale_id} {fact}: listed as different and no longer is"
    else:
        assert here == there, f"{scale_id} {fact}: file {here}, facts {there}"


def test_every_scale_has_facts_and_every_fact_a_scale():
    assert sorted(scales()) == sorted([*(scale_id for scale_id, _ in PAIRS), "phq9-teen"])


@pytest.mark.parametrize(("scale_id", "facts"), cases())
def test_items_codes_and_reversed_items(scale_id, facts):
    scale, codes = load_scale(scale_id), facts["response"]
    same(scale_id, "n_items", scale.n_items, facts["n_items"])
    same(scale_id, "codes", (scale.response.min, scale.response.max), (codes["min"], codes["max"]))
    same(scale_id, "allowed", scale.response.codes, tuple(codes.get("allowed", range(codes["min"], codes["max"] + 1))))
    same(scale_id, "reverse", sorted(scale.reverse), facts["reverse_items"])


@pytest.mark.parametrize(("scale_id", "facts"), cases(having="subscales"))
def test_subscales_have_their_items_rule_and_range(scale_id, facts):
    scale = load_scale(scale_id)
    same(scale_id, "subscale names", sorted(scale.subscales), sorted(facts["subscales"]))
    for name, each in facts["subscales"].items():
        rule = scale.score(name)
        same(scale_id, f"{name} items", sorted(scale.items_of(name)), sorted(each["items"]))
        same(scale_id, f"{name} rule", (rule.rule, getattr(rule, "times", None)), RULES[each["rule"]])
        same(scale_id, f"{name} range", list(rule.range), each["range"])


@pytest.mark.parametrize(("scale_id", "facts"), cases())
def test_the_total_has_its_items_and_range_or_is_not_made(scale_id, facts):
    scale = load_scale(scale_id)
    if facts["total"] is None:
        assert [rule.name for rule in scale.scores if rule.role == "total"] == []
        return
    name = TOTALS.get(scale_id, "total")
    apart = [facts.get("validity", {}), facts.get("subscales", {}).get("prosocial", {})]
    counted = set(range(1, scale.n_items + 1)) - {item for each in apart for item in each.get("items", [])}
    same(scale_id, "total items", sorted(scale.items_of(name)), sorted(counted))
    same(scale_id, "total range", list(scale.score(name).range), facts["total"]["range"])
    if scale_id in SECOND_RANGE:
        other, fact = SECOND_RANGE[scale_id]
        same(scale_id, fact, list(scale.score(other).range), facts["total"][fact])


def band_numbers(scale: Scale) -> set:
    """First and last value of every band of every band set, other conventions of the scale included."""
    forms = [scale, *(load_scale(scale.id, variant=each.id) for each in scale.variants)]
    sets = [each for form in forms for each in form.band_sets]
    return {tuple((b.low, b.high if b.high is not None else f"<{b.below:g}") for b in each.bands) for each in sets}


BANDED = [
    pytest.param(s, each, id=f"{s}: {each['score']}")
    for s, f in PAIRS
    for each in FACTS[f]["cutoffs"]
    if "bands" in each
]


@pytest.mark.parametrize(("scale_id", "cutoff"), BANDED)
def test_published_bands_are_those_of_a_band_set(scale_id, cutoff):
    scale = load_scale(scale_id)
    tops = {rule.range[1] for rule in scale.scores}
    bands = [tuple(each) for each in cutoff["bands"].values()]
    printed = {tuple((low, top if high == "max" else high) for low, high in bands) for top in tops}
    same(scale_id, f"bands: {cutoff['score']}", bool(printed & band_numbers(scale)), True)


SDQ = [(who, column, score) for who in INFORMANTS for column in ("band", "band4")
       for score in ("total", "emotional", "conduct", "hyperactivity", "peer", "prosocial", "impact")]  # fmt: skip


@pytest.mark.parametrize(("who", "column", "score"), SDQ)
def test_sdq_bands_are_those_of_the_informant(who, column, score):
    printed = FACTS["sdq"]["bands_three" if column == "band" else "bands_four"][who][score]
    (used,) = [each for each in load_scale(f"sdq-{who}").bands_in(column) if score in each.scores]
    assert [[band.low, band.high] for band in used.bands] == sorted(printed)


@pytest.mark.parametrize(("scale_id", "facts"), cases())
def test_critical_items_with_threshold_kind_and_stage(scale_id, facts):
    here = [(each.item, each.positive_at, each.kind, each.stage) for each in load_scale(scale_id).critical]
    there = [(each["item"], each["positive_at"], each["kind"], each["stage"]) for each in facts["critical_items"]]
    same(scale_id, "critical", sorted(here), sorted(there))


@pytest.mark.parametrize(("scale_id", "facts"), cases())
def test_licence_of_the_item_text_and_how_sure_the_key_is(scale_id, facts):
    scale, licence = load_scale(scale_id), facts["licence"]["status"]
    same(scale_id, "licence", scale.licence.status, LICENCES.get(licence, licence))
    same(scale_id, "verified", scale.verified, facts["verified"])


def thresholds(scale: Scale) -> set:
    """Values from which a cut holds or a band begins."""
    found = {band.low for each in scale.band_sets for band in each.bands}
    for each in (part for cut in scale.cuts for part in comparisons(cut.when)):
        found |= {each.at_least, None if each.above is None else each.above + 1}
    return found


CUTS = [
    pytest.param(s, int(printed[1]), id=f"{s}: {each['score']} >= {printed[1]}")
    for s, f in PAIRS
    for each in FACTS[f]["cutoffs"]
    if (printed := re.match(r">= (\d+)", str(each.get("rule", ""))))
]


@pytest.mark.parametrize(("scale_id", "cut"), CUTS)
def test_published_cuts_are_those_of_a_cut_or_band(scale_id, cut):
    scale = load_scale(scale_id)
    forms = [scale, *(load_scale(scale_id, variant=each.id) for each in scale.variants)]
    assert cut in set().union(*map(thresholds, forms))


def test_mht_validity_has_its_items_and_cut():
    mht, validity = load_scale("mht"), FACTS["mht"]["validity"]
    assert list(mht.items_of("validity")) == validity["items"]
    assert validity["cutoff"].startswith(f">={mht.validity.at_least} ")
