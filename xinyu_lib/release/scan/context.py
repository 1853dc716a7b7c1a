"""What a scan is told: what must not be found, and what the report may say."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xinyu_lib.release.scan.vocabulary import vocabulary


@dataclass(frozen=True)
class Secrets:
    """What only the vault may hold.

    names: of pupils and staff; numbers: of pupils and staff; keys: of pupils and staff in the lake; texts: what
    people wrote. Names of one character, numbers and keys shorter than `shortest_number` and texts shorter than
    `shortest_text` (vocabulary.toml) are not sought: they cannot be told from the words and numbers of a page.
    """

    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        # never in a traceback or a log
        return f"Secrets({len(self.names)}, {len(self.numbers)}, {len(self.keys)}, {len(self.texts)})"


def _parameters() -> frozenset[str]:
    return frozenset(vocabulary().parameters)


@dataclass(frozen=True)
class Context:
    """What a report may say.

    audience: protection level; threshold: smallest count of persons that it may see;
    shown: per file (path relative to the run folder, with `/`) the numbers that the SafeTables of its report show,
    as `numbers_in` writes them; wording: all declared text, placeholders in braces; parameters: allowed names.
    """

    audience: str
    threshold: int
    shown: Mapping[str, frozenset[str]] = field(default_factory=dict)
    wording: frozenset[str] = frozenset()
    parameters: frozenset[str] = field(default_factory=_parameters)
