"""Which cells of a one-way table with a known total must be hidden, and the attack that proves it is enough.

Source: the rules and the worked case of the district's disclosure policy; complementary suppression as in
Hundepool et al., Statistical Disclosure Control (Wiley, 2012), chapter 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass

OPEN, LOW, HIGH, COMPLEMENTARY = "open", "low", "high", "complementary"


@dataclass(frozen=True)
class OneWay:
    """A one-way table under attack: `counts` with a published total, `threshold` persons, whether zeros are open."""

    counts: tuple[int, ...]
    threshold: int
    zeros_open: bool

    @property
    def total(self) -> int:
        return sum(self.counts)

    def primary(self) -> list[str]:
        """Role of each cell by its own size: LOW below the threshold, HIGH where the rest is below it."""
        return [self._role(count) for count in self.counts]

    def _role(self, count: int) -> str:
        if count < self.threshold and not (count == 0 and self.zeros_open):
            return LOW
        return HIGH if self.total - count < self.threshold and count > 0 else OPEN

    def survives(self, roles: Sequence[str]) -> bool:
        """True when neither a naive attacker nor one who knows the hiding order can pin a hidden cell down.

        Naive: every hidden cell may be anything from 0 to the threshold. Informed: a LOW cell stays possible at each
        value below the threshold, any other hidden cell at as many distinct values as the threshold.
        """
        hidden = [i for i, role in enumerate(roles) if role != OPEN]
        if not hidden:
            return True
        if len(hidden) < 2 or sum(self.counts[i] for i in hidden) < self.threshold:
            return False
        return all(self._wide_enough(roles, hidden, i) for i in hidden)

    def _wide_enough(self, roles: Sequence[str], hidden: list[int], cell: int) -> bool:
        low, high = self.reach(roles, hidden, cell)
        floor, ceiling = self._bounds(roles[cell])
        if roles[cell] == LOW:
            return (low, high) == (floor, ceiling)
        return high - low + 1 >= self.threshold

    def reach(self, roles: Sequence[str], hidden: list[int], cell: int) -> tuple[int, int]:
        """Lowest and highest value of a hidden cell for an attacker who knows the total and every role."""
        mass = sum(self.counts[i] for i in hidden)
        others = [self._bounds(roles[i]) for i in hidden if i != cell]
        low, high = self._bounds(roles[cell])
        return max(low, mass - sum(top for _, top in others)), min(high, mass - sum(bottom for bottom, _ in others))

    def _bounds(self, role: str) -> tuple[int, int]:
        if role == LOW:
            return int(self.zeros_open), self.threshold - 1
        if role == HIGH:
            return self.total - self.threshold + 1, self.total
        return self.threshold, self.total - self.threshold


def hide(table: OneWay) -> list[str] | None:
    """Role of every cell, the next smallest hidden until the attack fails; None when hiding all is too little.

    Ties go to the earlier cell, so that two runs over the same data hide the same cells.
    """
    roles = table.primary()
    while not table.survives(roles):
        still_open = [i for i, role in enumerate(roles) if role == OPEN]
        if not still_open:
            return None
        roles[min(still_open, key=lambda i: (table.counts[i], i))] = COMPLEMENTARY
    return roles
