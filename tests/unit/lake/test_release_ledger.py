"""The release ledger in the vault: cells are kept, steps are added and stand in the audit chain, old vaults get it."""

import pytest
from lake_actors import KEY, introduce, record
from sqlcipher3 import dbapi2 as sqlcipher

from xinyu_lib.lake.cipher import connect
from xinyu_lib.lake.schema import VERSION, version_of
from xinyu_lib.lake.vault import Vault

CELLS = [('["w", "036011", "7"]', 17, False, "open"), ('["w", "036011", "8"]', 3, True, "low")]
DAY = "2026-05-15"


def test_cells_of_a_run_come_back_as_they_were_prepared(vault):
    vault.releases.prepare("r1", "school", "w", CELLS)
    cells = vault.releases.cells("r1")
    assert list(cells.itertuples(index=False, name=None)) == CELLS
    assert vault.releases.counts().values.tolist() == [["r1", 1, 1]]
    assert vault.releases.cells("r2").empty


def test_frames_have_their_types_even_when_they_are_empty(vault):
    assert vault.releases.cells("r1").dtypes.tolist() == ["str", "int64", "bool", "str"]
    assert vault.releases.steps().dtypes["sequence"] == "int64"
    assert vault.releases.runs().dtypes["run_id"] == "str"


def test_a_run_that_is_prepared_again_has_new_cells_and_no_steps(vault):
    for run_id in ("r1", "r2"):
        vault.releases.prepare(run_id, "school", "w", CELLS)
        vault.releases.take(run_id, "checked", "d1", DAY)
    vault.releases.prepare("r1", "school", "w", CELLS[:1])
    assert vault.releases.runs()["run_id"].tolist() == ["r2", "r1"]
    assert vault.releases.steps()["run_id"].tolist() == ["r2"]
    assert (len(vault.releases.cells("r1")), len(vault.releases.cells("r2"))) == (1, 2)


def test_a_run_whose_cells_cannot_be_kept_leaves_what_was_there(vault):
    vault.releases.prepare("r1", "school", "w", CELLS)
    with pytest.raises(sqlcipher.IntegrityError, match="UNIQUE"):
        vault.releases.prepare("r1", "school", "w", CELLS[:1] * 2)
    assert len(vault.releases.cells("r1")) == 2


def test_steps_stand_in_the_order_in_which_they_were_taken_and_in_the_audit_chain(vault):
    vault.releases.prepare("r1", "school", "w", CELLS)
    vault.releases.take("r1", "checked", "d1", DAY)
    vault.releases.take("r1", "approved", "d1", "2026-05-16", "安娜")
    steps = vault.releases.steps().drop(columns="sequence").values.tolist()
    assert steps == [["r1", "checked", "d1", "", DAY], ["r1", "approved", "d1", "安娜", "2026-05-16"]]
    chain = vault._connection.execute("SELECT at, who, what FROM audit ORDER BY sequence").fetchall()
    assert chain == [(DAY, "xinyu", "release checked r1 d1"), ("2026-05-16", "安娜", "release approved r1 d1")]
    assert vault.audit_intact()


def test_a_step_that_cannot_be_kept_is_not_in_the_audit_chain_either(vault):
    with pytest.raises(sqlcipher.IntegrityError, match="day"):
        vault.releases.take("r1", "checked", "d1", None)
    assert (vault.head(), vault.releases.steps().empty) == ("", True)


WITHOUT_LEDGER = "DROP TABLE release; DROP TABLE release_cell; DROP TABLE release_step;"
FIRST = """
CREATE TABLE old AS SELECT key AS pupil_key, number, name FROM person;
DROP TABLE person; ALTER TABLE old RENAME TO person;
DROP TABLE words;
ALTER TABLE set_aside DROP COLUMN sheet;
"""


@pytest.mark.parametrize(("version", "older"), [(2, ""), (0, FIRST)])
def test_an_older_vault_gets_the_ledger_and_keeps_what_it_has(tmp_path, version, older):
    with Vault.create(tmp_path / "vault.db", KEY) as vault:
        introduce(vault, ("0001", "安娜"))
        vault.commit(record("i1"))
        before = vault.people().values.tolist()
    connection = connect(tmp_path / "vault.db", KEY)
    connection.executescript(f"{WITHOUT_LEDGER}{older}PRAGMA user_version = {version};")
    connection.close()
    with Vault.open(tmp_path / "vault.db", KEY) as vault:
        assert version_of(vault._connection) == VERSION == 3
        vault.releases.prepare("r1", "school", "w", CELLS)
        assert (vault.people().values.tolist(), vault.committed()) == (before, ("i1",))
    with Vault.open(tmp_path / "vault.db", KEY) as vault:
        assert len(vault.releases.cells("r1")) == 2
