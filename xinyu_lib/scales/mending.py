"""Harmless stand-ins for keys that are missing or wrong, so that a review can go on to what does not fit together."""

from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from xinyu_lib.scales.faults import Fault
from xinyu_lib.scales.scale import Scale
from xinyu_lib.scales.shape import Wrong, entry, wrong_keys

TEXT, LABEL = "–", {"zh": "–", "en": "–"}
FACT = {"source": TEXT, "status": "derived"}
# What may stand in for a key; no check looks at it again.
STAND_INS = {
    "zh": TEXT, "en": TEXT, "source": TEXT, "version": TEXT, "collected": TEXT, "why": TEXT, "read_in": [TEXT],
    "title": LABEL, "label": LABEL, "note": LABEL, "measures": LABEL, "population": LABEL, "timeframe": LABEL,
    "topic": LABEL, "coding": LABEL, "status": "derived", "verified": "derived", "informant": "self",
    "kind": "suicide", "stage": "census", "role": "subscale", "risk": "high", "what": "key", "gaps": "none",
    "column": "band", "default": True, "overrides": False, "range": [0, 0], "seconds_per_item": 1.0,
    "quality": {"seconds_per_item": 1.0} | FACT, "missing": {"rule": "none"} | FACT, "allowed": 0,
    "licence": {"status": "free", "note": LABEL},  # licence, missing and norm sets have words of their own, see SPECIAL
}  # fmt: skip
TOP = {"id": "unnamed"}
SPECIAL = {"licence": {"status": "free"}, "norm_sets": {"kind": "z"}, "missing": {"rule": "none"}}
# Lists whose entries, and keys which as a whole, can be set aside without making others wrong.
ENTRIES = ("scores", "band_sets", "cuts", "decisions", "norm_sets", "critical", "contradictions", "skips")
ENTRIES += ("variants", "examples", "example_fields", "caveats")
WHOLE = ("ages", "main", "validity", "reverse", "left_out", "variant")
SET_ASIDE = object()
ROUNDS = 20  # a mended key may uncover wrong keys below it; files are not deeper than this


class Fitted:
    """A file made to fit the model: `faults` in its keys, the `scale` (None where it could not be), what was mended."""

    def __init__(self, content: dict[str, Any]):
        self.content = deepcopy(content)
        self.faults: list[Fault] = []
        self.mended: set[str] = set()
        self.dropped: set[str] = set()
        self.scale = self._scale()

    def _scale(self) -> Scale | None:
        for _ in range(ROUNDS):
            try:
                return Scale.model_validate(self.content)
            except ValidationError as error:
                found = wrong_keys(self.content, error)
            self.faults += [each.fault for each in found if each.fault not in self.faults]
            if False in [self._mend(each) for each in found]:
                return None
            self._sweep()
        return None

    def follows(self, fault: Fault) -> bool:
        """True when a fault is only there because of what was mended, and has been told already."""
        unknown = fault.message_id == "scales.not_a_score" and fault.fields["name"] in self.dropped
        return unknown or fault.key in self.mended

    def _mend(self, wrong: Wrong) -> bool:
        """Put something harmless in place of one wrong key; False where nothing harmless is known."""
        *way, last = wrong.path or (None,)
        table: Any = self.content
        for part in way:
            table = entry(table, part)
        if table in (None, SET_ASIDE):  # its entry is already left out
            return True
        self.mended.add(wrong.fault.key)
        if wrong.kind == "extra_forbidden":
            del table[last]
            return True
        value = entry(table, last)
        if wrong.kind in ("int_type", "float_type") and isinstance(value, str) and value.strip().isdecimal():
            table[last] = int(value)
            return True
        return self._stand_in(wrong) or self._set_aside(wrong.path)

    def _stand_in(self, wrong: Wrong) -> bool:
        """Put a stand-in under the wrong key, or in place of the whole list in which the wrong value stands."""
        way = list(wrong.path)
        while way and isinstance(way[-1], int):
            way.pop()
        value = stand_in(tuple(way))
        if value is None:
            return False
        table: Any = self.content
        for part in way[:-1]:
            table = entry(table, part)
        table[way[-1]] = deepcopy(value)
        self.mended.add(wrong.fault.key.rsplit(".", len(wrong.path) - len(way))[0])
        return True

    def _set_aside(self, path: tuple) -> bool:
        """Leave out the entry, or the key of the file, in which the wrong key stands."""
        if path and (path[0] in WHOLE or (path[0] in ENTRIES[1:] and len(path) == 1)):
            self.content.pop(path[0], None)
            return True
        if len(path) < 2 or path[0] not in ENTRIES:
            return False
        aside = self.content[path[0]][path[1]]
        if isinstance(aside, dict) and path[0] == "scores":
            self.dropped.add(str(aside.get("name")))
        self.content[path[0]][path[1]] = SET_ASIDE
        self.mended.add(path[0])
        return True

    def _sweep(self) -> None:
        """Entries set aside go only when a round is over: until then others are found by their number."""
        for key in ENTRIES:
            if isinstance(self.content.get(key), list):
                self.content[key] = [each for each in self.content[key] if each is not SET_ASIDE]


def stand_in(way: tuple[str | int, ...]) -> Any:
    """What may stand in for the value at the end of a way through a file; None where nothing is harmless."""
    # a list of codes (`response.allowed`) and the allowance of a rule for gaps share their name
    if not way or (way[-1] == "allowed" and "missing" not in way):
        return None
    special = SPECIAL.get(way[0], {}) if len(way) > 1 else TOP
    return special.get(way[-1], STAND_INS.get(way[-1]))
