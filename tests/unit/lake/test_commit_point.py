"""One commit point: an import that is killed anywhere is there in full or not at all."""

import signal

import pytest
from lake_actors import ANNA, BO, KEY, POINTS, import_and_die, run

from xinyu_lib.lake.vault import Vault

TABLES = ("administration", "response/phq9")


@pytest.fixture
def killed_at(tmp_path):
    def kill(point: str) -> Vault:
        Vault.create(tmp_path / "vault.db", KEY).close()
        assert run((import_and_die, tmp_path, point)) == [-signal.SIGKILL]
        return Vault.open(tmp_path / "vault.db", KEY)

    return kill


@pytest.mark.parametrize("point", POINTS[:3])
def test_an_import_killed_before_its_commit_never_was(lake, killed_at, point):
    with killed_at(point) as vault:
        assert vault.committed() == ()
        assert len(vault.people()) == len(vault.imports()) == len(vault.set_aside()) == 0
        written = [name for name in TABLES if lake.import_ids(name)]
        assert written == (["response/phq9"] if point == POINTS[0] else [*TABLES])
        assert all(lake.read(name, committed=vault.committed()).empty for name in written)
        assert lake.sweep(vault.committed()) == dict.fromkeys(written, 2)
    left = b"".join(path.read_bytes() for path in lake.root.rglob("*") if path.is_file())
    assert ANNA.encode() not in left
    assert BO.encode() not in left


def test_an_import_killed_after_its_commit_is_there_in_full(lake, killed_at):
    with killed_at(POINTS[3]) as vault:
        assert vault.committed() == ("i1",)
        assert set(vault.keys()) == {"0001", "0002"}
        assert len(vault.set_aside("i1")) == 1
        assert [len(lake.read(name, committed=vault.committed())) for name in TABLES] == [2, 2]
        assert lake.sweep(vault.committed()) == {}
