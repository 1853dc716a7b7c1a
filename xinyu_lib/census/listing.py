"""Lists in messages: the catalogue says how items are joined and how it goes on after the first few."""

from dataclasses import dataclass

SHOWN = 5


@dataclass(frozen=True)
class Listing:
    """Items for a placeholder such as `{rows:、|等}`: five joined by `、`, then `等` if there are more."""

    items: tuple[object, ...]

    def __format__(self, spec: str) -> str:
        separator, _, tail = spec.partition("|")
        shown = separator.join(str(item) for item in self.items[:SHOWN])
        return shown + (tail if len(self.items) > SHOWN else "")
