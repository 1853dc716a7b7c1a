"""The doctor finds each planted fault, says what to do in one line, and changes nothing."""

import os
import shutil
from importlib.metadata import requires
from pathlib import Path

import pandas as pd
import pytest
from import_actors import DAY, import_answers, import_roster, pupil, sheet

from xinyu_lib.lake.cipher import connect
from xinyu_lib.lake.vault import read_key
from xinyu_lib.present import fonts
from xinyu_lib.provenance import file_digest
from xinyu_lib.words import LANGUAGES
from xinyu_lib.workspace import Workspace, installation
from xinyu_lib.workspace.doctor import Finding, examine_workspace
from xinyu_lib.workspace.installation import examine_installation

PAGE = 4096
TYPE = [fonts.REGULAR, fonts.BOLD]
LOOKED_AT = ["settings", "policy", "key", "lake", "vault", "audit", "rows", "modes", "place", "disk"]


@pytest.fixture
def district(ws, tmp_path, monkeypatch) -> Path:
    """A workspace with answers whose key lies elsewhere: nothing is wrong with it."""
    import_roster(ws, tmp_path / "roster.csv", pupil("G001", "欧阳安娜"), pupil("0012", school="0103"))
    import_answers(ws, tmp_path / "answers.csv", sheet("G001"), sheet("0012"))
    key = Path(shutil.move(ws.folder / "vault.key", tmp_path / "district.key"))
    monkeypatch.delenv("XINYU_VAULT_KEY", raising=False)
    monkeypatch.setenv("XINYU_VAULT_KEYFILE", str(key))
    return ws.folder


def not_fine(findings: list[Finding]) -> dict[str, str]:
    """State by thing looked at; each finding says what was found, and what to do unless all is fine, in one line."""
    for each in findings:
        assert each.label
        assert each.detail
        assert bool(each.advice) == (each.state != "fine")
        assert "\n" not in each.detail + each.advice
        assert "欧阳安娜" not in each.detail + each.advice
    return {each.what: each.state for each in findings if each.state != "fine"}


def advice(findings: list[Finding], what: str) -> str:
    return next(each.advice for each in findings if each.what == what and each.state != "fine")


def test_a_workspace_in_order_is_fine_in_every_point(district):
    found = examine_workspace(district)
    assert [each.what for each in found] == LOOKED_AT
    assert not_fine(found) == {}


