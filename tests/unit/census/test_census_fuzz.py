"""Whatever a file holds, the answer is a batch that adds up or one clear line; no other exception."""

import os
import random
import tempfile
from pathlib import Path

import pytest
from census_files import HEADER, MAPPING, ROSTER, WAVE, known_of, pupil, sheet, write_csv, write_xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from xinyu_lib.census import REASONS, Batch, load_mapping, read_file, refusal, take_responses, take_table
from xinyu_lib.errors import XinyuError

KNOWN = known_of({"0102"}, {("0102", "0401")}, {f"G00{n}": "0102" for n in range(6)})
EXAMPLES = 2_000 if os.environ.get("XINYU_TRIALS") == "full" else 40
FEW = settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
pytestmark = pytest.mark.trials


@pytest.fixture(autouse=True)
def counted(trial_count):
    """These files are mutated by hypothesis; the table of trials names how many."""
    trial_count(EXAMPLES, EXAMPLES)


CELLS = st.sampled_from(["", "1", "4", "7", "G001", "G002", "0102", "１", "-3", "2025-10-15", '"', "\n", "，"])
ROWS = st.lists(st.lists(CELLS | st.text(max_size=8), max_size=13), min_size=1, max_size=8)


def reconciles(path: Path, *, table: str | None = None) -> None:
    """Read and take; an error must be able to say itself in both languages, a batch must add up."""
    found = taken(path, table)
    if isinstance(found, XinyuError):
        assert found.text("zh") != found.text("en")
        return
    assert found.rows_in == found.rows_kept + found.set_aside["row"].nunique()
    assert found.set_aside["reason"].isin(list(REASONS)).all()
    assert len(next(iter(found.frames.values()))) == found.rows_kept
    assert (refusal(found) is None) == (found.rows_kept == found.rows_in)


def taken(path: Path, table: str | None) -> Batch | XinyuError:
    try:
        raw = read_file(path)
        return take_table(raw, table, wave=WAVE, known=KNOWN) if table else answers(raw, path.parent)
    except XinyuError as error:
        return error


def answers(raw, folder: Path):
    (folder / "gad7.toml").write_text(MAPPING, encoding="utf-8")
    return take_responses(raw, load_mapping(folder / "gad7.toml"), wave=WAVE, known=KNOWN)


def mutated(content: bytes, seed: int) -> bytes:
    """The bytes with a few changed, or some cut out of the middle, or the end cut off."""
    rng, changed = random.Random(seed), bytearray(content)
    at = rng.randrange(len(changed))
    match rng.randrange(3):
        case 0:
            for _ in range(rng.randint(1, 12)):
                changed[rng.randrange(len(changed))] = rng.randrange(256)
        case 1:
            del changed[at : at + rng.randint(1, 80)]
        case 2:
            del changed[at:]
    return bytes(changed)


@FEW
@given(st.binary(max_size=200), st.sampled_from([".csv", ".xlsx", ".xls"]))
def test_random_bytes_give_one_clear_line_or_a_batch(content, ending):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        path.write_bytes({".csv": b"", ".xlsx": b"PK\x03\x04", ".xls": b"\xd0\xcf\x11\xe0"}[ending] + content)
        reconciles(path, table="pupil")


@FEW
@given(ROWS)
def test_rows_of_a_roster_are_kept_or_explained(rows):
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(Path(folder) / "a.csv", ROSTER, pupil("G001"), *rows)
        reconciles(path, table="pupil")


@FEW
@given(ROWS)
def test_sheets_of_answers_are_kept_or_explained(rows):
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(Path(folder) / "a.csv", HEADER, sheet("G001"), *rows)
        reconciles(path)


@FEW
@given(st.integers(0, 2**32), st.sampled_from(["utf-8-sig", "gb18030"]))
def test_a_damaged_csv_gives_one_clear_line_or_a_batch(seed, encoding):
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(Path(folder) / "a.csv", HEADER, *[sheet(f"G00{n}") for n in range(6)], encoding=encoding)
        path.write_bytes(mutated(path.read_bytes(), seed))
        reconciles(path)


@FEW
@given(st.integers(0, 2**32))
def test_a_damaged_xlsx_gives_one_clear_line_or_a_batch(seed):
    with tempfile.TemporaryDirectory() as folder:
        path = write_xlsx(Path(folder) / "a.xlsx", HEADER, *[sheet(f"G00{n}") for n in range(6)])
        path.write_bytes(mutated(path.read_bytes(), seed))
        reconciles(path)
