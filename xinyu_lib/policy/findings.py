"""What an examined policy is told: a finding in one sentence, in either language, and the words it is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from xinyu_lib.words import default_language, say


class Said(Protocol):
    """Something that has a name in each language, as a `Label` has."""

    def say(self, lang: str) -> str: ...


@dataclass(frozen=True)
class Term:
    """A word of the catalogue `policy.<id>`, its placeholders filled from `fields`."""

    id: str
    fields: Mapping[str, object] | None = None

    def say(self, lang: str) -> str:
        return say(
            f"policy.{self.id}", lang, **{name: told(value, lang) for name, value in (self.fields or {}).items()}
        )


@dataclass(frozen=True)
class Finding:
    """One thing that stands out in a policy.

    kind: `fault` = pupils could be told wrongly or be missed; `notice` = worth knowing. where: the key in the file.
    """

    id: str
    kind: Literal["fault", "notice"]
    where: str
    fields: Mapping[str, object]

    def text(self, lang: str | None = None) -> str:
        """Which rule, what is wrong, what it means for pupils, what to do."""
        lang = lang or default_language()
        return Term(f"audit.{self.id}", self.fields).say(lang)


def fault(id_: str, where: str, **fields: object) -> Finding:
    return Finding(id_, "fault", where, fields)


def notice(id_: str, where: str, **fields: object) -> Finding:
    return Finding(id_, "notice", where, fields)


def told(value: object, lang: str) -> str:
    """A field in words: names in the language, lists with commas, numbers as they were written."""
    if isinstance(value, tuple | list):
        return say("policy.comma", lang).join(told(each, lang) for each in value)
    if isinstance(value, float):
        return f"{value:g}"
    return value.say(lang) if hasattr(value, "say") else str(value)


def stretches(numbers: Iterable[int]) -> tuple[str, ...]:
    """Whole numbers with neighbours drawn together: 1–3, 5."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return tuple(str(low) if low == high else f"{low}–{high}" for low, high in runs)
