"""`xinyu scale`: the library on the terminal, and the way to a scale file of one's own."""

import pytest

from xinyu_lib.census.mapping import load_mapping
from xinyu_lib.scales import load_scale, scales
from xinyu_lib.scales.card import card
from xinyu_lib.scales.review import review


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_all_scales_are_listed_with_their_names(xinyu):
    ran = xinyu("scale", "list")
    assert ran.code == 0
    listed = "\n".join(ran.out)
    assert [i for i in scales() if f" {i} " not in listed] == []
    assert load_scale("mht").title.zh in listed


def test_a_card_goes_into_a_file_as_markdown(xinyu):
    ran = xinyu("scale", "card", "phq9")
    assert (ran.code, ran.err) == (0, [])
    assert "\n".join(ran.out) + "\n" == card(load_scale("phq9"), "zh")


def test_a_card_of_a_variant_in_english(xinyu):
    ran = xinyu("scale", "card", "scl90", "--variant", "coded_0_4", "--lang", "en")
    assert ran.code == 0
    assert ran.out[0] == f"# {load_scale('scl90').title.en} (scl90)"
    assert any("0→1, 1→2" in line for line in ran.out)


REFUSED = {
    "an unknown scale": (["card", "phq"], 12, ["“phq”", "phq9"]),
    "an unknown variant": (["card", "scl90", "--variant", "x"], 12, ["“x”", "coded_0_4"]),
    "an unknown language": (["card", "phq9", "--lang", "fr"], 12, ["“fr”", "zh, en"]),
    "a capital in an id": (["new", "MyScale"], 11, ["“MyScale”", "my-scale"]),
    "no id": (["new"], 2, ["xinyu scale new --help"]),
    "a file that is not there": (["check", "none.toml"], 21, ["none.toml"]),
    "an unknown scale in a questionnaire": (["mapping", "phq9", "phq"], 12, ["“phq”"]),
    "an unknown layout": (["mapping", "phq9", "--layout", "excel"], 12, ["“excel”", "wenjuanxing-number"]),
    "the question of the pupil number": (["mapping", "phq9", "--first", "1"], 2, ["--first"]),
    "a folder that is not there": (["new", "own", "--out", "none/own.toml"], 10, ["none/own.toml"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_gets_one_line_and_leaves_no_file(case, xinyu, tmp_path):
    arguments, code, words = REFUSED[case]
    ran = xinyu("scale", *arguments)
    assert (ran.code, len(ran.err), ran.out) == (code, 1, [])
    assert [word for word in words if word not in ran.err[0]] == []
    assert list(tmp_path.iterdir()) == []


def test_a_new_scale_file_passes_the_check_and_loads(xinyu, tmp_path):
    assert xinyu("scale", "new", "my-scale").code == 0
    ran = xinyu("scale", "check", "my-scale.toml")
    assert (ran.code, ran.out, ran.err) == (0, ["my-scale.toml：没有发现错误。"], [])
    scale = load_scale(tmp_path / "my-scale.toml")
    assert scale.id == "my-scale"
    assert scale.items[0] == "my_scale_1"


def test_a_skeleton_explains_itself_in_chinese_first(xinyu, tmp_path):
    xinyu("scale", "new", "own", "--out", "other.toml")
    first, second, *_ = (tmp_path / "other.toml").read_text(encoding="utf-8").splitlines()
    assert first.startswith("# 新量表")
    assert second.startswith("# A new scale")


def test_a_file_that_is_there_is_never_written_over(xinyu, tmp_path):
    for arguments in (["new", "own"], ["mapping", "phq9", "--out", "own.toml"]):
        (tmp_path / "own.toml").write_text("mine", encoding="utf-8")
        ran = xinyu("scale", *arguments)
        assert (ran.code, len(ran.err)) == (10, 1)
        assert "own.toml" in ran.err[0]
        assert (tmp_path / "own.toml").read_text(encoding="utf-8") == "mine"


def test_every_fault_of_a_file_is_a_line_and_the_exit_code_is_that_of_a_wrong_definition(xinyu, tmp_path):
    xinyu("scale", "new", "own")
    path = tmp_path / "own.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("range = [0, 12]", "range = [0, 11]").replace("reverse = [2]", "reverse = [2, 2]")
    path.write_text(text.replace('status = "unclear-ask-author"', 'status = "?"'), encoding="utf-8")
    ran = xinyu("scale", "check", path)
    assert (ran.code, len(ran.out), len(ran.err)) == (11, 3, 1)
    assert ran.out == [error.text("zh") for error in review(path)]
    assert "own.toml 有 3 处错误" in ran.err[0]


def test_a_mapping_is_shown_or_written(xinyu, tmp_path):
    shown = xinyu("scale", "mapping", "phq9", "gad7")
    assert shown.code == 0
    assert xinyu("scale", "mapping", "phq9", "gad7", "--out", "m.toml").code == 0
    assert (tmp_path / "m.toml").read_text(encoding="utf-8").splitlines() == shown.out
    assert [each.questions for each in load_mapping(tmp_path / "m.toml").scales] == [(2, 10), (11, 17)]
