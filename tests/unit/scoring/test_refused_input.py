"""What cannot be scored is refused in one clear line; equal answers score alike in whatever column."""

import numpy as np
import pandas as pd
import pytest

from xinyu_lib.errors import DataError
from xinyu_lib.scales import load_scale
from xinyu_lib.scales.norms import NormSet
from xinyu_lib.scoring import score

GAD7 = load_scale("gad7")
ITEMS = list(GAD7.items)
NORM = {
    "id": "one", "version": "1", "scale": "gad7", "kind": "z", "title": {"zh": "甲", "en": "A"},
    "population": {"zh": "乙", "en": "B"}, "collected": "2020", "source": "made up", "status": "derived",
    "groups": [{"scores": {"total": {"mean": 5.0, "sd": 3.0}}}],
}  # fmt: skip


def sheet(**change) -> pd.DataFrame:
    return pd.DataFrame([[1] * 7], columns=ITEMS).astype("Int8").assign(**change)


@pytest.mark.parametrize(
    "column",
    [
        pd.array([True], dtype="boolean"), np.array([True]), pd.array(["1"], dtype="str"), pd.Categorical([1]),
        pd.array([1], dtype="UInt8"), pd.array([1], dtype="int64[pyarrow]"), pd.arrays.SparseArray([1]), [1.0],
    ],
    ids=lambda column: str(getattr(column, "dtype", type(column).__name__)),
)  # fmt: skip
def test_a_one_is_a_one_in_whatever_column(column):
    assert score(sheet(gad7_3=column), GAD7)["gad7_total"].tolist() == [7]


@pytest.mark.parametrize("blank", ["", " ", None])
def test_blank_text_is_unanswered(blank):
    assert score(sheet(gad7_3=pd.Series([blank], dtype="object")), GAD7)["gad7_answered"].tolist() == [6]


@pytest.mark.parametrize(
    "column", [pd.array([300], dtype="Int64"), [1j], [pd.Timedelta(1)], [np.inf], pd.array([2**62 + 1], dtype="Int64")]
)
def test_what_is_no_code_is_refused_and_never_wraps_round(column):
    with pytest.raises(DataError, match=r"gad7_3 \(1\)"):
        score(sheet(gad7_3=column), GAD7)


def test_a_column_that_stands_twice_is_refused():
    doubled = pd.concat([sheet(), sheet()[["gad7_1"]]], axis=1)
    with pytest.raises(DataError, match="gad7_1"):
        score(doubled, GAD7)


def test_one_scale_under_two_conventions_at_once_is_refused():
    with pytest.raises(DataError, match="phq9"):
        score(sheet(), [load_scale("phq9"), load_scale("phq9", variant="no_prorating")])


def test_two_norms_of_one_kind_at_once_are_refused():
    norms = [NormSet.model_validate(NORM), NormSet.model_validate(NORM | {"id": "other"})]
    with pytest.raises(DataError, match="gad7_total"):
        score(sheet(), GAD7, norms=norms)


@pytest.mark.parametrize("age", ["张三 twelve", "x"])
def test_an_age_that_is_no_number_is_counted_and_not_shown(age):
    with pytest.raises(DataError) as refused:
        score(sheet(), GAD7, pupils=pd.DataFrame({"age": [age]}))
    assert age not in refused.value.text("zh") + refused.value.text("en")


def test_pupils_that_stand_twice_are_refused():
    with pytest.raises(DataError):
        score(sheet(), GAD7, pupils=pd.DataFrame({"age": [12, 13]}, index=[0, 0]))
