"""Wording is complete in both languages, used, and never dropped into logic."""

import re
from pathlib import Path

import pytest

from xinyu_lib.words import FOLDER, LANGUAGES, catalogue, say

PACKAGE = Path(__file__).parents[2] / "xinyu_lib"
ROOMS = sorted(path.stem for path in (FOLDER / "zh_CN").glob("*.po"))
SOURCES = {p: p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*") if p.suffix in {".py", ".toml", ".j2", ".typ"}}


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_hold_the_same_ids_and_placeholders(room):
    texts = {lang: catalogue(room, lang) for lang in LANGUAGES}
    assert texts["zh"].keys() == texts["en"].keys()
    for message_id, chinese in texts["zh"].items():
        assert chinese.strip()
        assert texts["en"][message_id].strip()
        assert set(re.findall(r"{(\w+)}", chinese)) == set(re.findall(r"{(\w+)}", texts["en"][message_id])), message_id


def test_every_id_written_in_the_code_exists():
    known = {message_id for room in ROOMS for message_id in catalogue(room, "zh")}
    pattern = re.compile(rf'(?<![f\w])"((?:{"|".join(ROOMS)})\.[a-z0-9_.]+(?<!\.toml))"')
    used = {(p.name, found) for p, text in SOURCES.items() if p.suffix == ".py" for found in pattern.findall(text)}
    assert {(name, found) for name, found in used if found not in known} == set()


def test_an_unknown_id_is_a_bug():
    with pytest.raises(KeyError):
        say("core.no_such_wording")


def test_no_diagnosis_or_ranking_words_are_told_about_pupils():
    forbidden = ("患者", "确诊", "精神病", "排名第", "倒数")
    for room in ("sections", "present", "reporting"):
        text = "".join(catalogue(room, "zh").values())
        assert not [word for word in forbidden if word in text]
