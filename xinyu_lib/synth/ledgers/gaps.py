"""Gaps: what is amiss in the ledgers, planted one by one into tables that are in order, and where each is."""

from collections.abc import Callable

from xinyu_lib.synth.ledgerplan import Gap
from xinyu_lib.synth.ledgers import gaps_of_care, gaps_of_schools
from xinyu_lib.synth.ledgers.ground import Ground

Planter = Callable[[Ground, Gap], list[dict]]
PLANTERS: dict[str, Planter] = gaps_of_schools.PLANTERS | gaps_of_care.PLANTERS


def plant(ground: Ground) -> list[dict]:
    """Plant every gap of the setting, changing the tables; returns where they are.

    Each record: kind, school, what and wave as declared; table; where: column -> value (or list of values) of the rows
    in question; rows: how many rows answer to it (0: they are missing); more, by kind. No name and no number.
    """
    return [
        gap.model_dump(exclude={"n"}) | record
        for gap in ground.district.setting.gaps
        for record in PLANTERS[gap.kind](ground, gap)
    ]
