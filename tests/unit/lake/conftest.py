import pytest
from lake_actors import KEY

from xinyu_lib.lake import Lake
from xinyu_lib.lake.vault import Vault


@pytest.fixture
def lake(tmp_path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture
def vault(tmp_path):
    with Vault.create(tmp_path / "vault.db", KEY) as vault:
        yield vault
