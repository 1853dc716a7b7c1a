"""`verify_scales`: an installation held against worked examples, field by field; what is not understood has failed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.errors import XinyuError
from xinyu_lib.scales import Scale, load_scale, scales
from xinyu_lib.scales.examples import MISSING, Example, ExampleField
from xinyu_lib.scales.faults import last_item
from xinyu_lib.scoring.example_file import shipped_examples
from xinyu_lib.scoring.scores import score
from xinyu_lib.words import say

TOLERANCE = 1e-4  # examples give means to four decimals
SUFFIX = {  # fields that hold one value per score
    "content": "", "factor_means": "", "scales": "", "scores": "", "subscales": "",
    "bands": "_band", "factor_bands": "_band", "three_band": "_band", "four_band": "_band4",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One scored sheet: values by column without prefix, and the answers in codes of the key; None where missing."""

    scale: Scale
    values: dict[str, Any]
    answers: list[int | None]

    @classmethod
    def of(cls, example: Example) -> "Row":
        """Score the sheet. Raises XinyuError for an unknown scale or form, wrong length or wrong codes."""
        scale = scale_of(example)
        marks = example.responses.replace(" ", "")
        answers = [None if mark == "." else int(mark) if mark.isdecimal() else -1 for mark in marks]
        names = [columns.item(scale.id, number) for number in range(1, len(marks) + 1)]
        if len(marks) not in (scale.n_items, last_item(scale)):
            raise XinyuError("scoring.example_length", given=len(marks), needed=scale.n_items)
        scored = score(pd.DataFrame([answers], columns=names).astype("Int8"), scale).iloc[0]
        values = {name.removeprefix(f"{scale.prefix}_"): _plain(value) for name, value in scored.items()}
        codes = [scale.key_codes(item).get(code, code) for item, code in enumerate(answers, 1)]
        return cls(scale, values, codes)

    def value(self, field: str) -> Any:
        """What a field means on this sheet. Raises KeyError for one that nothing explains."""
        declared = {each.name: each for each in self.scale.example_fields}
        if field in declared:
            return self._declared(declared[field])
        if field == "critical_yes":
            return [each.item for each in self.scale.critical if (self._critical(each.item) or 0) >= each.positive_at]
        if field == "critical_unanswered":
            return [each.item for each in self.scale.critical if self._silent(each.item)]
        if field == "band":
            return self.values[f"{self.scale.main}_band"]
        if field.removesuffix("_prorated") != field or field == "prorated":
            return self._filled(self.scale.main if field == "prorated" else field.removesuffix("_prorated"))
        return self.values[field]

    def _critical(self, item: int) -> int | None:
        return self.values[f"critical_{item}"]

    def _filled(self, score: str) -> bool:
        """Whether a score was worked out over gaps: it is there although they leave more than one value possible."""
        return self.values[score] is not None and self.values[f"{score}_lowest"] != self.values[f"{score}_highest"]

    def _silent(self, item: int) -> bool:
        return self._critical(item) is None and self.values[f"critical_{item}_shown"]

    def _declared(self, field: ExampleField) -> Any:
        scores = {name: self.values[name] for name in field.scores}
        if field.shows in ("column", "not"):
            value = self.values[field.column]
            return value if field.shows == "column" else None if value is None else not value
        if field.shows == "in_band":
            band = self.values[f"{field.column}_band"]
            return None if band is None else band == field.code
        if field.shows == "scores_in_band":
            return [name for name in scores if self.values[f"{name}_band"] == field.code]
        if field.shows == "scores_above":
            return [name for name, value in scores.items() if value is not None and value > field.at]
        answers = dict(enumerate(self.answers, 1))
        found = [item for item in field.items if (answers.get(item) or 0) >= field.at]
        return found if field.shows == "items_at_least" else bool(found)


def verify_scales(examples: Iterable[Example] | None = None) -> pd.DataFrame:
    """Every expected field of every example compared with what this installation gives.

    examples: from `read_examples`; those that come with the library if not given. Returns one row per field: number (of
    the example, from 1), scale, example, field, expected, found, passed. An unknown scale, form or field has failed,
    and so has a sheet that cannot be scored; nothing is skipped. Whole numbers and words must be equal, decimals to
    within 0.0001.
    """
    names = ["number", "scale", "example", "field", "expected", "found", "passed"]
    chosen = shipped_examples() if examples is None else examples
    rows = [(number, *row) for number, example in enumerate(chosen, 1) for row in _compared(example)]
    return pd.DataFrame(rows, columns=names, dtype=object).astype({"number": "int64", "passed": bool})


def scale_of(example: Example) -> Scale:
    """The scale an example is about: `form` names an informant (`sdq` + `parent`) or a variant. Raises UnknownName."""
    if example.form is None:
        return load_scale(example.scale)
    informant = f"{example.scale}-{example.form}"
    return load_scale(informant) if informant in scales() else load_scale(example.scale, variant=example.form)


def _compared(example: Example) -> Iterator[tuple]:
    try:
        row = Row.of(example)
    except XinyuError as error:
        yield example.scale, example.id, "responses", example.responses, str(error), False
        return
    for field, expected in example.expected.items():
        for name, wanted, value in _fields(row, field, expected):
            yield row.scale.id, example.id, name, wanted, value, _equal(wanted, value)


def _fields(row: Row, field: str, expected: Any) -> Iterator[tuple[str, Any, Any]]:
    """Name, expected and found value of a field; of a table of scores one each."""
    if isinstance(expected, dict):
        for name, wanted in expected.items():
            known = field in SUFFIX
            found = row.values.get(name + SUFFIX[field], _Unknown()) if known else _Unknown()
            yield f"{field}.{name}", wanted, found
        return
    try:
        yield field, expected, row.value(field)
    except KeyError:
        yield field, expected, _Unknown()


class _Unknown:
    """What stands for the value of a field that nothing explains; equal to nothing."""

    def __str__(self) -> str:
        return say("scoring.unknown_field")


def _equal(wanted: Any, found: Any) -> bool:
    if wanted is None or wanted == MISSING or found is None:
        return found is None and (wanted is None or wanted == MISSING)
    if isinstance(wanted, list) and isinstance(found, list):
        return sorted(map(str, wanted)) == sorted(map(str, found))
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if isinstance(wanted, int | float) and isinstance(found, int | float):
        return abs(wanted - found) <= (TOLERANCE if isinstance(found, float) else 0)
    return isinstance(wanted, str) and wanted == found


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value
