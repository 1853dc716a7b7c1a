import shutil
from pathlib import Path

import pytest
from import_actors import new_workspace

from xinyu_lib.workspace import Workspace


@pytest.fixture(scope="session")
def made_once(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    new_workspace(folder)
    return folder


@pytest.fixture
def ws(made_once, tmp_path) -> Workspace:
    """A workspace of its own for each test: see `new_workspace`."""
    shutil.copytree(made_once, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path / "ws")