def test_looking_changes_nothing(district):
    before = {path: file_digest(path) for path in district.rglob("*") if path.is_file()}
    examine_workspace(district)
    assert {path: file_digest(path) for path in district.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_is_in_the_language_of_the_user(district, monkeypatch, lang):
    monkeypatch.setenv("XINYU_LANG", lang)
    (district / "vault.db").unlink()
    for each in (*examine_workspace(district), *examine_installation(fonts=TYPE, encoding="ascii")):
        chinese = any("一" <= character <= "鿿" for character in each.label + each.advice)
        assert chinese == (lang == "zh") or each.what == "python"


def first_file(folder: Path, table: str) -> Path:
    return sorted((folder / "lake" / table).rglob("*.parquet"))[0]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def newest_log(folder: Path, table: str) -> Path:
    return sorted((folder / "lake" / table / "_delta_log").glob("*.json"))[-1]


def write(folder: Path, table: str, import_id: str) -> None:
    ws = Workspace(folder, committed=())
    ws.lake.write(table, pd.DataFrame({"school": ["0102"]}), import_id=import_id, valid_from=DAY)


def change_audit(folder: Path) -> None:
    connection = connect(folder / "vault.db", read_key(folder))
    connection.execute("UPDATE audit SET what = 'x' WHERE sequence = 1")
    connection.close()


def settings(folder: Path, text: str) -> None:
    (folder / "workspace.toml").write_text(text, encoding="utf-8")


def key_file() -> Path:
    return Path(os.environ["XINYU_VAULT_KEYFILE"])


# what is done to the workspace, what the doctor then finds, and a word that its advice must hold
PLANTED = {
    "a data file gone": (lambda f: first_file(f, "response/gad7").unlink(), {"lake": "fault"}, "response/gad7"),
    "a data file cut": (lambda f: cut(first_file(f, "pupil")), {"lake": "fault"}, "pupil"),
    "an empty data file": (lambda f: first_file(f, "class").write_bytes(b""), {"lake": "fault"}, "class"),
    "a log cut": (lambda f: cut(newest_log(f, "pupil")), {"lake": "fault"}, "pupil"),
    "the newest log gone": (lambda f: newest_log(f, "pupil").unlink(), {"rows": "fault"}, "pupil"),
    "a table gone": (lambda f: shutil.rmtree(f / "lake" / "response"), {"rows": "fault"}, "response/gad7"),
    "the lake gone": (lambda f: shutil.rmtree(f / "lake"), {"rows": "fault"}, "xinyu restore"),
    "rows never committed": (lambda f: write(f, "school", "broken-off"), {"rows": "attention"}, "xinyu check"),
    "a table nobody declared": (lambda f: write(f, "diary", "x"), {"lake": "fault", "rows": "attention"}, "lake/diary"),
    "a vault cut": (lambda f: os.truncate(f / "vault.db", PAGE), {"vault": "fault"}, "vault.db"),
    "no vault": (lambda f: (f / "vault.db").unlink(), {"vault": "fault"}, "vault.db"),
    "an audit entry changed": (change_audit, {"audit": "fault"}, "备份"),
    "a key open to others": (lambda _: key_file().chmod(0o644), {"key": "fault", "vault": "fault"}, "chmod 600"),
    "no key": (lambda _: key_file().unlink(), {"key": "fault", "vault": "fault"}, "XINYU_VAULT_KEY"),
    "another key": (lambda _: key_file().write_text("ab" * 32), {"vault": "fault"}, "密钥"),
    "the key beside": (lambda f: shutil.copy(key_file(), f / "vault.key"), {"key": "attention"}, "XINYU_VAULT_KEYFILE"),
    "settings that are no TOML": (lambda f: settings(f, "title = "), {"settings": "fault"}, "workspace.toml"),
    "settings without a policy": (lambda f: settings(f, 'title = "x"'), {"settings": "fault"}, "workspace.toml"),
    "no settings": (lambda f: (f / "workspace.toml").unlink(), {"settings": "fault"}, "workspace.toml"),
    "an unknown policy": (
        lambda f: settings(f, 'title = "x"\npolicy = "nowhere-1999"'), {"policy": "fault"}, "donghu-2025",
    ),
    "worksheets open to others": (lambda f: (f / "restricted").chmod(0o755), {"modes": "fault"}, "chmod 700"),
    "a folder open to others": (lambda f: f.chmod(0o750), {"modes": "fault"}, "chmod 700"),
    "a code repository": (lambda f: (f.parent / ".git").mkdir(), {"place": "attention"}, "仓库"),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_found_alone_and_its_advice_names_it(district, planted):
    plant, expected, word = PLANTED[planted]
    plant(district)
    found = examine_workspace(district)
    assert not_fine(found) == expected
    assert word in advice(found, next(iter(expected)))


def test_a_folder_that_is_copied_elsewhere_by_itself_is_told(district, tmp_path):
    folder = Path(shutil.copytree(district, tmp_path / "OneDrive - 东湖区" / "ws"))
    assert not_fine(examine_workspace(folder)) == {"place": "attention"}


def test_a_disk_without_room_for_the_workspace_once_more_is_told(district, monkeypatch):
    size = sum(path.stat().st_size for path in district.rglob("*") if path.is_file())
    for free, expected in ((size, {"disk": "attention"}), (size + 1, {})):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: shutil._ntuple_diskusage(0, 0, free))
        assert not_fine(examine_workspace(district)) == expected


def test_no_folder_is_one_finding(tmp_path):
    assert not_fine(examine_workspace(tmp_path / "none")) == {"settings": "fault"}
    (tmp_path / "empty").mkdir(mode=0o700)
    assert not_fine(examine_workspace(tmp_path / "empty"))["settings"] == "fault"


def test_every_faulty_table_is_named(district):
    for table in ("pupil", "class"):
        first_file(district, table).unlink()
    told = [each.detail for each in examine_workspace(district) if each.state == "fault"]
    assert [table in text for table, text in zip(("class", "pupil"), told, strict=True)] == [True, True]


def test_this_installation_is_fine_in_every_point():
    found = examine_installation(fonts=TYPE, encoding="utf-8")
    assert [each.what for each in found] == [
        "python",
        "packages",
        "cipher",
        "fonts",
        "typesetting",
        "kernel",
        "terminal",
    ]
    assert not_fine(found) == {}
    packages = [line for line in requires("xinyu") if "extra ==" not in line]
    assert str(len(packages)) in next(each.detail for each in found if each.what == "packages")


@pytest.mark.parametrize(
    ("needed", "word"),
    [
        ("no-such-package>=1.0", "no-such-package"),
        ("numpy>=99", "99"),
        ("numpy>=2.2", None),
        ("numpy", None),
    ],
)  # fmt: skip
def test_a_package_that_is_missing_or_too_old_is_named(monkeypatch, needed, word):
    monkeypatch.setattr(installation, "requires", lambda _: [needed, "other>=9; extra == 'dev'"])
    found = examine_installation(fonts=TYPE, encoding="utf-8")
    assert not_fine(found) == ({"packages": "fault"} if word else {})
    assert word is None or word in advice(found, "packages")


def test_a_package_that_does_not_load_is_named(monkeypatch):
    def broken(name):
        raise ImportError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(installation, "import_module", broken)
    monkeypatch.setattr(installation, "requires", lambda _: ["pyyaml>=6"])
    found = examine_installation(fonts=TYPE, encoding="utf-8")
    assert not_fine(found) == {"packages": "fault"}
    assert "yaml: cannot open" in advice(found, "packages")


def test_versions_are_compared_number_by_number():
    assert installation._release("3.10") > installation._release("3.9.9")
    assert installation._release("3.0.1rc1") == (3, 0, 1)


def test_sqlite_that_ignores_the_key_is_found(monkeypatch):
    import sqlite3

    monkeypatch.setattr(installation, "connect", lambda path, _: sqlite3.connect(path))
    assert not_fine(examine_installation(fonts=TYPE, encoding="utf-8")) == {"cipher": "fault"}


def test_type_that_is_not_there_is_named_and_no_page_can_be_set(tmp_path):
    (tmp_path / "Regular.ttf").touch()
    found = examine_installation(fonts=[tmp_path / "Regular.ttf", tmp_path / "Bold.ttf"], encoding="utf-8")
    assert not_fine(found) == {"fonts": "fault", "typesetting": "fault"}
    assert "Bold.ttf" in advice(found, "fonts")


def test_without_the_kernel_of_reports_none_can_be_made(monkeypatch):
    from jupyter_client.kernelspec import KernelSpecManager

    monkeypatch.setattr(KernelSpecManager, "find_kernel_specs", lambda _: {"ir": "x"})
    assert not_fine(examine_installation(fonts=TYPE, encoding="utf-8")) == {"kernel": "fault"}


@pytest.mark.parametrize(
    ("encoding", "expected"), [("gbk", {}), ("ascii", {"terminal": "attention"}), (None, {"terminal": "attention"})]
)
def test_a_terminal_without_chinese_is_told(encoding, expected):
    assert not_fine(examine_installation(fonts=TYPE, encoding=encoding)) == expected
