"""Answer sheets for the tests: built by hand or drawn at random, for any scale and form."""

import random

import pandas as pd

from xinyu_lib.scales import Scale, load_scale, scales

SHIPPED = scales()
FORMS = [(each, None) for each in SHIPPED] + [
    (each, variant.id) for each in SHIPPED for variant in load_scale(each).variants
]
FORM_IDS = [each if variant is None else f"{each}-{variant}" for each, variant in FORMS]


def on_form(scale: Scale, supplements: bool = False) -> list[int]:
    """Numbers of the items on the form."""
    extra = [item for each in scale.supplements for item in each.items]
    return [*scale.numbers, *(extra if supplements else [])]


def sheets(scale: Scale, *rows: list, supplements: bool = False) -> pd.DataFrame:
    """Answers as given, one row per sheet; None = unanswered."""
    columns = [f"{scale.prefix}_{number}" for number in on_form(scale, supplements)]
    return pd.DataFrame(rows, columns=columns).astype("Int8")


def written(scale: Scale, text: str) -> pd.DataFrame:
    """One sheet as examples write it: a digit per item, "." = unanswered, blanks only group."""
    marks = [None if mark == "." else int(mark) for mark in text.replace(" ", "")]
    return sheets(scale, marks, supplements=len(marks) > len(scale.numbers))


def keyed_codes(scale: Scale, item: int) -> list[int]:
    """Answers to an item as they stand on the form, from the one that counts least to the one that counts most."""
    codes = sorted(scale.codes_of(item), key=dict(scale.coded).get if scale.coded else None)
    return codes[::-1] if item in scale.reverse else codes


def ladder(scale: Scale, supplements: bool = False) -> list[list[int]]:
    """From the best keyed sheet to the worst, every item a code higher each time, as far as it goes."""
    codes = [keyed_codes(scale, item) for item in on_form(scale, supplements)]
    return [[each[min(step, len(each) - 1)] for each in codes] for step in range(max(map(len, codes)))]


def drawn(scale: Scale, rows: int, seed: int, supplements: bool = False) -> list[list]:
    """A blank sheet, the worst one with a gap, then random ones: whole, with a gap or two, with four, with many."""
    chance = random.Random(seed)
    items = on_form(scale, supplements)
    made = [[None] * len(items), [None, *ladder(scale, supplements)[-1][1:]]]
    for row in range(rows - 2):
        sheet = [chance.choice(scale.codes_of(item)) for item in items]
        for place in chance.sample(range(len(items)), min((0, 1, 2, 4, len(items) // 2)[row % 5], len(items))):
            sheet[place] = None
        made.append(sheet)
    return made


def drawn_pupils(rows: int, seed: int) -> pd.DataFrame:
    """Age, sex and grade of as many pupils, some of it unknown."""
    chance = random.Random(seed)
    rows = [(chance.choice([None, 6.5, 9.0, 11.9, 12.0, 15.0, 17.9, 18.0]), chance.choice([None, "male", "female"]),
             chance.choice([None, 1, 4, 7, 10, 12])) for _ in range(rows)]  # fmt: skip
    return pd.DataFrame(rows, columns=["age", "sex", "grade"])


def plain(value):
    """A cell as a Python value; None where missing."""
    return None if pd.isna(value) else value.item() if hasattr(value, "item") else value


def row(scale: Scale, found: pd.DataFrame) -> dict:
    """The one row of a score frame, by column without the prefix."""
    assert len(found) == 1
    return {column.removeprefix(f"{scale.prefix}_"): plain(value) for column, value in found.iloc[0].items()}
