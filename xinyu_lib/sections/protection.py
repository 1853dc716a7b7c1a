"""What is hidden in all tables of one audience, decided together and before any report is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from xinyu_lib.disclosure.hiding import hide
from xinyu_lib.disclosure.joined import NODE, KeyLink, joined
from xinyu_lib.disclosure.roles import Role
from xinyu_lib.disclosure.system import Key
from xinyu_lib.sections.cells import GROUPED, listed
from xinyu_lib.sections.material import Material
from xinyu_lib.sections.sheets import counted_sheets

NOTHING_OUT = pd.DataFrame({"key": [], "value": [], "hidden": []})


@dataclass(frozen=True)
class Protection:
    """cells: key, value, hidden, role of every listed cell. stuck: hidden cells that what is out already gives away."""

    cells: pd.DataFrame
    stuck: tuple[Key, ...]

    @cached_property
    def hidden(self) -> dict[Key, bool]:
        return dict(zip(self.cells["key"], self.cells["hidden"], strict=True))


def protection(material: Material, audience: str, out: pd.DataFrame = NOTHING_OUT) -> Protection:
    """Decide for every listed cell whether it is hidden, so that neither attacker learns what he must not.

    material: of the whole district, or of one school where nothing else is out. out: what the audience knows already
    (key, value, hidden), the newest first.
    """
    rule = material.policy.disclosure[audience]
    cells = everything(material, audience)
    system = joined(cells, out, links(material, cells["key"], out["key"], rule.threshold))
    found = hide(system, rule)
    roles = [found.roles[key] for key in cells["key"]]
    decided = {"hidden": [role != Role.OPEN for role in roles], "role": [role.name.lower() for role in roles]}
    return Protection(cells.assign(**decided), found.stuck)


def everything(material: Material, audience: str) -> pd.DataFrame:
    """All cells that may be told: those of the listed tables, and of sheets of scales that no tier rule reads."""
    cells = listed(material, audience)
    by_school = any("school" in table.by for table in material.policy.disclosure[audience].tables)
    sheets = pd.DataFrame(counted_sheets(material, by_school), columns=["key", "value"])
    return pd.concat([cells, sheets.assign(hidden=False)], ignore_index=True)


def links(material: Material, new: pd.Series, out: pd.Series, threshold: int) -> list[KeyLink]:
    """Cells of other waves that differ only by the pupils who came and went, where these are fewer than the threshold.

    Whoever knows that one pupil joined can subtract: results of all others are taken to be unchanged.
    """
    found = []
    for wave in sorted({key[0] for key in out} - {material.wave}):
        shared = sorted({key[1:] for key in new} & {key[1:] for key in out if key[0] == wave})
        moved = _moved(material, wave, {key[: NODE - 1] for key in shared})
        for rest in shared:
            came, went = moved[rest[: NODE - 1]]
            if came + went < threshold:
                found.append(((material.wave, *rest), (wave, *rest), -went, came))
    return found


def _moved(material: Material, wave: str, groups: set[Key]) -> dict[Key, tuple[int, int]]:
    """How many pupils came into each group and left it since the other wave."""
    now, before = (_members(material, each) for each in (material.wave, wave))
    pairs = {group: (set(_within(now, group)), set(_within(before, group))) for group in groups}
    return {group: (len(a - b), len(b - a)) for group, (a, b) in pairs.items()}


def _members(material: Material, wave: str) -> pd.DataFrame:
    roster = material.ws.read("pupil", wave=wave, school=material.school).set_index("pupil_key")
    return roster[list(GROUPED.values())].astype("str")


def _within(roster: pd.DataFrame, group: Key) -> Iterator[str]:
    asked = {column: name for column, name in zip(GROUPED.values(), group, strict=True) if name != "total"}
    return iter(roster.index[(roster[list(asked)] == pd.Series(asked)).all(axis=1)])
