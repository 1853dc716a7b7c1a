"""`xinyu policy check`: a policy examined on the terminal."""

import pytest

from xinyu_lib.policy import load_policy
from xinyu_lib.policy.auditing import check_policy
from xinyu_lib.policy.catalogue import FOLDER

SHIPPED = (FOLDER / "donghu-2025.toml").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def swapped(tmp_path):
    """A policy whose yellow PHQ-9 cut stands above the orange one."""
    path = tmp_path / "own.toml"
    before, after = 'score = "total", cut = 10', 'score = "total", cut = 20'
    assert before in SHIPPED
    path.write_text(SHIPPED.replace(before, after, 1), encoding="utf-8")
    return path


def test_the_shipped_policy_passes_with_its_notices(xinyu):
    ran = xinyu("policy", "check", "donghu-2025")
    assert (ran.code, ran.err) == (0, [])
    found = check_policy(load_policy("donghu-2025"))
    assert f"错误 0 处，提示 {len(found)} 处" in ran.out[1]
    assert [each.text("zh") for each in found if not any(each.text("zh") in line for line in ran.out)] == []


def test_a_fault_is_told_and_ends_with_the_code_of_a_wrong_definition(xinyu, swapped):
    ran = xinyu("policy", "check", swapped)
    assert (ran.code, len(ran.err)) == (11, 1)
    assert "1 处错误" in ran.err[0]
    assert ran.out[2].startswith("错误 rules.T05.yellow：规则 T05 的“黄色”一级永远轮不到")


def test_what_the_policy_does_stands_below_with_every_rule(xinyu):
    ran = xinyu("policy", "check", "donghu-2025")
    table = "\n".join(ran.out[ran.out.index("这份规则做什么") :])
    assert [rule for rule in load_policy("donghu-2025").rule_ids if f" {rule} " not in table] == []
    assert "抑郁总分 ≥ 15" in table


def test_it_is_told_in_english(xinyu, monkeypatch):
    monkeypatch.setenv("XINYU_LANG", "en")
    ran = xinyu("policy", "check", "donghu-2025")
    assert ran.out[1].startswith("Faults by which pupils could be told wrongly or be missed: 0. Notices: ")
    assert any(line.startswith("notice [[census.battery]]: No grade is given the scale phq9-teen") for line in ran.out)


def test_without_a_name_the_policy_of_the_workspace_is_examined(xinyu, district, swapped):
    settings = district / "workspace.toml"
    text = settings.read_text(encoding="utf-8")
    assert 'policy = "donghu-2025"' in text
    settings.write_text(text.replace("donghu-2025", swapped.as_posix()), encoding="utf-8")
    assert xinyu("policy", "check", "--workspace", district).code == 11


def test_without_a_workspace_the_policy_that_comes_with_the_library_is_examined(xinyu):
    ran = xinyu("policy", "check")
    assert ran.code == 0
    assert "donghu-2025+" in ran.out[0]


REFUSED = {
    "an unknown policy": (["donghu-2024"], 12, "donghu-2025"),
    "a workspace that is not there": (["--workspace", "nowhere"], 14, "nowhere"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_there_gets_one_line(case, xinyu):
    arguments, code, word = REFUSED[case]
    ran = xinyu("policy", "check", *arguments)
    assert (ran.code, len(ran.err), ran.out) == (code, 1, [])
    assert word in ran.err[0]


def test_a_typo_is_refused_before_anything_is_examined(xinyu, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(SHIPPED.replace('scale = "gad7"\nwhy', 'scale = "gda7"\nwhy', 1), encoding="utf-8")
    ran = xinyu("policy", "check", path)
    assert (ran.code, len(ran.err), ran.out) == (11, 1, [])
    assert "rules.T06.scale" in ran.err[0]
