"""Reading answers from a frame: which columns and dtypes are taken, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from xinyu_lib.errors import DataError
from xinyu_lib.scales import answers, keyed, load_scale

GAD7 = load_scale("gad7")


def frame(rows: int = 3) -> pd.DataFrame:
    return pd.DataFrame({column: [n % 4 for n in range(rows)] for column in GAD7.items})


@pytest.mark.parametrize("dtype", ["int64", "int8", "float64", "Int8", "Float64"])
def test_integers_floats_and_nullable_columns_give_the_same_matrix(dtype):
    assert np.array_equal(answers(frame().astype(dtype), GAD7), frame().to_numpy(float))


@pytest.mark.parametrize(("dtype", "empty"), [("float64", np.nan), ("Int8", pd.NA), ("Float64", pd.NA)])
def test_an_empty_cell_is_unanswered(dtype, empty):
    responses = frame().astype(dtype)
    responses.loc[1, "gad7_3"] = empty
    matrix = answers(responses, GAD7)
    assert np.argwhere(np.isnan(matrix)).tolist() == [[1, 2]]


def test_other_columns_and_their_order_do_not_matter():
    mixed = frame().assign(name="甲").iloc[:, ::-1]
    assert np.array_equal(answers(mixed, GAD7), answers(frame(), GAD7))


def test_a_frame_without_rows_gives_a_matrix_without_rows():
    assert answers(pd.DataFrame(columns=list(GAD7.items)), GAD7).shape == (0, 7)


def test_absent_columns_are_named():
    with pytest.raises(DataError, match=r"gad7.*2 个题目列：gad7_2, gad7_7"):
        answers(frame().drop(columns=["gad7_2", "gad7_7"]), GAD7)


def test_many_absent_columns_are_named_up_to_five():
    with pytest.raises(DataError, match=r"7 个题目列：gad7_1, gad7_2, gad7_3, gad7_4, gad7_5 …"):
        answers(frame()[[]], GAD7)


@pytest.mark.parametrize("value", [4, -1, 1.5, np.inf])
def test_a_value_outside_the_codes_is_refused_and_never_made_missing(value):
    responses = frame().astype(float)
    responses.loc[[0, 2], "gad7_3"] = value
    responses.loc[1, "gad7_6"] = value
    with pytest.raises(DataError, match=r"3 个答案.*0–3.*gad7_3 \(2\), gad7_6 \(1\)") as caught:
        answers(responses, GAD7)
    # the same line whatever the value was
    assert caught.value.text("en").startswith(
        "3 answers are none of the allowed codes 0–3, in columns (rows): gad7_3 (2), gad7_6 (1). Correct"
    )


def test_text_is_refused():
    responses = frame().astype({"gad7_1": "str"})
    responses.loc[0, "gad7_1"] = "有时"
    with pytest.raises(DataError, match=r"1 个答案.*gad7_1 \(1\)") as caught:
        answers(responses, GAD7)
    assert "有时" not in str(caught.value)


def test_turning_leaves_the_answers_as_they_were():
    sds = load_scale("sds")
    raw = np.array([[1.0, 1.0, *[2.0] * 17, np.nan]])
    turned = keyed(raw, sds)
    assert turned[0, :2].tolist() == [1, 4]
    assert np.isnan(turned[0, 19])
    assert raw[0, 1] == 1


def test_codes_of_a_form_become_those_of_the_key():
    k6 = load_scale("k6", variant="phenx")
    assert answers(pd.DataFrame([[1, 2, 3, 4, 5, np.nan]], columns=list(k6.items)), k6)[0, :5].tolist() == [
        4,
        3,
        2,
        1,
        0,
    ]


def test_an_item_left_out_is_no_column_of_the_matrix():
    short = GAD7.without(3)
    assert answers(frame().drop(columns="gad7_3"), short).shape == (3, 6)


def test_turning_uses_the_codes_of_the_item_and_its_place_on_a_form_that_leaves_others_out():
    teen = load_scale("phq9-teen").without(1)
    turned = keyed(np.zeros((1, 12)), teen.model_copy(update={"reverse": (9, 13)}))
    assert turned[0].tolist() == [0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1]
