"""A wave: one round of the census, named `2025-2026-autumn`; an optional last part tells two rounds of a term apart."""

import re
from dataclasses import dataclass

from xinyu_lib.errors import DataError

TERMS = ("autumn", "spring")
_PATTERN = re.compile(r"(\d{4})-(\d{4})-(autumn|spring)(?:-([a-z0-9]+))?")


@dataclass(frozen=True, order=True)
class Wave:
    """School year (September to August), term and, where a term has two rounds, the round."""

    first_year: int
    term: str
    part: str = ""

    @classmethod
    def parse(cls, text: str) -> "Wave":
        """Read a wave id. Raises DataError when it is not of the form `2025-2026-autumn`."""
        match = _PATTERN.fullmatch(text)
        if not match or int(match[2]) != int(match[1]) + 1:
            raise DataError("core.wave_malformed", wave=text)
        return cls(int(match[1]), match[3], match[4] or "")

    @property
    def id(self) -> str:
        tail = f"-{self.part}" if self.part else ""
        return f"{self.first_year}-{self.first_year + 1}-{self.term}{tail}"

    def __str__(self) -> str:
        return self.id
