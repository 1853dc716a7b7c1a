"""Protect and attack a district of 45 schools: all tables that the policy lists, for all three audiences.

Pupils are made up (tiers at rates of the planning figures), so no workspace is needed. The last line is one JSON object
of ratios: seconds against the five minutes that are allowed, the share of cells hidden, and the cost of the heuristic
against the least cost where both run.
"""

import json
import time
from types import SimpleNamespace

import numpy as np
import pandas as pd

from xinyu_lib.disclosure.attack import broken
from xinyu_lib.disclosure.cuts import Case
from xinyu_lib.disclosure.exact import cheapest
from xinyu_lib.disclosure.greedy import sufficient
from xinyu_lib.disclosure.hiding import hide, loss
from xinyu_lib.disclosure.joined import joined, released_roles
from xinyu_lib.disclosure.roles import Role, primary
from xinyu_lib.policy import load_policy
from xinyu_lib.sections import cells as counted

SCHOOLS, SEED = 45, 20261124
POLICY = load_policy("donghu-2025")
NODES = {
    "lost/invalid": 0.03, "lost/not_reached": 0.03, "lost/no_consent": 0.04,
    "scored/attention/undetermined": 0.02, "scored/attention/coloured/red": 0.01,
    "scored/attention/coloured/orange": 0.05, "scored/attention/coloured/yellow": 0.08, "scored/none": 0.74,
}  # fmt: skip


def district(draw: np.random.Generator) -> pd.DataFrame:
    """Pupils with their coordinates: primary, junior and senior schools of 60 to 1,800 pupils in the census."""
    schools = []
    for number in range(SCHOOLS):
        grades = ([4, 5, 6], [7, 8, 9], [10, 11, 12])[number % 3]
        n = int(draw.choice([60, 300, 700, 1_100, 1_800], p=[0.1, 0.25, 0.35, 0.2, 0.1]))
        schools.append(pd.DataFrame({"school": f"{number:06}", "grade": draw.choice(grades, n).astype(str)}))
    pupils = pd.concat(schools, ignore_index=True)
    n = len(pupils)
    pupils["class"], pupils["sex"] = "1", draw.choice(["boy", "girl"], n)
    pupils["boarding"] = draw.choice(["no", "yes"], n, p=[0.8, 0.2])
    pupils["node"] = "eligible/" + pd.Series(draw.choice(list(NODES), n, p=list(NODES.values())))
    return pupils


def listed(pupils: pd.DataFrame, audience: str) -> pd.DataFrame:
    """Cells of the audience's tables, counted as for a report, colours under the names that the audience is told."""
    tiers = counted.tier_nodes(POLICY, audience)
    names = {f"eligible/scored/attention/coloured/{colour}": tiers[colour] for colour in ("red", "orange", "yellow")}
    people = pupils.assign(node=pupils["node"].replace(names))
    nodes, rule = sorted(set(people["node"])), POLICY.disclosure[audience]
    return counted.cells_of(people, nodes, rule, "2025-2026-spring")


def main() -> None:
    pupils = district(np.random.default_rng(SEED))
    nothing = pd.DataFrame({"key": [], "value": [], "hidden": []})
    seconds, figures = dict.fromkeys(("count", "protect", "attack"), 0.0), SimpleNamespace(cells=0, hidden=0, primary=0)
    both = {"cheapest": 0.0, "greedy": 0.0}
    for audience in POLICY.disclosure:
        rule, clock = POLICY.disclosure[audience], time.perf_counter
        start = clock()
        cells = listed(pupils, audience)
        seconds["count"] += clock() - start
        start = clock()
        system = joined(cells, nothing)
        found = hide(system, rule)
        seconds["protect"] += clock() - start
        told = cells.assign(hidden=[found.hides(key) for key in cells["key"]])
        start = clock()
        reached = broken(system, released_roles(system, told, rule), rule)
        seconds["attack"] += clock() - start
        before = broken(system, primary(system, rule), rule)
        figures.cells += len(cells)
        hidden, persons = loss(system, released_roles(system, told, rule))
        figures.hidden += hidden
        figures.primary += int((primary(system, rule) != Role.OPEN).sum())
        print(
            f"{audience}: {len(cells)} cells, {hidden} hidden with {persons} persons, {found.exact} in pieces hidden "
            f"at the least cost, {len(found.stuck)} cannot be protected, broken {len(reached)}, "
            f"with primary hiding only {len(before)} of {int((primary(system, rule) != Role.OPEN).sum())}"
        )
        for part in system.parts()[:15]:
            case = Case(part, rule)
            best, good = cheapest(case) if len(part) <= 500 else None, sufficient(case)
            if best is not None and good is not None:
                both["cheapest"] += float(part.costs[best != Role.OPEN].sum())
                both["greedy"] += float(part.costs[good != Role.OPEN].sum())
    print({name: round(value, 1) for name, value in seconds.items()})
    whole = seconds["protect"] + seconds["attack"]
    ratios = {
        "protect_and_attack_of_five_minutes": round(whole / 300, 3),
        "protect_to_attack": round(seconds["protect"] / seconds["attack"], 2),
        "hidden_of_cells": round(figures.hidden / figures.cells, 3),
        "hidden_to_primary": round(figures.hidden / figures.primary, 2),
        "greedy_cost_to_cheapest": round(both["greedy"] / both["cheapest"], 3),
    }
    print(json.dumps(ratios))


if __name__ == "__main__":
    main()
