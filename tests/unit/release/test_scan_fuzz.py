"""Whatever bytes a file holds, the scan ends with findings: no exception, no secret in a finding, no silent pass."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scan_files import FILES, as_bytes, docx, html, paragraph, pdf, png, xlsx
from scan_plants import PLANTS

from xinyu_lib.release.scan import KINDS, Context, Secrets, scan

pytestmark = pytest.mark.trials
CONTEXT = Context("school", 5)
SECRETS = Secrets(frozenset({"司马九九"}), frozenset({"G360102201501010011"}))


def findings(folder, form: str, content: bytes, secrets=SECRETS) -> list:
    path = folder / f"report.{form}"
    path.write_bytes(content)
    return scan([path], secrets, CONTEXT, root=folder)


def damaged(content: bytes, seed: int) -> bytes:
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


@pytest.mark.parametrize("form", FILES)
def test_a_damaged_file_gives_findings_and_never_an_exception(tmp_path, form, trial_count):
    whole = as_bytes(FILES[form]())
    for seed in range(trial_count(30, 1_000)):
        assert {each.kind for each in findings(tmp_path, form, damaged(whole, seed))} <= set(KINDS)


@pytest.mark.parametrize(("kind", "place"), PLANTS)
def test_a_damaged_leak_gives_findings_and_never_an_exception(tmp_path, kind, place, trial_count):
    whole = as_bytes(PLANTS[kind, place]())
    for seed in range(trial_count(2, 100)):
        assert {each.kind for each in findings(tmp_path, place.split()[0], damaged(whole, seed))} <= set(KINDS)


@pytest.mark.parametrize("form", ["html", "pdf", "docx", "xlsx", "ipynb", "png", "svg", "json"])
def test_a_file_whose_end_is_cut_off_is_unreadable(tmp_path, form, trial_count):
    whole = as_bytes(FILES[form]()).rstrip()
    rng = random.Random(1)
    for _ in range(trial_count(10, 300)):
        cut = whole[: rng.randrange(len(whole) - 4)]
        assert "unreadable" in {each.kind for each in findings(tmp_path, form, cut)}


@pytest.mark.parametrize("form", [*FILES, "parquet", "", "PDF"])
def test_random_bytes_are_never_a_pass(tmp_path, form, trial_count):
    rng = random.Random(2)
    for _ in range(trial_count(10, 300)):
        content = b"\x00\xff" + rng.randbytes(rng.randrange(200))
        assert "unreadable" in {each.kind for each in findings(tmp_path, form, content)}


SECRET = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=5, max_size=8) | st.from_regex(
    r"[A-Z]{2}[0-9]{10}", fullmatch=True
)
EXAMPLES = {"html": html, "docx": lambda text: docx(paragraph(text)), "txt": str, "name": str}


@pytest.mark.parametrize("form", EXAMPLES)
def test_a_finding_never_repeats_a_secret(tmp_path_factory, form, trial_count):
    @settings(max_examples=trial_count(20, 500), deadline=None, derandomize=True)
    @given(SECRET)
    def never(secret):
        folder, secrets = tmp_path_factory.mktemp("scan"), Secrets(frozenset({secret}), frozenset({secret}))
        path = folder / (f"{secret}.txt" if form == "name" else f"{secret}-report.{form}")
        path.write_bytes(as_bytes(EXAMPLES[form](f"约谈{secret}，3 名学生")))
        told = scan([path], secrets, CONTEXT, root=folder)
        assert {each.kind for each in told} == {"file_name", "identifier", "small_number"}
        assert not [each for each in told if secret in "".join([each.file, each.where, each.kind, each.told])]

    never()


@pytest.mark.parametrize("make", [lambda: xlsx(), lambda: pdf(), lambda: png()], ids=["xlsx", "pdf", "png"])
def test_a_file_of_another_kind_than_its_name_says_is_unreadable(tmp_path, make):
    assert [each.kind for each in findings(tmp_path, "docx", make())] == ["unreadable"]
