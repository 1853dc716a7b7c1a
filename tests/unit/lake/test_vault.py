"""The vault: people keep their key, an import is recorded in one transaction, the audit chain shows changes."""

import re
import signal
from threading import Thread

import pandas as pd
import pytest
from lake_actors import KEY, SPAWN, introduce, log_and_die, log_entries, record, run
from sqlcipher3 import dbapi2 as sqlcipher

from xinyu_lib.errors import VaultError
from xinyu_lib.lake.vault import Vault, new_import_id, new_person_key

ASIDE = pd.DataFrame(
    {
        "row": [7, 3],
        "reason": ["out_of_range", "unknown_pupil"],
        "column": ["phq9_1", None],
        "allowed": ["0-3", None],
        "content": ['{"phq9_1": "5"}', '{"姓名": "安娜"}'],
    }
)


def test_keys_and_import_ids_are_random_and_long_enough():
    assert re.fullmatch("[0-9a-f]{32}", new_person_key())
    assert len({new_person_key() for _ in range(1000)} | {new_import_id() for _ in range(1000)}) == 2000


def test_an_import_comes_back_as_it_was_recorded(vault):
    vault.commit(record("i1", "digest 1"), set_aside=ASIDE)
    row = vault.imports().iloc[0]
    assert (row["sequence"], row["import_id"], row["rows_in"], row["rows_kept"], row["rows_set_aside"]) == (
        1,
        "i1",
        3,
        2,
        1,
    )
    assert (row["tables"], row["detail"]) == ('["response/phq9"]', '{"file": "七年级.csv"}')
    aside = vault.set_aside("i1")
    assert aside["row"].tolist() == [3, 7]
    assert aside["column"].isna().tolist() == [True, False]
    assert aside.loc[0, "content"] == '{"姓名": "安娜"}'


def test_frames_have_their_types_even_when_they_are_empty(vault):
    assert vault.people().dtypes.unique().tolist() == ["str"]
    assert (vault.imports().dtypes[["sequence", "rows_in", "rows_kept", "rows_set_aside"]] == "int64").all()
    assert (vault.imports().dtypes[["import_id", "wave", "detail"]] == "str").all()
    assert vault.set_aside().dtypes["row"] == "int64"


def test_imports_are_listed_in_the_order_of_their_commits(vault):
    for import_id in ("c", "a", "b"):
        vault.commit(record(import_id, f"digest {import_id}"))
    assert vault.committed() == ("c", "a", "b")
    assert vault.find_digest("digest a") == "a"
    assert vault.find_digest("digest z") is None


def test_rows_set_aside_are_told_apart_by_import(vault):
    for import_id, rows in (("i1", ASIDE), ("i2", ASIDE.head(1))):
        vault.commit(record(import_id), set_aside=rows)
    assert (len(vault.set_aside("i1")), len(vault.set_aside("i2")), len(vault.set_aside())) == (2, 1, 3)


def test_every_number_has_its_key_and_zeros_in_front_count(vault):
    introduce(vault, ("0001", "安娜"), ("1", "博"))
    keys = vault.keys()
    assert set(keys) == {"0001", "1"}
    assert len(set(keys.values())) == 2
    assert vault.keys(numbers=["1", "2"]) == {"1": keys["1"]}


def test_a_person_keeps_the_key_and_takes_the_new_name_and_a_blank_one_changes_nothing(vault):
    introduce(vault, ("0001", "安娜"))
    key = vault.keys()["0001"]
    for name in ("安 娜", None):
        introduce(vault, ("0001", name))
        assert vault.people().to_dict("records") == [{"pupil_key": key, "number": "0001", "name": "安 娜"}]


def test_a_pupil_and_a_teacher_may_have_one_number_and_have_two_keys(vault):
    introduce(vault, ("0001", "安娜"))
    introduce(vault, ("0001", "博"), kind="staff")
    assert vault.keys()["0001"] != vault.keys("staff")["0001"]
    assert vault.people("staff").columns.tolist() == ["staff_key", "number", "name"]
    assert vault.numbers("staff").to_pydict() == {"number": ["0001"], "key": [vault.keys("staff")["0001"]]}


def test_one_person_twice_in_a_file_has_one_key(vault):
    introduce(vault, ("0009", "博"), ("0009", "博"))
    assert len(vault.people()) == 1


def test_words_about_a_row_come_back_with_their_import(vault):
    words = pd.DataFrame([["interview", "[1]", "notes", "安娜说"]], columns=["table", "row_key", "column", "value"])
    with vault.writing():
        vault.keep_words("i1", words)
        vault.commit(record("i1"))
    assert vault.words("interview").to_dict("records") == [
        {"import_id": "i1", "valid_from": "2025-10-01", "row_key": "[1]", "column": "notes", "value": "安娜说"}
    ]
    assert vault.words("contact").empty


def failing_at_the_last_row(vault) -> None:
    with vault.writing():
        introduce(vault, ("0001", "安娜"))
        vault.commit(record("i1"), set_aside=ASIDE.assign(content=["{}", None]))


