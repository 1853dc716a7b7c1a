"""Delta tables: what is written comes back as it was, committed rows only, the newest row per key."""

from random import Random

import deltalake
import duckdb
import pandas as pd
import pytest
from deltalake.exceptions import CommitFailedError
from lake_actors import ANNA, BO, SPAWN, WAVE, run, sheet, write_imports

from xinyu_lib.errors import DataError, WorkspaceError
from xinyu_lib.lake import Lake
from xinyu_lib.lake.delta import WRITE_TRIES

TABLE = "response/phq9"
KEY = ("wave", "pupil_key")


def write(lake, import_id, frame, valid_from="2025-10-01"):
    lake.write(TABLE, frame, import_id=import_id, valid_from=valid_from)


def test_answers_come_back_as_small_nullable_integers_and_text(lake):
    write(lake, "i1", sheet(ANNA, BO))
    rows = lake.read(TABLE, committed=["i1"])
    assert rows["phq9_1"].dtype == pd.Int8Dtype()
    assert rows["phq9_1"].tolist() == [0, pd.NA]
    assert rows["pupil_key"].tolist() == [ANNA, BO]
    assert (rows.dtypes[["wave", "school", "pupil_key", "import_id", "valid_from"]] == "str").all()
    assert set(rows["valid_from"]) == {"2025-10-01"}


def test_numbers_and_truths_come_back_with_their_gaps(lake):
    columns = {
        "seconds": pd.array([32767, None], dtype="Int16"),
        "usable": pd.array([None, True], dtype="boolean"),
        "mean": pd.array([0.1 + 0.2, None], dtype="Float64"),
        "code": pd.array(["0012", None], dtype="str"),
    }
    write(lake, "i1", sheet(ANNA, BO, **columns))
    rows = lake.read(TABLE, committed=["i1"])
    for name, written in columns.items():
        pd.testing.assert_series_equal(rows[name], pd.Series(written, name=name))


@pytest.mark.parametrize("school", ["036011", "0", "东湖 一中/分校", "a=b%20c"])
def test_a_school_code_stays_the_text_it_was(lake, school):
    write(lake, "i1", sheet(ANNA, school=school))
    assert lake.read(TABLE, committed=["i1"])["school"].tolist() == [school]
    assert len(lake.read(TABLE, committed=["i1"], school=school, wave=WAVE)) == 1
    assert lake.read(TABLE, committed=["i1"], school="36011").empty


def test_rows_of_an_import_that_is_not_committed_are_invisible(lake):
    write(lake, "i1", sheet(ANNA))
    write(lake, "i2", sheet(BO))
    assert lake.read(TABLE, committed=["i2"])["pupil_key"].tolist() == [BO]
    nothing = lake.read(TABLE, committed=[])
    assert nothing.empty
    assert nothing["phq9_1"].dtype == pd.Int8Dtype()
    assert lake.import_ids(TABLE) == {"i1", "i2"}


def test_a_table_that_does_not_exist_is_empty(lake):
    assert lake.names() == []
    assert lake.read("pupil", committed=["i1"]).shape == (0, 0)
    assert lake.import_ids("pupil") == set()
    assert lake.dataset("pupil") is None


def test_tables_are_named_by_their_folders(lake):
    write(lake, "i1", sheet(ANNA))
    lake.write("pupil", sheet(ANNA), import_id="i1", valid_from="2025-10-01")
    assert lake.names() == ["pupil", "response/phq9"]


def test_the_newest_row_of_a_pupil_counts_by_date_and_then_by_commit(lake):
    write(lake, "late", sheet(ANNA, phq9_2=pd.array([3], dtype="Int8")), valid_from="2025-11-01")
    write(lake, "early", sheet(BO, ANNA, phq9_2=pd.array([1, 1], dtype="Int8")), valid_from="2025-10-01")
    write(lake, "same day", sheet(BO, phq9_2=pd.array([2], dtype="Int8")), valid_from="2025-10-01")
    in_commit_order = lake.read(TABLE, committed=["late", "early", "same day"], latest_by=KEY)
    assert in_commit_order["pupil_key"].tolist() == [ANNA, BO]
    assert in_commit_order["phq9_2"].tolist() == [3, 2]
    other_order = lake.read(TABLE, committed=["late", "same day", "early"], latest_by=KEY)
    assert other_order["phq9_2"].tolist() == [3, 1]


def test_a_pupil_who_moved_is_no_longer_found_in_the_old_school(lake):
    write(lake, "i1", sheet(ANNA, BO, school="036011"))
    write(lake, "i2", sheet(ANNA, school="036012"), valid_from="2025-11-01")
    old = lake.read(TABLE, committed=["i1", "i2"], school="036011", latest_by=KEY)
    new = lake.read(TABLE, committed=["i1", "i2"], school="036012", latest_by=KEY)
    assert (old["pupil_key"].tolist(), new["pupil_key"].tolist()) == ([BO], [ANNA])


