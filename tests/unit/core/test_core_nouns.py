"""Names of columns, waves, definitions and errors."""

import pickle

import pytest

from xinyu_lib import columns, errors
from xinyu_lib.errors import DataError, DefinitionError, UnknownName, XinyuError
from xinyu_lib.provenance import digest
from xinyu_lib.registry import Definition, Label, Whole, find, read
from xinyu_lib.waves import Wave


def test_columns_are_named_after_the_scale_with_underscores():
    assert columns.item("sdq-self", 25) == "sdq_self_25"
    assert columns.band("phq9", "total") == "phq9_total_band"
    assert columns.critical("mht", 97) == "mht_critical_97"


@pytest.mark.parametrize("text", ["2025-2026-autumn", "2025-2026-spring", "2000-2001-autumn-2"])
def test_a_wave_reads_and_writes_the_same_text(text):
    assert Wave.parse(text).id == text


@pytest.mark.parametrize("text", ["2025-2027-autumn", "2025-autumn", "2025-2026-summer", "", "2025-2026-autumn-"])
def test_a_malformed_wave_is_refused_with_the_text_that_was_given(text):
    with pytest.raises(DataError, match=f"“{text}”"):
        Wave.parse(text)


def test_autumn_comes_before_the_spring_of_the_same_school_year():
    assert Wave.parse("2025-2026-autumn") < Wave.parse("2025-2026-spring") < Wave.parse("2026-2027-autumn")


class Cut(Definition):
    name: Label
    at_least: Whole


def test_an_unknown_key_in_a_definition_names_file_and_key(tmp_path):
    (tmp_path / "x.toml").write_text('at_least = 1\nat_most = 2\nname = {zh = "甲", en = "a"}', encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"x\.toml 的 at_most"):
        read(tmp_path / "x.toml", Cut)


def test_a_number_written_as_text_is_refused(tmp_path):
    (tmp_path / "x.toml").write_text('at_least = "1"\nname = {zh = "甲", en = "a"}', encoding="utf-8")
    with pytest.raises(DefinitionError, match="at_least"):
        read(tmp_path / "x.toml", Cut)


def test_two_equal_keys_are_refused(tmp_path):
    (tmp_path / "x.toml").write_text("at_least = 1\nat_least = 2", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"x\.toml"):
        read(tmp_path / "x.toml", Cut)


def test_an_unknown_name_lists_the_known_ones(tmp_path):
    (tmp_path / "sds.toml").touch()
    with pytest.raises(UnknownName, match=r"zung.*sds"):
        find(tmp_path, "zung", "scale")


def test_a_name_cannot_walk_out_of_its_folder(tmp_path):
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret.toml").touch()
    with pytest.raises(UnknownName):
        find(tmp_path / "inside", "../secret", "scale")


def test_equal_contents_have_equal_digests_whatever_the_order_of_keys():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": [3]})


def all_errors(kind=XinyuError):
    return [kind, *(sub for child in kind.__subclasses__() for sub in all_errors(child))]


def test_an_error_survives_the_way_out_of_a_worker_process():
    error = errors.WrongSheet("core.wave_malformed", wave="x")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.text("en")) == (errors.WrongSheet, error.text("en"))


def test_an_error_speaks_the_users_language(monkeypatch):
    error = DataError("core.wave_malformed", wave="x")
    monkeypatch.setenv("XINYU_LANG", "en")
    assert str(error).startswith("Wave")
    monkeypatch.delenv("XINYU_LANG")
    assert str(error).startswith("波次")


def test_every_kind_of_refused_file_has_an_exit_code_of_its_own():
    kinds = [kind for kind in all_errors() if kind.__module__ == "xinyu_lib.errors"]
    codes = [kind.exit_code for kind in kinds]
    assert len(set(codes)) == len(codes)
    assert not {0, 1, 2} & set(codes)
