"""The cells of the tables that the policy lists for an audience, counted from the rows of the lake."""

from collections.abc import Iterator

import pandas as pd

from xinyu_lib.disclosure import TOTAL
from xinyu_lib.disclosure.joined import COORDINATES
from xinyu_lib.disclosure.merging import merged_names
from xinyu_lib.disclosure.system import AudienceRule, Key
from xinyu_lib.policy import Policy
from xinyu_lib.sections.material import Material

ELIGIBLE, SCORED, LOST = "eligible", "eligible/scored", "eligible/lost"
NONE, ATTENTION = f"{SCORED}/none", f"{SCORED}/attention"
UNDETERMINED, COLOURED = f"{ATTENTION}/undetermined", f"{ATTENTION}/coloured"
# Merged before anything is hidden: a refusal must not be told from a missing signature, nor leave from absence.
GROUPS = {
    "not_eligible": "not_eligible",
    "scored": "scored",
    "invalid": "invalid",
    "absent": "not_reached",
    "other_loss": "not_reached",
    "not_started": "not_reached",
    "unfinished": "not_reached",
    "refused": "no_consent",
    "not_asked": "no_consent",
}
# Of each table: the node that it is a share of, and how many levels it goes down from there.
CONTENT = {"coverage": (ELIGIBLE, 1), "outcome": (ELIGIBLE, 2), "attention": (SCORED, 1), "tiers": (SCORED, 3)}
GROUPED = {"school": "school", "grade": "grade", "class": "class_id", "sex": "sex", "boarding": "boarding"}


def key_of(wave: str, node: str, **group: str | None) -> Key:
    """The key of a cell; what is not named is the margin."""
    named = {name: value for name, value in group.items() if value is not None} | {"wave": wave}
    return (*(named.get(name, TOTAL) for name in COORDINATES[:-1]), node)


def ruled(material: Material) -> bool:
    """True when a tier rule reads at least one scale that was used here."""
    return any(scale.id in material.policy.ruled_scales for scale in material.scales)


def outcome_nodes(material: Material) -> list[str]:
    """Outcomes of eligible pupils that can occur here; one that cannot is left out rather than shown as 0."""
    lost = ["invalid", "not_reached"] + ["no_consent"] * material.consent_reported
    return [SCORED, *(f"{LOST}/{name}" for name in lost)]


def tier_nodes(policy: Policy, audience: str) -> dict[str, str]:
    """Node of each provisional tier: the colours under the names that the audience is told, which tell two things
    apart at the most.
    """
    groups = policy.disclosure[audience].tier_groups
    coloured = {tier: f"{COLOURED}/{group}" for tier, group in groups.items()}
    if len(set(coloured.values())) == 1:
        coloured = dict.fromkeys(coloured, COLOURED)
    return coloured | {"undetermined": UNDETERMINED, "none": NONE}


def persons(material: Material, audience: str) -> pd.DataFrame:
    """Eligible pupils with their coordinates as text; `node` is the deepest node that a pupil belongs to."""
    roster = material.roster.set_index("pupil_key")
    found = pd.DataFrame({name: roster[column].astype("str") for name, column in GROUPED.items()})
    outcomes = material.outcomes.map(GROUPS)
    found["node"] = (LOST + "/" + outcomes).mask(outcomes == "scored", SCORED)
    if ruled(material):
        tiers = material.tiers.set_index("pupil_key")["tier"].map(tier_nodes(material.policy, audience))
        found["node"] = found["node"].mask(outcomes == "scored", tiers)
    return found[outcomes != "not_eligible"]


def listed(material: Material, audience: str) -> pd.DataFrame:
    """Every cell of the audience's tables: key (coordinates), value, hidden (merged away because a part is small)."""
    nodes = [*outcome_nodes(material), *(tier_nodes(material.policy, audience).values() if ruled(material) else ())]
    return cells_of(persons(material, audience), nodes, material.policy.disclosure[audience], material.wave)


