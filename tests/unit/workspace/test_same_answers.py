"""The same answers under another wave name are noticed before anything is written."""

import random
from pathlib import Path

import pytest
from import_actors import ANSWERS, DAY, ROSTER, pupil, sheet, write_csv

from xinyu_lib.workspace.copies import SameAnswersAgain

AUTUMN, SPRING = "2025-2026-autumn", "2025-2026-spring"
NUMBERS = [f"G{n:03d}" for n in range(20)]
KENG = Path(__file__).parents[3] / "data" / "keng"


@pytest.fixture
def both(ws, tmp_path):
    """Twenty pupils on the rosters of two waves, with answers in the first."""
    for wave in (AUTUMN, SPRING):
        classes = write_csv(tmp_path / f"c{wave}.csv", ["学校代码", "班级代码", "年级"], ["0102", "0401", "4"])
        ws.import_file(classes, table="class", wave=wave, as_of=DAY)
        ws.import_file(
            write_csv(tmp_path / f"r{wave}.csv", ROSTER, *map(pupil, NUMBERS)), table="pupil", wave=wave, as_of=DAY
        )
    import_wave(ws, tmp_path, AUTUMN, answers(seed=1))
    return ws


def answers(seed: int) -> list[list[str]]:
    rng = random.Random(seed)
    return [sheet(number, "".join(rng.choices("1234", k=7))) for number in NUMBERS]


def import_wave(ws, tmp_path, wave: str, rows: list[list[str]], **how):
    file = write_csv(tmp_path / f"a{wave}.csv", ANSWERS, *rows)
    return ws.import_file(file, mapping=tmp_path / "gad7.toml", wave=wave, as_of=DAY, **how)


def test_the_same_answers_in_another_order_under_another_wave_are_refused_and_nothing_is_written(both, tmp_path):
    before = both.inputs()
    with pytest.raises(SameAnswersAgain) as caught:
        import_wave(both, tmp_path, SPRING, answers(seed=1)[::-1])
    assert (caught.value.fields["wave"], caught.value.exit_code) == (AUTUMN, 20)
    both.refresh()
    assert both.inputs() == before
    assert both.read("response/gad7", wave=SPRING).empty


def test_a_dry_run_notices_them_too(both, tmp_path):
    with pytest.raises(SameAnswersAgain):
        import_wave(both, tmp_path, SPRING, answers(seed=1), dry_run=True)


def test_a_sheet_that_was_corrected_since_is_still_known(both, tmp_path):
    import_wave(both, tmp_path, AUTUMN, answers(seed=3))
    with pytest.raises(SameAnswersAgain):
        import_wave(both, tmp_path, SPRING, answers(seed=1))


def test_they_are_taken_when_a_person_says_so(both, tmp_path):
    assert import_wave(both, tmp_path, SPRING, answers(seed=1), same_answers=True).rows_kept == 20


def test_new_answers_of_the_same_pupils_are_no_copy(both, tmp_path):
    assert import_wave(both, tmp_path, SPRING, answers(seed=2)).rows_kept == 20


def test_a_school_in_which_all_feel_well_twice_is_no_copy(both, tmp_path):
    import_wave(both, tmp_path, AUTUMN, [sheet(number, "1111111") for number in NUMBERS])
    assert import_wave(both, tmp_path, SPRING, [sheet(number, "1111111") for number in NUMBERS]).rows_kept == 20


def test_a_corrected_file_of_the_same_wave_is_no_copy(both, tmp_path):
    rows = answers(seed=1)
    rows[0] = sheet(NUMBERS[0], "4444444")
    assert import_wave(both, tmp_path, AUTUMN, rows).rows_kept == 20


def test_a_third_published_wave_that_copies_the_second_is_noticed(tmp_path):
    """The published study that our demo uses had such a third wave; here the second one is handed in as the third."""
    from xinyu_lib.workspace import Workspace

    ws = Workspace.create(tmp_path / "keng", title="Keng")
    ws.import_file(KENG / "school.csv", table="school", as_of=DAY)
    second, third = "2000-2001-autumn-2", "2000-2001-autumn-3"
    for wave in (second, third):
        ws.import_file(KENG / "class.csv", table="class", wave=wave, as_of=DAY)
        ws.import_file(KENG / "roster.csv", table="pupil", wave=wave, as_of=DAY)
    how = {"mapping": KENG / "keng-sds.toml", "as_of": DAY}
    ws.import_file(KENG / "keng_d_wave2_raw.csv", wave=second, **how)
    with pytest.raises(SameAnswersAgain) as caught:
        ws.import_file(KENG / "keng_d_wave2_raw.csv", wave=third, **how)
    assert caught.value.fields["both"] == caught.value.fields["same"] == 173
