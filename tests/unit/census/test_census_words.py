import pickle
import re

import pytest

from xinyu_lib.census import REASONS
from xinyu_lib.census.listing import Listing
from xinyu_lib.errors import RowsRefused
from xinyu_lib.words import catalogue, say


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"(?<!\{)\{(\w+)", text))


def test_both_languages_have_the_same_messages_with_the_same_placeholders():
    zh, en = catalogue("census", "zh"), catalogue("census", "en")
    assert zh.keys() == en.keys()
    assert [i for i in zh if placeholders(zh[i]) != placeholders(en[i])] == []


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_reason_has_its_wording_and_its_error(reason, lang):
    assert say(f"census.reason.{reason}", lang)
    fields = {
        "file": "a.csv",
        "rows": Listing((2, 3)),
        "columns": Listing(("x",)),
        "allowed": "1–4",
        "n": 2,
        "total": 9,
        "kept": 7,
    }
    for message in (f"census.set_aside.{reason}", f"census.refused.{reason}"):
        error = REASONS[reason](message, **fields)
        assert isinstance(error, RowsRefused)
        assert "a.csv" in error.text(lang)
        assert pickle.loads(pickle.dumps(error)).text(lang) == error.text(lang)


def test_a_listing_shows_five_items_and_how_it_goes_on():
    assert f"{Listing((1, 2, 3)):、|等}" == "1、2、3"
    assert f"{Listing((1, 2, 3, 4, 5, 6)):、|等}" == "1、2、3、4、5等"
