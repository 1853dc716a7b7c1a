"""Opening a vault: the key, and files that are missing, cut, changed or something else."""

import os
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
from lake_actors import KEY, introduce, record

from xinyu_lib.errors import VaultError
from xinyu_lib.lake.cipher import connect
from xinyu_lib.lake.vault import Vault, new_key_file, read_key
from xinyu_lib.words import LANGUAGES

PAGE = 4096


@pytest.fixture
def filled(tmp_path) -> Path:
    with Vault.create(tmp_path / "vault.db", KEY) as vault:
        introduce(vault, ("0001", "安娜"))
        vault.commit(record("i1"))
    return tmp_path / "vault.db"


def refusal(path: Path, key: str = KEY) -> VaultError:
    """The error that opening a file ends in, said in one line that names the file and not the folder or the key."""
    with pytest.raises(VaultError) as caught:
        Vault.open(path, key)
    for lang in LANGUAGES:
        text = caught.value.text(lang)
        assert path.name in text
        assert "\n" not in text
        assert str(path.parent) not in text
        assert key not in text
    assert caught.value.exit_code == 15
    return caught.value


def test_a_vault_opens_again_and_is_readable_by_its_owner_only(filled):
    assert stat.S_IMODE(filled.stat().st_mode) == 0o600
    with Vault.open(filled, KEY) as vault:
        assert vault.people()["name"].tolist() == ["安娜"]


def test_a_closed_vault_answers_no_more(filled):
    with Vault.open(filled, KEY) as vault:
        pass
    with pytest.raises(Exception, match="closed database"):
        vault.committed()


def test_nothing_of_a_pupil_can_be_read_without_the_key(filled):
    raw = filled.read_bytes()
    assert raw
    assert all(text.encode() not in raw for text in ("安娜", "pupil", "0001", "七年级", "SQLite format"))


@pytest.mark.parametrize("key", ["一句口令", "it's; a 'phrase'", KEY.upper(), "0" * 63])
def test_a_pass_phrase_or_a_raw_key_opens_what_it_made(tmp_path, key):
    Vault.create(tmp_path / "v.db", key).close()
    Vault.open(tmp_path / "v.db", key).close()


def test_a_raw_key_is_the_same_in_capitals(filled):
    with Vault.open(filled, KEY.upper()) as vault:
        assert vault.committed() == ("i1",)


@pytest.mark.parametrize("key", ["f" * 64, "口令", KEY[:-1], KEY + "0"])
def test_a_wrong_key_is_refused(filled, key):
    assert refusal(filled, key).message_id == "lake.vault_damaged"


def test_an_existing_file_is_never_overwritten(filled):
    before = filled.read_bytes()
    for make in (lambda: Vault.create(filled, KEY), lambda: new_key_file(filled)):
        with pytest.raises(VaultError) as caught:
            make()
        assert caught.value.message_id == "lake.file_exists"
    assert filled.read_bytes() == before


def test_a_missing_or_empty_file_is_damage_and_never_a_new_vault(tmp_path):
    (tmp_path / "empty.db").touch()
    for name in ("none.db", "empty.db"):
        assert refusal(tmp_path / name).message_id == "lake.vault_missing"
    assert not (tmp_path / "none.db").exists()
    assert (tmp_path / "empty.db").stat().st_size == 0


@pytest.mark.parametrize("cut", [1, 100, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE, -PAGE, -1])
def test_a_cut_file_is_refused(filled, cut):
    whole = filled.read_bytes()
    assert len(whole) > 4 * PAGE
    filled.write_bytes(whole[:cut])
    assert refusal(filled).message_id == "lake.vault_damaged"


@pytest.mark.parametrize("added", [1, 100, PAGE])
def test_a_file_with_something_added_is_refused(filled, added):
    filled.write_bytes(filled.read_bytes() + bytes(added))
    assert refusal(filled).message_id == "lake.vault_damaged"


def test_one_changed_bit_is_found_on_every_page_in_use_or_free(filled):
    with Vault.open(filled, KEY) as vault:
        for what in ("a" * 3 * PAGE, "b" * 3 * PAGE):
            vault.log("2025-10-01T08:00:00", "x", what)
        vault._connection.execute("DELETE FROM audit WHERE sequence = 2")
        assert vault._connection.execute("PRAGMA freelist_count").fetchone()[0] >= 3
    whole = filled.read_bytes()
    for place in [0, *range(100, len(whole), PAGE), len(whole) - 1]:
        changed = bytearray(whole)
        changed[place] ^= 1
        filled.write_bytes(changed)
        assert refusal(filled).message_id == "lake.vault_damaged"