def cells_of(people: pd.DataFrame, nodes: list[str], rule: AudienceRule, wave: str) -> pd.DataFrame:
    """The same from persons (see `persons`) and the deepest nodes that can occur."""
    rows = []
    for table in rule.tables if len(people) else ():
        own = _nodes(nodes, *CONTENT[table.what])
        for told in groups(people, table.by, rule) if len(own) > 1 else ():
            counts = [(group, _counts(found, own)) for group, found in told]
            if not _both_low([each for _, each in counts], rule.threshold):
                rows += [row for group, each in counts for row in _cells(wave, group, each, rule.threshold)]
    return pd.DataFrame(rows, columns=["key", "value", "hidden"]).drop_duplicates("key", ignore_index=True)


def _both_low(counts: list[dict[str, int]], threshold: int) -> bool:
    """True where two groups are too small for what they make up together: 3 and 3 of 6 cannot be hidden from somebody
    who knows that both are small, so the two are not told apart.
    """
    if len(counts) != 2:
        return False
    return any(max(pair) < threshold <= sum(pair) for pair in zip(*(each.values() for each in counts), strict=True))


def groups(
    people: pd.DataFrame, by: tuple[str, ...], rule: AudienceRule
) -> Iterator[list[tuple[dict[str, str], pd.Series]]]:
    """For each school, or for the district: coordinates of every group of `by`, and the nodes of its members.

    Where a group is too small to be told of, neighbouring grades are merged; groups of any other kind cannot be, and
    are left out of that school altogether: one that is missing could be worked out from the rest.
    """
    outer, inner = [name for name in by if name == "school"], [name for name in by if name != "school"]
    for names, members in people.groupby(outer) if outer else [((), people)]:
        own = dict(zip(outer, names, strict=True))
        if not inner:
            yield [(own, members["node"])]
            continue
        labels = members[inner[0]].map(merged_grades(members, rule)) if inner == ["grade"] else members[inner[0]]
        found = list(members["node"].groupby(labels, sort=True))
        if len(found) > 1 and all(_large_enough(each, rule) for _, each in found):
            yield [(own | {inner[0]: str(label)}, each) for label, each in found]


def _large_enough(nodes: pd.Series, rule: AudienceRule) -> bool:
    return int(nodes.str.startswith(SCORED).sum()) >= rule.min_denominator


def merged_grades(members: pd.DataFrame, rule: AudienceRule) -> dict[str, str]:
    """Grade -> the name of the neighbouring grades that it is told with."""
    asked = members["node"].str.startswith(ATTENTION)
    calm = members["node"].str.startswith(SCORED) & ~asked
    counts = pd.DataFrame({"asked": asked, "calm": calm}).groupby(members["grade"].astype(int)).sum()
    told = counts.loc[:, counts.any()]  # without tiers nobody is asked for
    return {str(grade): str(name) for grade, name in merged_names(told, rule).items()}


def _nodes(deepest: list[str], whole: str, depth: int) -> list[str]:
    """Nodes of a table: what it is a share of, and the levels below."""
    last = whole.count("/") + depth + 1
    paths = (node.split("/") for node in deepest)
    found = {"/".join(path[:n]) for path in paths for n in range(1, min(len(path), last) + 1)}
    return sorted(node for node in found if node == whole or node.startswith(f"{whole}/"))


def _counts(found: pd.Series, nodes: list[str]) -> dict[str, int]:
    """Persons at or below each node."""
    exact = found.value_counts()
    return {node: int(exact[(exact.index == node) | exact.index.str.startswith(f"{node}/")].sum()) for node in nodes}


def _cells(wave: str, group: dict[str, str], counts: dict[str, int], threshold: int) -> list[tuple[Key, int, bool]]:
    """Cells of one group. What calls for somebody is told in parts only where every part is large enough."""
    parts = {node: n for node, n in counts.items() if node.startswith(f"{ATTENTION}/")}
    merged = bool(parts) and min(*parts.values(), counts[NONE]) < threshold
    return [(key_of(wave, node, **group), n, merged and node in parts) for node, n in counts.items()]