def test_rows_come_in_commit_order_and_then_by_school(lake):
    write(lake, "i2", sheet(BO, ANNA, school="036011"))
    write(lake, "i1", pd.concat([sheet(BO, school="036012"), sheet(ANNA, school="036011")]))
    rows = lake.read(TABLE, committed=["i1", "i2"])
    assert rows["pupil_key"].tolist() == [ANNA, BO, BO, ANNA]
    assert rows["school"].tolist() == ["036011", "036012", "036011", "036011"]
    assert rows.index.tolist() == [0, 1, 2, 3]


def test_only_the_asked_columns_come_in_the_asked_order(lake):
    write(lake, "i1", sheet(BO, ANNA))
    rows = lake.read(TABLE, committed=["i1"], columns=["phq9_1", "school"], school="036011", latest_by=KEY)
    assert rows.columns.tolist() == ["phq9_1", "school"]
    assert rows["phq9_1"].tolist() == [pd.NA, 0]


def test_a_new_column_is_missing_in_older_rows(lake):
    write(lake, "i1", sheet(ANNA))
    write(lake, "i2", sheet(BO, phq9_2=pd.array([2], dtype="Int8")))
    assert lake.read(TABLE, committed=["i1", "i2"])["phq9_2"].tolist() == [pd.NA, 2]


def test_a_wider_integer_is_stored_small_when_nothing_is_lost(lake):
    write(lake, "i1", sheet(ANNA))
    write(lake, "i2", sheet(ANNA, BO).astype({"phq9_1": "Int64"}))
    rows = lake.read(TABLE, committed=["i2"])
    assert (rows["phq9_1"].dtype, rows["phq9_1"].tolist()) == (pd.Int8Dtype(), [0, pd.NA])


@pytest.mark.parametrize("value", [300, 1.5, "often"])
def test_a_value_that_the_column_cannot_hold_is_refused_and_nothing_is_written(lake, value):
    write(lake, "i1", sheet(ANNA))
    with pytest.raises(DataError) as caught:
        write(lake, "i2", sheet(BO).assign(phq9_1=[value]))
    assert caught.value.fields == {"table": TABLE, "column": "phq9_1", "kind": "int8"}
    assert "没有写入" in caught.value.text("zh")
    assert lake.import_ids(TABLE) == {"i1"}


def test_duckdb_reads_a_table(lake):
    write(lake, "i1", sheet(ANNA, BO))
    answers = lake.dataset(TABLE)
    with duckdb.connect() as connection:
        connection.register("answers", answers)
        assert connection.sql("select count(*), count(phq9_1) from answers").fetchall() == [(2, 1)]


class NoPause(Random):
    def uniform(self, a, b):
        self.longest = b
        return a


@pytest.mark.parametrize("clashes", [1, WRITE_TRIES - 1])
def test_a_clash_with_another_writer_is_tried_again(tmp_path, monkeypatch, clashes):
    lake = Lake(tmp_path, random=NoPause())
    tries = _clash(monkeypatch, clashes)
    write(lake, "i1", sheet(ANNA))
    assert len(tries) == clashes + 1
    assert len(lake.read(TABLE, committed=["i1"])) == 1
    assert lake.random.longest == pytest.approx(0.05 * clashes**2)


def test_a_writer_that_clashes_every_time_gives_up_with_one_clear_line(tmp_path, monkeypatch):
    tries = _clash(monkeypatch, WRITE_TRIES)
    with pytest.raises(WorkspaceError) as caught:
        write(Lake(tmp_path, random=NoPause()), "i1", sheet(ANNA))
    assert len(tries) == WRITE_TRIES
    assert TABLE in caught.value.text("en")


def _clash(monkeypatch, clashes: int) -> list:
    tries, really = [], deltalake.write_deltalake

    def sometimes(*args, **how):
        tries.append(1)
        if len(tries) <= clashes:
            raise CommitFailedError("another writer was faster")
        really(*args, **how)

    monkeypatch.setattr(deltalake, "write_deltalake", sometimes)
    return tries


def test_two_writers_at_once_both_land(lake):
    start = SPAWN.Barrier(2)
    assert run(*[(write_imports, lake.root, writer, 8, start) for writer in ("x", "y")]) == [0, 0]
    expected = [f"{writer}-{number}" for writer in ("x", "y") for number in range(8)]
    rows = lake.read(TABLE, committed=expected)
    assert rows["import_id"].tolist() == expected
    assert [rows.at[place, i.replace("-", "_")] for place, i in enumerate(expected)] == [*range(8), *range(8)]
