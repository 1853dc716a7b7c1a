"""Cells of a run against what was prepared for it and against all that its readers were told before."""

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from xinyu_lib.disclosure.attack import broken
from xinyu_lib.disclosure.joined import KeyLink, joined, released_roles, small_changes
from xinyu_lib.disclosure.roles import Role
from xinyu_lib.disclosure.system import AudienceRule, Key, System
from xinyu_lib.errors import DisclosureError
from xinyu_lib.numerics.rounding import half_up
from xinyu_lib.release.cell_names import cell_name
from xinyu_lib.release.finished import Finished, shown_cells
from xinyu_lib.release.outcome import Outcome
from xinyu_lib.words import say

PRIMARY = (Role.LOW, Role.HIGH, Role.SMALL)


def shown_outcome(run: Finished, prepared: pd.DataFrame, rule: AudienceRule, wave: str) -> Outcome:
    """Every cell that a report shows was prepared for the audience, is hidden as prepared, and has its value.

    prepared: key, value, hidden. wave: of the run, which goes without saying.
    """
    plan = {row.key: _told(row.value, row.hidden, rule) for row in prepared.itertuples()}
    examined, told = 0, []
    for file, notebook in run.notebooks.items():
        try:
            shown = shown_cells(notebook)
        except DisclosureError as error:
            told.append(say("release.cells.in_file", file=file, told=error.text()))
            continue
        examined += len(shown)
        told += [
            say("release.cells.in_file", file=file, told=say(f"release.cells.{what}", cell=cell_name(key, wave)))
            for key, what in _wrong(shown, plan)
        ]
    return Outcome("cells", examined, tuple(told))


def _told(value: int, hidden: bool, rule: AudienceRule) -> int | None:
    """What the audience gets to see of a cell."""
    if hidden:
        return None
    return int(half_up(value / rule.rounding)) * rule.rounding if rule.rounding else value


def _wrong(shown: dict[Key, int | None], plan: dict[Key, int | None]) -> Iterator[tuple[Key, str]]:
    for key, number in shown.items():
        if key not in plan:
            yield key, "not_listed"
        elif number is not None and plan[key] is None:
            yield key, "not_hidden"
        elif number is None and plan[key] is not None:
            yield key, "not_shown"
        elif number != plan[key]:
            yield key, "other_value"


def corrections_outcome(
    cells: pd.DataFrame, out: dict[str, pd.DataFrame], rules: dict[str, AudienceRule], wave: str
) -> Outcome:
    """No count is out already with a value so near that the difference tells of single pupils.

    out: by audience of readers, everything that they were told; rules: what each audience may see.
    """
    keys = {key: None for who in out for key in small_changes(cells, out[who], rules[who].threshold)}
    told = (say("release.corrections.blocked", cell=cell_name(key, wave)) for key in keys)
    return Outcome("corrections", len(cells), tuple(told))


def attack_outcome(
    cells: pd.DataFrame, audience: str, out: dict[str, pd.DataFrame], rules: dict[str, AudienceRule], wave: str,
    links: Mapping[str, Iterable[KeyLink]] | None = None,
) -> Outcome:  # fmt: skip
    """No hidden cell can be worked out from this run and all that its readers were told.

    For readers of another audience only cells that are too small for them count: what else is hidden in a public
    report may well be told inside a school. links: by audience, cells of other waves from which few pupils moved.
    """
    examined, told = 0, {}
    for who, known in out.items():
        system = joined(cells, known, (links or {}).get(who, ()))
        n, reached = _reached(system, cells, rules[who], tuple(Role) if who == audience else PRIMARY)
        examined += n
        told |= {say(f"release.attack.{how}", cell=cell_name(key, wave)): None for key, how in reached}
    return Outcome("attack", examined, tuple(told))


def _reached(
    system: System, new: pd.DataFrame, rule: AudienceRule, at_stake: tuple[Role, ...]
) -> tuple[int, list[tuple[Key, str]]]:
    """How many cells hang together, and those that an attacker reaches, with his name."""
    roles = released_roles(system, new, rule)
    found = broken(system, roles, rule)
    return len(system), [(system.keys[cell], how) for cell, how in sorted(found.items()) if roles[cell] in at_stake]