def test_an_import_that_fails_at_its_last_row_leaves_nothing(vault):
    with pytest.raises(sqlcipher.IntegrityError, match=r"set_aside\.content"):
        failing_at_the_last_row(vault)
    assert (vault.committed(), len(vault.people()), len(vault.set_aside())) == ((), 0, 0)


def test_an_import_waits_for_another_and_says_so_when_it_waited_too_long(vault, tmp_path, monkeypatch):
    monkeypatch.setattr("xinyu_lib.lake.cipher.SECONDS_TO_WAIT", 0.1)
    with Vault.open(tmp_path / "vault.db", KEY) as other:
        with vault.writing(), pytest.raises(VaultError) as caught:
            other.commit(record("i1"))
        assert caught.value.message_id == "lake.vault_busy"
        assert "0.1" in caught.value.text("zh")
        other.commit(record("i1"))
    assert vault.committed() == ("i1",)


def test_the_second_of_two_imports_waits_and_then_commits(vault, tmp_path):
    def commit():
        with Vault.open(tmp_path / "vault.db", KEY) as other, other.writing():
            introduce(other, ("0002", "博"))
            other.commit(record("second"))

    second = Thread(target=commit)
    with vault.writing():
        second.start()
        second.join(timeout=0.5)
        assert second.is_alive()
        introduce(vault, ("0001", "安娜"))
        vault.commit(record("first"))
    second.join()
    assert vault.committed() == ("first", "second")
    assert set(vault.keys()) == {"0001", "0002"}


def test_what_is_done_while_writing_is_done_together_or_not_at_all(vault):
    def fail_after_all_is_written():
        with vault.writing():
            introduce(vault, ("0001", "安娜"))
            vault.commit(record("i1"), set_aside=ASIDE)
            vault.log("2025-10-01T08:00:00", "督导", "import")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail_after_all_is_written()
    assert (vault.committed(), vault.keys(), len(vault.set_aside()), vault.head()) == ((), {}, 0, "")
    with vault.writing():
        vault.commit(record("i1"))
        vault.log("2025-10-01T08:00:00", "督导", "import")
    assert (vault.committed(), vault.audit_intact()) == (("i1",), True)


def test_a_process_that_dies_while_writing_leaves_neither_rows_nor_a_lock(vault, tmp_path):
    assert run((log_and_die, tmp_path / "vault.db")) == [-signal.SIGKILL]
    assert vault.head() == ""
    vault.commit(record("i1"))
    assert vault.committed() == ("i1",)


def audited(vault: Vault) -> Vault:
    for what in ("import", "score", "report"):
        vault.log("2025-10-01T08:00:00", "督导", what)
    return vault


def test_an_untouched_audit_chain_is_intact_and_its_head_moves_with_every_entry(vault):
    assert (vault.audit_intact(), vault.head()) == (True, "")
    heads = {audited(vault).head(), audited(vault).head()}
    assert vault.audit_intact()
    assert len(heads) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET what = 'nothing' WHERE sequence = 2",
        "UPDATE audit SET who = 'somebody' WHERE sequence = 1",
        "UPDATE audit SET at = '2025-10-02T08:00:00' WHERE sequence = 3",
        "UPDATE audit SET previous = hash WHERE sequence = 2",
        "DELETE FROM audit WHERE sequence = 1",
        "DELETE FROM audit WHERE sequence = 2",
        "UPDATE audit SET sequence = 9 WHERE sequence = 1",
        "INSERT INTO audit SELECT 0, at, who, what, previous, hash FROM audit WHERE sequence = 1",
        "INSERT INTO audit SELECT 4, at, who, what, previous, hash FROM audit WHERE sequence = 2",
    ],
)
def test_the_audit_chain_shows_a_changed_removed_moved_or_added_entry(vault, change):
    audited(vault)._connection.execute(change)
    assert not vault.audit_intact()


def test_a_chain_cut_at_its_end_shows_in_the_head(vault):
    head = audited(vault).head()
    vault._connection.execute("DELETE FROM audit WHERE sequence = 3")
    assert vault.audit_intact()
    assert vault.head() != head


def test_entries_of_two_processes_at_once_form_one_chain(vault, tmp_path):
    start = SPAWN.Barrier(2)
    assert run(*[(log_entries, tmp_path / "vault.db", who, 60, start) for who in ("x", "y")]) == [0, 0]
    assert vault.audit_intact()
    assert vault._connection.execute("SELECT count(*) FROM audit").fetchone()[0] == 60 + 60


def test_every_import_enters_the_audit_chain_and_a_broken_chain_is_said_in_one_line(vault):
    vault.commit(record("i1"))
    first = vault.head()
    vault.commit(record("i2", "other"))
    assert "" != first != vault.head()
    vault.require_intact_audit()
    vault._connection.execute("UPDATE audit SET what = 'i3' WHERE sequence = 1")
    with pytest.raises(VaultError, match="审计链"):
        vault.require_intact_audit()
