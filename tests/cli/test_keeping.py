"""Keeping a workspace by commands: backed up, lost, restored, and examined."""

import json
import shutil

import pytest

from xinyu_lib.workspace import Workspace
from xinyu_lib.workspace.backup import fingerprint

STATES = ["fine", "attention", "fault"]


@pytest.fixture
def key(district, tmp_path):
    """The key of the district, moved out of its folder."""
    return shutil.move(district / "vault.key", tmp_path / "district.key")


@pytest.fixture
def with_key(key, monkeypatch):
    monkeypatch.setenv("XINYU_VAULT_KEYFILE", str(key))
    return key


def test_a_lost_workspace_comes_back_from_its_backup(xinyu, district, with_key, tmp_path, everything_in):
    before = everything_in(district)
    file = tmp_path / "district.xinyu"
    made = xinyu("backup", file, "-w", district)
    assert (made.code, made.err) == (0, [])
    assert made.out[0].startswith(f"已备份到 {file}：")
    # schools, wave, classes, roster
    assert "已提交 4 次导入" in made.out[0]
    assert made.out[1].startswith(f"密钥指纹 {fingerprint(with_key.read_text().strip())}。")
    shutil.rmtree(district)
    back = xinyu("restore", file, district)
    assert (back.code, back.err) == (0, [])
    assert back.out[0].startswith(f"已恢复到 {district}：")
    assert "XINYU_VAULT_KEYFILE" in back.out[1]
    assert everything_in(district) == before
    assert xinyu("check", "-w", district).out == ["工作区完好：已提交 4 次导入，清除残留 0 行。"]


def test_a_key_file_that_is_named_comes_into_the_restored_folder(xinyu, district, with_key, tmp_path, monkeypatch):
    xinyu("backup", tmp_path / "b.xinyu", "-w", district)
    monkeypatch.delenv("XINYU_VAULT_KEYFILE")
    ran = xinyu("restore", tmp_path / "b.xinyu", tmp_path / "again", "--key-file", with_key)
    assert ran.code == 0
    assert "vault.key" in ran.out[1]
    assert len(Workspace(tmp_path / "again").committed) == 4


@pytest.mark.usefixtures("with_key")
def test_what_cannot_be_done_is_one_line_and_a_code(xinyu, district, tmp_path):
    file, other = tmp_path / "b.xinyu", tmp_path / "other.key"
    xinyu("backup", file, "-w", district)
    other.write_text("ab" * 32)
    other.chmod(0o600)
    cases = {
        ("backup", file, "-w", district): (14, "已经存在"),
        ("backup", district / "b", "-w", district): (14, "自己里面"),
        ("backup", tmp_path / "c", "-w", tmp_path): (14, "不是工作区"),
        ("restore", file, district): (14, "不是空文件夹"),
        ("restore", tmp_path / "none", tmp_path / "again"): (14, "找不到备份文件"),
        ("restore", file, tmp_path / "again", "--key-file", other): (15, "密钥不对"),
        ("restore", file, tmp_path / "again", "--key-file", tmp_path / "no.key"): (15, "没有保险库密钥"),
    }
    for command, (code, words) in cases.items():
        ran = xinyu(*command)
        assert (ran.code, ran.out, len(ran.err)) == (code, [], 1)
        assert ran.err[0].startswith("× ")
        assert words in ran.err[0]
    assert not (tmp_path / "again").exists()


@pytest.mark.usefixtures("with_key")
def test_a_doctor_who_finds_no_fault_returns_0_and_counts(xinyu, district):
    ran = xinyu("doctor", "-w", district)
    assert (ran.code, ran.err) == (0, [])
    *lines, count = ran.out
    assert all(line.startswith("√ ") for line in lines)
    # 7 points of the installation, 10 of the workspace
    assert count == "正常 17 项，注意 0 项，故障 0 项。"


def test_without_a_workspace_only_the_installation_is_examined(xinyu):
    ran = xinyu("doctor")
    assert (ran.code, ran.out[-1]) == (0, "正常 7 项，注意 0 项，故障 0 项。")


def test_what_calls_for_attention_is_no_fault(xinyu, district):
    ran = xinyu("doctor", "-w", district)
    assert ran.code == 0
    place = next(i for i, line in enumerate(ran.out) if line.startswith("! "))
    assert "vault.key" in ran.out[place]
    assert ran.out[place + 1].startswith("  ")
    assert "XINYU_VAULT_KEYFILE" in ran.out[place + 1]
    assert ran.out[-1] == "正常 16 项，注意 1 项，故障 0 项。"


@pytest.mark.usefixtures("with_key")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_faults_are_told_with_what_to_do_and_return_14(xinyu, district, options):
    (district / "vault.db").unlink()
    ran = xinyu("doctor", "-w", district, *options)
    assert (ran.code, ran.err) == (14, ["× 有 1 项故障（见上）：请逐项处理后再运行一次。"])
    assert any("请从备份恢复" in line for line in ran.out)


@pytest.mark.usefixtures("with_key")
def test_findings_are_one_json_object_when_asked_for(xinyu, district):
    (district / "restricted").chmod(0o755)
    ran = xinyu("doctor", "-w", district, "--json")
    (line,) = ran.out
    told = json.loads(line)
    assert {tuple(each) for each in told["findings"]} == {("what", "state", "detail", "advice")}
    states = [each["state"] for each in told["findings"]]
    assert {state: told[state] for state in STATES} == {state: states.count(state) for state in STATES}
    (fault,) = [each for each in told["findings"] if each["state"] == "fault"]
    assert fault["what"] == "modes"
    assert "chmod 700" in fault["advice"]


@pytest.mark.usefixtures("with_key")
def test_all_of_it_is_english_when_asked_for(xinyu, district, tmp_path, monkeypatch):
    monkeypatch.setenv("XINYU_LANG", "en")
    lines = xinyu("backup", tmp_path / "b.xinyu", "-w", district).out
    lines += xinyu("restore", tmp_path / "b.xinyu", tmp_path / "again").out
    lines += xinyu("doctor", "-w", tmp_path / "again").out
    assert lines[-1] == "17 fine, 0 to look at, 0 faults."
    assert not [line for line in lines if any("一" <= character <= "鿿" for character in line)]
