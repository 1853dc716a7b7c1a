"""School by school, the newest rows of a wave: the same as reading the whole wave at once."""

import pandas as pd
import pytest

from xinyu_lib.lake import Lake
from xinyu_lib.lake.newest import Newest

WAVE = "2026-2027-autumn"


def rows(*pupils: tuple[str, str, int], wave: str = WAVE) -> pd.DataFrame:
    """Rows of (school, pupil, answer)."""
    frame = pd.DataFrame(pupils, columns=["school", "pupil_key", "answer"]).assign(wave=wave)
    return frame.astype({"school": "str", "pupil_key": "str", "answer": "Int8"})


@pytest.fixture
def lake(tmp_path) -> Lake:
    lake = Lake(tmp_path)
    lake.write(
        "response/gad7", rows(("01", "a", 1), ("01", "b", 1), ("02", "c", 1)), import_id="i1", valid_from="2026-10-01"
    )
    lake.write("response/gad7", rows(("02", "a", 2), ("01", "b", 2)), import_id="i2", valid_from="2026-10-02")
    lake.write("response/gad7", rows(("02", "c", 9)), import_id="i3", valid_from="2026-10-03")
    lake.write("response/gad7", rows(("01", "a", 5), wave="2025-2026-spring"), import_id="i1", valid_from="2026-10-01")
    return lake


def newest(lake: Lake, committed=("i1", "i2")) -> Newest:
    return Newest(lake, "response/gad7", committed=committed, wave=WAVE)


def test_a_pupil_who_changed_school_stands_in_the_new_one_only(lake):
    assert newest(lake).of("01")[["pupil_key", "answer"]].values.tolist() == [["b", 2]]
    assert newest(lake).of("02")[["pupil_key", "answer"]].values.tolist() == [["a", 2], ["c", 1]]


def test_rows_that_are_not_committed_are_not_seen_and_supersede_nothing(lake):
    assert newest(lake).of("02").set_index("pupil_key")["answer"]["c"] == 1
    assert newest(lake, ("i1", "i2", "i3")).of("02").set_index("pupil_key")["answer"]["c"] == 9


def test_on_one_date_the_later_commit_counts(lake):
    lake.write("response/gad7", rows(("01", "b", 3)), import_id="i4", valid_from="2026-10-02")
    assert newest(lake, ("i1", "i2", "i4")).of("01")["answer"].tolist() == [3]
    assert newest(lake, ("i1", "i4", "i2")).of("01")["answer"].tolist() == [2]


def test_all_schools_together_are_what_one_read_of_the_wave_gives(lake):
    whole = lake.read("response/gad7", committed=("i1", "i2"), wave=WAVE, latest_by=("wave", "pupil_key"))
    found = newest(lake)
    parts = pd.concat([found.of(school) for school in found.schools])
    assert found.schools == ["01", "02"]
    pd.testing.assert_frame_equal(
        parts.sort_values("pupil_key").reset_index(drop=True)[sorted(parts)],
        whole.sort_values("pupil_key").reset_index(drop=True)[sorted(whole)],
    )


def test_a_table_that_is_not_there_has_no_schools(tmp_path):
    found = Newest(Lake(tmp_path), "response/phq9", committed=(), wave=WAVE)
    assert found.schools == []
    assert found.of("01").empty
