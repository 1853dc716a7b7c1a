"""Waves and days. A wave is one round of the census, `2025-2026-autumn`; a last part tells two of a term apart."""

import re
from dataclasses import dataclass
from datetime import date

from xinyu_lib.errors import DataError, ParameterError

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


def iso_day(text: str) -> str:
    """A date such as 2026-01-31, as it was given. Raises ParameterError when it is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ParameterError("core.day_malformed", value=text) from error
