"""Pupils for the tables of tier rules: score columns built by hand, so that a row shows all that its tier rests on.

A score is a number, or (lowest, highest) where gaps leave it open; an answer to a safety item is None where it was left
blank. Dictionaries of several scales are joined with `|`; NONE is a pupil who was given nothing.
"""

import pandas as pd
import pytest

from xinyu_lib import columns
from xinyu_lib.policy import load_policy
from xinyu_lib.scales import load_scale
from xinyu_lib.tiers import classify_tiers

POLICY = load_policy("donghu-2025")
NONE: dict = {}
CONTENT = list(load_scale("mht").subscales)
FACTORS = list(load_scale("mssmhs").subscales)
TODAY = "2026-03-15"


def scored(scale: str, values: dict) -> dict:
    """Columns of one scale that was given."""
    row = {columns.answered(scale): load_scale(scale).n_items}
    for name, value in values.items():
        low, high = value if isinstance(value, tuple) else (value, value)
        row[columns.score(scale, name)] = value if low == high else None
        if not name.startswith("critical"):
            row |= {columns.lowest(scale, name): low, columns.highest(scale, name): high}
    return row


def answers(**items: int | None) -> dict:
    """Answers to safety items: item9=1 is `critical_9`."""
    return {name.replace("item", "critical_"): answer for name, answer in items.items()}


def phq9(total, item9=0):
    return scored("phq9", {"total": total} | answers(item9=item9))


def teen(total, item9=0, item12=0, item13=0):
    return scored("phq9-teen", {"total": total} | answers(item9=item9, item12=item12, item13=item13))


def gad7(total):
    return scored("gad7", {"total": total})


def mht(total, scales_at_8=0, validity=0, item85=0, item97=0):
    """`scales_at_8` of the eight content scales stand at 8, the others at 7, just below the cut."""
    contents = {name: 8 if i < scales_at_8 else 7 for i, name in enumerate(CONTENT)}
    values = {"total": total, "validity": validity} | answers(item85=item85, item97=item97) | contents
    valid = None if validity is None else validity < load_scale("mht").validity.at_least
    return scored("mht", values) | {columns.valid("mht"): valid}


def mssmhs(mean, item52=1, item57=1, **factors):
    """All factors have six items, so the mean of the ten is the total: those that are not named share what is left.

    Of a mean with gaps they share the lowest.
    """
    low = mean[0] if isinstance(mean, tuple) else mean
    named = sum(value[0] if isinstance(value, tuple) else value for value in factors.values())
    rest = (10 * low - named) / (10 - len(factors)) if len(factors) < 10 else None
    values = {name: factors.get(name, rest) for name in FACTORS}
    return scored("mssmhs", {"total": mean} | values | answers(item52=item52, item57=item57))


def sdq(form, total, impact=0):
    """`form`: self, parent or teacher."""
    return scored(f"sdq-{form}", {"total": total, "impact": impact})


def sds(standard, item19=1):
    return scored("sds", {"standard": standard} | answers(item19=item19))


def scl90(item15=1, item16=1, item59=1, item63=1):
    """A scale without a tier rule, with items on suicide (15), voices (16), death (59) and violence (63)."""
    return scored("scl90", answers(item15=item15, item16=item16, item59=item59, item63=item63))


def rcads25(item18=0):
    """A scale without a tier rule and without a suicide item; item 18 is on death."""
    return scored("rcads25", answers(item18=item18))


EVERYTHING = [phq9(0), teen(0), gad7(0), mht(0), mssmhs(1), sds(25), scl90(), rcads25()]
EVERYTHING += [sdq(form, 0) for form in ("self", "parent", "teacher")]
EVERY_COLUMN = dict.fromkeys(name for scale in EVERYTHING for name in scale)


def frame(*pupils: dict) -> pd.DataFrame:
    """One row per pupil, p0, p1 and so on; columns of scales that were not given are NA."""
    rows = pd.DataFrame([EVERY_COLUMN | pupil for pupil in pupils], index=[f"p{n}" for n in range(len(pupils))])
    return rows.astype({column: _type(column) for column in EVERY_COLUMN})


def _type(column: str) -> str:
    if column.endswith("_valid"):
        return "boolean"
    means = column.startswith("mssmhs") and not column.endswith("_answered")
    return "Float64" if means else "Int16"


def unusable(*scale_ids: str, pupils: int = 1) -> dict[str, pd.DataFrame]:
    """Quality frames of sheets that were filled in too fast."""
    index = [f"p{n}" for n in range(pupils)]
    return {scale: pd.DataFrame({"too_fast": True, "usable": False}, index=index) for scale in scale_ids}


def known(*facts: str, on: str = TODAY) -> pd.DataFrame:
    """Facts known of the first pupil since a day; `self_harm 2025-03-14` names its own."""
    rows = [(fact.split()[0], fact.split()[1] if " " in fact else on) for fact in facts]
    return pd.DataFrame([("p0", *row) for row in rows], columns=["pupil", "fact", "on"])


def classify(pupil: dict, *, state: str | None = None, age: float | None = None, **others) -> pd.Series:
    """The row of one pupil."""
    scores = frame(pupil)
    others |= {"states": pd.Series([state], index=scores.index, dtype="str")} if state else {}
    others |= {"ages": pd.Series([age], index=scores.index, dtype="Float64")} if age else {}
    return classify_tiers(scores, POLICY, **{"as_of": TODAY, **others}).iloc[0]


def told(row: pd.Series) -> tuple:
    """Tier, safety signal and why it is undetermined."""
    why = None if pd.isna(row["undetermined_why"]) else row["undetermined_why"]
    return row["tier"], row["safety_signal"], why


def rows(*table: tuple) -> list:
    """Rows of a table, each named by the sentence in its first column."""
    return [pytest.param(*row[1:], id=row[0]) for row in table]
