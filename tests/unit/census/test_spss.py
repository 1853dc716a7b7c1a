"""SPSS files: codes as stored, labels as further names, and a damaged file is one clear line and never a crash."""

import random
from datetime import date, datetime, time
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from census_files import WAVE

from xinyu_lib.census import Known, load_mapping, read_file, spss, take_responses
from xinyu_lib.census.known import Directory
from xinyu_lib.census.readers import open_file
from xinyu_lib.errors import EmptyFile, UnreadableFile

YRBS = Path(__file__).parent / "files" / "yrbs2019.sav"


def written(path: Path, columns: dict, **how) -> Path:
    pyreadstat.write_sav(pd.DataFrame(columns), path, **how)
    return path


def test_the_real_file_has_its_codes_and_its_labels():
    raw = read_file(YRBS)
    assert (len(raw.rows), len(raw.headers), raw.row_numbers[0], raw.row_numbers[-1]) == (300, 22, 1, 300)
    assert raw.headers[:3] == ("record", "Q1", "Q2")
    assert raw.also[raw.find("Q25")] == ("Sad or hopeless",)
    assert raw.rows[0][:4] == ("001", "5", "2", "2")
    assert raw.rows[0][raw.find("weight")] == "1.6659"


def test_a_column_is_found_by_name_or_by_label():
    raw = read_file(YRBS)
    assert raw.find("Sad or hopeless") == raw.find("Q25") == raw.headers.index("Q25")


def test_answers_of_the_real_file_are_taken_by_label(tmp_path):
    # of the first 300 pupils 57 say yes to “considered suicide” and 2 give no answer, as the labels of the file have it
    (tmp_path / "m.toml").write_text(
        """
layout = "spss"
ignore = ["*"]
[columns]
number = "Row in the source"
[[scales]]
id = "asq"
headers = ["Bullying at school", "Electronic bullying", "Sad or hopeless", "Considered suicide", "Made a suicide plan"]
codes = { 1 = 1, 2 = 0 }
""",
        encoding="utf-8",
    )
    known = Known(Directory.of({f"{n:03d}": "0102" for n in range(1, 301)}))
    batch = take_responses(read_file(YRBS), load_mapping(tmp_path / "m.toml"), wave=WAVE, known=known)
    answers = batch.frames["response/asq"]["asq_4"]
    assert batch.rows_kept == 300
    assert (answers.eq(1).sum(), answers.eq(0).sum(), answers.isna().sum()) == (57, 241, 2)


def test_values_are_codes_and_never_labels_and_identifiers_keep_their_zeros(tmp_path):
    path = written(
        tmp_path / "a.sav",
        {"id": ["0012", "0013"], "q": [1.0, 2.5]},
        variable_value_labels={"q": {1.0: "从不", 2.5: "总是"}},
    )
    assert read_file(path).rows == (("0012", "1"), ("0013", "2.5"))


def test_missing_values_of_both_kinds_are_blank(tmp_path):
    path = written(
        tmp_path / "a.sav",
        {"q": [1.0, None, 9.0, 98.0], "s": ["a", "", "NR", "b"]},
        missing_ranges={"q": [9, {"lo": 90, "hi": 99}], "s": ["NR"]},
    )
    assert [row[:2] for row in read_file(path).rows] == [("1", "a"), ("", "b")]
    assert read_file(path).blank_rows == 2


def test_days_and_times_are_iso_text(tmp_path):
    when = datetime(2025, 10, 15, 9, 30, 5)
    path = written(tmp_path / "a.sav", {"d": [date(2025, 10, 15)], "t": [when], "h": [time(9, 30)]})
    assert read_file(path).rows == (("2025-10-15", "2025-10-15 09:30:05", "09:30:00"),)


@pytest.mark.parametrize("ending", [".sav", ".zsav"])
def test_chinese_names_and_labels_are_read_from_both_kinds(tmp_path, ending):
    path = written(tmp_path / f"a{ending}", {"学号": ["甲一"]}, column_labels=["学籍号"], compress=ending == ".zsav")
    raw = read_file(path)
    assert (raw.headers, raw.also, raw.rows) == (("学号",), (("学籍号",),), (("甲一",),))


def test_rows_come_in_stretches_and_their_numbers_go_on(tmp_path):
    path = written(tmp_path / "a.sav", {"q": [float(n) for n in range(1, 8)]})
    parts = list(open_file(path).stretches(3))
    assert [part.row_numbers for part in parts] == [(1, 2, 3), (4, 5, 6), (7,)]
    assert [row for part in parts for row in part.rows] == [(str(n),) for n in range(1, 8)]


def test_a_file_that_is_left_half_read_leaves_nothing_behind(tmp_path):
    path = written(tmp_path / "a.sav", {"q": [float(n) for n in range(50_000)]})
    walk = open_file(path).stretches(10)
    assert next(walk).rows[0] == ("0",)
    walk.close()


def test_a_file_without_rows_is_empty(tmp_path):
    path = written(tmp_path / "a.sav", {"q": pd.Series([], dtype=float)})
    with pytest.raises(EmptyFile):
        read_file(path)


@pytest.mark.parametrize("content", [b"$FL2", b"PK\x03\x04 not at all", b"a,b\n1,2\n", YRBS.read_bytes()[:9_000]])
def test_what_is_no_whole_file_of_spss_is_one_clear_line(tmp_path, content):
    path = tmp_path / "a.sav"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"a\.sav：SPSS 文件已损坏或不完整.*重新导出"):
        read_file(path)


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """Put another program in place of the one that reads."""

    def put(program: str) -> None:
        (tmp_path / "reader.py").write_text(program, encoding="utf-8")
        monkeypatch.setattr(spss, "READER", tmp_path / "reader.py")

    return put


def test_a_crash_in_the_middle_of_a_line_is_one_clear_line(reader):
    reader("import os; print('[\"q\"]\\n[\"\"]\\n[1', end='', flush=True); os.abort()")
    with pytest.raises(UnreadableFile):
        read_file(YRBS)


def test_a_bug_of_ours_stays_a_traceback(reader):
    reader("print(no_such_name)")
    with pytest.raises(RuntimeError, match="NameError"):
        read_file(YRBS)


def damaged(content: bytes, seed: int) -> bytes:
    """The bytes with some changed, in the head of the file or anywhere, or with the end cut off."""
    rng, changed = random.Random(seed), bytearray(content)
    for _ in range(rng.choice([1, 12, 200])):
        changed[rng.randrange(rng.choice([4_000, len(changed)]))] = rng.randrange(256)
    return bytes(changed[: rng.choice([len(changed), rng.randrange(len(changed))])])


def outcome(path: Path) -> str:
    """`read`, or the clear line."""
    try:
        return "read" if read_file(path).headers else "nothing"
    except (UnreadableFile, EmptyFile) as error:
        return error.text("en")


@pytest.mark.trials
def test_a_damaged_spss_file_is_read_or_gives_one_clear_line(tmp_path, trial_count):
    # on some of these the C library takes its process down, which must not be ours
    path, known = tmp_path / "a.sav", ("read", "a.sav: the SPSS file is damaged", "a.sav: a header but no rows")
    for seed in range(trial_count(8, 200)):
        path.write_bytes(damaged(YRBS.read_bytes(), seed))
        assert outcome(path).startswith(known)
