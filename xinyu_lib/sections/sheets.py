"""Cells that count sheets of one scale: bands and safety items where no tier rule reads the scale."""

from collections.abc import Iterator

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.disclosure import TOTAL
from xinyu_lib.disclosure.system import Key
from xinyu_lib.scales import Scale
from xinyu_lib.sections.cells import key_of, ruled
from xinyu_lib.sections.material import Material


def told_in_bands(material: Material, scale: Scale) -> bool:
    """True where bands may be told: beside a tier rule they would tell the tiers."""
    return scale.id not in material.policy.ruled_scales and scale.main in scale.bands


def band_rows(material: Material, scale: Scale) -> dict[str, Key]:
    """Keys of the bands of a scale's main score with their total, by row name."""
    codes = [band.code for band in scale.bands_from[scale.main].bands]
    return _rows(material, f"bands-{scale.id}", codes)


def safety_rows(material: Material, scale: Scale, item: int) -> dict[str, Key]:
    """Keys of sheets that call for a question in person and those that do not, with their total, by row name."""
    return _rows(material, f"safety-{scale.id}-{item}", ["ask", "not_raised"])


def _rows(material: Material, root: str, names: list[str]) -> dict[str, Key]:
    nodes = {name: f"{root}/{name}" for name in names} | {TOTAL: root}
    return {name: key_of(material.wave, node, school=material.school) for name, node in nodes.items()}


def counted_sheets(material: Material, by_school: bool) -> Iterator[tuple[Key, int]]:
    """Cells of all such tables, for each school or for the whole district."""
    for scale in material.scales:
        if told_in_bands(material, scale):
            yield from _counted(material, f"bands-{scale.id}", _bands(material, scale), by_school)
        for item in () if ruled(material) else scale.critical:
            yield from _counted(material, f"safety-{scale.id}-{item.item}", _safety(material, scale, item), by_school)


def _bands(material: Material, scale: Scale) -> pd.DataFrame:
    """School and band of every valid sheet that has one, with the bands that there are."""
    scored = material.scores(scale)
    codes = [band.code for band in scale.bands_from[scale.main].bands]
    found = pd.Categorical(scored[columns.band(scale.id, scale.main)], categories=codes)
    return pd.DataFrame({"school": scored["school"], "name": found}, index=scored.index).dropna()


def _safety(material: Material, scale: Scale, item) -> pd.DataFrame:
    """School of every sheet that shows the item, and whether it was answered below the line: a blank is asked about."""
    sheets = material.all_scores(scale)
    shown = sheets[sheets[columns.shown(scale.id, item.item)]]
    answers = shown[columns.critical(scale.id, item.item)]
    asked = (answers.isna() | (answers >= item.positive_at)).map({True: "ask", False: "not_raised"})
    found = pd.Categorical(asked, categories=["ask", "not_raised"])
    return pd.DataFrame({"school": shown["school"], "name": found}, index=shown.index)


def _counted(material: Material, root: str, sheets: pd.DataFrame, by_school: bool) -> Iterator[tuple[Key, int]]:
    for school, own in sheets.groupby("school") if by_school else [(None, sheets)]:
        counts = own["name"].value_counts(sort=False)
        yield key_of(material.wave, root, school=school), len(own)
        yield from ((key_of(material.wave, f"{root}/{name}", school=school), int(n)) for name, n in counts.items())
