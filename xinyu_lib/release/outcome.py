"""What one part of a check found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """check: files, cells, corrections, attack or scan; examined: how many it looked at (files, or cells);
    problems: a sentence in the user's language each, in which no true count and no secret stands.
    """

    check: str
    examined: int
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.problems