def test_a_vault_cannot_grow_while_it_is_checked(filled, monkeypatch):
    monkeypatch.setattr("xinyu_lib.lake.cipher.SECONDS_TO_WAIT", 0)
    other, measure, locked_out = Vault.open(filled, KEY), Path.stat, []

    def measure_after_another_import(path, **how):
        try:
            other.log("2025-10-01T08:00:00", "x", "a" * 3 * PAGE)
        except VaultError as error:
            locked_out.append(error.message_id)
        return measure(path, **how)

    monkeypatch.setattr(Path, "stat", measure_after_another_import)
    Vault.open(filled, KEY).close()
    assert locked_out == ["lake.vault_busy"]
    other.close()


def test_what_is_not_a_vault_is_refused(tmp_path):
    (tmp_path / "text.db").write_text("名单\n" * 3000, encoding="utf-8")
    plain, other = sqlite3.connect(tmp_path / "plain.db"), connect(tmp_path / "other.db", KEY)
    for connection in (plain, other):
        connection.execute("CREATE TABLE something (x)")
        connection.close()
    for name in ("text.db", "plain.db", "other.db"):
        assert refusal(tmp_path / name).message_id == "lake.vault_damaged"


def test_a_copy_of_an_open_vault_is_complete(filled, tmp_path):
    with Vault.open(filled, KEY) as vault:
        vault.commit(record("i2"))
        shutil.copy(filled, tmp_path / "copy.db")
    with Vault.open(tmp_path / "copy.db", KEY) as copy:
        assert copy.committed() == ("i1", "i2")


@pytest.fixture
def no_key_set(monkeypatch):
    for name in ("XINYU_VAULT_KEY", "XINYU_VAULT_KEYFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_key_set")
def test_the_key_comes_from_the_environment_then_a_named_file_then_the_workspace(tmp_path, monkeypatch):
    new_key_file(tmp_path / "vault.key")
    new_key_file(tmp_path / "named.key")
    in_workspace, named = ((tmp_path / name).read_text(encoding="ascii").strip() for name in ("vault.key", "named.key"))
    assert len({in_workspace, named}) == 2
    assert len(bytes.fromhex(in_workspace)) == 32
    assert read_key(tmp_path) == in_workspace
    monkeypatch.setenv("XINYU_VAULT_KEYFILE", str(tmp_path / "named.key"))
    assert read_key(tmp_path) == named
    monkeypatch.setenv("XINYU_VAULT_KEY", "口令")
    assert read_key(tmp_path) == "口令"


@pytest.mark.usefixtures("no_key_set")
def test_without_a_key_the_message_says_where_one_is_looked_for(tmp_path):
    with pytest.raises(VaultError) as caught:
        read_key(tmp_path)
    assert caught.value.message_id == "lake.no_key"
    for where in ("vault.key", "XINYU_VAULT_KEY", "XINYU_VAULT_KEYFILE"):
        assert where in caught.value.text("zh")


@pytest.mark.usefixtures("no_key_set")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_file_that_others_can_reach_is_refused(tmp_path, mode):
    new_key_file(tmp_path / "vault.key")
    assert stat.S_IMODE((tmp_path / "vault.key").stat().st_mode) == 0o600
    os.chmod(tmp_path / "vault.key", mode)
    with pytest.raises(VaultError) as caught:
        read_key(tmp_path)
    assert "chmod 600" in caught.value.text("zh")


@pytest.mark.usefixtures("no_key_set")
@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe\x80"])
def test_a_key_file_without_text_is_refused(tmp_path, content):
    new_key_file(tmp_path / "vault.key")
    (tmp_path / "vault.key").write_bytes(content)
    with pytest.raises(VaultError) as caught:
        read_key(tmp_path)
    assert caught.value.message_id == "lake.key_not_text"


OLD = """
CREATE TABLE person (pupil_key TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, name TEXT);
INSERT INTO person VALUES ('k1', '0001', '安娜');
DROP TABLE words;
ALTER TABLE set_aside DROP COLUMN sheet;
PRAGMA user_version = 0;
"""


def test_a_vault_of_the_first_version_gets_the_tables_of_today_and_keeps_its_pupils(filled):
    connection = connect(filled, KEY)
    connection.executescript("DROP TABLE person;" + OLD)
    connection.close()
    for _ in range(2):
        with Vault.open(filled, KEY) as vault:
            assert vault.people().values.tolist() == [["k1", "0001", "安娜"]]
            assert vault.words("interview").empty
            assert vault.committed() == ("i1",)


def test_a_vault_of_a_newer_library_is_left_alone(filled):
    connection = connect(filled, KEY)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert refusal(filled).message_id == "lake.vault_newer"
